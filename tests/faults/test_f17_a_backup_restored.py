"""F17: the database is lost after the letters went, and yesterday's backup takes its place.

F18: a copy of it is started elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.faults.copies import Copying, copying
from tests.faults.oracle import open_items
from tests.faults.scene import Scene
from tests.mail.post import NOW, person, ready_engine
from tracker.mail.models import Mail, MailState
from tracker.reminders.models import ItemState, ReminderItem

pytestmark = pytest.mark.both_databases

EARLY = NOW - timedelta(hours=3)  # the day is planned, and nobody is written to before eight
TODAY, TOMORROW = NOW, NOW + timedelta(days=1)
THE_DAY_BEFORE = NOW + timedelta(days=4)  # Friday; the deadline is the Monday after


@pytest.fixture
def copy(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Copying]:
    with copying(tmp_path, lambda: request.getfixturevalue("postgresql")) as copy:
        yield copy


def backup(scene: Scene, copy: Copying) -> str:
    scene.engine.dispose()
    return copy(scene.job.url)


def restore(scene: Scene, url: str) -> None:
    """The copy takes the place of the database: the same service, the same data folder."""
    scene.engine.dispose()
    scene.engine = ready_engine(url)
    scene.job = replace(scene.job, url=url)


@pytest.mark.parametrize("when", [TODAY + timedelta(hours=2), TOMORROW], ids=["same day", "next day"])
@pytest.mark.parametrize("taken", ["before it was planned", "after it was planned"])
def test_what_was_sent_since_the_backup_is_not_sent_again(
    scene: Scene, copy: Copying, when: datetime, taken: str
) -> None:
    owners = scene.people(4)
    if taken == "after it was planned":
        scene.tick(EARLY)
    saved = backup(scene, copy)
    scene.tick(TODAY)
    assert sorted(scene.peer.recipients) == owners
    restore(scene, saved)
    newcomer = "newcomer@example.com"
    with Session(scene.engine) as session, session.begin():
        late = person(session, newcomer).id
    scene.job = replace(scene.job, people=(*scene.job.people, late))
    for minutes in (0, 20):
        scene.tick(when + timedelta(minutes=minutes))
    verdict = scene.judge([*owners, newcomer])
    assert verdict.is_kept, verdict
    assert not verdict.doubled | verdict.uncertain, verdict
    assert not open_items(scene.engine)
    assert _sent_items(scene.engine, "t-7") == 2 * 5


def test_what_falls_due_later_is_still_sent_after_a_restore(scene: Scene, copy: Copying) -> None:
    owners = scene.people(3)
    saved = backup(scene, copy)
    scene.tick(TODAY)
    restore(scene, saved)
    scene.tick(TOMORROW)
    assert sorted(scene.peer.recipients) == owners
    scene.tick(THE_DAY_BEFORE)
    assert sorted(scene.peer.recipients) == sorted(owners * 2)


def test_a_letter_that_waited_when_the_backup_was_made_is_found_sent(scene: Scene, copy: Copying) -> None:
    owners = scene.people(3)
    died = scene.start(dies_at="assembled")
    assert died.wait() < 0
    saved = backup(scene, copy)
    scene.tick(TODAY + timedelta(minutes=1))
    assert sorted(scene.peer.recipients) == owners
    restore(scene, saved)
    for minutes in (5, 25):
        scene.tick(TODAY + timedelta(minutes=minutes))
    verdict = scene.judge(owners)
    assert verdict.is_kept, verdict
    assert not verdict.doubled | verdict.uncertain
    assert _mail_states(scene.engine) == {MailState.sent}


@pytest.mark.parametrize("difference", ["another machine", "another address"])
def test_a_copy_that_is_started_elsewhere_sends_nothing(
    scene: Scene, copy: Copying, tmp_path: Path, difference: str
) -> None:
    owners = scene.people(4)
    scene.tick(EARLY)
    elsewhere = {"url": backup(scene, copy), "folder": str(tmp_path / "elsewhere")}
    if difference == "another address":
        elsewhere |= {"folder": scene.job.folder, "base_url": "https://test.example.com"}
    scene.tick(TODAY, **elsewhere)
    assert not scene.peer.heard
    scene.tick(TODAY + timedelta(minutes=30))
    verdict = scene.judge(owners)
    assert verdict.is_kept, verdict
    assert not verdict.doubled | verdict.uncertain


def _sent_items(engine: Engine, step: str) -> int:
    with Session(engine) as session:
        found = select(ReminderItem.id).where(ReminderItem.step == step, ReminderItem.state == ItemState.sent)
        return len(session.scalars(found).all())


def _mail_states(engine: Engine) -> set[MailState]:
    with Session(engine) as session:
        return set(session.scalars(select(Mail.state)))
