"""Somebody outside hears of each tick that went well, and of no other."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.mail.post import NOW, Post
from tests.support.ports import free_port
from tracker.clockwork import Clockwork
from tracker.domain.reminders import Obligation
from tracker.mail.heartbeat import HeartbeatCall
from tracker.mail.installation import Premises, hold
from tracker.mail.models import HoldCause

MINUTE = timedelta(minutes=1)


class Listener:
    """What watches from outside: it counts who asks."""

    def __init__(self) -> None:
        self.asked = 0
        self.silent = threading.Event()
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                listener.asked += 1
                if listener.silent.is_set():
                    time.sleep(3)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quietly."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/ping"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.server.shutdown()
    found.server.server_close()


def nothing(_session: Session, _today: date) -> Iterator[Obligation]:
    return iter(())


def works(
    post: Post, url: str, *, obligations: Callable[[Session, date], Iterator[Obligation]] = nothing
) -> Clockwork:
    return Clockwork(
        post.engine, post.dispatcher(), "test", obligations=obligations, heartbeat=HeartbeatCall(url)
    )


def finished(clockwork: Clockwork) -> None:
    call = clockwork.heartbeat
    assert call is not None
    if call._calling is not None:
        call._calling.join(timeout=10)


def test_each_tick_that_went_well_is_heard_of(settled: Post, listener: Listener) -> None:
    one = works(settled, listener.url)
    for minute in range(3):
        one.tick(NOW + minute * MINUTE)
        finished(one)
    assert listener.asked == 3


def test_a_tick_of_which_a_part_failed_is_not(settled: Post, listener: Listener) -> None:
    def broken(_session: Session, _today: date) -> Iterator[Obligation]:
        raise LookupError("no such table")

    one = works(settled, listener.url, obligations=broken)
    one.tick(NOW)
    finished(one)
    assert listener.asked == 0


def test_nor_is_one_while_mail_is_held_or_off_or_left_to_another(
    settled: Post, listener: Listener, tmp_path: Path
) -> None:
    one, other = works(settled, listener.url), works(settled, listener.url)
    one.tick(NOW)
    finished(one)
    assert other.tick(NOW + MINUTE).standby
    with settled.sessions.begin() as session:
        hold(session, HoldCause.person, "we move house", by=None, at=NOW)
    assert one.tick(NOW + MINUTE).held
    one.dispatcher.home.premises = Premises(tmp_path / "elsewhere")
    assert one.tick(NOW + 6 * MINUTE).off  # held mail is looked at with everything else
    for each in (one, other):
        finished(each)
    assert listener.asked == 1


def test_a_listener_that_is_silent_or_gone_delays_no_tick(
    settled: Post, listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    listener.silent.set()
    one = works(settled, listener.url)
    started = time.monotonic()
    one.tick(NOW)
    one.tick(NOW + MINUTE)
    assert time.monotonic() - started < 3
    finished(one)
    assert listener.asked == 1  # while one call is under way the next is left out
    gone = HeartbeatCall(f"http://127.0.0.1:{free_port()}/ping")
    one.heartbeat = gone
    one.tick(NOW + 2 * MINUTE)
    finished(one)
    assert "the heartbeat could not be told" in caplog.text
