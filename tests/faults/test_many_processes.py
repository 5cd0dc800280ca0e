"""Two workers and four web processes tick at once on one database, and each letter goes once."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.mail.post import NOW, person, ready_engine
from tests.support.smtp import Peer, recorded
from tracker.mail.models import Mail, MailState
from tracker.plans.models import Plan
from tracker.reminders.models import ItemState, ReminderItem

PEOPLE = 80
PATIENCE = 240  # a process that hangs is one; six that load everything on a busy machine are not
ROOT = Path(__file__).resolve().parents[2]

Ticking = Callable[[int], subprocess.Popen[bytes]]

pytestmark = pytest.mark.both_databases


@pytest.fixture
def url(database_url: str) -> str:
    """A database with a plan and its people."""
    engine = ready_engine(database_url)
    with Session(engine) as session, session.begin():
        session.add(Plan(id=1, slug="plan", name="Handleplan", created_at=NOW))
        for number in range(PEOPLE):
            person(session, f"owner{number}@example.com")
    engine.dispose()
    return database_url


@pytest.fixture
def ticking(url: str, smtp_peer: Peer) -> Iterator[Ticking]:
    """`ticking(5)`: a process that ticks five times; none outlives the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(ticks: int) -> subprocess.Popen[bytes]:
        where = [url, str(smtp_peer.port), "1", str(PEOPLE)]
        words = [sys.executable, "-m", "tests.faults.ticking", *where, str(ticks)]
        started.append(subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def _wait_until_ready(process: subprocess.Popen[bytes]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"


def _end(process: subprocess.Popen[bytes]) -> int:
    return process.wait(timeout=PATIENCE)


def test_six_processes_send_each_letter_once(url: str, ticking: Ticking, tmp_path: Path) -> None:
    processes = [ticking(5) for _ in range(6)]
    assert [_end(process) for process in processes] == [0] * 6
    counted = Counter(letter.recipients[0] for letter in recorded(tmp_path / "accepted.jsonl"))
    assert len(counted) == PEOPLE
    assert set(counted.values()) == {1}
    engine = ready_engine(url)
    with Session(engine) as session:
        assert set(session.scalars(select(Mail.state))) == {MailState.sent}
        items = session.execute(select(ReminderItem.state, ReminderItem.step)).all()
    engine.dispose()
    assert Counter(state for state, step in items if step == "t-7") == {ItemState.sent: 2 * PEOPLE}
    assert ItemState.assigned not in {state for state, _ in items}


def test_after_a_kill_another_takes_over_and_nothing_is_lost(
    url: str, ticking: Ticking, smtp_peer: Peer, tmp_path: Path
) -> None:
    first = ticking(200)
    _wait_until_ready(first)
    smtp_peer.wait_for(5, seconds=60)
    first.send_signal(signal.SIGKILL)
    assert _end(first) == -signal.SIGKILL
    assert _end(ticking(3)) == 0
    engine = ready_engine(url)
    with Session(engine) as session:
        states = Counter(session.scalars(select(Mail.state)))
        uncertain = states.get(MailState.uncertain, 0)
    engine.dispose()
    counted = Counter(letter.recipients[0] for letter in recorded(tmp_path / "accepted.jsonl"))
    assert set(counted.values()) == {1}
    assert uncertain <= 1
    assert states[MailState.sent] + uncertain == PEOPLE
    assert len(counted) >= PEOPLE - uncertain
