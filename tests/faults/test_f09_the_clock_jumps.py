"""F9: the clock jumps ahead or back: nobody is written to by a wrong time, none is lost or doubled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.faults.open_round import OpenRound, local, open_rounds, said_in
from tests.support.smtp import Peer
from tracker.mail.installation import installation_of, release
from tracker.mail.models import HoldCause, Installation
from tracker.reminders.models import ItemState

pytestmark = pytest.mark.both_databases

DUE = date(2026, 11, 17)  # a Tuesday
T14, T7 = DUE - timedelta(days=14), DUE - timedelta(days=7)
THE_DAY_BEFORE = T7 - timedelta(days=1)
NOON = local(THE_DAY_BEFORE, 12, 0)
OWNERS = ("ane", "bo", "camilla")

HELD = {
    "a year ahead": (timedelta(days=365), HoldCause.clock_ahead),
    "a day back": (timedelta(days=-1), HoldCause.clock_back),
    "two hours back": (timedelta(hours=-2), HoldCause.clock_back),
}


@pytest.fixture
def round_(database_url: str, smtp_peer: Peer, tmp_path: Path) -> Iterator[OpenRound]:
    """The day before everybody is reminded a week ahead."""
    with open_rounds(database_url, smtp_peer, tmp_path) as found:
        found.open(*OWNERS, due=DUE)
        found.mornings(T14, THE_DAY_BEFORE)
        found.tick(NOON)
        yield found


def installation(of: OpenRound) -> Installation:
    with Session(of.engine) as session:
        row = installation_of(session)
        assert row is not None
        return row


def somebody_lets_go(of: OpenRound) -> None:
    with of.change() as session:
        release(session, by=None, at=NOON)


def states(of: OpenRound) -> list[list[tuple[str, ItemState]]]:
    return [[(item.step, item.state) for item in of.items(name)] for name in OWNERS]


def working_days_told(of: OpenRound, name: str) -> list[int | None]:
    return [one.days for letter in of.reminders_to(name) for one in said_in(letter)]


@pytest.mark.parametrize("jump", HELD)
def test_by_a_wrong_time_nobody_is_written_to_and_nothing_is_settled(round_: OpenRound, jump: str) -> None:
    by, cause = HELD[jump]
    before, letters = states(round_), round_.peer.recipients
    for minutes in (0, 1, 70):
        assert round_.tick(NOON + by + timedelta(minutes=minutes)).held
    held = installation(round_)
    assert held.held_cause is cause
    wrong = NOON + by - timedelta(hours=1)  # by UTC
    assert held.held_reason == f"the clock showed 2026-11-09 11:00 UTC, and now {wrong:%Y-%m-%d %H:%M}"
    assert round_.peer.recipients == letters
    assert states(round_) == before


@pytest.mark.parametrize("jump", HELD)
def test_when_the_clock_is_right_again_and_somebody_has_looked_all_goes_as_if_nothing_had_been(
    round_: OpenRound, jump: str
) -> None:
    by, _ = HELD[jump]
    round_.tick(NOON + by)
    assert round_.tick(NOON + timedelta(minutes=1)).held, "it asks, though the clock is right again"
    somebody_lets_go(round_)
    round_.mornings(T7, DUE)
    for name in OWNERS:
        assert working_days_told(round_, name) == [10, 5, 1]


def test_a_day_ahead_brings_the_next_days_letters_once_and_the_way_back_holds(round_: OpenRound) -> None:
    """A day is no more than a weekend without the service: what falls due on it goes, to each one letter."""
    for minutes in (0, 1, 70):
        assert not round_.tick(NOON + timedelta(days=1, minutes=minutes)).held
    for name in OWNERS:
        assert working_days_told(round_, name) == [10, 5]
    assert round_.tick(NOON + timedelta(minutes=90)).held
    assert installation(round_).held_cause is HoldCause.clock_back
    somebody_lets_go(round_)
    round_.mornings(T7, DUE)
    for name in OWNERS:
        assert working_days_told(round_, name) == [10, 5, 1]


def test_an_hour_back_sends_nothing_twice(round_: OpenRound) -> None:
    round_.mornings(T7, T7)
    for minutes in (0, 20, 40, 60, 80):
        round_.tick(local(T7, 7, 30) + timedelta(minutes=minutes))
    if installation(round_).queue_held:
        somebody_lets_go(round_)
    round_.mornings(T7, DUE)
    for name in OWNERS:
        assert working_days_told(round_, name) == [10, 5, 1]
