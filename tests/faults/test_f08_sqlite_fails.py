"""F8: somebody else writes to the SQLite file for long, its disk is full, it cannot be written."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, event, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tests.faults.oracle import open_items
from tests.faults.scene import Scene
from tests.faults.sending import owed
from tests.mail.post import NOW, SERVICE, server_at
from tracker.clockwork import Clockwork
from tracker.database import prepare_sqlite
from tracker.mail.delivery import Dispatcher
from tracker.mail.installation import Premises
from tracker.mail.models import Mail
from tracker.reminders import actions
from tracker.reminders.models import ReminderItem

PEOPLE = 6


@pytest.fixture
def file(scene: Scene) -> Path:
    database = scene.engine.url.database
    assert database is not None
    return Path(database)


@contextmanager
def _another_writes(file: Path, seconds: float) -> Iterator[None]:
    """Somebody else holds the only right to write, for so long."""
    begun = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            begun.set()
            time.sleep(seconds)
            other.execute("COMMIT")

    thread = threading.Thread(target=write)
    thread.start()
    assert begun.wait(5)
    yield
    thread.join()


@contextmanager
def _works(scene: Scene, engine: Engine) -> Iterator[Clockwork]:
    """What ticks in this process, on this engine."""
    premises = Premises(Path(scene.job.folder))
    dispatcher = Dispatcher(engine, server_at(scene.peer), SERVICE, process="test", premises=premises)
    works = Clockwork(engine, dispatcher, "test", lambda _session, _today: owed(scene.job.people))
    try:
        yield works
    finally:
        works.close(NOW)
        engine.dispose()


def _engine(file: Path, *pragmas: str, uri: str = "") -> Engine:
    """As the application has it, but for these."""
    engine = create_engine(f"sqlite:///{uri or file}")
    prepare_sqlite(engine)

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    return engine


def test_another_writer_is_waited_for(scene: Scene, file: Path) -> None:
    owners = scene.people(PEOPLE)
    with _another_writes(file, 2):
        started = time.monotonic()
        scene.tick(NOW)
        assert time.monotonic() - started > 1
    verdict = scene.judge(owners)
    assert verdict.is_kept, verdict
    assert not verdict.doubled


def test_one_who_writes_too_long_delays_the_letters_and_the_log_says_so(
    scene: Scene, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    owners = scene.people(PEOPLE)
    with _works(scene, _engine(file, "busy_timeout=100")) as works:
        with _another_writes(file, 2):
            works.tick(NOW)
        assert not scene.peer.accepted
        assert "database is locked" in caplog.text
        works.tick(NOW + timedelta(seconds=30))
    verdict = scene.judge(owners)
    assert verdict.is_kept, verdict
    assert not verdict.doubled


def test_on_a_full_disk_all_is_written_or_nothing(
    scene: Scene, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    owners = scene.people(40)
    with closing(sqlite3.connect(file)) as other:
        pages = other.execute("PRAGMA page_count").fetchone()[0]
    for more in (1, 4, 12):
        with _works(scene, _engine(file, f"max_page_count={pages + more}")) as works:
            works.tick(NOW)
        assert "disk is full" in caplog.text
        _assert_all_or_nothing(scene)
        caplog.clear()
    for minutes in (1, 15):
        scene.tick(NOW + timedelta(minutes=minutes))
    verdict = scene.judge(owners)
    assert verdict.is_kept, verdict
    assert not verdict.doubled | verdict.uncertain
    assert not open_items(scene.engine)


def _assert_all_or_nothing(scene: Scene) -> None:
    with Session(scene.engine) as session:
        planned = session.scalar(select(func.count()).where(ReminderItem.step == "t-7"))
        assert planned in {0, 2 * 40}
        assert session.scalar(select(func.count(Mail.id))) in {0, 40}


def test_a_file_that_cannot_be_written_is_named_and_nothing_is_sent(
    scene: Scene, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    owners = scene.people(PEOPLE)
    read_only = f"file:{file}?mode=ro&uri=true"
    with _works(scene, _engine(file, uri=read_only)) as works:
        works.tick(NOW)
    assert "readonly database" in caplog.text
    assert not scene.peer.heard
    with closing(sqlite3.connect(file)) as other:
        assert other.execute("SELECT count(*) FROM reminder_item").fetchone() == (0,)
    scene.tick(NOW + timedelta(minutes=1))
    assert scene.judge(owners).is_kept


def test_an_action_that_cannot_be_written_says_so_and_changes_nothing(scene: Scene, file: Path) -> None:
    scene.people(PEOPLE)
    engine = _engine(file, uri=f"file:{file}?mode=ro&uri=true")
    with (
        pytest.raises(OperationalError, match="readonly database"),
        Session(engine) as session,
        session.begin(),
    ):
        actions.replan(session, owed(scene.job.people), now=NOW)
    engine.dispose()
    assert not open_items(scene.engine)
