"""F10: the nights in which summer time begins and ends, hour by hour: each reminder once, at 08:00 local."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.faults.open_round import OpenRound, local, open_rounds, said_in
from tests.support.smtp import Accepted, Peer
from tracker import clock

pytestmark = pytest.mark.both_databases

# The day that is two weeks before a milestone, and the working day on which its owner is reminded of it.
# In 2027 the night before Easter Sunday loses an hour, with four closed days around it.
EASTER = {
    date(2027, 3, 24): date(2027, 3, 24),
    **{date(2027, 3, day): date(2027, 3, 24) for day in range(25, 30)},
    date(2027, 3, 30): date(2027, 3, 30),
    date(2027, 3, 31): date(2027, 3, 31),
}
AUTUMN = {
    date(2027, 10, 29): date(2027, 10, 29),
    date(2027, 10, 30): date(2027, 10, 29),
    date(2027, 10, 31): date(2027, 10, 29),
    date(2027, 11, 1): date(2027, 11, 1),
    date(2027, 11, 2): date(2027, 11, 2),
}
TWO_WEEKS = timedelta(days=14)

# Of a status that is due on the Sunday of the change: when its owner is told, and how many working days are
# left by then, or have passed. Nothing but the day itself counts as none.
COUNTED = {
    date(2027, 3, 28): {
        date(2027, 2, 26): 18,
        date(2027, 3, 12): 8,
        date(2027, 3, 19): 3,
        date(2027, 3, 24): 1,
        date(2027, 4, 1): 3,
    },
    date(2027, 10, 31): {
        date(2027, 10, 1): 20,
        date(2027, 10, 15): 10,
        date(2027, 10, 22): 5,
        date(2027, 10, 29): 1,
        date(2027, 11, 3): 3,
    },
}


@pytest.fixture
def round_(database_url: str, smtp_peer: Peer, tmp_path: Path) -> Iterator[OpenRound]:
    with open_rounds(database_url, smtp_peer, tmp_path) as found:
        yield found


def pass_the_night(of: OpenRound, first: date, night: date, last: date) -> None:
    """Eight o'clock of each morning; around the night each whole hour by UTC, for three days."""
    day = first
    while day < night:
        of.tick(local(day, 8, 0))
        day += timedelta(days=1)
    at, end = local(night - timedelta(days=1), 12, 0).astimezone(UTC), local(last, 12, 0)
    while at <= end:
        of.tick(at)
        at += timedelta(hours=1)


def came_at(letter: Accepted) -> datetime:
    dated: datetime = letter.message["Date"].datetime
    return dated.astimezone(clock.ZONE)


@pytest.mark.parametrize(
    ("days", "night"), [(EASTER, date(2027, 3, 28)), (AUTUMN, date(2027, 10, 31))], ids=["spring", "autumn"]
)
def test_each_reminder_comes_once_at_eight_of_its_day(
    round_: OpenRound, days: dict[date, date], night: date
) -> None:
    first, last = min(days), max(days)
    opened = local(first - timedelta(days=20))
    round_.open("ane", due=last + timedelta(days=90), at=opened)
    round_.submit("ane", at=opened)
    links = {f"/deadlines/{round_.milestone('ane', day + TWO_WEEKS, at=opened)}": day for day in sorted(days)}
    pass_the_night(round_, first, night, last)
    letters = round_.reminders_to("ane")
    assert [came_at(one) for one in letters] == [local(day, 8, 0) for day in sorted({*days.values()})]
    told = [(links[task.link], came_at(one).date()) for one in letters for task in said_in(one)]
    assert sorted(told) == sorted(days.items())
    assert not round_.open_items(local(last, 12))


@pytest.mark.parametrize("night", COUNTED, ids=["spring", "autumn"])
def test_a_deadline_on_that_very_sunday_is_counted_in_working_days(round_: OpenRound, night: date) -> None:
    opened = local(night - timedelta(days=60))
    round_.open("ane", due=night, at=opened)
    for day in [clock.local_date(opened), *COUNTED[night]]:
        round_.mornings(day - timedelta(days=1), day)
    came = {came_at(one).date(): task.days for one in round_.reminders_to("ane") for task in said_in(one)}
    came.pop(clock.local_date(opened))  # the letter that opens the round
    assert came == COUNTED[night]
