"""Six processes tick at once on one database, and each letter goes once."""

from __future__ import annotations

import signal
from collections import Counter

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.faults.scene import Scene
from tests.support.smtp import recorded
from tracker.mail.models import Mail, MailState
from tracker.reminders.models import ItemState, ReminderItem

PEOPLE = 80
PATIENCE = 240  # a process that hangs is one; six at once on a busy machine are not

pytestmark = pytest.mark.both_databases


def test_six_processes_send_each_letter_once(scene: Scene) -> None:
    owners = scene.people(PEOPLE)
    processes = [scene.start(ticks=5, pause=0.1) for _ in range(6)]
    assert [process.wait(seconds=PATIENCE) for process in processes] == [0] * 6
    counted = Counter(letter.recipients[0] for letter in recorded(scene.record))
    assert set(counted) == set(owners)
    assert set(counted.values()) == {1}
    with Session(scene.engine) as session:
        assert set(session.scalars(select(Mail.state))) == {MailState.sent}
        items = session.execute(select(ReminderItem.state, ReminderItem.step)).all()
    assert Counter(state for state, step in items if step == "t-7") == {ItemState.sent: 2 * PEOPLE}
    assert ItemState.assigned not in {state for state, _ in items}


def test_after_a_kill_another_takes_over_and_nothing_is_lost(scene: Scene) -> None:
    scene.people(PEOPLE)
    first = scene.start(ticks=200, pause=0.1)
    scene.peer.wait_for(5, seconds=60)
    first.kill()
    assert first.wait() == -signal.SIGKILL
    assert scene.start(ticks=3).wait(seconds=PATIENCE) == 0
    with Session(scene.engine) as session:
        states = Counter(session.scalars(select(Mail.state)))
    uncertain = states.get(MailState.uncertain, 0)
    scene.peer.wait_until_alone()
    counted = Counter(letter.recipients[0] for letter in recorded(scene.record))
    assert set(counted.values()) == {1}
    assert uncertain <= 1
    assert states[MailState.sent] + uncertain == PEOPLE
    assert len(counted) >= PEOPLE - uncertain
