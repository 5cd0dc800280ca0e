"""What the health of the service calls late is what the assembler would put into a letter, and no more."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.reminders.office import TODAY, Office, at
from tracker.accounts.models import Person
from tracker.domain.reminders import Place
from tracker.mail.health import health
from tracker.plans.models import Plan

pytestmark = pytest.mark.both_databases

DUE = TODAY + timedelta(days=9)  # T-7 falls on the Wednesday after TODAY, a Monday
MORNING = TODAY + timedelta(days=2)


def lies_about(office: Office, day: date, hour: int = 8, minute: int = 0) -> bool:
    """Whether a reminder could go at that time that no letter holds."""
    with office.post.sessions() as session:
        return health(session, now=at(day, hour, minute)).reminder is not None


def test_what_falls_due_lies_about_from_eight_until_the_next_tick(office: Office) -> None:
    office.owed = [office.status(due=DUE)]
    office.morning(TODAY)
    assert not lies_about(office, MORNING, 7, 59)
    assert lies_about(office, MORNING)
    office.morning(MORNING, hour=8, minute=0)
    assert not lies_about(office, MORNING, 8, 1)


def test_what_waits_for_tomorrow_because_todays_letter_has_left_does_not(office: Office) -> None:
    office.owed = [office.status(due=DUE)]
    office.morning(MORNING)
    later = office.status(2, due=DUE)
    office.owed.append(later)
    office.replan(later, on=MORNING)
    assert not lies_about(office, MORNING, 12)
    office.morning(MORNING, hour=12)
    assert not lies_about(office, MORNING, 12, 1)
    assert lies_about(office, MORNING + timedelta(days=1))


def test_what_goes_a_second_time_on_a_day_because_it_is_urgent_does(office: Office) -> None:
    office.owed = [office.status(due=DUE)]
    office.morning(MORNING)
    urgent = office.status(2, due=MORNING + timedelta(days=1))
    office.owed.append(urgent)
    office.replan(urgent, on=MORNING)
    assert lies_about(office, MORNING, 12)
    office.morning(MORNING, hour=12)
    assert not lies_about(office, MORNING, 12, 1)


@pytest.mark.parametrize("reason", ["paused", "away"])
def test_what_a_pause_or_an_absence_keeps_back_lies_about_only_afterwards(
    office: Office, reason: str
) -> None:
    office.owed = [office.status(due=DUE, people=((Place.owner, office.owner),))]
    office.morning(TODAY)
    with office.post.sessions.begin() as session:
        if reason == "paused":
            session.get_one(Plan, office.plan_id).reminders_paused_until = MORNING
        else:
            owner = session.get_one(Person, office.owner)
            owner.absent_from, owner.absent_until = MORNING, MORNING
    office.morning(MORNING)
    assert not lies_about(office, MORNING, 12)
    assert lies_about(office, MORNING + timedelta(days=1))
    office.morning(MORNING + timedelta(days=1))
    assert not lies_about(office, MORNING + timedelta(days=1), 12)
