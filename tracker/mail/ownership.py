"""Who may send, decided by locks that die with their holder and never by a clock.

SQLite: one dispatcher at a time, by `flock` on a file beside the database. PostgreSQL: any number; each
holds an advisory lock on its own id, on one session, and does all its work on that session, so that a
dispatcher which lost its session can do nothing more. Another's death is proved by getting its lock.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine, func, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tracker.database import forgettable
from tracker.mail.models import Dispatcher

LOCK_CLASS = 0x6D61696C  # "mail"; the second half of the key is the dispatcher's id

# What a dispatcher noted must outlive a power cut, whatever the server's own setting.
_KEEP_WHAT_WAS_COMMITTED = select(func.set_config("synchronous_commit", "on", False)).where(
    func.current_setting("synchronous_commit") == "off"
)

log = logging.getLogger(__name__)


class LostPostError(Exception):
    """The session that held the lock is gone: whatever this dispatcher was doing, it must stop."""


class Post:
    """The right to send. Made by `take_post` after fork, held until `leave` or death."""

    def __init__(self, id_: int, engine: Engine, connection: Connection | None, file: IO[str] | None) -> None:
        self.id = id_
        self._engine = engine
        self._connection = connection  # the one that holds the lock
        self._file = file
        self._borrowed: Connection | None = None

    @contextmanager
    def transaction(self, *, lasting: bool = True) -> Iterator[Session]:
        """One transaction on the session that holds the lock. Raises LostPostError when that is gone.

        When it is `lasting`, what it commits outlives a power cut as soon as this returns. Otherwise it is
        committed for everybody, and outlives a power cut with the next one that is: for what can be found out
        again, because the sent journal has it, or because it is asked anew.
        """
        connection = self._at_hand()
        if lasting:
            with Session(connection, expire_on_commit=False) as session, session.begin():
                yield session
        else:
            with forgettable(connection) as session:
                yield session

    def rest(self) -> None:
        """Give back what is needed during a turn only."""
        borrowed, self._borrowed = self._borrowed, None
        if borrowed is not None:
            borrowed.close()

    def _at_hand(self) -> Connection:
        if self._connection is not None:
            if self._connection.closed or self._connection.invalidated:
                raise LostPostError
            return self._connection
        if self._borrowed is None:
            self._borrowed = self._engine.connect()
        return self._borrowed

    def is_dead(self, session: Session, owner: int | None) -> bool:
        """Whether dispatcher `owner` is provably gone, or is an earlier life of nobody at all."""
        if owner is None:
            return True
        if owner == self.id:
            return False
        if self._connection is None:
            return True  # on SQLite there is only one, and that is this one
        if not session.scalar(select(func.pg_try_advisory_lock(LOCK_CLASS, owner))):
            return False
        session.execute(select(func.pg_advisory_unlock(LOCK_CLASS, owner)))
        return True

    def leave(self, now: datetime | None = None) -> None:
        """Give the post up; with `now`, say so in the table first. Never raises."""
        if now is not None:
            with suppress(DBAPIError, LostPostError):
                self._say_farewell(now)
        with suppress(DBAPIError):
            self.rest()
        if self._connection is not None:
            with suppress(DBAPIError):
                self._connection.close()  # detached from the pool, so this ends the session and its lock
        if self._file is not None:
            self._file.close()

    def _say_farewell(self, now: datetime) -> None:
        with self.transaction() as session:
            session.execute(update(Dispatcher).where(Dispatcher.id == self.id).values(ended_at=now))
        if self._connection is not None:  # that the session ended is noticed a moment later
            with self.transaction() as session:
                session.execute(select(func.pg_advisory_unlock(LOCK_CLASS, self.id)))


def take_post(engine: Engine, *, process: str, now: datetime) -> Post | None:
    """A post with an id that was never used before; None while another process holds the only one."""
    if engine.dialect.name == "sqlite":
        return _take_single_post(engine, process, now)
    connection = engine.connect()
    try:
        id_ = connection.scalar(_new_dispatcher(process, now))
        assert id_ is not None
        connection.execute(_KEEP_WHAT_WAS_COMMITTED)
        # Locked before the row is visible: nobody may take a newcomer for dead.
        connection.execute(select(func.pg_advisory_lock(LOCK_CLASS, id_)))
        connection.commit()
        connection.detach()
    except BaseException:
        connection.invalidate()
        connection.close()
        raise
    return Post(id_, engine, connection, None)


def _take_single_post(engine: Engine, process: str, now: datetime) -> Post | None:
    file = _locked_beside(engine.url.database)
    if file is None:
        return None
    try:
        with engine.begin() as connection:
            id_ = connection.scalar(_new_dispatcher(process, now))
    except BaseException:
        file.close()
        raise
    assert id_ is not None
    return Post(id_, engine, None, file)


def _new_dispatcher(process: str, now: datetime):  # type: ignore[no-untyped-def] # Insert's own type is private
    return insert(Dispatcher).values(process=process[:200], started_at=now).returning(Dispatcher.id)


def _locked_beside(database: str | None) -> IO[str] | None:
    """The lock file of a database file, locked; None when another has it. In memory there is no other."""
    name = os.devnull if not database or database == ":memory:" else f"{database}.dispatcher"
    file = Path(name).open("a", encoding="utf-8")  # noqa: SIM115 - held for life
    try:
        if name != os.devnull:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file
