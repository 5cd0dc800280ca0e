"""What happens while letters wait, while mail is held, and to those whose letters come back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from tests.mail.post import NOW
from tests.reminders.office import TODAY, Office, at
from tracker.accounts.models import Person
from tracker.clockwork import Clockwork
from tracker.domain.reminders import Obligation, Place
from tracker.mail.health import Problem, health, problems
from tracker.mail.installation import Premises, hold, installation_of, release
from tracker.mail.models import HoldCause, Mail
from tracker.plans.models import Plan
from tracker.reminders.models import ReminderItem

pytestmark = pytest.mark.both_databases

DAY = timedelta(days=1)


def due_soon(office: Office, number: int = 1) -> Obligation:
    return office.status(number, due=TODAY + 7 * DAY, opened=TODAY - 30 * DAY)


def hold_all(office: Office) -> None:
    with office.post.sessions.begin() as session:
        assert hold(session, HoldCause.person, "until Monday", by=None, at=at(TODAY, 7))


def guarded(office: Office, folder: Path) -> Clockwork:
    """The office's clockwork with the guards of an installation, after two ticks."""
    office.post.premises = Premises(folder)
    office.works.dispatcher.close(None)
    works = Clockwork(
        office.post.engine, office.post.dispatcher(), "guarded", obligations=lambda *_: iter(office.owed)
    )
    for minute in (0, 10):
        works.tick(at(TODAY, 6, minute))
    return works


def test_a_letter_that_takes_up_another_plan_is_no_longer_for_one_secretariat_to_read(office: Office) -> None:
    with office.post.sessions.begin() as session:
        other = Plan(slug="other", name="Klimaplan", created_at=NOW)
        session.add(other)
        session.flush()
        other_id = other.id
    hold_all(office)
    office.owed = [due_soon(office)]
    office.morning(TODAY)
    office.owed.append(replace(due_soon(office, 2), plan_id=other_id))
    office.works.swept = False
    office.morning(TODAY + DAY)
    with office.post.sessions() as session:
        letter = session.scalars(select(Mail)).one()
        inside = set(session.scalars(select(ReminderItem.plan_id).where(ReminderItem.mail_id == letter.id)))
    assert inside == {office.plan_id, other_id}
    assert letter.plan_id is None


def test_who_cannot_be_written_to_raises_no_alarm(office: Office) -> None:
    office.owed = [replace(due_soon(office), people=((Place.owner, office.owner),))]
    with office.post.sessions.begin() as session:
        session.execute(update(Person).values(undeliverable_at=NOW, undeliverable_reason="550 5.1.1"))
    office.morning(TODAY, hour=9)
    with office.post.sessions() as session:
        seen = health(session, now=at(TODAY, 9, 31))
    assert Problem.overdue not in problems(seen, now=at(TODAY, 9, 31))


def test_a_wrong_year_settles_nothing_while_a_person_holds_the_mail(office: Office, tmp_path: Path) -> None:
    office.owed = [due_soon(office)]
    works = guarded(office, tmp_path)
    hold_all(office)
    planned = office.items()
    works.swept = False
    works.tick(at(TODAY + 365 * DAY))
    assert office.items() == planned
    with office.post.sessions() as session:
        row = installation_of(session)
        assert row is not None
        assert row.held_cause is HoldCause.person


def test_a_hold_of_many_weeks_is_no_jump_of_the_clock(office: Office, tmp_path: Path) -> None:
    works = guarded(office, tmp_path)
    hold_all(office)
    for number in range(1, 50):
        works.tick(at(TODAY + number * DAY))
    with office.post.sessions.begin() as session:
        release(session, by=None, at=at(TODAY + 49 * DAY, 9))
    works.tick(at(TODAY + 49 * DAY, 9, 1))
    with office.post.sessions() as session:
        row = installation_of(session)
        assert row is not None
        assert not row.queue_held
