"""`flask tracker audit`: whether the journal is as it was written."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from tracker.cli.application import application

if TYPE_CHECKING:
    from flask import Flask

    from tracker.audit.heads import HeadsFile
    from tracker.audit.verifying import Verdict

_WRONG = {
    "edited": "row {sequence} (entry {entry_id}) is not as it was sealed: it was edited, or exchanged",
    "missing": "row {sequence} (entry {entry_id}) is missing",
    "seal_missing": "row {sequence} is missing with its seal, or its seal was moved",
    "inserted": "entry {entry_id} was inserted among rows that were sealed long before it came",
    "unsealed": "entry {entry_id} has had no seal for more than an hour; does anything tick?",
    "cut": "the end is cut off from row {sequence} on: the file of heads has seen more",
    "rewritten": "the chain is not the one that the file of heads has seen at or before row {sequence}",
    "unknown": "the file of heads in the data folder has never seen this journal",
}


@click.group()
def audit() -> None:
    """The journal: who did what, in a chain that shows each change."""


@audit.command("verify")
def verify_journal() -> None:
    """Look at every row of the journal. Ends with 1 and names the first bad row when there is one."""
    from tracker import clock
    from tracker.audit.verifying import verify
    from tracker.database import reading
    from tracker.extensions import db

    with application() as app:
        with reading():
            verdict = verify(db.session(), _heads(app), now=clock.now())
            db.session.rollback()
        _remember(verdict)
    if not verdict.noted:
        click.echo(
            "There is no file of heads in the data folder: an end that was cut off is not seen.", err=True
        )
    if verdict.trouble:
        said = _WRONG[verdict.trouble].format(sequence=verdict.sequence, entry_id=verdict.entry_id)
        click.echo(f"The journal is not as it was written: {said}.", err=True)
        click.echo(f"{verdict.rows} rows before it are in order.", err=True)
        sys.exit(1)
    click.echo(f"The journal is as it was written: {verdict.rows} rows, head {verdict.head.hash}.")


@audit.command("head")
def show_head() -> None:
    """Print the number and the hash of the last sealed row, to keep somewhere else."""
    from tracker.audit.sealing import head
    from tracker.database import reading
    from tracker.extensions import db

    with application(), reading():
        found = head(db.session())
    click.echo(f"{found.sequence} {found.hash}")


@audit.command("accept")
@click.confirmation_option(
    prompt="Is this database a restored backup, and is its journal to be taken as it is?"
)
def accept_restored() -> None:
    """After a backup was restored: take the journal as it stands, and give up the rows that it lost."""
    from tracker import clock
    from tracker.audit.actions import record
    from tracker.audit.sealing import head
    from tracker.extensions import db

    with application() as app:
        session, at = db.session(), clock.now()
        found = head(session)
        record(session, "journal_accepted", "journal", 1, by=None, at=at, sequence=found.sequence)
        session.commit()
        _heads(app).accept(found, at=at)
    click.echo(f"The journal goes on from row {found.sequence}.")


def _heads(app: Flask) -> HeadsFile:
    import config
    from tracker.audit.heads import HeadsFile, mark_of
    from tracker.extensions import db
    from tracker.jobs import ROOT
    from tracker.mail.installation import installation_of

    row = installation_of(db.session())
    mark = mark_of(row.created_at) if row else ""
    return HeadsFile(config.folder(app.extensions["settings"], ROOT), mark)


def _remember(verdict: Verdict) -> None:
    """Tell the journal itself, where the administrators' page finds it."""
    from tracker import clock
    from tracker.audit.verifying import remember
    from tracker.extensions import db

    remember(db.session(), verdict, by=None, at=clock.now())
    db.session.commit()
