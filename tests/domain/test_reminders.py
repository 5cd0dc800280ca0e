"""Which reminders are called for, when, to whom, and which of those due are sent."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.reminders import (
    DEFAULT_LADDER,
    MOST_REPEATS,
    Anchor,
    Obligation,
    ObligationKind,
    Place,
    Reminder,
    Step,
    condense,
    desired,
    due_at,
    recently_reminded,
)
from tracker.holidays_dk import danish_calendar

CALENDAR = danish_calendar(2024, 2043, frozenset({"christmas_eve", "constitution_day"}))
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
OWNER, DEPUTY, COORDINATOR, HEAD, OFFICE = 1, 2, 3, 4, 5
PEOPLE = (
    (Place.owner, OWNER),
    (Place.deputy, DEPUTY),
    (Place.coordinator, COORDINATOR),
    (Place.head, HEAD),
    (Place.secretariat, OFFICE),
)
DAYS = st.dates(date(2025, 1, 1), date(2040, 12, 31))


def obligation(kind: ObligationKind, last: date, first: date | None = None, **changes: object) -> Obligation:
    return replace(Obligation(kind, 7, 1, PEOPLE, first, last), **changes)  # type: ignore[arg-type]


def plan(of: Obligation, until: date = date(2026, 1, 1)) -> tuple[Reminder, ...]:
    return desired(of, calendar=CALENDAR, until=until)


def steps_of(reminders: Sequence[Reminder], person: int) -> list[tuple[str, date]]:
    return [(one.step, one.due_on) for one in reminders if one.person_id == person]


def test_a_status_reminds_the_owner_four_times_after_the_opening_and_the_deputy_at_last() -> None:
    reminders = plan(obligation(ObligationKind.status_due, date(2026, 3, 20), opened_on=date(2026, 2, 2)))
    assert steps_of(reminders, OWNER) == [
        ("open", date(2026, 2, 2)),
        ("t-28", date(2026, 2, 20)),
        ("t-14", date(2026, 3, 6)),
        ("t-7", date(2026, 3, 13)),
        ("t-1", date(2026, 3, 19)),
        ("overdue-3", date(2026, 3, 25)),
    ]
    assert steps_of(reminders, DEPUTY) == [
        ("t-1", date(2026, 3, 19)),
        ("overdue-3", date(2026, 3, 25)),
    ]
    assert steps_of(reminders, COORDINATOR) == [("overdue-3", date(2026, 3, 25))]


def test_an_overdue_status_goes_on_every_third_working_day_and_to_the_head_from_the_sixth() -> None:
    late = obligation(ObligationKind.status_due, date(2026, 3, 20))
    reminders = plan(late, until=date(2026, 4, 10))
    overdue = [one for one in steps_of(reminders, OWNER) if one[0].startswith("overdue")]
    assert overdue == [
        ("overdue-3", date(2026, 3, 25)),
        ("overdue-6", date(2026, 3, 30)),
        ("overdue-9", date(2026, 4, 7)),  # over Easter
        ("overdue-12", date(2026, 4, 10)),
        ("overdue-15", date(2026, 4, 15)),
    ]
    assert steps_of(reminders, HEAD) == overdue[1:]


@pytest.mark.parametrize(
    ("kind", "person", "expected"),
    [
        (
            ObligationKind.committee_papers,
            COORDINATOR,
            [("t-14", date(2026, 3, 6)), ("t-5", date(2026, 3, 13)), ("t-1", date(2026, 3, 19))],
        ),
        (
            ObligationKind.committee_papers,
            OFFICE,
            [("t-14", date(2026, 3, 6)), ("t-5", date(2026, 3, 13)), ("t-1", date(2026, 3, 19))],
        ),
        (
            ObligationKind.committee_meeting,
            OFFICE,
            [("t-14", date(2026, 3, 6)), ("t-1", date(2026, 3, 19))],
        ),
        (
            ObligationKind.delivery,
            OWNER,
            [("t-14", date(2026, 3, 6)), ("t-1", date(2026, 3, 19)), ("overdue-5", date(2026, 3, 27))],
        ),
        (
            ObligationKind.milestone,
            OWNER,
            [("t-14", date(2026, 3, 6)), ("t-1", date(2026, 3, 19)), ("overdue-5", date(2026, 3, 27))],
        ),
        (ObligationKind.other, OWNER, [("t-14", date(2026, 3, 6)), ("t-1", date(2026, 3, 19))]),
        (
            ObligationKind.review,
            OFFICE,
            [("waiting-3", date(2026, 3, 25)), ("waiting-6", date(2026, 3, 30))],
        ),
    ],
)
def test_each_kind_has_its_own_ladder(
    kind: ObligationKind, person: int, expected: list[tuple[str, date]]
) -> None:
    assert steps_of(plan(obligation(kind, date(2026, 3, 20))), person) == expected


@pytest.mark.parametrize("kind", [ObligationKind.campaign_window, ObligationKind.application_round])
def test_a_window_reminds_before_its_start_before_its_end_and_asks_afterwards(
    kind: ObligationKind,
) -> None:
    window = obligation(kind, date(2025, 12, 21), first=date(2025, 12, 1))
    assert steps_of(plan(window), OWNER) == [
        ("start-28", date(2025, 11, 3)),
        ("start-7", date(2025, 11, 24)),
        ("end-3", date(2025, 12, 18)),
        ("after-1", date(2025, 12, 22)),
    ]


def test_every_kind_has_a_ladder() -> None:
    assert set(DEFAULT_LADDER) == set(ObligationKind)


def test_a_fuzzy_date_counts_to_its_last_day() -> None:
    late = obligation(ObligationKind.delivery, date(2025, 12, 31), date(2025, 10, 1), precision="part")
    assert steps_of(plan(late), OWNER)[0] == ("t-14", date(2025, 12, 17))


def test_what_is_settled_reminds_nobody() -> None:
    assert plan(obligation(ObligationKind.status_due, date(2026, 3, 20), settled=True)) == ()


def test_what_fell_due_before_the_round_opened_is_covered_by_the_opening() -> None:
    short = obligation(ObligationKind.status_due, date(2026, 3, 20), opened_on=date(2026, 3, 10))
    assert [step for step, _ in steps_of(plan(short), OWNER)] == ["open", "t-7", "t-1", "overdue-3"]


def test_a_return_sends_no_reminder_on_the_day_of_the_return() -> None:
    returned = obligation(ObligationKind.returned, date(2026, 3, 20), opened_on=date(2026, 3, 13))
    assert [step for step, _ in steps_of(plan(returned), OWNER)] == ["t-1", "overdue-3"]


def test_a_meeting_that_is_called_at_short_notice_still_reminds() -> None:
    soon = obligation(ObligationKind.committee_meeting, date(2026, 3, 20), opened_on=date(2026, 3, 16))
    assert steps_of(plan(soon), OFFICE)[0] == ("t-14", date(2026, 3, 6))


def test_an_update_that_is_opened_after_its_deadline_is_only_overdue() -> None:
    late = obligation(ObligationKind.status_due, date(2026, 3, 20), opened_on=date(2026, 3, 30))
    assert {step for step, _ in steps_of(plan(late), OWNER)} == {"overdue-3"}


def test_a_person_who_holds_several_places_is_reminded_once_of_a_step() -> None:
    alone = ((Place.owner, 9), (Place.deputy, 9), (Place.coordinator, 9), (Place.head, 9))
    reminders = desired(
        obligation(ObligationKind.status_due, date(2026, 3, 20), people=alone),
        calendar=CALENDAR,
        until=date(2026, 4, 10),
    )
    assert len({one.key for one in reminders}) == len(reminders)
    assert [one.step for one in reminders][-2:] == ["overdue-12", "overdue-15"]


def test_a_ladder_of_ones_own_is_followed() -> None:
    ladder = {ObligationKind.other: (Step("t-2", (Place.head,), Anchor.before_last, 2, True),)}
    reminders = desired(
        obligation(ObligationKind.other, date(2026, 4, 7)),
        calendar=CALENDAR,
        until=date(2026, 4, 7),
        ladder=ladder,
    )
    assert steps_of(reminders, HEAD) == [("t-2", date(2026, 3, 31))]


def test_what_is_overdue_is_said_ten_times_and_then_once_to_the_secretariat() -> None:
    old = plan(obligation(ObligationKind.delivery, date(2025, 1, 1)), until=date(2040, 1, 1))
    assert len([one for one in old if one.step.startswith("overdue-")]) == MOST_REPEATS
    assert steps_of(old, OWNER)[-1] == ("overdue-50", date(2025, 3, 12))
    assert steps_of(old, OFFICE) == [("ended", date(2025, 3, 19))]


def test_a_late_status_ends_when_the_head_has_heard_of_it_ten_times_too() -> None:
    old = plan(obligation(ObligationKind.status_due, date(2025, 1, 1)), until=date(2040, 1, 1))
    assert [step for step, _ in steps_of(old, OWNER)][-1] == "overdue-30"
    assert [step for step, _ in steps_of(old, HEAD)][-1] == "overdue-33"
    assert [step for step, _ in steps_of(old, OFFICE)] == ["ended"]


@given(st.sampled_from(ObligationKind), DAYS, st.integers(0, 90), st.integers(-60, 60))
def test_every_reminder_lands_on_an_open_day(
    kind: ObligationKind, last: date, length: int, seen: int
) -> None:
    of = obligation(kind, last, first=last - timedelta(days=length), opened_on=last - timedelta(days=40))
    reminders = plan(of, until=last + timedelta(days=seen))
    assert all(CALENDAR.is_working_day(one.due_on) for one in reminders)
    assert len({one.key for one in reminders}) == len(reminders)


@given(st.sampled_from(ObligationKind), DAYS, st.integers(-60, 60), st.integers(0, 60))
def test_planning_again_later_keeps_every_reminder_and_only_adds_repeats(
    kind: ObligationKind, last: date, seen: int, later: int
) -> None:
    of = obligation(kind, last, opened_on=last - timedelta(days=50))
    until = last + timedelta(days=seen)
    first = plan(of, until=until)
    assert plan(of, until=until) == first
    again = plan(of, until=until + timedelta(days=later))
    assert set(first) <= set(again)
    assert all(one.step.startswith(("overdue", "ended")) for one in set(again) - set(first))


def test_ten_days_down_over_the_deadline_give_one_letter_a_person() -> None:
    deadline = date(2026, 3, 20)
    down_from, back = date(2026, 3, 12), date(2026, 3, 26)
    reminders = plan(obligation(ObligationKind.status_due, deadline), until=back)
    due = [one for one in reminders if down_from <= one.due_on <= back]
    condensed = condense(due, today=back)
    assert sorted((one.step, one.person_id) for one in condensed.send) == [
        ("overdue-3", OWNER),
        ("overdue-3", DEPUTY),
        ("overdue-3", COORDINATOR),
    ]
    assert {one.step for one, _ in condensed.superseded} == {"t-7", "t-1"}
    assert condensed.lapsed == ()


def test_before_the_deadline_the_nearest_step_wins() -> None:
    reminders = plan(obligation(ObligationKind.status_due, date(2026, 3, 20)))
    today = date(2026, 3, 16)
    condensed = condense([one for one in reminders if one.due_on <= today], today=today)
    assert [one.step for one in condensed.send] == ["t-7"]
    assert [one.step for one, by in condensed.superseded] == ["t-28", "t-14"]


def test_a_reminder_that_the_deadline_overtook_lapses() -> None:
    reminders = plan(obligation(ObligationKind.committee_meeting, date(2026, 3, 20)))
    condensed = condense(reminders, today=date(2026, 3, 21))
    assert (condensed.send, condensed.superseded) == ((), ())
    assert [one.step for one in condensed.lapsed] == ["t-14", "t-1"]


@given(st.sampled_from(ObligationKind), DAYS, st.integers(-40, 40), st.integers(1, 60))
def test_after_any_time_down_each_reminder_ends_once_and_each_person_hears_at_most_once(
    kind: ObligationKind, last: date, back: int, down: int
) -> None:
    today = last + timedelta(days=back)
    of = obligation(kind, last, first=last - timedelta(days=10), opened_on=last - timedelta(days=50))
    due = [one for one in plan(of, until=today) if today - timedelta(days=down) <= one.due_on <= today]
    condensed = condense(due, today=today)
    people = [one.person_id for one in condensed.send]
    assert len(people) == len(set(people))
    ended = [*condensed.send, *(one for one, _ in condensed.superseded), *condensed.lapsed]
    assert sorted(ended, key=lambda one: one.key) == sorted(due, key=lambda one: one.key)
    assert all(one.is_overdue == (today > last) for one in condensed.send)
    assert all(by in condensed.send and by.person_id == one.person_id for one, by in condensed.superseded)


def test_two_obligations_of_one_person_do_not_displace_each_other() -> None:
    one = plan(obligation(ObligationKind.other, date(2026, 3, 20)))[0]
    other = replace(one, obligation_id=8)
    assert set(condense([one, other], today=date(2026, 3, 10)).send) == {one, other}


@pytest.mark.parametrize(("days_ago", "expected"), [(0, True), (3, True), (4, False)])
def test_a_step_is_not_repeated_within_three_days_because_a_date_moved(days_ago: int, expected: bool) -> None:
    today = date(2026, 3, 10)
    old = plan(obligation(ObligationKind.other, date(2026, 3, 20)))[0]
    new = plan(obligation(ObligationKind.other, date(2026, 3, 24)))[0]
    sent = [(old, today - timedelta(days=days_ago))]
    assert recently_reminded(new, sent=sent, today=today) is expected
    assert not recently_reminded(replace(new, person_id=99), sent=sent, today=today)
    assert not recently_reminded(replace(new, step="t-1"), sent=sent, today=today)


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        (date(2027, 3, 26), datetime(2027, 3, 26, 7, tzinfo=UTC)),
        (date(2027, 3, 29), datetime(2027, 3, 29, 6, tzinfo=UTC)),
        (date(2027, 10, 29), datetime(2027, 10, 29, 6, tzinfo=UTC)),
        (date(2027, 11, 1), datetime(2027, 11, 1, 7, tzinfo=UTC)),
    ],
)
def test_eight_in_the_morning_is_local_on_both_sides_of_the_clock_change(
    day: date, instant: datetime
) -> None:
    assert due_at(day, COPENHAGEN) == instant


def test_a_leap_day_deadline_is_counted_from_the_leap_day() -> None:
    reminders = plan(obligation(ObligationKind.other, date(2028, 2, 29)))
    assert steps_of(reminders, OWNER)[-1] == ("t-1", date(2028, 2, 28))
