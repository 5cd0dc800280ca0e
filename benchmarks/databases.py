"""Migrated databases to measure on: a SQLite file, and a PostgreSQL of the test's own kind.

Both keep what they commit as an installation does: SQLite with full synchronisation, PostgreSQL with fsync
and synchronous commits on.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine

import tracker.models  # noqa: F401 - the tables
from tests.support.databases import migrate
from tests.support.postgres import running_server
from tracker.database import prepare_sqlite
from tracker.letters import register_letters

DURABLE = (
    "fsync=on",
    "synchronous_commit=on",
    "full_page_writes=on",
    "max_wal_size=4GB",
    "shared_buffers=512MB",
)


@contextmanager
def sqlite() -> Iterator[Engine]:
    with (
        tempfile.TemporaryDirectory(prefix="benchmark-") as folder,
        ready(f"sqlite:///{Path(folder) / 'tracker.db'}", Path(folder)) as engine,
    ):
        yield engine


@contextmanager
def postgresql() -> Iterator[Engine]:
    with (
        running_server(settings=DURABLE) as server,
        server.fresh_database() as name,
        tempfile.TemporaryDirectory(prefix="benchmark-") as folder,
        ready(server.database(name), Path(folder)) as engine,
    ):
        yield engine


@contextmanager
def ready(url: str, folder: Path) -> Iterator[Engine]:
    """The database at `url` with the service's tables, and an engine as the service has it."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    migrate(url, data_folder=folder)
    register_letters()
    engine = create_engine(url)
    prepare_sqlite(engine)
    try:
        yield engine
    finally:
        engine.dispose()


NAMES = {"SQLite": sqlite, "PostgreSQL": postgresql}
