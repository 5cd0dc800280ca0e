"""B6: the outbox drained through all its steps, beside stock Flask-Mail sending the same letters.

Flask-Mail promises nothing here: it keeps no state, and a letter that was under way when it dies is lost or
goes twice. Both connect anew every 50 letters, and both build each letter's MIME.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_mail import Mail as StockMail
from flask_mail import Message
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from benchmarks import databases
from benchmarks.letters import KIND, LETTER, application_on, environment_of
from benchmarks.results import Result, at_least, told
from benchmarks.servers import ROOT, free_port
from tracker import clock, jobs
from tracker.mail import outbox
from tracker.mail.models import Installation, Mail, MailState

LETTERS = 2_000
A_CONNECTION = 50
SLOW = 50  # milliseconds
SLOW_LETTERS = 240


def sending() -> Iterator[Result]:
    """On both databases: the rate, a kill in the middle, and what several dispatchers gain."""
    with sink() as (port, record):
        stock = max(_stock(port) for _ in range(2))
        for name, database in databases.NAMES.items():
            with database() as engine:
                allow_many(engine)
                record.write_text("")
                rate = _drained(engine, port)
                assert len(record.read_text().splitlines()) == LETTERS
                yield at_least(f"B6 {name}: 2,000 letters, letters/s", rate, stock, 0.7)
                yield from _killed(engine, port, record, name)
    with sink(milliseconds=SLOW) as (port, record), databases.postgresql() as engine:
        allow_many(engine)
        one, four = (_together(engine, port, record, count) for count in (1, 4))
        yield at_least("Four dispatchers, 50 ms a letter, letters/s", four, one, 2)


@contextmanager
def sink(*, seconds: float = 0, milliseconds: float = 0) -> Iterator[tuple[int, Path]]:
    """A mail server in a process of its own: its port, and the file of what it accepted."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        port, record = free_port(), Path(folder) / "accepted"
        record.write_text("")
        command = [sys.executable, ROOT / "benchmarks/sink.py", port, record, seconds, milliseconds]
        process = subprocess.Popen([str(word) for word in command])
        try:
            time.sleep(0.5)
            yield port, record
        finally:
            process.kill()
            process.wait()


def allow_many(engine: Engine) -> None:
    """Let an unusual number of letters leave, as if somebody had been asked and allowed it."""
    now = clock.now()
    with Session(engine) as session, session.begin():
        allowed = now + timedelta(days=1)
        session.add(Installation(base_url="", machine="", created_at=now, volume_allowed_until=allowed))


def queue(engine: Engine, count: int, batch: str) -> None:
    """Lay so many letters down."""
    now = clock.now()
    with Session(engine) as session, session.begin():
        rows = [
            outbox.row_for(
                kind=KIND,
                dedupe_key=f"{batch}:{number}",
                person_id=None,
                address=f"{batch}{number}@example.com",
                payload={},
                plan_id=None,
                at=now,
            )
            for number in range(count)
        ]
        outbox.queue_all(session, rows)


def _stock(port: int) -> float:
    """Letters a second of Flask-Mail, as its documentation sends many."""
    app = Flask("stock")
    app.config.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=port)
    mail = StockMail(app)
    begun = time.perf_counter()
    with app.app_context():
        for start in range(0, LETTERS, A_CONNECTION):
            with mail.connect() as connection:
                for number in range(start, start + A_CONNECTION):
                    connection.send(
                        Message(
                            LETTER.subject,
                            sender=("Sekretariatet", "plan@example.com"),
                            recipients=[f"stock{number}@example.com"],
                            body=LETTER.text,
                            html=LETTER.html,
                        )
                    )
    return LETTERS / (time.perf_counter() - begun)


def _drained(engine: Engine, port: int) -> float:
    queue(engine, LETTERS, "drain")
    app = application_on(engine, port)
    works = jobs.clockwork(app)
    now = clock.now() + timedelta(seconds=1)
    begun = time.perf_counter()
    sent = 0
    while turn := works.dispatcher.turn(now).sent:
        sent += turn
    took = time.perf_counter() - begun
    works.close(now)
    if sent != LETTERS:
        raise SystemExit(f"{sent} of {LETTERS} letters left")
    return LETTERS / took


def _killed(engine: Engine, port: int, record: Path, name: str) -> Iterator[Result]:
    """A dispatcher killed half-way, and another that goes on."""
    record.write_text("")
    queue(engine, LETTERS, "killed")
    process = _dispatcher(engine, port)
    _until(lambda: _count(record) > LETTERS // 2, process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    _finished([_dispatcher(engine, port)])
    copies = Counter(line.split()[0] for line in record.read_text().splitlines())
    lost = LETTERS - len(copies) - _left(engine)
    again = sum(copies.values()) - len(copies)
    yield Result(f"B6 {name}: killed half-way, lost", lost, float("nan"), float("nan"), "0", lost == 0)
    yield told(f"B6 {name}: killed half-way, gone twice or waiting", again + _left(engine))


def _together(engine: Engine, port: int, record: Path, count: int) -> float:
    record.write_text("")
    queue(engine, SLOW_LETTERS, f"slow{count}-")
    _finished([_dispatcher(engine, port) for _ in range(count)])
    instants = sorted(float(line.split()[1]) for line in record.read_text().splitlines())
    if len(instants) != SLOW_LETTERS:
        raise SystemExit(f"{len(instants)} of {SLOW_LETTERS} letters arrived")
    return (SLOW_LETTERS - 1) / (instants[-1] - instants[0])


def _dispatcher(engine: Engine, port: int) -> subprocess.Popen[bytes]:
    """A process that drains the outbox and ends."""
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.drain"], cwd=ROOT, env=environment_of(engine, port)
    )


def _finished(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.wait(timeout=300):
            raise SystemExit("a dispatcher failed")


def _until(reached, process: subprocess.Popen[bytes]) -> None:  # type: ignore[no-untyped-def]
    while not reached():
        if process.poll() is not None:
            raise SystemExit("the dispatcher ended before it was killed")
        time.sleep(0.02)


def _count(record: Path) -> int:
    return record.read_bytes().count(b"\n")


def _left(engine: Engine) -> int:
    """Letters of which nobody can know whether they arrived: they wait, and are not lost."""
    with Session(engine) as session:
        waiting = select(func.count(Mail.id)).where(
            Mail.state.in_((MailState.uncertain, MailState.needs_human))
        )
        return session.scalar(waiting) or 0
