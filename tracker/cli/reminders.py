"""`flask tracker reminders`."""

from __future__ import annotations

import click

from tracker.cli.application import application


@click.group()
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
