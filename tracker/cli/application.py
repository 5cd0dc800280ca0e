"""The application that a command works in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from flask import Flask


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
