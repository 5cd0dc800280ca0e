"""F13-F15: a deadline moves or is cancelled, an owner changes, a status is handed in while a letter leaves.

What was committed before the window opens keeps the letter back; what comes after it finds it sent, and the
ledger says so.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.faults.open_round import OpenRound, Said, local, open_rounds, said_in
from tests.faults.points import POINTS
from tests.support import smtp
from tests.support.smtp import Peer
from tracker.mail import window
from tracker.mail.delivery import Dispatcher
from tracker.mail.models import MailState
from tracker.reminders.models import ItemState, Reason

pytestmark = pytest.mark.both_databases

DUE = date(2026, 11, 16)  # a Monday
T14, T7 = DUE - timedelta(days=14), DUE - timedelta(days=7)
MILESTONE_ON = T7 + timedelta(days=14)
LATER = date(2026, 12, 14)
NOW = local(T7)

# To each of the owners something else happens.
OWNERS = {
    "ane": ("the deadline is moved", Reason.deadline_moved),
    "bo": ("the status is handed in", Reason.settled),
    "camilla": ("no status is expected any more", Reason.settled),
    "dina": ("somebody else becomes the owner", Reason.place_left),
    "emil": ("the owner leaves", Reason.place_left),
    "freja": ("a milestone, which is all that is due, is moved", Reason.deadline_moved),
    "gitte": ("a milestone, which is all that is due, is cancelled", Reason.settled),
}
STATUSES = list(OWNERS)[:5]
BEFORE = ("planned", "assembled", "claimed", "recipient named", "server says go on")
SINCE = ("window open", "accepted", "marked")


@pytest.fixture
def round_(database_url: str, smtp_peer: Peer, tmp_path: Path) -> Iterator[OpenRound]:
    """Ane and the others each have one thing due of which a letter leaves this morning."""
    with open_rounds(database_url, smtp_peer, tmp_path) as found:
        found.open(*OWNERS, due=DUE)
        found.tick(local(T14))
        assert len(found.reminders()) == len(OWNERS)
        for name in ("freja", "gitte"):
            found.submit(name, at=local(T14))
            found.milestone(name, MILESTONE_ON, at=local(T14))
        yield found


def befall(of: OpenRound, name: str) -> None:
    """What happens to each, committed as a page does it."""
    milestone = {"freja": len(OWNERS) + 1, "gitte": len(OWNERS) + 2}.get(name, 0)
    changes: dict[str, Callable[[], None]] = {
        "ane": lambda: of.move_status("ane", LATER, at=NOW),
        "bo": lambda: of.submit("bo", at=NOW),
        "camilla": lambda: of.waive("camilla", at=NOW),
        "dina": lambda: of.replace_owner("dina", "successor", at=NOW),
        "emil": lambda: of.leave("emil", at=NOW),
        "freja": lambda: of.move_milestone(milestone, LATER, at=NOW),
        "gitte": lambda: of.cancel_milestone(milestone, at=NOW),
    }
    changes[name]()


def tick_while_all_changes(of: OpenRound, point: str, patch: pytest.MonkeyPatch) -> None:
    """A tick in which each is befallen when the letter to them is at the point."""
    at, left = POINTS[point], list(OWNERS)

    def change() -> None:
        for name in left[: 1 if at.often else len(left)]:
            left.remove(name)
            befall(of, name)

    with patch.context() as patched:
        patched.setattr(at.owner, at.name, at.replacing(getattr(at.owner, at.name), change))
        of.tick(NOW)
    assert not left, f"nobody came by: {point}"


def of_this_morning(of: OpenRound, name: str) -> list[tuple[ItemState, str]]:
    step, on = ("t-7", DUE) if name in STATUSES else ("t-14", MILESTONE_ON)
    return [(item.state, item.reason) for item in of.items(name, step=step, deadline_on=on)]


def said_since(of: OpenRound, name: str) -> list[Said]:
    """What somebody was told after the letter of the week before."""
    return [one for letter in of.reminders_to(name)[1:] for one in said_in(letter)]


@pytest.mark.parametrize("point", BEFORE)
def test_what_was_changed_before_the_window_opens_keeps_the_letter_back(
    round_: OpenRound, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tick_while_all_changes(round_, point, monkeypatch)
    round_.mornings(T7, T7 + timedelta(days=1))
    for name, (_, reason) in OWNERS.items():
        assert {one.on for one in said_since(round_, name)} <= ({LATER} if name == "ane" else set())
        assert of_this_morning(round_, name) == [(ItemState.cancelled, reason.value)]


@pytest.mark.parametrize("point", SINCE)
def test_what_is_changed_after_the_window_opened_finds_the_letter_sent(
    round_: OpenRound, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tick_while_all_changes(round_, point, monkeypatch)
    round_.mornings(T7, T7 + timedelta(days=1))
    for name in OWNERS:
        told, *later = said_since(round_, name)
        assert told.on == (DUE if name in STATUSES else MILESTONE_ON)
        assert {one.on for one in later} <= ({LATER} if name == "ane" else set())
        assert of_this_morning(round_, name) == [(ItemState.sent, "")]


@pytest.mark.parametrize("point", ["claimed", "window open"])
def test_whoever_is_concerned_from_then_on_is_reminded_of_what_is_true(
    round_: OpenRound, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tick_while_all_changes(round_, point, monkeypatch)
    for day in (1, 4, 21, 28, 34, 35):
        round_.mornings(T7 + timedelta(days=day - 1), T7 + timedelta(days=day))
    went = point in SINCE
    old, new = ([one for one in said_since(round_, "ane") if one.on == on] for on in (DUE, LATER))
    assert [one.days for one in old] == ([5] if went else [])
    assert [one.days for one in new][-3:] == [10, 5, 1]
    assert [said_in(letter)[0].days for letter in round_.reminders_to("successor")][:2] == [5, 1]
    links = {one.link for letter in round_.reminders_to("deputy") for one in said_in(letter)}
    assert f"/updates/{round_.statuses['emil']}" in links
    for name in ("bo", "camilla", "dina", "emil", "gitte"):
        assert len(round_.reminders_to(name)) == (2 if went else 1)


@pytest.mark.parametrize("point", ["server says go on"])
def test_what_is_left_in_a_letter_goes_without_what_was_changed(
    round_: OpenRound, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [round_.milestone(name, MILESTONE_ON, at=local(T14)) for name in ("ane", "bo")]
    at, happened = POINTS[point], list[str]()

    def change() -> None:
        if not happened:
            happened.append(point)
            round_.move_milestone(ids[0], LATER, at=NOW)
            round_.cancel_milestone(ids[1], at=NOW)

    monkeypatch.setattr(at.owner, at.name, at.replacing(getattr(at.owner, at.name), change))
    round_.tick(NOW)
    for name in ("ane", "bo"):
        letter = round_.reminders_to(name)[-1]
        assert said_in(letter) == [Said(f"/updates/{round_.statuses[name]}", DUE, 5)]


def until_one_waits_for_the_other(of: OpenRound, done: threading.Event) -> bool:
    """Whether a transaction waits for another before `done`; SQLite cannot say, and gets half a second."""
    if of.engine.dialect.name == "sqlite":
        return not done.wait(0.5)
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0"
    )
    with of.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for _ in range(1000):
            if connection.scalar(waiting):
                return True
            if done.wait(0.01):
                break
    return False


def test_a_change_that_comes_while_the_window_opens_waits_until_it_is_open(
    round_: OpenRound, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The letter is written already, and the note that it leaves is not committed yet."""
    committed = threading.Event()
    waited = list[bool]()

    def move() -> None:
        befall(round_, "ane")
        committed.set()

    somebody = threading.Thread(target=move)
    freeze = window._frozen

    def freeze_and_wait(*words: object) -> bytes:
        mime = freeze(*words)  # type: ignore[arg-type]
        if somebody.ident is None:
            somebody.start()
            # Not when the body leaves: a change that waited may be committed by then, after the window.
            waited.append(until_one_waits_for_the_other(round_, committed) and not committed.is_set())
        return mime

    monkeypatch.setattr(window, "_frozen", freeze_and_wait)
    round_.tick(NOW)
    somebody.join(10)
    assert committed.is_set()
    assert waited == [True], "the deadline had been moved, and the letter with the old one left"
    assert of_this_morning(round_, "ane") == [(ItemState.sent, "")]


