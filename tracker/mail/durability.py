"""Does the database keep what it commits, and are a session's locks its own? Asked once, at the start.

Refused, with one sentence: SQLite that is not as `tracker.database` makes it (a file system without shared
memory leaves the write-ahead log out), and PostgreSQL behind a pooler that gives one session's transactions
to several servers. Warned of: `fsync` and `full_page_writes` off, which no session can mend, and
`synchronous_commit` off. The dispatchers switch the latter on for themselves; what any other session loses
of its last second is planned anew, or is seen to be missing by whoever saved it.
"""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, Engine, TextClause, func, select, text

from tracker.database import reading

PROBE_CLASS = 0x70726F62  # "prob": never the class of a dispatcher's lock

_PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
_OFF = "PostgreSQL runs with %s off: a power cut may take what it has confirmed"


class NotDurableError(Exception):
    """Mail must not be sent from this database; `str()` is one sentence for the operator."""


def check(engine: Engine) -> list[str]:
    """What is doubtful, a sentence each. Raises NotDurableError for what is refused."""
    if engine.dialect.name == "sqlite":
        _check_sqlite(engine)
        return []
    _check_sessions(engine)
    with engine.connect() as connection:
        settings = ("fsync", "full_page_writes", "synchronous_commit")
        return [_OFF % name for name in settings if _shown(connection, name) == "off"]


def _shown(connection: Connection, setting: str) -> str:
    return str(connection.scalar(select(func.current_setting(setting))))


def _check_sqlite(engine: Engine) -> None:
    if engine.url.database in {None, "", ":memory:"}:
        return
    with reading(), engine.connect() as connection:
        for name, wanted in _PRAGMAS.items():
            found = connection.scalar(text(f"PRAGMA {name}"))
            if found != wanted:
                raise NotDurableError(
                    f"SQLite has {name}={found} instead of {wanted}: "
                    "put the database file on a local disk that is not shared over the network."
                )


def _check_sessions(engine: Engine) -> None:
    """Transactions of two connections between each other: each must stay with its own server and lock."""
    key = secrets.randbelow(2**31)
    with engine.connect() as first, engine.connect() as second:
        try:
            mine = first.scalar(select(func.pg_backend_pid()))
            first.scalar(select(func.pg_advisory_lock(PROBE_CLASS, key)))
            first.commit()
            taken = second.scalar(select(func.pg_try_advisory_lock(PROBE_CLASS, key)))
            other = second.scalar(select(func.pg_backend_pid()))
            again = first.scalar(select(func.pg_backend_pid()))
            kept = first.scalar(select(func.count()).select_from(text("pg_locks")).where(_own_lock(key)))
            first.commit()
        finally:
            first.invalidate()  # no lock of the probe outlives it, whoever holds it
            second.invalidate()
    if taken or again != mine or other == mine or not kept:
        raise NotDurableError(
            "A pooler before PostgreSQL shares sessions: "
            "connect to the server itself, or let the pooler keep a session for each client."
        )


def _own_lock(key: int) -> TextClause:
    return text(
        "locktype = 'advisory' AND pid = pg_backend_pid() AND classid = :probe AND objid = :key"
    ).bindparams(probe=PROBE_CLASS, key=key)
