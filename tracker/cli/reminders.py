"""`flask tracker reminders`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from tracker.cli.application import application

if TYPE_CHECKING:
    from datetime import date

DAY = click.DateTime(formats=["%Y-%m-%d", "%d.%m.%Y"])


@click.group()
def reminders() -> None:
    """Reminders: what will go to whom, and why."""


@reminders.command("run")
@click.option("--dry-run", is_flag=True, help="Print what would be sent; send and change nothing.")
@click.option("--on", type=DAY, help="As if it were that day (with --dry-run).")
@click.option("--only-to", "address", metavar="ADDRESS", help="Only the letters to this address.")
@click.option("--plan", "slug", metavar="PLAN", help="Only letters about this plan (with --dry-run).")
def run(*, dry_run: bool, on: datetime | None, address: str | None, slug: str | None) -> None:
    """Do once what the worker does: plan, write the letters that are due, send them."""
    if on is not None and not dry_run:
        raise click.UsageError("Letters are sent under today's date only. Use --on together with --dry-run.")
    if slug is not None and not dry_run:
        raise click.UsageError(
            "A letter gathers what is due in every plan. Use --plan together with --dry-run."
        )
    from tracker.cli import running

    with application() as app:
        lines = (
            running.rehearse(app, on=_date(on), address=address, slug=slug)
            if dry_run
            else running.run(app, address=address)
        )
        for line in lines:
            click.echo(line)


@reminders.command("forecast")
@click.option("--days", type=click.IntRange(1, 730), default=60, show_default=True)
@click.option("--plan", "slug", metavar="PLAN", help="Only this plan.")
def forecast(days: int, slug: str | None) -> None:
    """Print every letter of the coming days: when, to whom, about what and why; and the list's checksum."""
    from tracker.cli import foreseeing

    with application():
        for line in foreseeing.forecast_lines(days=days, slug=slug):
            click.echo(line)


@reminders.command("explain")
@click.argument("whom", metavar="PERSON|INITIATIVE")
@click.option("--on", type=DAY, help="Why there was a letter, or none, on this day. Today by default.")
@click.option("--language", type=click.Choice(["da", "en"]), default="da", show_default=True)
def explain(whom: str, on: datetime | None, language: str) -> None:
    """Say why somebody did, or did not, get a letter: PERSON|INITIATIVE is an address, an id or a name."""
    from tracker.cli import foreseeing

    with application():
        for line in foreseeing.explanation_lines(whom, on=_date(on), language=language):
            click.echo(line)


def _date(given: datetime | None) -> date | None:
    return given.date() if given is not None else None
