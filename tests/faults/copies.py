"""Copies of a database, as a backup makes them."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from tests.support.postgres import Server

Copying = Callable[[str], str]


@contextmanager
def copying(folder: Path, server: Callable[[], Server]) -> Iterator[Copying]:
    """`copy(url)`: the address of a copy of the database as it is now. On PostgreSQL nobody may be connected.

    `server` is asked for only where the database is on it.
    """
    made = 0
    with ExitStack() as copies:

        def copy(url: str) -> str:
            nonlocal made
            made += 1
            if url.startswith("sqlite"):
                target = folder / f"copy-{made}.db"
                with (
                    closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as source,
                    closing(sqlite3.connect(target)) as there,
                ):
                    source.backup(there)
                return f"sqlite:///{target}"
            return server().database(copies.enter_context(_copied(server(), url)))

        yield copy


def _copied(server: Server, url: str) -> AbstractContextManager[str]:
    """A copy on the same server, as soon as the last who was connected has gone."""
    name = make_url(url).database
    until = time.monotonic() + 10
    address = server.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connected = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
        while connection.execute(connected, [name]).fetchone() != (0,):
            assert time.monotonic() < until, f"somebody stays connected to {name}"
            time.sleep(0.02)
    return server.fresh_database(like=name)
