"""Flask-Migrate, for those who bring the tables to a version: commands, the demonstration, tests.

The web does not import this: Alembic is large, and no page needs it.
"""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate, downgrade, upgrade
from flask_migrate.cli import db as commands

from tracker.extensions import db

__all__ = ["commands", "downgrade", "is_modelled", "prepare", "upgrade"]


def is_modelled(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a table, column or index in the database is one that the models describe.

    The search tables of SQLite, with the tables that they keep themselves, and what PostgreSQL has for
    searching are made by hand in a migration.
    """
    return kind not in {"table", "column", "index"} or re.search(r"_search(_|$)", name or "") is None


DIRECTORY = Path(__file__).resolve().parent.parent / "migrations"


def prepare(app: Flask) -> None:
    """Bind Flask-Migrate to an application; in its context `upgrade` and the commands then work."""
    Migrate(app, db, directory=str(DIRECTORY), render_as_batch=True)
