"""F19: one letter, or one task in it, cannot be written. F20: the mail server refuses everything."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.faults.scene import Scene
from tests.mail.post import NOW
from tests.support import smtp
from tracker.accounts.models import Person
from tracker.audit.models import JournalEntry
from tracker.mail.installation import release
from tracker.mail.models import HoldCause, Installation, Mail, MailState
from tracker.reminders.models import ItemState, ReminderItem

pytestmark = pytest.mark.both_databases


def test_one_letter_that_cannot_be_written_does_not_keep_the_others(scene: Scene) -> None:
    owners = scene.people(6)
    broken = owners[2]
    with Session(scene.engine) as session, session.begin():
        session.execute(
            update(Person).where(Person.email == broken).values(name="Ane\u2028Bcc: x@example.com")
        )
    for minutes in (0, 20):
        scene.tick(NOW + timedelta(minutes=minutes))
    assert sorted(scene.peer.recipients) == [owner for owner in owners if owner != broken]
    with Session(scene.engine) as session:
        items = session.execute(
            select(ReminderItem.state, ReminderItem.reason)
            .join(Person, Person.id == ReminderItem.person_id)
            .where(Person.email == broken, ReminderItem.step == "t-7")
        ).all()
        assert [state for state, _ in items] == [ItemState.undeliverable] * 2
        assert all("control character" in reason for _, reason in items)


def test_one_task_that_cannot_be_written_does_not_keep_the_others_of_its_letter(scene: Scene) -> None:
    """Its date has no day after it, which a calendar file names."""
    owners = scene.people(3)
    scene.tick(NOW - timedelta(minutes=45))  # plans, before the hour
    mine = ReminderItem.person_id == scene.job.people[1], ReminderItem.step == "t-7"
    with Session(scene.engine) as session, session.begin():
        whole, broken = session.scalars(select(ReminderItem.id).where(*mine).order_by(ReminderItem.id))
        session.execute(update(ReminderItem).where(ReminderItem.id == broken).values(deadline_on=date.max))
    for minutes in (0, 10):
        scene.tick(NOW + timedelta(minutes=minutes), swept=True)
    assert sorted(scene.peer.recipients) == owners
    tasks = {one.recipients[0]: one.text.count("/updates/") for one in scene.peer.accepted}
    assert tasks == {owners[0]: 2, owners[1]: 1, owners[2]: 2}
    with Session(scene.engine) as session:
        left, sent = session.get_one(ReminderItem, broken), session.get_one(ReminderItem, whole)
        assert (left.state, sent.state) == (ItemState.undeliverable, ItemState.sent)
        assert left.reason.startswith("it cannot be written: OverflowError")


@pytest.mark.parametrize("step", ["MAIL", "DATA"])
def test_a_server_that_refuses_everything_holds_the_queue_after_five(scene: Scene, step: smtp.Step) -> None:
    owners = scene.people(12)
    scene.peer.always(smtp.reply(step, "554 5.7.1 policy"))
    child = scene.start()
    assert child.wait() == 0
    asked = scene.peer.connections
    scene.tick(NOW + timedelta(minutes=300))
    assert scene.peer.connections == asked, "a held queue knocks no more"
    assert child.log.read_text().count("all mail is held") == 1
    with Session(scene.engine) as session:
        here = session.scalars(select(Installation)).one()
        assert (here.queue_held, here.held_cause) == (True, HoldCause.refusals)
        told = select(func.count()).select_from(JournalEntry).where(JournalEntry.fact == "queue_held")
        assert session.scalar(told) == 1
        states = session.scalars(select(Mail.state).order_by(Mail.id)).all()
        assert states == [MailState.failed] * 5 + [MailState.queued] * 7
    scene.peer.behave()
    with Session(scene.engine) as session, session.begin():
        release(session, by=None, at=NOW + timedelta(minutes=301))
    scene.tick(NOW + timedelta(minutes=302))
    verdict = scene.judge(owners)
    assert verdict.is_kept, verdict
    assert not verdict.doubled | verdict.uncertain
