"""F12: the service is down for ten days, across two weeks and one week before the deadline, and itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from tests.faults.open_round import OpenRound, local, open_rounds, said_in
from tests.support import smtp
from tests.support.smtp import Peer
from tracker.reminders.models import ItemState, Reason

pytestmark = pytest.mark.both_databases

DUE = date(2026, 11, 16)  # a Monday
TEN_DAYS = timedelta(days=10)
# The first of ten days without the service, and the working days that the first morning after them tells of.
OUTAGES = {
    DUE - timedelta(days=15): 3,  # two weeks and one week ahead have been missed
    DUE - timedelta(days=11): 1,
    DUE - timedelta(days=10): 0,  # and the day before
    DUE - timedelta(days=5): 4,  # and the deadline; so many have passed
}


@pytest.fixture
def round_(database_url: str, smtp_peer: Peer, tmp_path: Path) -> Iterator[OpenRound]:
    with open_rounds(database_url, smtp_peer, tmp_path) as found:
        found.open("ane", "bo", due=DUE)
        yield found


@pytest.mark.parametrize("down", OUTAGES)
@pytest.mark.parametrize("how", ["nothing runs", "the mail server is away"])
def test_after_ten_days_each_gets_one_letter_with_the_days_that_are_truly_left(
    round_: OpenRound, smtp_peer: Peer, down: date, how: str
) -> None:
    round_.mornings(down - timedelta(days=3), down - timedelta(days=1))
    before = Counter(smtp_peer.recipients)
    if how == "nothing runs":
        round_.begin_anew()
    else:
        smtp_peer.always(smtp.reply("CONNECT", "421 4.3.2 closed"))
        round_.mornings(down, down + TEN_DAYS - timedelta(days=1))
        smtp_peer.behave()
    back = down + TEN_DAYS
    for minutes in (0, 1, 300):
        round_.tick(local(back) + timedelta(minutes=minutes))
    since = Counter(smtp_peer.recipients) - before
    assert set(since.values()) == {1}, since
    for name in ("ane", "bo"):
        [task] = said_in(round_.reminders_to(name)[-1])
        assert (task.on, task.days or 0) == (DUE, OUTAGES[down])
    assert not round_.open_items(local(back))


def test_what_the_letter_replaces_names_it(round_: OpenRound) -> None:
    round_.mornings(DUE - timedelta(days=40), DUE - timedelta(days=16))
    round_.mornings(DUE - timedelta(days=3), DUE - timedelta(days=3))  # on the Friday before
    went = {item.step: item for item in round_.items("ane")}
    assert went["t-1"].state is ItemState.sent
    for step in ("t-14", "t-7"):
        assert went[step].state is ItemState.superseded
        assert (went[step].reason, went[step].superseded_by_id) == (Reason.more_urgent, went["t-1"].id)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_many_tasks_are_one_letter_that_names_each_once(round_: OpenRound, seed: int) -> None:
    chance = Random(seed)
    down = DUE - timedelta(days=chance.randint(5, 16))
    dates = [down + timedelta(days=chance.randint(1, 20)) for _ in range(6)]
    ids = [round_.milestone("ane", on, at=local(down - timedelta(days=30))) for on in dates]
    round_.mornings(down - timedelta(days=2), down - timedelta(days=1))
    before = len(round_.reminders_to("ane"))
    round_.begin_anew()
    round_.tick(local(down + TEN_DAYS))
    round_.tick(local(down + TEN_DAYS, 11))
    [letter] = round_.reminders_to("ane")[before:]
    links = Counter(task.link for task in said_in(letter))
    assert set(links.values()) == {1}
    assert {f"/deadlines/{id_}" for id_, on in zip(ids, dates, strict=True) if on < down} <= set(links)
    assert not round_.open_items(local(down + TEN_DAYS))
