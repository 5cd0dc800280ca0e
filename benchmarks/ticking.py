"""B7: a tick over a ledger of a million reminders: idle, with a thousand due, with a hundred thousand due.

What is due goes to as many people, one letter each, and falls due after a tick that did everything, as it
mostly does: such a tick comes every five minutes, and has a line of its own. Mail is held meanwhile, so that
laying letters down is measured and not a mail server. The engine's own insert lays the same rows down in one
transaction: from a table beside it, under the same keys, and says in the ledger which letter holds what.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Engine, TextClause, bindparam, func, select, text, update
from sqlalchemy.orm import Session

from benchmarks import databases
from benchmarks.letters import application_on
from benchmarks.results import Result, at_most, bounded, told
from tracker import clock, jobs
from tracker.clockwork import Clockwork
from tracker.database import UtcDateTime
from tracker.mail.models import Heartbeat, Installation, Mail
from tracker.plans.models import Plan

ITEMS, FEW, MANY = 1_000_000, 1_000, 100_000
BATCHES = 3
PEOPLE = MANY + BATCHES * FEW + 1
IDLE_TICKS = 15
FILL = f"""
INSERT INTO person (id, name, name_sort, email, language, is_administrator, active, undeliverable_reason,
                    created_at)
  SELECT n, 'Ejer ' || n, 'ejer', 'ejer' || n || '@example.com', 'da', false, true, '', :at
  FROM (NUMBERS) AS numbers WHERE n <= {PEOPLE};
INSERT INTO reminder_item (id, obligation_kind, obligation_id, step, deadline_on, person_id, plan_id, state,
                           due_on, due_at, urgency, title, path, words, reason)
  SELECT n, 'status_due', n, 't-7', :deadline, (n - 1) % {PEOPLE} + 1, 1, 'planned',
         :deadline, :later, 40, 'Flere uddannede medarbejdere i skoler ' || n, '/updates/' || n, '', ''
  FROM (NUMBERS) AS numbers
"""
NUMBERS = {
    "sqlite": "WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted"
    f" WHERE n < {ITEMS}) SELECT n FROM counted",
    "postgresql": f"SELECT n FROM generate_series(1, {ITEMS}) n",
}


def ticking() -> Iterator[Result]:
    for name, database in databases.NAMES.items():
        with database() as engine:
            now = _morning()
            _fill(engine, now)
            works = jobs.clockwork(application_on(engine, 9))
            works.swept = True
            works.tick(now)
            idle = median(_tick(works, now + timedelta(seconds=30 * number)) for number in range(IDLE_TICKS))
            yield bounded(f"B7 {name}: a tick, nothing due, ms", idle * 1000, 2, "ms")
            whole = median(_tick(works, now + timedelta(minutes=number)) for number in (12, 17, 22))
            yield told(f"B7 {name}: a tick that does everything, ms", whole * 1000)
            _hold(engine)
            day = _Day(engine, works, now + timedelta(minutes=22))
            day.due(1)  # in a process that has said each of its sentences once
            few = median(day.due(FEW) for _ in range(BATCHES))
            own = _engines_own(engine, FEW)
            yield Result(
                f"B7 {name}: a tick, 1,000 due, ms",
                few * 1000,
                own * 1000,
                few / own,
                "<= 30 ms",
                few <= 0.03,
            )
            many = day.due(MANY)
            again = median(day.tick(timedelta(seconds=30)) for _ in range(3))
            whole = day.tick(timedelta(minutes=5))
            if _letters(engine) != day.letters:
                raise SystemExit("a tick wrote other letters than were due")
            yield at_most(f"B7 {name}: a tick, 100,000 due, s", many, _engines_own(engine, MANY), 3)
            yield bounded(f"B7 {name}: 30 s later, nothing added, ms", again * 1000, 2, "ms")
            yield told(f"B7 {name}: everything, 100,000 letters held, ms", whole * 1000)
            works.close(now)


@dataclass
class _Day:
    """What falls due one after the other, each reminder another person's."""

    engine: Engine
    works: Clockwork
    now: datetime
    letters: int = 0

    def due(self, count: int) -> float:
        """Seconds of the tick that finds so many due, half a minute after one that did everything."""
        self.tick(timedelta(minutes=5))
        with self.engine.begin() as connection:
            statement = "UPDATE reminder_item SET due_at = :due WHERE id BETWEEN :first AND :last"
            due = {"due": self.now, "first": self.letters + 1, "last": self.letters + count}
            connection.execute(_said(statement, due))
        self.letters += count
        _analyze(self.engine)
        return self.tick(timedelta(seconds=30))

    def tick(self, after: timedelta) -> float:
        self.now += after
        return _tick(self.works, self.now)


def _morning() -> datetime:
    """Ten o'clock of a day to come: reminders leave from eight."""
    return (clock.now().astimezone(clock.ZONE) + timedelta(days=1)).replace(hour=10, minute=0)


def _fill(engine: Engine, now: datetime) -> None:
    with Session(engine) as session, session.begin():
        session.add(Plan(id=1, slug="plan", name="Plan", created_at=now))
        session.add(Heartbeat(process="swept", ticked_at=now, swept_at=now))
    given = {"at": now - timedelta(days=30), "later": now + timedelta(days=9), "deadline": now.date()}
    with engine.begin() as connection:
        for words in FILL.replace("NUMBERS", NUMBERS[engine.dialect.name]).split(";"):
            connection.execute(_said(words, given))
    _settle(engine)


def _settle(engine: Engine) -> None:
    """As a ledger that has grown over months: nothing of it waits to be tidied."""
    _analyze(engine)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))


def _analyze(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _said(words: str, given: dict[str, Any]) -> TextClause:
    """SQL with its values, instants as the service stores them."""
    return text(words).bindparams(
        *(
            bindparam(name, value, type_=UtcDateTime() if isinstance(value, datetime) else None)
            for name, value in given.items()
            if f":{name}" in words
        )
    )


def _hold(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        session.execute(update(Installation).values(queue_held=True))


def _tick(works: Clockwork, now: datetime) -> float:
    begun = time.perf_counter()
    works.tick(now)
    return time.perf_counter() - begun


def _letters(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count(Mail.id))) or 0


def _engines_own(engine: Engine, count: int) -> float:
    """Seconds for the last so many letters, and for saying in the ledger which letter holds what."""
    chosen = f"id > (SELECT max(id) - {count} FROM mail)"
    with engine.begin() as connection:
        for statement in (
            f"CREATE TABLE letters AS SELECT * FROM mail WHERE {chosen}",
            f"CREATE TABLE held AS SELECT id, mail_id FROM reminder_item WHERE mail_{chosen}",
            "CREATE UNIQUE INDEX ix_held ON held (id)",
            "UPDATE reminder_item SET mail_id = NULL, state = 'planned' WHERE id IN (SELECT id FROM held)",
            f"DELETE FROM mail WHERE {chosen}",
        ):
            connection.execute(text(statement))
    _analyze(engine)
    begun = time.perf_counter()
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO mail SELECT * FROM letters"))
        connection.execute(
            text(
                "UPDATE reminder_item SET state = 'assigned',"
                " mail_id = (SELECT mail_id FROM held WHERE held.id = reminder_item.id)"
                " WHERE id IN (SELECT id FROM held)"
            )
        )
    seconds = time.perf_counter() - begun
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE letters"))
        connection.execute(text("DROP TABLE held"))
    return seconds
