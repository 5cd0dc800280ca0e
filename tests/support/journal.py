"""The journal for somebody who holds the database: the triggers that refuse are taken away for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

TABLES = ("journal_entry", "journal_seal")


@contextmanager
def unguarded(connection: Connection) -> Iterator[None]:
    """Within it, rows of the journal can be changed and removed; afterwards it is guarded as before."""
    if connection.dialect.name == "sqlite":
        found = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        for name, _ in found:
            connection.execute(text(f"DROP TRIGGER {name}"))
        yield
        for _, made in found:
            connection.execute(text(made))
        return
    for table in TABLES:
        connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER {table}_final"))
    yield
    for table in TABLES:
        connection.execute(text(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_final"))
