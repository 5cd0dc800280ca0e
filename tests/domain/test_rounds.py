"""From meeting dates back to the owners' deadlines."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.rounds import ChainStepKind, Meetings, Spans, plan_back, shifts
from tracker.holidays_dk import danish_calendar

CALENDAR = danish_calendar(2025, 2029)
MEETINGS = Meetings(
    committees={"KFF": date(2026, 10, 7), "BIF": None},
    coordinating=date(2026, 11, 16),
    council=date(2026, 12, 10),
)
OPENS = date(2026, 8, 10)


def test_the_owners_deadline_lies_before_the_papers_of_their_own_committee() -> None:
    culture, coordinating = plan_back(MEETINGS, opens_on=OPENS, calendar=CALENDAR)
    assert [(step.kind.value, step.on) for step in culture.steps] == [
        ("opens", OPENS),
        ("owners", date(2026, 9, 9)),
        ("committee_papers", date(2026, 9, 23)),
        ("committee", date(2026, 10, 7)),
        ("coordinating_papers", date(2026, 11, 2)),
        ("coordinating", date(2026, 11, 16)),
        ("council_papers", date(2026, 11, 26)),
        ("council", date(2026, 12, 10)),
    ]
    assert culture.broken_at is None
    assert coordinating.owners_due_on == date(2026, 10, 19)


def test_a_chain_that_cannot_be_kept_names_the_step_that_breaks() -> None:
    late = replace(MEETINGS, committees={"KFF": date(2026, 11, 9)})
    (chain,) = plan_back(late, opens_on=OPENS, calendar=CALENDAR)
    assert chain.broken_at is not None
    assert chain.broken_at.kind is ChainStepKind.coordinating_papers
    assert chain.broken_at.earliest == date(2026, 11, 9)


def test_too_little_time_to_write_breaks_at_the_owners() -> None:
    chains = plan_back(MEETINGS, opens_on=date(2026, 9, 1), calendar=CALENDAR)
    assert [chain.broken_at.kind if chain.broken_at else None for chain in chains] == [
        ChainStepKind.owners,
        None,
    ]


def test_moving_one_meeting_shows_what_moves_with_it() -> None:
    before = plan_back(MEETINGS, opens_on=OPENS, calendar=CALENDAR)
    moved = replace(MEETINGS, committees={"KFF": date(2026, 10, 14), "BIF": None})
    after = plan_back(moved, opens_on=OPENS, calendar=CALENDAR)
    assert [(one.administration, one.kind.value, one.old, one.new) for one in shifts(before, after)] == [
        ("KFF", "owners", date(2026, 9, 9), date(2026, 9, 16)),
        ("KFF", "committee_papers", date(2026, 9, 23), date(2026, 9, 30)),
        ("KFF", "committee", date(2026, 10, 7), date(2026, 10, 14)),
    ]
    assert shifts(before, before) == ()


def test_a_dropped_meeting_leaves_no_step_of_its_own() -> None:
    before = plan_back(MEETINGS, opens_on=OPENS, calendar=CALENDAR)
    dropped = replace(MEETINGS, committees={"KFF": None, "BIF": None})
    after = plan_back(dropped, opens_on=OPENS, calendar=CALENDAR)
    assert {one.kind for one in shifts(before, after) if one.new is None} == {
        ChainStepKind.committee,
        ChainStepKind.committee_papers,
    }


@given(
    st.dates(date(2026, 1, 5), date(2027, 12, 20)),
    st.integers(0, 30),
    st.integers(0, 30),
    st.integers(0, 30),
)
def test_deadlines_that_are_counted_back_are_open_days(
    council: date, writing: int, handling: int, papers: int
) -> None:
    meetings = Meetings({"TMF": None}, None, CALENDAR.next(council))
    spans = Spans(writing=writing, handling=handling, council_papers=papers)
    (chain,) = plan_back(meetings, opens_on=date(2025, 10, 1), calendar=CALENDAR, spans=spans)
    assert all(CALENDAR.is_working_day(step.on) for step in chain.steps[1:])
