"""F11: deadlines on 29 February, and rounds of one year after another: each on the right day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.faults.open_round import OpenRound, local, open_rounds, said_in
from tests.support.smtp import Peer
from tracker.plans.models import Plan
from tracker.rounds import opening
from tracker.rounds.models import Round, RoundState, StatusUpdate

pytestmark = pytest.mark.both_databases

LEAP_DAY = date(2028, 2, 29)  # a Tuesday
# When an owner is told of a status that is due that day, and the working days that are left or have passed.
OF_THE_LEAP_DAY = {
    date(2028, 2, 1): 20,
    date(2028, 2, 15): 10,
    date(2028, 2, 22): 5,
    date(2028, 2, 28): 1,
    date(2028, 3, 3): 3,
}


@pytest.fixture
def round_(database_url: str, smtp_peer: Peer, tmp_path: Path) -> Iterator[OpenRound]:
    with open_rounds(database_url, smtp_peer, tmp_path) as found:
        yield found


def told(of: OpenRound, name: str, *, of_deadline: date) -> dict[date, int | None]:
    """On which days somebody was told of a deadline, and with how many working days."""
    letters = [(one.message["Date"].datetime.date(), one) for one in of.reminders_to(name)]
    found = [(day, task) for day, one in letters for task in said_in(one) if task.on == of_deadline]
    assert len(dict(found)) == len(found)
    return {day: task.days for day, task in found}


def test_a_status_due_on_the_leap_day_is_reminded_of_by_it(round_: OpenRound) -> None:
    round_.open("ane", due=LEAP_DAY, at=local(date(2028, 1, 20)))
    round_.mornings(date(2028, 1, 20), date(2028, 3, 3))
    days = told(round_, "ane", of_deadline=LEAP_DAY)
    days.pop(date(2028, 1, 20))  # the letter that opens the round
    assert days == OF_THE_LEAP_DAY


def test_on_the_leap_day_itself_reminders_go_as_on_any_other(round_: OpenRound) -> None:
    round_.open("ane", due=date(2028, 6, 1), at=local(date(2028, 2, 1)))
    round_.submit("ane", at=local(date(2028, 2, 1)))
    two_weeks_later, the_day_after = date(2028, 3, 14), date(2028, 3, 1)
    for on in (two_weeks_later, the_day_after):
        round_.milestone("ane", on, at=local(date(2028, 2, 1)))
    round_.mornings(date(2028, 2, 27), date(2028, 3, 2))
    assert told(round_, "ane", of_deadline=two_weeks_later) == {LEAP_DAY: 10}
    assert told(round_, "ane", of_deadline=the_day_after)[LEAP_DAY] == 1


def test_the_same_date_a_year_later_is_the_last_of_february(round_: OpenRound) -> None:
    """The next year's round of a plan whose deadline was the leap day; both are open for a while."""
    round_.open("ane", due=LEAP_DAY, at=local(date(2028, 1, 20)))
    round_.mornings(date(2028, 1, 20), date(2028, 2, 28))
    a_year_later = date(2029, 2, 28)
    day = date(2028, 2, 28)
    while day < date(2029, 1, 10):  # a clock that jumps further than forty days would be asked about
        day += timedelta(days=30)
        round_.tick(local(day))
    with round_.change() as session:
        for one in session.scalars(select(Round)):
            one.state = RoundState.locked
        plan = session.scalars(select(Plan)).one()
        opened = opening.open_round(session, plan, year=2029, due_on=a_year_later, by=None, at=local(day))
        found = session.scalars(select(StatusUpdate.id).where(StatusUpdate.round_id == opened.id)).one()
    round_.statuses["ane"] = found
    round_.mornings(day, date(2029, 3, 5))
    days = told(round_, "ane", of_deadline=a_year_later)
    days.pop(day)  # the letter that opens the round
    assert days == {
        date(2029, 1, 31): 20,
        date(2029, 2, 14): 10,
        date(2029, 2, 21): 5,
        date(2029, 2, 27): 1,
        date(2029, 3, 5): 3,
    }
