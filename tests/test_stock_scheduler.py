"""What APScheduler 3.11 does by itself, and what the service does instead: one interval, and no timetable."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from tests.mail.post import Post, open_post, server_at
from tests.support.smtp import Peer
from tracker import clock, jobs
from tracker.clockwork import Clockwork
from tracker.domain.reminders import due_at

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
OWNER = "owner@example.com"


@pytest.fixture
def post(database_url: str, smtp_peer: Peer) -> Iterator[Post]:
    with open_post(database_url, server_at(smtp_peer)) as post:
        yield post


def firings(trigger: CronTrigger, begin: datetime, end: datetime) -> list[datetime]:
    """When stock's trigger fires, asked as its scheduler asks."""
    found: list[datetime] = []
    previous, now = None, begin
    while (fires := trigger.get_next_fire_time(previous, now)) is not None and fires <= end:
        found.append(fires)
        previous, now = fires, fires
    return found


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def test_the_monday_after_the_spring_change_is_skipped_by_the_stock_trigger_and_not_by_us() -> None:
    trigger = CronTrigger(hour=0, timezone=COPENHAGEN)
    begin = datetime(2027, 3, 26, 12, tzinfo=COPENHAGEN)
    stock = {fired.date() for fired in firings(trigger, begin, begin + timedelta(days=5))}
    assert date(2027, 3, 29) not in stock  # a whole Monday
    wanted = days(date(2027, 3, 27), date(2027, 3, 31))
    assert [clock.local_date(due_at(day, COPENHAGEN)) for day in wanted] == wanted
    assert {due_at(day, COPENHAGEN).astimezone(COPENHAGEN).hour for day in wanted} == {8}


def test_half_past_two_in_october_comes_twice_for_the_stock_trigger_and_a_day_once_for_us() -> None:
    trigger = CronTrigger(hour=2, minute=30, timezone=COPENHAGEN)
    begin = datetime(2027, 10, 30, 12, tzinfo=COPENHAGEN)
    stock = firings(trigger, begin, begin + timedelta(days=2))
    assert [fired.date() for fired in stock].count(date(2027, 10, 31)) == 2
    ours = [due_at(day, COPENHAGEN) for day in days(date(2027, 10, 30), date(2027, 11, 1))]
    assert [b - a for a, b in pairwise(ours)] == [timedelta(hours=25), timedelta(hours=24)]


_ran: list[str] = []


def remember() -> None:
    """The work of the stock scheduler's job."""
    _ran.append("ran")


def test_what_fell_due_while_the_process_was_down_is_dropped_by_a_stored_job_and_not_by_us(
    post: Post, smtp_peer: Peer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SQLAlchemyJobStore(url=f"sqlite:///{tmp_path / 'jobs.db'}")
    stock = BackgroundScheduler(jobstores={"default": store}, timezone="UTC")
    _ran.clear()
    due = clock.real_now() - timedelta(minutes=2)  # two minutes ago, when nothing ran
    stock.add_job(remember, "date", run_date=due, id="late")
    stock.start()
    until = time.monotonic() + 5
    while stock.get_job("late") is not None and time.monotonic() < until:
        time.sleep(0.01)
    stock.shutdown()
    store.engine.dispose()
    assert not _ran  # late by more than a second: dropped, and deleted

    post.queue(OWNER, at=due)
    works = Clockwork(post.engine, post.dispatcher(), "one", obligations=lambda _session, _today: iter(()))
    ours = jobs.start_clock(works)
    smtp_peer.wait_for(1)
    ours.shutdown()
    assert smtp_peer.recipients == [OWNER]


def test_our_job_waits_in_memory_and_is_never_too_late(post: Post) -> None:
    works = Clockwork(post.engine, post.dispatcher(), "one", obligations=lambda _session, _today: iter(()))
    scheduler = jobs.start_clock(works)
    [job] = scheduler.get_jobs()
    scheduler.shutdown()
    assert (job.coalesce, job.max_instances, job.misfire_grace_time) == (True, 1, None)
    late = datetime.now(UTC) - timedelta(days=10)
    assert job.trigger.get_next_fire_time(late, clock.real_now()) is not None
