"""Whoever is to be told of a lost letter is told: after a restore, in a deadlock, after a long hold."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError

from tests.mail.post import NOW, Post, back_up, open_post, person, restore, server_at
from tests.reminders.office import TODAY, Office, at
from tests.support import make
from tests.support.smtp import Peer
from tracker.mail import installation, outbox, settling
from tracker.mail.installation import Premises
from tracker.mail.models import HoldCause, Mail, MailState
from tracker.mail.undeliverable import tell_undeliverable
from tracker.plans import vacancies
from tracker.plans.models import Membership, MembershipRole, Placement, Plan
from tracker.reminders.assembler import assemble
from tracker.reminders.calendars import plan_alone
from tracker.reminders.models import ReminderItem
from tracker.succession import lost_letters, undeliverable

pytestmark = pytest.mark.both_databases

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
OFFICE = "office@example.com"

undeliverable.register()
vacancies.register()


@pytest.fixture
def post(database_url: str, smtp_peer: Peer, tmp_path: Path) -> Iterator[Post]:
    with open_post(database_url, server_at(smtp_peer)) as post:
        post.premises = Premises(tmp_path / "data")
        yield post


def plans_of_one_secretariat(post: Post, number: int) -> list[int]:
    with post.sessions.begin() as session:
        office = person(session, OFFICE)
        plans = [Plan(slug=f"plan{one}", name=f"Plan {one}", created_at=NOW) for one in range(number)]
        session.add_all(plans)
        session.flush()
        for plan in plans:
            session.add(_member(office.id, plan.id))
        return [plan.id for plan in plans]


def _member(person_id: int, plan_id: int) -> Membership:
    return Membership(person_id=person_id, plan_id=plan_id, role=MembershipRole.secretariat, created_at=NOW)


def lose(post: Post, name: str, plan_id: int, *, after: timedelta = timedelta()) -> int:
    """A letter to somebody new that cannot be delivered; its id."""
    address, now = f"{name}@example.com", NOW + after
    with post.sessions.begin() as session:
        somebody = person(session, address)
        outbox.queue(
            session, kind="test", dedupe_key=name, person_id=somebody.id, address=address, payload={},
            plan_id=plan_id, at=now,
        )  # fmt: skip
    with post.sessions.begin() as session:
        mail = session.scalars(select(Mail).where(Mail.dedupe_key == name)).one()
        settling.settle(session, mail, MailState.undeliverable, "recipient: 550 5.1.1 nobody", at=now)
        tell_undeliverable(session, mail, address_is_wrong=False, at=now)
        return mail.id


def test_a_report_is_not_taken_for_that_of_a_letter_which_a_restore_took_back(
    post: Post, smtp_peer: Peer
) -> None:
    (plan_id,) = plans_of_one_secretariat(post, 1)
    saved = back_up(post.engine)
    post.turn()
    first = lose(post, "ane", plan_id, after=HOUR)
    post.turn(after=HOUR)
    assert smtp_peer.recipients == [OFFICE]
    post.dispatchers.pop().close(NOW)
    restore(post.engine, saved)
    if post.engine.dialect.name == "postgresql":  # a restore puts the sequence back as well
        with post.engine.begin() as connection:
            again = "SELECT setval(pg_get_serial_sequence('mail', 'id'), :number, false)"
            connection.execute(text(again), {"number": first})
    post.turn(after=2 * HOUR)
    assert lose(post, "bo", plan_id, after=3 * HOUR) == first
    post.turn(after=3 * HOUR)
    assert smtp_peer.recipients == [OFFICE, OFFICE]


def test_a_report_about_two_plans_is_for_neither_secretariat_to_read_in_the_lists(post: Post) -> None:
    here, there = plans_of_one_secretariat(post, 2)
    lose(post, "ane", here)
    lose(post, "bo", there)
    with post.sessions() as session:
        report = session.scalars(select(Mail).where(Mail.kind == lost_letters.KIND)).one()
    assert len(report.payload["mail_ids"]) == 2
    assert report.plan_id is None


@pytest.mark.postgresql
def test_a_deadlock_with_a_sweep_is_no_reason_to_tell_nobody(post: Post) -> None:
    office = Office(post)
    with post.sessions.begin() as session:
        session.add_all([_member(one, office.plan_id) for one in (office.owner, office.office)])
    office.replan(office.status(due=TODAY + 7 * DAY, opened=TODAY - 30 * DAY))
    with post.sessions.begin() as session:
        assemble(session, now=at(TODAY))
    planning, settled = threading.Event(), threading.Event()

    def sweep() -> None:
        with post.sessions.begin() as session:
            plan_alone(session)
            planning.set()
            settled.wait(10)
            time.sleep(0.4)  # so that the other waits first, and is the one to be stopped
            session.execute(update(ReminderItem).values(words="anew"))

    sweeping = threading.Thread(target=sweep)
    sweeping.start()
    assert planning.wait(10)
    with pytest.raises(OperationalError, match="deadlock"):
        lose_the_only_one(post, settled)
    sweeping.join()
    with post.sessions() as session:
        assert session.scalars(select(Mail.state)).all() == [MailState.queued]


def lose_the_only_one(post: Post, settled: threading.Event) -> None:
    with post.sessions.begin() as session:
        mail = session.scalars(select(Mail)).one()
        settling.settle(session, mail, MailState.undeliverable, "recipient: 550 5.1.1 nobody", at=NOW)
        settled.set()
        tell_undeliverable(session, mail, address_is_wrong=True, at=NOW)


def test_of_a_vacancy_the_secretariat_is_told_after_a_long_hold(post: Post, smtp_peer: Peer) -> None:
    with post.sessions.begin() as session:
        plan = make.plan(session, "equality", name="Handleplan")
        administration = make.administration(session, plan)
        gone = person(session, "gone@example.com")
        make.initiative(session, administration, "Mentorer til unge", owner=gone)
        session.add(_member(person(session, OFFICE).id, plan.id))
        session.flush()
        gone.active = False
        session.execute(update(Placement).values(from_on=TODAY - 30 * DAY))
        installation.hold(session, HoldCause.person, "until Monday", by=None, at=NOW)
        assert vacancies.tell_of_vacancies(session, now=NOW) == 1
    post.turn(after=5 * DAY)
    with post.sessions.begin() as session:
        installation.release(session, by=None, at=NOW + 5 * DAY)
    post.turn(after=5 * DAY + HOUR)
    assert smtp_peer.recipients == [OFFICE]
