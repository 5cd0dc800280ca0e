"""The application that a command works in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from flask import Flask


@contextmanager
def application(*, waits: bool = False) -> Iterator[Flask]:
    """The application in a context, with a database that has its tables.

    A bad setting, a database that does not answer and one without tables end the command with a sentence;
    a command that `waits` for the database, or answers for it by itself, is asked for nothing.
    """
    from sqlalchemy.exc import DBAPIError

    import config
    from tracker.application import create_app
    from tracker.extensions import db

    try:
        app = create_app()
    except config.SettingsError as error:
        raise click.ClickException(str(error)) from None
    with app.app_context():
        try:
            if not waits:
                _ask_for_tables()
            yield app
        except DBAPIError as error:
            if waits:
                raise
            said = str(error.orig).strip().partition("\n")[0]
            raise click.ClickException(f"The database does not answer as it should: {said}") from None
        finally:
            with suppress(DBAPIError):  # what the lost connection held is gone with it
                db.session.remove()
            db.engine.dispose()


def _ask_for_tables() -> None:
    from sqlalchemy import inspect

    from tracker.extensions import db

    if not inspect(db.engine).has_table("installation"):
        raise click.ClickException("The database has no tables yet. Make them with `flask db upgrade`.")
