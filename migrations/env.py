"""How a migration runs.

PostgreSQL: under one advisory lock, so that processes that start together migrate once. SQLite: tables are
rebuilt (batch mode) with foreign keys off, since rebuilding a parent with them on deletes its children;
`foreign_key_check` afterwards proves that nothing was orphaned, or the migration is undone.
"""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

import tracker.models  # noqa: F401 - every table must be known
from tracker.database import Base, UtcDateTime
from tracker.migrating import is_modelled

LOCK = 7_042_026


def render_item(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Migrations name plain column types, so that they outlive our own."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def foreign_keys(connection: Connection, *, on: bool) -> None:
    """Said to the driver itself: within a transaction, which SQLAlchemy would begin, SQLite ignores it."""
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def run(connection: Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=sqlite,
        compare_type=True,
        render_item=render_item,
        include_name=is_modelled,
        transaction_per_migration=False,
        transactional_ddl=True,  # Alembic thinks SQLite has none, and would commit half-way
    )
    if sqlite:
        foreign_keys(connection, on=False)
    with connection.begin():
        if not sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        context.run_migrations()
        if sqlite:
            orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if orphans:
                raise RuntimeError(f"the migration would orphan rows: {orphans[:10]}")
    if sqlite:
        foreign_keys(connection, on=True)


if context.is_offline_mode():
    raise SystemExit("Migrations run on a database, not as a script.")

with current_app.extensions["migrate"].db.engine.connect() as opened:
    run(opened)
