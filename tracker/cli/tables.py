"""`flask db`: Alembic is bound to the application only when it is asked for."""

from __future__ import annotations

import click
from flask.cli import with_appcontext


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
