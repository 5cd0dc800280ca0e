"""What every table shares, how connections to SQLite behave, and a commit that does not wait for the disk.

SQLite: write-ahead log, foreign keys on, full synchronisation, 20 s of patience, and memory for what a tick
of a thousand letters touches. Requests that only read begin deferred; everything else begins IMMEDIATE,
because a deferred transaction that starts to write later is refused when another has written in the
meantime.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, DateTime, Dialect, Engine, Enum, Executable, MetaData, Result, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


SQLITE_CACHE_KB = 16_000


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, in UTC on both databases. Refuses a naive value."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """SQLite's text becomes the instant in one step: every row has some, and pages read many rows."""
        return _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _from_text(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(f"{stored}+00:00")


class Base(DeclarativeBase):
    registry = registry(
        metadata=MetaData(naming_convention=NAMING), type_annotation_map={datetime: UtcDateTime}
    )


def choice(values: type[StrEnum], name: str) -> Enum:
    """A column type for an enumeration, stored as its value under a named CHECK."""
    return Enum(
        values,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


_reading: ContextVar[bool] = ContextVar("reading", default=False)


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside only read: on SQLite they take no write lock."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def begin_reading(only: bool) -> None:
    """The same for the rest of a request, where a `with` block cannot span it."""
    _reading.set(only)


def rows_of(session: Session, statement: Executable, values: Mapping[str, Any]) -> Result[*tuple[Any, ...]]:
    """What a statement of single columns finds, after what is pending was written.

    `session.execute` for half the price, for what every request asks; whole entities need the session's way.
    """
    session.flush()
    return session.connection().execute(statement, values)


def may_succeed_again(error: BaseException) -> bool:
    """Whether PostgreSQL took a transaction's work back for others' sake: a deadlock, or a conflict.

    The same transaction may succeed when it is begun anew, so nobody may go on as if it had failed for good.
    """
    state = getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
    return isinstance(state, str) and (state.startswith("40") or state == "55P03")


@contextmanager
def forgettable(connection: Connection) -> Iterator[Session]:
    """A transaction whose commit does not wait for the disk.

    It is committed for everybody, and outlives a power cut with the next commit that waits: for what is done
    anew, the same, when it is forgotten. Nothing else may be under way on the connection.
    """
    driver: Any = connection.connection.dbapi_connection
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:  # the setting is the connection's, and cannot be changed inside of a transaction
        driver.execute("PRAGMA synchronous=NORMAL")
    try:
        with Session(connection, expire_on_commit=False) as session, session.begin():
            if not sqlite:
                session.connection()
                with driver.pipeline():  # sent together with its BEGIN
                    driver.execute("SET LOCAL synchronous_commit TO off")
            yield session
    finally:
        if sqlite:
            driver.execute("PRAGMA synchronous=FULL")


def prepare_sqlite(engine: Engine) -> None:
    """Give an engine on SQLite the behaviour this module promises; does nothing on another database."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        for pragma in (
            "journal_mode=WAL",
            "foreign_keys=ON",
            "synchronous=FULL",
            "busy_timeout=20000",
            f"cache_size=-{SQLITE_CACHE_KB}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN" if _reading.get() else "BEGIN IMMEDIATE")
