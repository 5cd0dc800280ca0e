"""What holds of every date from 2025 to 2040, and of planning by day or at once."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.domain.ladders import DEFAULT_LADDER, Anchor, Ladder, ObligationKind, Place, Step, checked_steps
from tracker.domain.reminders import Absence, Obligation, condense, desired, due_at
from tracker.holidays_dk import FIRST_YEAR, LAST_YEAR, OPTIONAL_DAYS, plan_calendar

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
CALENDAR = plan_calendar("christmas_eve,new_years_eve,constitution_day")
PEOPLE = tuple((place, number) for number, place in enumerate(Place, 1))
KINDS = list(ObligationKind)
DATES = st.dates(date(2025, 1, 1), date(2040, 12, 31))


def every_day() -> list[date]:
    first, last = date(2025, 1, 1), date(2040, 12, 31)
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]


def obligation(kind: ObligationKind, last: date, length: int = 0, opened: int = 60) -> Obligation:
    first = last - timedelta(days=length)
    return Obligation(kind, 7, 1, PEOPLE, first, last, opened_on=first - timedelta(days=opened))


def test_every_reminder_of_every_deadline_comes_at_eight_on_an_open_day() -> None:
    """Each date once as a deadline of one kind and of a status: both clock changes of each year are in it."""
    for number, last in enumerate(every_day()):
        for kind in (ObligationKind.status_due, KINDS[number % len(KINDS)]):
            of = obligation(kind, last, length=number % 40)
            reminders = desired(of, calendar=CALENDAR, until=last + timedelta(days=10))
            assert reminders
            for one in reminders:
                assert CALENDAR.is_working_day(one.due_on), (of, one)
                local = due_at(one.due_on, COPENHAGEN).astimezone(COPENHAGEN)
                assert (local.date(), local.hour, local.minute) == (one.due_on, 8, 0), (of, one)


@pytest.mark.parametrize("code", OPTIONAL_DAYS)
def test_an_optional_day_is_closed_in_every_year_that_a_deadline_can_have(code: str) -> None:
    closed = plan_calendar(code)
    days = [date(year, *OPTIONAL_DAYS[code]) for year in range(FIRST_YEAR, LAST_YEAR + 1)]
    assert not any(closed.is_working_day(day) for day in days)


def test_calendars_of_the_same_closed_days_are_made_once() -> None:
    assert plan_calendar("christmas_eve, labour_day") is plan_calendar("christmas_eve, labour_day")
    assert plan_calendar("labour_day,christmas_eve") is plan_calendar("christmas_eve,labour_day")


@pytest.mark.parametrize("year", [2028, 2032, 2036, 2040])
@pytest.mark.parametrize("kind", KINDS)
def test_a_deadline_on_the_leap_day_is_counted_from_the_leap_day(kind: ObligationKind, year: int) -> None:
    leap = date(year, 2, 29)
    of = obligation(kind, leap)
    reminders = desired(of, calendar=CALENDAR, until=leap + timedelta(days=40))
    assert {one.deadline_on for one in reminders} == {leap}
    before = {one.step: one.due_on for one in reminders}
    for step in DEFAULT_LADDER[kind]:
        if step.anchor is Anchor.before_last:
            assert before[step.code] == CALENDAR.previous(leap - timedelta(days=step.days))


STEPS = st.lists(
    st.builds(
        Step,
        code=st.just(""),
        places=st.sets(st.sampled_from(Place), min_size=1).map(lambda some: tuple(sorted(some))),
        anchor=st.sampled_from([Anchor.before_last, Anchor.before_first, Anchor.opens]),
        days=st.integers(0, 60),
        working_days=st.booleans(),
    )
    | st.builds(
        Step,
        code=st.just(""),
        places=st.sets(st.sampled_from(Place), min_size=1).map(lambda some: tuple(sorted(some))),
        anchor=st.just(Anchor.after_last),
        days=st.integers(1, 20),
        working_days=st.booleans(),
        every=st.none() | st.integers(1, 10),
    ),
    max_size=6,
    unique_by=lambda step: (
        step.anchor,
        step.days,
        step.every is None,
        step.working_days or bool(step.every),
    ),
)


def _ladder(kind: ObligationKind, steps: list[Step]) -> Ladder:
    return {kind: checked_steps(kind, steps)}


AWAY = st.lists(
    st.builds(
        lambda person, start, length: (person, start, length),
        st.integers(1, 3),
        st.integers(-60, 60),
        st.none() | st.integers(0, 40),
    ),
    max_size=2,
)


def _absences(last: date, away: list[tuple[int, int, int | None]]) -> tuple[Absence, ...]:
    return tuple(
        Absence(
            person,
            last + timedelta(days=start),
            None if length is None else last + timedelta(days=start + length),
        )
        for person, start, length in away
    )


@settings(derandomize=True, max_examples=120)
@given(st.sampled_from(KINDS), DATES, st.integers(0, 30), STEPS, AWAY)
def test_day_by_day_calls_for_the_same_as_the_whole_time_at_once(
    kind: ObligationKind,
    last: date,
    length: int,
    steps: list[Step],
    away: list[tuple[int, int, int | None]],
) -> None:
    of = replace(obligation(kind, last, length), absences=_absences(last, away))
    ladder = _ladder(kind, steps)
    first, end = last - timedelta(days=100), last + timedelta(days=60)
    at_once = {one for one in desired(of, calendar=CALENDAR, until=end, ladder=ladder) if one.due_on <= end}
    day_by_day = {
        one
        for ahead in range((end - first).days + 1)
        for one in desired(of, calendar=CALENDAR, until=first + timedelta(days=ahead), ladder=ladder)
        if one.due_on <= end
    }
    assert day_by_day == at_once


@settings(derandomize=True, max_examples=120)
@given(st.sampled_from(KINDS), DATES, STEPS, AWAY)
def test_any_ladder_names_each_reminder_once_and_on_an_open_day(
    kind: ObligationKind, last: date, steps: list[Step], away: list[tuple[int, int, int | None]]
) -> None:
    of = replace(obligation(kind, last, 20), absences=_absences(last, away))
    ladder = _ladder(kind, steps)
    reminders = desired(of, calendar=CALENDAR, until=last + timedelta(days=60), ladder=ladder)
    assert len({one.key for one in reminders}) == len(reminders)
    assert all(CALENDAR.is_working_day(one.due_on) for one in reminders)
    assert {one.step: one.due_on for one in reminders}.items() == {
        (one.step, one.due_on) for one in reminders
    }


@settings(derandomize=True, max_examples=120)
@given(st.sampled_from(KINDS), DATES, STEPS, st.integers(-20, 40))
def test_ten_days_down_leave_one_reminder_a_person_and_lose_none(
    kind: ObligationKind, last: date, steps: list[Step], back: int
) -> None:
    today = last + timedelta(days=back)
    of = obligation(kind, last, 5)
    due = [
        one
        for one in desired(of, calendar=CALENDAR, until=today, ladder=_ladder(kind, steps))
        if today - timedelta(days=10) <= one.due_on <= today
    ]
    condensed = condense(due, today=today)
    assert len({one.person_id for one in condensed.send}) == len(condensed.send)
    ended = [*condensed.send, *(one for one, _ in condensed.superseded), *condensed.lapsed]
    assert sorted(one.key for one in ended) == sorted(one.key for one in due)
