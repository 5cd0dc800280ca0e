"""Four web processes that tick and two workers, started at once on one PostgreSQL, send each letter once."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
from flask import Flask
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.orm import Session

from tests.faults.service import Running, service
from tests.support import make
from tests.support.smtp import Peer, recorded, slow
from tracker import clock, jobs
from tracker.accounts.models import Person
from tracker.clockwork import open_obligations
from tracker.demonstration.loader import load_demonstration
from tracker.extensions import db
from tracker.holidays_dk import danish_calendar
from tracker.mail.models import Dispatcher, Mail, MailAttempt, MailState
from tracker.plans.models import Administration, Membership, MembershipRole
from tracker.reminders.calendars import PLANNING
from tracker.reminders.forecast import ForecastLetter, forecast
from tracker.reminders.models import ItemState, ReminderItem

NEWCOMERS = 60
OPEN = (MailState.queued, MailState.sending, MailState.uncertain)

pytestmark = [pytest.mark.postgresql, pytest.mark.settings(demo=True, embedded_clock=True)]


@pytest.fixture
def round_opened(app: Flask) -> Iterator[Flask]:
    """The demonstration plan with sixty more owners, and its round opened this noon, a working day."""
    clock.move_forward(_to_noon_of_a_working_day())
    with make.written(app) as session:
        plan = load_demonstration(session, at=clock.now())
        office = session.scalars(select(Administration).where(Administration.plan_id == plan.id)).first()
        assert office is not None
        for number in range(NEWCOMERS):
            owner = make.person(session, f"Owner {number}", email=f"owner{number}@example.com")
            make.initiative(session, office, f"Newcomer {number}", owner=owner)
        make.open_round(session, plan)
    yield app
    clock.allow_moving(None)


def _to_noon_of_a_working_day() -> timedelta:
    """How far the next noon of a working day is: letters leave at any hour of it, midnight is far."""
    now = clock.now().astimezone(clock.ZONE)
    calendar = danish_calendar(now.year, now.year + 1)
    day = calendar.next(now.date() + timedelta(days=1))
    return datetime.combine(day, datetime.min.time(), clock.ZONE) + timedelta(hours=12) - now


def _owed(app: Flask) -> list[ForecastLetter]:
    """The letters that the ledger calls for today."""
    with app.app_context():
        session, now = db.session(), clock.now()
        found = open_obligations(session, clock.local_date(now))
        letters = forecast(session, obligations=found, now=now, days=1)
        return [letter for letter in letters if letter.on == clock.local_date(now)]


def _wait(what: str, until: Callable[[], bool], running: Running, *, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, f"not within {seconds} s: {what}\n{running.log()}"
        time.sleep(0.1)


@contextmanager
def _held_at_the_start(app: Flask, *, processes: int, running: Running) -> Iterator[None]:
    """Keep every process in its first sweep until all have come, so that all go on at once."""
    engine = create_engine(app.config["SQLALCHEMY_DATABASE_URI"], isolation_level="AUTOCOMMIT")
    waiting = text(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND classid = :space"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    with engine.connect() as connection:
        connection.execute(select(func.pg_advisory_lock(*PLANNING)))
        yield
        _wait(
            f"{processes} processes that plan",
            lambda: connection.scalar(waiting, {"space": PLANNING[0]}) == processes,
            running,
            seconds=120,  # six processes load the application on whatever machine this is
        )
    engine.dispose()


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _settled(app: Flask) -> bool:
    """Whether nothing is due any more, in the ledger or in the outbox."""
    with app.app_context(), Session(db.engine) as session:
        due = select(func.count()).where(
            ReminderItem.state.in_((ItemState.planned, ItemState.assigned)),
            ReminderItem.due_at <= clock.now(),
        )
        return not session.scalar(due) and not session.scalar(
            select(func.count()).where(Mail.state.in_(OPEN))
        )


def test_four_web_processes_and_two_workers_send_each_letter_once(
    round_opened: Flask, smtp_peer: Peer, tmp_path: Path
) -> None:
    app = round_opened
    settings = app.extensions["settings"]
    owed = _owed(app)
    assert len(owed) > NEWCOMERS
    smtp_peer.always(slow("DATA", 0.05))  # long enough for all six to take part
    with service(settings, tmp_path / "service") as running:
        with _held_at_the_start(app, processes=6, running=running):
            running.gunicorn(workers=4)
            running.worker()
            running.worker()
        probes = [f"{settings.base_url}/livez", f"{settings.base_url}/readyz", f"{settings.base_url}/"]
        assert [_answers(url) for url in probes] == [True] * 3
        _wait("an outbox at rest", lambda: _settled(app), running, seconds=120)
        assert [_answers(url) for url in probes] == [True] * 3
        assert running.stop() == [0, 0, 0]
        assert running.left_behind == []
    log = running.log()
    assert not [word for word in ("ERROR", "CRITICAL", "Traceback") if word in log], log
    with app.app_context():
        jobs.tick(app)  # a seventh finds nothing left to do
    _assert_exactly_these_came(app, owed, tmp_path / "accepted.jsonl")
    assert smtp_peer.connections > 1, "one process sent everything: the others had no chance to be wrong"


def _secretariat(session: Session) -> list[str]:
    """The addresses of its members."""
    roles = (MembershipRole.lead, MembershipRole.secretariat)
    members = select(Person.email).join(Membership, Membership.person_id == Person.id)
    return sorted(set(session.scalars(members.where(Membership.role.in_(roles)))))


def _assert_exactly_these_came(app: Flask, owed: list[ForecastLetter], record: Path) -> None:
    everything = recorded(record)
    came = Counter((letter.recipients, letter.message["Message-ID"]) for letter in everything)
    assert set(came.values()) == {1}
    with app.app_context():
        kinds = dict(db.session.execute(select(Mail.message_id, Mail.kind)).all())
        office = _secretariat(db.session())
    # The secretariat is told on the same day that initiatives of the demonstration have no owner.
    accepted = [letter for letter in everything if kinds[letter.message["Message-ID"]] == "reminders"]
    told = [letter for letter in everything if letter not in accepted]
    assert {kinds[letter.message["Message-ID"]] for letter in told} == {"vacancy"}
    assert sorted(letter.recipients[0] for letter in told) == office
    assert sorted(letter.recipients for letter in accepted) == sorted((one.recipient.email,) for one in owed)
    texts = {letter.recipients[0]: " ".join(letter.text.split()) for letter in accepted}
    for one in owed:
        assert [line.title for line in one.lines if line.title not in texts[one.recipient.email]] == []
    with app.app_context():
        session = db.session()
        outbox = session.execute(select(Mail.address, Mail.message_id, Mail.state, Mail.attempts)).all()
        assert {((address,), message_id) for address, message_id, _, _ in outbox} == set(came)
        assert {(state, attempts) for _, _, state, attempts in outbox} == {(MailState.sent, 1)}
        handed_over_and_accepted = 2 * len(everything)
        assert session.scalar(select(func.count(MailAttempt.id))) == handed_over_and_accepted
        sent = select(Person.email).join(ReminderItem, ReminderItem.person_id == Person.id)
        reminded = session.scalars(sent.where(ReminderItem.state == ItemState.sent)).all()
        assert set(reminded) == set(texts)
        ended = select(Dispatcher.ended_at.is_(None)).order_by(Dispatcher.id)
        assert session.scalars(ended).all() == [False] * 7, "a process ended without giving its post up"
