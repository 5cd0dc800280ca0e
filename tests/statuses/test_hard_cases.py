"""Cases at the edge of the rules, on both databases: nothing is lost, doubled, or half done."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.support import make
from tests.support.year import FILLED, Year
from tracker import clock
from tracker.accounts.models import Person
from tracker.domain.errors import InvalidInput
from tracker.domain.reminders import Place
from tracker.domain.workflow import Outcome, ProgressState, State
from tracker.initiatives.changing import add_to_plan
from tracker.plans.models import MembershipRole, Placement
from tracker.reminders.models import ItemState, ReminderItem
from tracker.rounds import due_dates, replanning
from tracker.rounds.models import RoundState, StatusUpdate
from tracker.statuses import waiving, writing
from tracker.succession.placing import assign, leave

pytestmark = pytest.mark.both_databases

LATE = replace(FILLED, progress=ProgressState.delayed, reason="The hall burnt down.")
NOTHING_NEW = replace(
    FILLED, text="", progress=ProgressState.not_stated, outcome=Outcome.nothing_new, reason="It rests."
)


def _waive_and_back(year: Year) -> None:
    lead = make.member(year.session, year.plan, MembershipRole.lead)
    rights, at = year.rights(lead), clock.now()
    waiving.waive(
        year.session,
        year.update,
        outcome=Outcome.awaiting_funding,
        reason="No money.",
        version=year.update.version,
        rights=rights,
        by=lead,
        at=at,
    )
    waiving.unwaive(
        year.session,
        year.update,
        reason="There is money.",
        version=year.update.version,
        rights=rights,
        by=lead,
        at=at,
    )


@pytest.mark.parametrize("content", [LATE, NOTHING_NEW, FILLED])
def test_a_status_that_is_expected_again_stands_as_its_owner_left_it(
    year: Year, content: writing.Content
) -> None:
    year.submit(content)
    _waive_and_back(year)
    year.session.flush()
    now = year.update
    assert now.state is State.submitted
    assert (now.outcome, now.reason, now.text, now.progress) == (
        content.outcome,
        content.reason,
        content.text,
        content.progress,
    )


def test_what_nobody_wrote_on_is_expected_again_with_its_reminders(year: Year) -> None:
    before = _open_items(year)
    _waive_and_back(year)
    assert (year.update.state, year.update.outcome, year.update.reason) == (State.not_started, None, "")
    assert _open_items(year) == before
    assert before


def _open_items(year: Year) -> set[tuple[str, int]]:
    found = select(ReminderItem.step, ReminderItem.person_id).where(ReminderItem.state == ItemState.planned)
    return {(step, person) for step, person in year.session.execute(found)}


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (replace(FILLED, text="\x00\x01\ufffe"), "text"),
        (replace(LATE, reason="\x07"), "reason"),
        (replace(FILLED, text="x" * 40_001), "text"),
        (replace(FILLED, reason="x" * 4_001), "reason"),
    ],
)
def test_nothing_invisible_and_nothing_endless_is_submitted(
    year: Year, content: writing.Content, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        year.submit(content)
    assert refused.value.field == field
    assert year.update.state is State.not_started


def test_forty_thousand_characters_are_a_status(year: Year) -> None:
    year.submit(replace(FILLED, text="æ" * 40_000))
    assert len(year.update.text) == 40_000


@pytest.mark.parametrize("due_on", [date(9999, 12, 31), date(2101, 1, 1)])
def test_a_round_cannot_be_due_when_nobody_lives_any_more(year: Year, due_on: date) -> None:
    with pytest.raises(InvalidInput) as refused:
        make.open_round(year.session, year.plan, year=2027, due_on=due_on)
    assert refused.value.field == "due_on"


def _deputies(year: Year) -> list[tuple[str, date, date | None]]:
    found = select(Placement).where(Placement.place == Place.deputy).order_by(Placement.from_on)
    return [
        (year.session.get_one(Person, one.person_id).name, one.from_on, one.until_on)
        for one in year.session.scalars(found)
    ]


def test_a_deputy_for_one_week_leaves_other_deputies_their_days(year: Year) -> None:
    today = clock.today()
    long, short = make.person(year.session, "Lars"), make.person(year.session, "Sara")
    later = make.person(year.session, "Trine")

    def name(person: Person, first: int, last: int) -> None:
        assign(
            year.session,
            year.initiative,
            person,
            place=Place.deputy,
            from_on=today + timedelta(days=first),
            until_on=today + timedelta(days=last),
            by=None,
            at=clock.now(),
        )

    name(later, 60, 70)
    name(long, 0, 30)
    name(short, 10, 12)
    days = [(who, (first - today).days, (last - today).days) for who, first, last in _deputies(year) if last]
    assert days == [("Lars", 0, 9), ("Sara", 10, 12), ("Lars", 13, 30), ("Trine", 60, 70)]


def test_a_deputy_is_reminded_from_the_first_day_to_the_last(year: Year) -> None:
    deputy = make.person(year.session, "Dina")
    assert year.round.due_on is not None
    first = clock.today() + timedelta(days=5)
    assign(
        year.session,
        year.initiative,
        deputy,
        place=Place.deputy,
        from_on=first,
        until_on=year.round.due_on,
        by=None,
        at=clock.now(),
    )

    def reminded_on(day: date) -> bool:
        at = clock.now() + (day - clock.today())
        replanning.replan_updates(year.session, [year.update.id], at=at)
        return deputy.id in {person for _, person in _open_items(year)}

    assert not reminded_on(clock.today())
    assert reminded_on(first)
    assert not reminded_on(year.round.due_on + timedelta(days=1))


def test_an_owner_who_comes_late_is_reminded_of_what_is_past_and_to_come(year: Year) -> None:
    before = {step for step, person in _open_items(year) if person == year.owner.id}
    leave(year.session, year.owner, by=year.secretary.id, at=clock.now())
    assert year.owner.id not in {person for _, person in _open_items(year)}
    new = make.person(year.session, "Nanna")
    assign(year.session, year.initiative, new, from_on=clock.today(), by=None, at=clock.now())
    assert {step for step, person in _open_items(year) if person == new.id} == before


def test_a_deadline_that_is_moved_and_moved_back_has_the_same_reminders(year: Year) -> None:
    before = _open_items(year)
    assert year.update.deadline is not None
    first = year.update.deadline.last_on
    for due_on in (first + timedelta(days=30), first):
        due_dates.move_status_deadline(
            year.session,
            year.update,
            due_on=due_on,
            reason="The hall is closed.",
            version=year.update.deadline.version,
            by=year.secretary.id,
            at=clock.now(),
        )
    assert _open_items(year) == before
    open_on = select(ReminderItem.deadline_on).where(ReminderItem.state == ItemState.planned).distinct()
    assert list(year.session.scalars(open_on)) == [first]


def test_an_initiative_that_is_added_joins_no_round_that_is_locked(year: Year) -> None:
    year.round.state = RoundState.locked
    year.session.flush()
    _, joined = add_to_plan(
        year.session,
        year.administration,
        title="Benches",
        origin=year.initiative.origin,
        by=year.secretary.id,
        at=clock.now(),
    )
    assert joined is None
    assert len(year.session.scalars(select(StatusUpdate.id)).all()) == 1
