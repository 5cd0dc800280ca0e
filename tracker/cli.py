"""`flask tracker …`: what an operator and a secretariat do from a terminal.

Each command imports what it needs when it runs, so that `--help` and reading a memo start at once and need
neither settings nor database.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext

if TYPE_CHECKING:
    from flask import Flask

    from tracker.memos.importing import Summary
    from tracker.memos.reading import Reading


@contextmanager
def application() -> Iterator[Flask]:
    """The application in a context; a bad setting ends the command with its sentence."""
    import config
    from tracker.application import create_app
    from tracker.extensions import db

    try:
        app = create_app()
    except config.SettingsError as error:
        raise click.ClickException(str(error)) from None
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


@click.group()
def tracker() -> None:
    """The Initiative Tracker."""


# --- people ---------------------------------------------------------------------------------------


@tracker.group()
def people() -> None:
    """People of this installation."""


@people.command("add")
@click.argument("name")
@click.argument("email")
@click.option("--administrator", is_flag=True, help="May manage people and settings.")
@click.option("--language", type=click.Choice(["da", "en"]), default="da", show_default=True)
def add_person(name: str, email: str, *, administrator: bool, language: str) -> None:
    """Add a person and print the link with which they choose a password (also sent by letter)."""
    from tracker import clock
    from tracker.accounts import actions
    from tracker.accounts.models import Language
    from tracker.domain.errors import InvalidInput
    from tracker.extensions import db

    with application() as app:
        settings = app.extensions["settings"]
        secret = settings.secret_key.get_secret_value().encode()
        try:
            person = actions.add_person(
                db.session(),
                name=name,
                email=email,
                language=Language(language),
                administrator=administrator,
                by=None,
                at=clock.now(),
            )
        except InvalidInput as error:
            raise click.ClickException(str(error)) from None
        token = actions.invite(
            db.session(), person, secret=secret, by=None, at=clock.now(), real_at=clock.real_now()
        )
        db.session.commit()
        click.echo(f"{person.name} was added. Choose a password within 14 days at")
        click.echo(f"{settings.base_url}/invitation/{token}")


# --- memo -----------------------------------------------------------------------------------------


@tracker.group()
def memo() -> None:
    """Last year's memo: read it, import it."""


@memo.command("read")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object (docs/memo-json.md).")
def read_memo(file: Path, *, as_json: bool) -> None:
    """Read a memo (Word, or a PDF's text layer) and print what was found. Needs no database."""
    from tracker.memos.commands import show

    click.echo(show(file, as_json=as_json))


@memo.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--plan", "slug", help="The plan's short name.")
@click.option("--round", "year", type=int, help="The year the memo reports on.")
@click.option("--dry-run", is_flag=True, help="Show what would be imported and change nothing.")
def import_memo(file: Path, slug: str | None, year: int | None, *, dry_run: bool) -> None:
    """Import an earlier memo as a locked round: what is missing is created, nothing is overwritten."""
    from tracker.domain.errors import DomainError
    from tracker.memos.reading import read

    if not dry_run and (slug is None or year is None):
        raise click.UsageError("Importing needs --plan and --round; --dry-run alone only reads.")
    try:
        reading = read(file)
        summary = _import(reading, slug, year, keep=not dry_run) if slug and year else None
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    from tracker.memos.importing import report

    click.echo(report(reading, summary, dry_run=dry_run))


def _import(reading: Reading, slug: str, year: int, *, keep: bool) -> Summary:
    from tracker import clock
    from tracker.extensions import db
    from tracker.memos.importing import import_reading

    with application():
        summary = import_reading(db.session(), reading, slug=slug, year=year, by=None, at=clock.now())
        if keep:
            db.session.commit()
        else:
            db.session.rollback()
    return summary


# --- reminders ------------------------------------------------------------------------------------


@tracker.group()
def reminders() -> None:
    """Reminders: what will go to whom, and why."""


@reminders.command("forecast")
@click.option("--days", type=click.IntRange(1, 730), default=60, show_default=True)
@click.option("--plan", "slug", help="Only this plan.")
def forecast(days: int, slug: str | None) -> None:
    """Print every letter of the coming days: when, to whom, about what, and why."""
    from tracker.jobs import print_forecast

    with application():
        print_forecast(days=days, slug=slug, echo=click.echo)


# --- tables ---------------------------------------------------------------------------------------


@click.command(
    "db", context_settings={"ignore_unknown_options": True, "help_option_names": []}, add_help_option=False
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
@with_appcontext
def migrations(context: click.Context, words: tuple[str, ...]) -> None:
    """Perform database migrations."""
    import logging

    from flask import current_app

    # Alembic tells of each of its own parts as it is imported.
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)
    from tracker import migrating

    migrating.prepare(current_app)
    with migrating.commands.make_context("db", list(words), parent=context.parent) as inner:
        migrating.commands.invoke(inner)


# --- processes ------------------------------------------------------------------------------------


@tracker.command()
def worker() -> None:
    """Tick until stopped: plan, assemble and send. Run one or more of these beside the web servers."""
    from tracker import jobs

    with application() as app:
        jobs.run_worker(app)


@tracker.command()
def tick() -> None:
    """Do once what the worker does every 30 seconds."""
    from tracker import jobs

    with application() as app:
        jobs.tick(app)


@tracker.command()
@click.option("--port", type=int, default=5000, show_default=True)
@click.option("--data", type=click.Path(path_type=Path), default=Path("var/demo"), show_default=True)
@click.option("--fresh", is_flag=True, help="Throw the demonstration's data away first.")
def demo(port: int, data: Path, *, fresh: bool) -> None:
    """Serve the demonstration: site, clock and inbox in one process, until Ctrl-C."""
    from tracker.demonstration.server import serve

    serve(port=port, data=data, fresh=fresh)


@tracker.group("clock")
def clock_group() -> None:
    """The demonstration's clock."""


@clock_group.command("forward")
@click.option("--days", type=click.IntRange(0, 1000), default=0)
@click.option("--hours", type=click.IntRange(0, 24), default=0)
@click.option("--data", type=click.Path(path_type=Path), default=Path("var/demo"), show_default=True)
def forward(days: int, hours: int, data: Path) -> None:
    """Move the demonstration's clock forward; the running demonstration follows within seconds."""
    from datetime import timedelta

    from tracker import clock

    clock.allow_moving(data / "clock.json")
    clock.move_forward(timedelta(days=days, hours=hours))
    click.echo(f"The demonstration's clock now shows {clock.now().astimezone(clock.ZONE):%d.%m.%Y %H:%M}.")
