"""`flask tracker mail`: the outbox as an operator handles it."""

from __future__ import annotations

import click


@click.group()
def mail() -> None:
    """The mail of this installation."""
