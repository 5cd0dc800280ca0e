"""A journal and whoever writes to it, seals it, verifies it and tampers with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from tests.support.journal import unguarded
from tracker.audit.actions import record
from tracker.audit.heads import HeadsFile
from tracker.audit.sealing import seal_everything
from tracker.audit.verifying import Verdict, verify
from tracker.database import prepare_sqlite

NOW = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
MARK = "mark"


@dataclass
class Journal:
    engine: Engine
    folder: Path
    sessions: sessionmaker[Session] = field(init=False)

    def __post_init__(self) -> None:
        self.sessions = sessionmaker(self.engine, expire_on_commit=False)

    @property
    def heads(self) -> HeadsFile:
        return HeadsFile(self.folder, MARK)

    def write(self, number: int, *, at: datetime = NOW) -> None:
        """Some facts, committed."""
        with self.sessions.begin() as session:
            for one in range(number):
                add(session, one, at=at)

    def seal(self, *, after: timedelta = timedelta()) -> int:
        return seal_everything(self.sessions, self.heads, now=NOW + after)

    def verify(self, *, after: timedelta = timedelta()) -> Verdict:
        with self.sessions() as session:
            return verify(session, self.heads, now=NOW + after)

    def tamper(self, *statements: str) -> None:
        """As somebody who may do everything in the database."""
        with self.engine.begin() as connection, unguarded(connection):
            for one in statements:
                connection.execute(text(one))


def add(session: Session, number: int, *, at: datetime = NOW) -> None:
    """One fact, in the caller's transaction."""
    record(session, "saved", "status_update", number, by=7, at=at, plan_id=1, state="draft", who="Sørøn")


@pytest.fixture
def journal(database_url: str, tmp_path: Path) -> Iterator[Journal]:
    engine = create_engine(database_url)
    prepare_sqlite(engine)
    yield Journal(engine, tmp_path / "data")
    engine.dispose()
