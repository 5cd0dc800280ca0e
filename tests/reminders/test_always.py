"""What holds whatever happens: planning is repeatable, dates move, and days without a tick lose nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.reminders.office import TODAY, Office, at
from tests.support.smtp import Peer
from tracker import clock
from tracker.domain.ladders import ObligationKind, Place
from tracker.domain.reminders import Absence, Obligation
from tracker.holidays_dk import plan_calendar
from tracker.reminders.actions import replan
from tracker.reminders.models import ItemState, ReminderItem
from tracker.reminders.sweeping import sweep

pytestmark = pytest.mark.both_databases

CALENDAR = plan_calendar("christmas_eve,new_years_eve")  # as a new plan has it
OWNER = "owner@example.com"

# The office's tables are made once for all examples: each is rolled back.
PLANNED = settings(
    derandomize=True,
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
OWED = st.lists(
    st.tuples(
        st.sampled_from(ObligationKind),
        st.integers(-40, 60),
        st.integers(0, 20),
        st.booleans(),
        st.none() | st.integers(-10, 30),
    ),
    min_size=1,
    max_size=5,
)


def _obligations(
    office: Office, owed: list[tuple[ObligationKind, int, int, bool, int | None]]
) -> list[Obligation]:
    people = (
        (Place.owner, office.owner),
        (Place.deputy, office.deputy),
        (Place.coordinator, office.coordinator),
        (Place.secretariat, office.office),
    )
    made: list[Obligation] = []
    for number, (kind, ahead, length, deputised, away) in enumerate(owed, 1):
        due = TODAY + timedelta(days=ahead)
        absences = () if away is None else (Absence(office.owner, TODAY + timedelta(days=away)),)
        made.append(
            office.status(
                number,
                due=due,
                kind=kind,
                first=due - timedelta(days=length),
                people=people if deputised else (people[0], *people[2:]),
                absences=absences,
            )
        )
    return made


def _ledger(session: Session) -> list[tuple[object, ...]]:
    columns = [column for column in ReminderItem.__table__.columns if column.name != "id"]
    return sorted((tuple(row) for row in session.execute(select(*columns))), key=str)


@PLANNED
@given(OWED)
def test_planning_twice_is_planning_once_and_a_sweep_adds_nothing(
    office: Office, owed: list[tuple[ObligationKind, int, int, bool, int | None]]
) -> None:
    obligations = _obligations(office, owed)
    with office.post.sessions() as session:
        replan(session, iter(obligations), now=at(TODAY))
        once = _ledger(session)
        replan(session, iter(obligations), now=at(TODAY))
        assert _ledger(session) == once
        sweep(session, iter(obligations), now=at(TODAY))
        assert _ledger(session) == once
        session.rollback()


@PLANNED
@given(OWED, st.integers(1, 50))
def test_planning_day_by_day_is_planning_the_whole_time_at_once(
    office: Office, owed: list[tuple[ObligationKind, int, int, bool, int | None]], days: int
) -> None:
    obligations = _obligations(office, owed)
    end = TODAY + timedelta(days=days)
    with office.post.sessions() as session:
        replan(session, iter(obligations), now=at(end))
        at_once = _ledger(session)
        session.rollback()
        for day in (TODAY + timedelta(days=ahead) for ahead in range(0, days + 1, 5)):
            replan(session, iter(obligations), now=at(day))
        replan(session, iter(obligations), now=at(end))
        assert _ledger(session) == at_once
        session.rollback()


@PLANNED
@given(OWED, st.integers(-30, 60))
def test_a_date_that_moves_there_and_back_leaves_what_was(
    office: Office, owed: list[tuple[ObligationKind, int, int, bool, int | None]], by: int
) -> None:
    here = _obligations(office, owed)
    there = [
        replace(one, first=one.first + timedelta(days=by), last=one.last + timedelta(days=by))
        for one in here
        if one.first is not None
    ]
    with office.post.sessions() as session:
        replan(session, iter(here), now=at(TODAY))
        before = _ledger(session)
        replan(session, iter(there), now=at(TODAY))
        replan(session, iter(here), now=at(TODAY))
        after = [row for row in _ledger(session) if ItemState.cancelled not in row]
        assert after == before
        session.rollback()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_step_is_never_repeated_within_three_days_because_its_date_moved(
    office: Office, smtp_peer: Peer, seed: int
) -> None:
    chance = Random(seed)
    due = TODAY + timedelta(days=30)
    for ahead in range(32):
        day = TODAY + timedelta(days=ahead)
        if chance.random() < 0.35:
            due = max(day, due + timedelta(days=chance.randint(-4, 6)))
        office.owed = [
            office.status(due=due, opened=TODAY - timedelta(days=40), people=((Place.owner, office.owner),))
        ]
        office.replan(*office.owed, on=day)
        office.morning(day)
    with office.post.sessions() as session:
        found = select(ReminderItem.step, ReminderItem.settled_at).where(ReminderItem.state == ItemState.sent)
        sent = sorted((step, clock.local_date(when)) for step, when in session.execute(found))
    assert len(sent) == len(smtp_peer.letters_to(OWNER)) >= 3
    for (step, day), (other, later) in pairwise(sent):
        assert step != other or later - day > timedelta(days=3)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ten_days_down_are_one_letter_a_person_with_the_true_days_left(
    office: Office, smtp_peer: Peer, seed: int
) -> None:
    chance = Random(seed)
    down_from = TODAY + timedelta(days=chance.randint(0, 10))
    back = down_from + timedelta(days=10)
    dues = [back + timedelta(days=chance.randint(-12, 20)) for _ in range(8)]
    office.owed = [
        office.status(number, due=due, opened=TODAY - timedelta(days=40)) for number, due in enumerate(dues)
    ]
    office.morning(down_from)
    before = len(smtp_peer.accepted)
    office.morning(back)
    office.morning(back, hour=9)
    letters = smtp_peer.accepted[before:]
    everyone = [letter.recipients[0] for letter in letters]
    assert len(everyone) == len(set(everyone))
    assert OWNER in everyone
    for letter in letters:
        for entry in letter.text.split("* ")[1:]:
            [number] = re.findall(r"updates/(\d+)", entry)
            left = CALENDAR.working_days_between(back, dues[int(number)])
            words = " ".join(entry.split())
            if left > 0:
                assert f"om {left} arbejdsdag" in words
            elif left < 0:
                assert f"for {-left} arbejdsdag" in words
