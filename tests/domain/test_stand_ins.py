"""Who is reminded while the owner is away, cannot be reached, or nobody holds the place."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.domain.ladders import DEFAULT_LADDER, Anchor, ObligationKind, Place, rung
from tracker.domain.reminders import UNCOVERED, Absence, Obligation, Reminder, desired
from tracker.holidays_dk import plan_calendar

CALENDAR = plan_calendar("christmas_eve")
OWNER, DEPUTY, COORDINATOR, HEAD, OFFICE = 1, 2, 3, 4, 5
PEOPLE = (
    (Place.owner, OWNER),
    (Place.deputy, DEPUTY),
    (Place.coordinator, COORDINATOR),
    (Place.head, HEAD),
    (Place.secretariat, OFFICE),
)
ALONE = tuple(pair for pair in PEOPLE if pair[0] is not Place.deputy)
DUE = date(2026, 3, 20)  # t-28 on 20 February, t-14 on 6 March, t-7 on 13 March, t-1 on 19 March
STATUS = Obligation(ObligationKind.status_due, 7, 1, PEOPLE, None, DUE, opened_on=date(2026, 2, 2))


def away(person: int, start: date, end: date | None = None) -> tuple[Absence, ...]:
    return (Absence(person, start, end),)


def plan(of: Obligation) -> tuple[Reminder, ...]:
    return desired(of, calendar=CALENDAR, until=date(2026, 3, 26))


def steps_of(reminders: Sequence[Reminder], person: int) -> list[str]:
    return [one.step for one in reminders if one.person_id == person]


def test_the_deputy_gets_what_falls_due_while_the_owner_is_away_and_nothing_twice() -> None:
    reminders = plan(replace(STATUS, absences=away(OWNER, date(2026, 3, 1), date(2026, 3, 19))))
    assert steps_of(reminders, OWNER) == ["open", "t-28", "overdue-3", "overdue-6"]
    assert steps_of(reminders, DEPUTY) == ["t-14", "t-7", "t-1", "overdue-3", "overdue-6"]
    assert UNCOVERED not in {one.step for one in reminders}


def test_an_absence_that_ends_earlier_gives_the_owner_the_rest_back() -> None:
    long = plan(replace(STATUS, absences=away(OWNER, date(2026, 3, 1), date(2026, 3, 19))))
    short = plan(replace(STATUS, absences=away(OWNER, date(2026, 3, 1), date(2026, 3, 10))))
    assert set(steps_of(short, OWNER)) - set(steps_of(long, OWNER)) == {"t-7", "t-1"}
    assert steps_of(short, DEPUTY) == ["t-14", "t-1", "overdue-3", "overdue-6"]


def test_without_a_deputy_the_reminders_wait_for_the_owner_and_nobody_is_flooded() -> None:
    waiting = replace(STATUS, people=ALONE, absences=away(OWNER, date(2026, 3, 1), date(2026, 3, 13)))
    assert plan(waiting) == plan(replace(waiting, absences=()))


def test_an_owner_who_is_away_over_the_deadline_is_told_of_once_to_the_coordinator() -> None:
    waiting = replace(STATUS, people=ALONE, absences=away(OWNER, date(2026, 3, 1), date(2026, 4, 30)))
    reminders = plan(waiting)
    [told] = [one for one in reminders if one.step == UNCOVERED]
    assert (told.person_id, told.due_on) == (COORDINATOR, date(2026, 3, 19))
    assert set(reminders) - {told} == set(plan(replace(waiting, absences=())))


def test_where_no_coordinator_is_there_the_secretariat_is_told() -> None:
    for people, absences in (
        (((Place.owner, OWNER), (Place.secretariat, OFFICE)), ()),
        (ALONE, away(COORDINATOR, date(2026, 3, 1))),
    ):
        gone = replace(STATUS, people=people, absences=(*away(OWNER, date(2026, 3, 1)), *absences))
        assert [one.person_id for one in plan(gone) if one.step == UNCOVERED] == [OFFICE]


def test_a_deputy_who_is_away_as_well_stands_in_for_nobody() -> None:
    absences = (*away(OWNER, date(2026, 3, 1)), *away(DEPUTY, date(2026, 3, 1)))
    reminders = plan(replace(STATUS, absences=absences))
    assert steps_of(reminders, OWNER) == ["open", "t-28", "t-14", "t-7", "t-1", "overdue-3", "overdue-6"]
    assert steps_of(reminders, DEPUTY) == ["t-1", "overdue-3", "overdue-6"]
    assert steps_of(reminders, COORDINATOR) == [UNCOVERED, "overdue-3", "overdue-6"]


def test_the_deputy_of_a_vacant_place_gets_the_owners_reminders() -> None:
    vacant = replace(STATUS, people=PEOPLE[1:])
    assert steps_of(plan(vacant), DEPUTY) == steps_of(plan(STATUS), OWNER)


def test_what_nobody_holds_is_said_once_before_the_deadline() -> None:
    vacant = replace(STATUS, people=ALONE[1:])
    assert [(one.person_id, one.step) for one in plan(vacant) if not one.step.startswith("overdue")] == [
        (COORDINATOR, UNCOVERED)
    ]


def test_what_has_no_owner_by_its_nature_is_not_called_uncovered() -> None:
    papers = replace(STATUS, kind=ObligationKind.committee_papers, people=ALONE[1:])
    assert {one.step for one in plan(papers)} == {"t-14", "t-5", "t-1"}


def test_the_last_call_is_the_owners_last_rung_of_the_plans_own_ladder() -> None:
    ladder = {
        **DEFAULT_LADDER,
        ObligationKind.status_due: (
            rung(ObligationKind.status_due, (Place.owner,), Anchor.before_last, 10),
            rung(ObligationKind.status_due, (Place.owner,), Anchor.before_last, 4),
            rung(ObligationKind.status_due, (Place.head,), Anchor.before_last, 2),
        ),
    }
    gone = replace(STATUS, people=ALONE, absences=away(OWNER, date(2026, 3, 1)))
    reminders = desired(gone, calendar=CALENDAR, until=DUE, ladder=ladder)
    assert [one.due_on for one in reminders if one.step == UNCOVERED] == [date(2026, 3, 16)]


DAYS = st.dates(DUE - timedelta(days=60), DUE + timedelta(days=40))
AWAY = st.builds(
    lambda person, start, length: Absence(
        person, start, None if length is None else start + timedelta(days=length)
    ),
    st.sampled_from([OWNER, DEPUTY, COORDINATOR]),
    DAYS,
    st.none() | st.integers(0, 60),
)


@settings(derandomize=True, max_examples=150)
@given(st.sampled_from(ObligationKind), st.sets(st.sampled_from(PEOPLE)), st.lists(AWAY, max_size=3))
def test_whoever_is_away_no_step_is_lost_and_nobody_gets_one_twice(
    kind: ObligationKind, people: set[tuple[Place, int]], absences: list[Absence]
) -> None:
    obligation = replace(STATUS, kind=kind, people=tuple(sorted(people)), absences=tuple(absences))
    there = plan(replace(obligation, absences=()))
    reminders = plan(obligation)
    assert len({one.key for one in reminders}) == len(reminders)
    # Every step that would go to somebody still does, on the same day: at most to another person.
    assert {(one.step, one.due_on) for one in there} - {
        (one.step, one.due_on) for one in there if one.step == UNCOVERED
    } <= {(one.step, one.due_on) for one in reminders}
    # A stand-in is there on that day.
    extra = [one for one in reminders if one not in there]
    assert not any(
        absence.person_id == one.person_id and absence.covers(one.due_on)
        for one in extra
        for absence in absences
    )
