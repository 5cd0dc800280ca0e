"""The tick: what it does when all is well, and when a part of it fails."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from tests.mail.post import NOW, Post, open_post, server_at
from tests.support.smtp import Peer, slow
from tracker import clock, jobs
from tracker.clockwork import Clockwork
from tracker.domain.reminders import Obligation
from tracker.mail.installation import hold
from tracker.mail.models import Heartbeat, HoldCause, Installation, Mail, MailState

OWNER = "owner@example.com"


class Rounds:
    """Counts how often everything is read, as the sweep does."""

    def __init__(self) -> None:
        self.reads = 0

    def __call__(self, _session: Session, _today: date) -> Iterator[Obligation]:
        self.reads += 1
        return iter(())


@pytest.fixture
def post(database_url: str, smtp_peer: Peer) -> Iterator[Post]:
    with open_post(database_url, server_at(smtp_peer)) as post:
        yield post


def _works(post: Post, rounds: Rounds, name: str = "one") -> Clockwork:
    return Clockwork(post.engine, post.dispatcher(name), name, obligations=rounds)


@pytest.mark.both_databases
def test_everything_is_planned_anew_at_start_and_then_every_hour(post: Post) -> None:
    rounds = Rounds()
    works = _works(post, rounds)
    for minutes in (0, 1, 30, 59):
        works.tick(NOW + timedelta(minutes=minutes))
    assert rounds.reads == 1
    works.tick(NOW + timedelta(minutes=61))
    assert rounds.reads == 2
    works.tick(NOW - timedelta(days=1))  # a clock that was put back
    assert rounds.reads == 3


def test_the_hourly_sweep_is_done_by_one_process_for_all(post: Post) -> None:
    rounds = Rounds()
    first, second = _works(post, rounds, "one"), _works(post, rounds, "two")
    first.tick(NOW)
    second.tick(NOW)
    assert rounds.reads == 2  # each once, at its own start
    for works in (first, second):
        works.tick(NOW + timedelta(minutes=61))
    assert rounds.reads == 3


@pytest.mark.both_databases
def test_a_tick_that_finds_nothing_due_looks_once_and_leaves_its_heartbeat(
    post: Post, smtp_peer: Peer
) -> None:
    works = _works(post, Rounds())
    works.tick(NOW)
    said: list[str] = []
    event.listen(post.engine, "before_cursor_execute", lambda *heard: said.append(heard[2]))
    later = NOW + timedelta(seconds=30)
    works.tick(later)
    assert [sql.split()[0] for sql in said if not sql.startswith("BEGIN")] == ["SELECT", "UPDATE"]
    with post.sessions() as session:
        assert session.scalar(select(Heartbeat.ticked_at)) == later
    post.queue(OWNER)
    works.tick(later + timedelta(seconds=30))
    assert smtp_peer.recipients == [OWNER]


@pytest.mark.both_databases
def test_what_falls_due_soon_after_a_tick_is_all_that_the_next_one_does(post: Post, smtp_peer: Peer) -> None:
    works = _works(post, Rounds())
    works.tick(NOW)
    post.queue(OWNER)
    said: list[str] = []
    event.listen(post.engine, "before_cursor_execute", lambda *heard: said.append(heard[2]))
    works.tick(NOW + timedelta(seconds=30))
    assert smtp_peer.recipients == [OWNER]
    assert not [sql for sql in said if "initiative" in sql or "reminder_item.due_at" in sql]
    said.clear()
    works.tick(NOW + timedelta(seconds=60))  # a letter left: everything is looked at again
    assert [sql for sql in said if "initiative" in sql]


@pytest.mark.both_databases
def test_a_tick_rests_while_all_mail_is_held_and_sends_when_it_is_released(
    post: Post, smtp_peer: Peer
) -> None:
    called: list[str] = []
    works = _works(post, Rounds())
    works.heartbeat = lambda: called.append("well")  # type: ignore[assignment]
    works.tick(NOW)
    with post.sessions.begin() as session:
        hold(session, HoldCause.person, "a test", by=None, at=NOW)
    post.queue(OWNER)
    works.tick(NOW + timedelta(seconds=30))
    said: list[str] = []
    event.listen(post.engine, "before_cursor_execute", lambda *heard: said.append(heard[2]))
    assert works.tick(NOW + timedelta(seconds=60)).held
    assert [sql.split()[0] for sql in said if not sql.startswith("BEGIN")] == ["SELECT", "UPDATE"]
    assert called == ["well"]
    with post.sessions.begin() as session:
        session.execute(update(Installation).values(queue_held=False))
    works.tick(NOW + timedelta(seconds=90))
    assert smtp_peer.recipients == [OWNER]


@pytest.mark.both_databases
def test_every_few_minutes_a_tick_does_everything_although_nothing_is_due(post: Post) -> None:
    works = _works(post, Rounds())
    works.tick(NOW)
    said: list[str] = []
    event.listen(post.engine, "before_cursor_execute", lambda *heard: said.append(heard[2]))
    works.tick(NOW + timedelta(minutes=4, seconds=59))
    rested = len(said)
    works.tick(NOW + timedelta(minutes=5))
    assert len(said) > 3 * rested


def test_each_process_leaves_its_heartbeat_and_the_dead_are_forgotten(post: Post) -> None:
    _works(post, Rounds(), "one").tick(NOW)
    _works(post, Rounds(), "two").tick(NOW + timedelta(days=3))
    with post.sessions() as session:
        beats = session.execute(select(Heartbeat.process, Heartbeat.ticked_at)).all()
    assert [tuple(row) for row in beats] == [("two", NOW + timedelta(days=3))]


def test_a_plan_that_cannot_be_read_does_not_keep_letters_from_leaving(post: Post, smtp_peer: Peer) -> None:
    def broken(_session: Session, _today: date) -> Iterator[Obligation]:
        raise LookupError("no such table")

    post.queue(OWNER)
    Clockwork(post.engine, post.dispatcher(), "one", obligations=broken).tick(NOW)
    assert smtp_peer.recipients == [OWNER]


def test_a_process_that_ends_lets_the_next_one_send_at_once(post: Post, smtp_peer: Peer) -> None:
    first, second = _works(post, Rounds(), "one"), _works(post, Rounds(), "two")
    first.tick(NOW)
    post.queue(OWNER)
    assert second.tick(NOW).standby
    first.close(NOW)
    second.tick(NOW)
    assert smtp_peer.recipients == [OWNER]
    assert first.tick(NOW).standby


@pytest.mark.both_databases
def test_a_process_told_to_end_finishes_the_letter_in_hand_and_leaves_the_rest(
    post: Post, smtp_peer: Peer
) -> None:
    addresses = {f"owner{number}@example.com" for number in range(30)}
    for address in sorted(addresses):
        post.queue(address)
    smtp_peer.always(slow("DATA", 0.1))
    first, second = _works(post, Rounds(), "one"), _works(post, Rounds(), "two")
    ticking = threading.Thread(target=first.tick, args=(NOW,))
    ticking.start()
    smtp_peer.wait_for(2)
    first.close(NOW)
    ticking.join(timeout=10)
    with post.sessions() as session:
        states = Counter(session.scalars(select(Mail.state)))
    assert states[MailState.sent] == len(smtp_peer.accepted) < 30
    assert states[MailState.queued] == 30 - states[MailState.sent]
    smtp_peer.behave()
    second.tick(NOW)
    assert Counter(smtp_peer.recipients) == dict.fromkeys(addresses, 1)


def test_the_clock_ticks_at_once_and_stops_when_told(
    post: Post, smtp_peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = _works(post, Rounds())
    post.queue(OWNER)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    scheduler = jobs.start_clock(works)
    smtp_peer.wait_for(1)
    until = time.monotonic() + 5
    while not post.dispatchers[0]._post and time.monotonic() < until:
        time.sleep(0.01)
    scheduler.shutdown()
    assert post.dispatchers[0]._post is None