def test_a_window_that_opens_while_a_change_is_made_waits_and_finds_it(
    round_: OpenRound, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server is ready for the letter, and the deadline is moved in a transaction not committed yet."""
    at, change = POINTS["server says go on"], OpenRound.change
    made, opened = threading.Event(), threading.Event()
    waited = list[bool]()

    @contextmanager
    def change_slowly(of: OpenRound) -> Iterator[Session]:
        with change(of) as session:
            yield session
            session.flush()
            made.set()
            waited.append(until_one_waits_for_the_other(of, opened) and not opened.is_set())

    somebody = threading.Thread(target=befall, args=(round_, "ane"))
    still_goes = Dispatcher._still_goes

    def begin() -> None:
        if somebody.ident is None:
            somebody.start()
            assert made.wait(10)

    def judge(*words: Any) -> bool:
        goes = still_goes(*words)
        if made.is_set():
            opened.set()
        return goes

    monkeypatch.setattr(OpenRound, "change", change_slowly)
    monkeypatch.setattr(at.owner, at.name, at.replacing(getattr(at.owner, at.name), begin))
    monkeypatch.setattr(Dispatcher, "_still_goes", judge)
    round_.tick(NOW)
    somebody.join(10)
    assert waited == [True], "the window opened beside a change that was being made"
    assert of_this_morning(round_, "ane") == [(ItemState.cancelled, Reason.deadline_moved.value)]
    assert len(round_.reminders_to("ane")) == 1, "a letter left that nothing is owed in"


def test_a_letter_that_may_have_arrived_does_not_go_again_when_it_is_true_no_longer(
    round_: OpenRound, smtp_peer: Peer
) -> None:
    smtp_peer.script(*[smtp.drop("ACCEPTED")] * 2)
    round_.tick(NOW)
    befall(round_, "ane")
    befall(round_, "bo")
    for minutes in (1, 15, 30, 60):
        round_.tick(NOW + timedelta(minutes=minutes))
    for name in ("ane", "bo"):
        assert len(round_.reminders_to(name)) == 2
        assert round_.mails(name)[-1].state is MailState.needs_human


def test_a_letter_that_may_have_arrived_does_not_go_again_when_a_part_of_it_is_true_no_longer(
    round_: OpenRound, smtp_peer: Peer
) -> None:
    milestone = round_.milestone("ane", MILESTONE_ON, at=local(T14))
    smtp_peer.script(smtp.drop("ACCEPTED"))
    round_.tick(NOW)
    assert {one.on for one in said_in(round_.reminders_to("ane")[-1])} == {MILESTONE_ON, DUE}
    round_.move_milestone(milestone, LATER, at=NOW)
    for minutes in (1, 15, 30, 60):
        round_.tick(NOW + timedelta(minutes=minutes))
    assert len(round_.reminders_to("ane")) == 2
    assert round_.mails("ane")[-1].state is MailState.needs_human
    assert [state for state, _ in of_this_morning(round_, "ane")] == [ItemState.waiting]


@pytest.mark.parametrize("becomes", ["arrives", "arrives later", "asks for a decision", "is refused"])
def test_a_deadline_that_moved_there_and_back_while_a_letter_was_uncertain_is_not_forgotten(
    round_: OpenRound, smtp_peer: Peer, becomes: str
) -> None:
    smtp_peer.script(smtp.drop("ACCEPTED"))
    round_.tick(NOW)
    if becomes == "arrives later":
        smtp_peer.script(smtp.reply("RCPT", "451 4.3.0 later"))
        round_.tick(NOW + timedelta(minutes=12))
        assert smtp_peer.has_played
    befall(round_, "ane")
    round_.move_status("ane", DUE, at=NOW)
    if becomes == "asks for a decision":
        smtp_peer.script(smtp.drop("ACCEPTED"))
    elif becomes == "is refused":
        smtp_peer.script(smtp.reply("RCPT", "554 5.7.1 no"))
    for minutes in (15, 30, 60):
        round_.tick(NOW + timedelta(minutes=minutes))
    [(state, _)] = of_this_morning(round_, "ane")
    assert (
        state
        in {
            "arrives": {ItemState.sent},
            "arrives later": {ItemState.sent},
            "asks for a decision": {ItemState.waiting},
            "is refused": {ItemState.undeliverable, ItemState.waiting},
        }[becomes]
    )
    round_.tick(local(T7 + timedelta(days=1)))
    assert len({one.content for one in round_.reminders_to("ane")[1:]}) == 1, "another letter says it as well"
