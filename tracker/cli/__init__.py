"""`flask tracker …`: what an operator and a secretariat do from a terminal.

Each command imports what it needs when it runs, so that `--help` and reading a memo start at once and need
neither settings nor database.
"""

from __future__ import annotations

import click

from tracker.cli.audit import audit
from tracker.cli.bounces import bounce, listen
from tracker.cli.dates import dates
from tracker.cli.mail import mail
from tracker.cli.memo import memo
from tracker.cli.people import people
from tracker.cli.processes import clock_group, demo, tick, worker
from tracker.cli.reminders import reminders


@click.group()
def tracker() -> None:
    """The Initiative Tracker."""


for command in (people, memo, dates, reminders, mail, worker, tick, demo, clock_group, audit):
    tracker.add_command(command)
for command in (bounce, listen):
    mail.add_command(command)
