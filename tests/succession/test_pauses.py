"""Absence, pauses and departures: who is reminded instead, and what comes back when it is over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.support import make
from tests.support.year import Year
from tracker import clock
from tracker.accounts.models import Person
from tracker.audit.models import JournalEntry
from tracker.deadlines.actions import add_deadline
from tracker.deadlines.models import DeadlineKind
from tracker.domain.errors import InvalidInput
from tracker.domain.reminders import Place
from tracker.initiatives.changing import change
from tracker.plans.models import Standing
from tracker.plans.people import people_of_plan
from tracker.reminders.models import ItemState, Reason, ReminderItem
from tracker.succession.pauses import pause_plan, set_absence
from tracker.succession.placing import assign, leave

pytestmark = pytest.mark.both_databases


def _planned(year: Year, person: Person) -> list[str]:
    found = (
        select(ReminderItem.step)
        .where(ReminderItem.person_id == person.id, ReminderItem.state == ItemState.planned)
        .order_by(ReminderItem.due_on)
    )
    return list(year.session.scalars(found))


def _reasons(year: Year, person: Person) -> set[str]:
    found = select(ReminderItem.reason).where(
        ReminderItem.person_id == person.id, ReminderItem.state == ItemState.cancelled
    )
    return set(year.session.scalars(found))


def _facts(year: Year) -> list[str]:
    return list(year.session.scalars(select(JournalEntry.fact).order_by(JournalEntry.id)))


@pytest.fixture
def deputy(year: Year) -> Person:
    made = make.person(year.session, "Dina")
    assign(
        year.session,
        year.initiative,
        made,
        place=Place.deputy,
        from_on=clock.today(),
        until_on=clock.today() + timedelta(days=90),
        by=year.secretary.id,
        at=clock.now(),
    )
    return made


def _away(year: Year, from_on: date | None, until_on: date | None) -> None:
    set_absence(
        year.session, year.owner, from_on=from_on, until_on=until_on, by=year.secretary.id, at=clock.now()
    )


def test_the_deputy_takes_over_for_an_absence_and_gives_back_when_it_is_shortened(
    year: Year, deputy: Person
) -> None:
    usual = _planned(year, year.owner), _planned(year, deputy)
    today, due = clock.today(), year.round.due_on
    assert due is not None
    _away(year, today, due)
    assert "t-7" in _planned(year, deputy)
    assert "t-7" not in _planned(year, year.owner)
    assert _reasons(year, year.owner) == {Reason.absence}
    _away(year, today, today)
    assert "t-7" in _planned(year, year.owner)
    assert "t-7" not in _planned(year, deputy)
    assert _reasons(year, deputy) == {Reason.absence}
    _away(year, None, None)
    assert (_planned(year, year.owner), _planned(year, deputy)) == usual
    assert _facts(year)[-3:] == ["absence_set", "absence_set", "absence_ended"]


def test_whoever_comes_back_is_remembered_as_away_until_yesterday(year: Year, deputy: Person) -> None:
    today = clock.today()
    _away(year, today - timedelta(days=5), today + timedelta(days=5))
    _away(year, None, None)
    assert (year.owner.absent_from, year.owner.absent_until) == (
        today - timedelta(days=5),
        today - timedelta(days=1),
    )
    assert "t-7" in _planned(year, year.owner)


@pytest.mark.parametrize(
    ("first", "last", "field"), [(None, 3, "from_on"), (3, 2, "until_on"), (-5, -1, "until_on")]
)
def test_an_absence_that_cannot_be_is_refused(
    year: Year, first: int | None, last: int | None, field: str
) -> None:
    today = clock.today()
    days = [None if ahead is None else today + timedelta(days=ahead) for ahead in (first, last)]
    with pytest.raises(InvalidInput) as refused:
        _away(year, days[0], days[1])
    assert refused.value.field == field
    assert year.owner.absent_from is None


def test_an_owner_whose_letters_come_back_counts_as_away(year: Year, deputy: Person) -> None:
    year.owner.undeliverable_at = clock.now()
    year.session.flush()
    people = people_of_plan(year.session, year.plan.id, on=clock.today())
    [absence] = people.absences_of(((Place.owner, year.owner.id), (Place.deputy, deputy.id)))
    assert absence.person_id == year.owner.id
    assert absence.covers(date(2025, 1, 1))
    assert absence.covers(date(2040, 1, 1))


def test_a_plan_is_paused_and_goes_on(year: Year) -> None:
    until = clock.today() + timedelta(days=14)
    pause_plan(year.session, year.plan, until_on=until, by=year.secretary.id, at=clock.now())
    assert year.plan.reminders_paused_until == until
    pause_plan(year.session, year.plan, until_on=None, by=year.secretary.id, at=clock.now())
    assert year.plan.reminders_paused_until is None
    assert _facts(year)[-2:] == ["reminders_paused", "reminders_resumed"]


@pytest.mark.parametrize("ahead", [-1, 400])
def test_a_pause_that_cannot_be_is_refused(year: Year, ahead: int) -> None:
    with pytest.raises(InvalidInput):
        pause_plan(
            year.session,
            year.plan,
            until_on=clock.today() + timedelta(days=ahead),
            by=year.secretary.id,
            at=clock.now(),
        )
    assert year.plan.reminders_paused_until is None


def _papers(year: Year) -> None:
    add_deadline(
        year.session,
        plan_id=year.plan.id,
        kind=DeadlineKind.committee_papers,
        title="Papers",
        first_on=clock.today() + timedelta(days=30),
        last_on=clock.today() + timedelta(days=30),
        administration=year.administration,
        by=year.secretary.id,
        at=clock.now(),
    )


def test_a_coordinator_who_leaves_is_not_reminded_of_papers_either(year: Year) -> None:
    _papers(year)
    assert {"t-14", "t-5", "t-1"} <= set(_planned(year, year.coordinator))
    leave(year.session, year.coordinator, by=year.secretary.id, at=clock.now())
    assert _planned(year, year.coordinator) == []
    assert _reasons(year, year.coordinator) == {Reason.place_left}


def test_a_secretary_who_leaves_is_not_reminded_any_more(year: Year) -> None:
    _papers(year)
    other = make.member(year.session, year.plan, name="Sonja")
    assert _planned(year, year.secretary)
    leave(year.session, year.secretary, by=other.id, at=clock.now())
    assert _planned(year, year.secretary) == []
    assert "t-14" in _planned(year, other)


def test_a_common_deadline_of_no_initiative_reminds_the_coordinator_as_its_owner(year: Year) -> None:
    add_deadline(
        year.session,
        plan_id=year.plan.id,
        kind=DeadlineKind.campaign_window,
        title="Pride week",
        first_on=clock.today() + timedelta(days=30),
        last_on=clock.today() + timedelta(days=40),
        administration=year.administration,
        by=year.secretary.id,
        at=clock.now(),
    )
    assert {"start-28", "start-7"} <= set(_planned(year, year.coordinator))


@pytest.mark.parametrize("standing", [Standing.merged, Standing.discontinued])
def test_an_initiative_that_ends_in_the_middle_of_a_round_owes_no_status(
    year: Year, standing: Standing
) -> None:
    assert _planned(year, year.owner)
    other = make.initiative(year.session, year.administration, "The other one")
    change(
        year.session,
        year.initiative,
        title=year.initiative.title,
        administration=year.administration,
        standing=standing,
        merged_into_id=other.id if standing is Standing.merged else None,
        origin=year.initiative.origin,
        version=year.initiative.version,
        by=year.secretary.id,
        at=clock.now(),
    )
    assert _planned(year, year.owner) == []
    assert _reasons(year, year.owner) == {Reason.settled}
