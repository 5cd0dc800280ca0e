"""`flask tracker mail`: the outbox as an operator handles it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tracker.cli.application import application

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine

    from tracker.mail.installation import Premises

_OFF = {
    "other_address": "this database belongs to a service at another address ({there}, here {here})",
    "other_machine": "this database belongs to another place: the machine file here holds another id",
    "no_machine_file": "there is no machine file in the data folder, so this may be a copy of the database",
}
_STATES = {"needs_human": "waiting for a decision, on the page Letters"}


@click.group()
def mail() -> None:
    """The mail of this installation."""


@mail.command()
def status() -> None:
    """Say whether mail leaves, what is doubtful, and how many letters are in each state."""
    from tracker import clock
    from tracker.database import reading
    from tracker.extensions import db
    from tracker.mail.installation import installation_of, read_machine, why_off
    from tracker.mail.models import HoldCause
    from tracker.mail.outbox import counts

    with application() as app, reading():
        row = installation_of(db.session())
        base_url = app.extensions["settings"].base_url
        machine = read_machine(_premises(app).machine_file)
        off = why_off(row, base_url=base_url, machine=machine)
        if off and row:
            click.echo(f"No mail leaves: {_OFF[off].format(there=row.base_url, here=base_url)}.")
            click.echo("Has it moved here for good? Then `flask tracker mail adopt` makes this its place.")
        if row and row.queue_held:
            since = (row.held_at or row.created_at).astimezone(clock.ZONE)
            by_itself = row.held_cause not in {None, HoldCause.person}
            who = "by the service itself" if by_itself else "by a person"
            click.echo(f"All mail is held {who} since {since:%d.%m.%Y %H:%M}: {row.held_reason}")
            click.echo("`flask tracker mail release` lets it leave again.")
        if not off and not (row and row.queue_held):
            click.echo("Mail leaves when it is due.")
        for doubt in _doubts(db.engine):
            click.echo(doubt)
        for state, number in sorted(counts(db.session()).items()):
            click.echo(f"{number:8}  {_STATES.get(state.value, state.value)}")


@mail.command()
@click.argument("reason")
def hold(reason: str) -> None:
    """Hold all mail, for REASON, which the secretariat's pages show."""
    from tracker import clock
    from tracker.extensions import db
    from tracker.mail import installation
    from tracker.mail.models import HoldCause

    reason = reason.strip()
    if not reason:
        raise click.UsageError("Say why: the secretariat's pages show the reason.")
    with application():
        new = installation.hold(db.session(), HoldCause.person, reason, by=None, at=clock.now())
        db.session.commit()
    click.echo("All mail is held." if new else "All mail was held already, and stays so.")


@mail.command()
def release() -> None:
    """Let mail leave again; letters that were refused in a row before the hold go once more."""
    from tracker import clock
    from tracker.extensions import db
    from tracker.mail import installation

    with application():
        released = installation.release(db.session(), by=None, at=clock.now())
        db.session.commit()
    click.echo("Mail leaves again." if released else "Mail was not held.")


@mail.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def adopt(*, yes: bool) -> None:
    """Make this place the one from which this database's mail leaves."""
    from tracker import clock
    from tracker.extensions import db
    from tracker.mail import installation

    with application() as app:
        base_url = app.extensions["settings"].base_url
        click.echo(
            f"From now on the mail of this database leaves from here, with links to {base_url}.\n"
            "If it is a copy, and the service it was copied from still runs, people get every letter from "
            "both: adopt only what has replaced the other."
        )
        if not yes:
            click.confirm("Adopt this database?", abort=True)
        file = _premises(app).machine_file
        new = installation.adopt(db.session(), base_url, file, by=None, at=clock.now())
        db.session.commit()
    click.echo("Adopted." if new else "It belonged here already.")


def _doubts(engine: Engine) -> list[str]:
    from tracker.mail import durability

    try:
        return [f"{doubt}." for doubt in durability.check(engine)]
    except durability.NotDurableError as error:
        return [f"The worker does not start. {error}"]


def _premises(app: Flask) -> Premises:
    from tracker import jobs

    return jobs.premises_of(app.extensions["settings"])
