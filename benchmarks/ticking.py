"""B7: a tick over a ledger of a million reminders: idle, with a thousand due, with a hundred thousand due.

What is due goes to as many people, one letter each. Mail is held meanwhile, so that laying letters down is
measured and not a mail server. The engine's own insert lays the same rows down in one transaction: from a
table beside it, under the same keys, and says in the ledger which letter holds what.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Engine, TextClause, bindparam, func, select, text, update
from sqlalchemy.orm import Session

from benchmarks import databases
from benchmarks.letters import application_on
from benchmarks.results import Result, at_most, bounded
from tracker import clock, jobs
from tracker.database import UtcDateTime
from tracker.jobs import Clockwork
from tracker.mail.models import Heartbeat, Installation, Mail

ITEMS, FEW, MANY = 1_000_000, 1_000, 100_000
IDLE_TICKS = 15
FILL = f"""
INSERT INTO plan (id, slug, name, authority, office, coordinating_administration, council, closed_days,
                  created_at)
  VALUES (1, 'plan', 'Plan', '', '', '', '', '', :at);
INSERT INTO person (id, name, name_sort, email, language, is_administrator, active, undeliverable_reason,
                    created_at)
  SELECT n, 'Ejer ' || n, 'ejer', 'ejer' || n || '@example.com', 'da', false, true, '', :at
  FROM (NUMBERS) AS numbers WHERE n <= {MANY + FEW};
INSERT INTO reminder_item (id, obligation_kind, obligation_id, step, deadline_on, person_id, plan_id, state,
                           due_on, due_at, urgency, title, path, words, reason)
  SELECT n, 'status_due', n, 't-7', :deadline, (n - 1) % {MANY + FEW} + 1, 1, 'planned',
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
            _hold(engine)
            few = _due(engine, works, now, first=1, count=FEW)
            yield bounded(f"B7 {name}: a tick, 1,000 due, ms", few * 1000, 30, "ms")
            many = _due(engine, works, now, first=FEW + 1, count=MANY)
            again = _tick(works, now + timedelta(minutes=20))
            if _letters(engine) != FEW + MANY:
                raise SystemExit("a tick wrote other letters than were due")
            yield at_most(f"B7 {name}: a tick, 100,000 due, s", many, _engines_own(engine), 3)
            yield bounded(f"B7 {name}: the same again, nothing added, ms", again * 1000, 2, "ms")
            works.close(now)


def _morning() -> datetime:
    """Ten o'clock of a day to come: reminders leave from eight."""
    return (clock.now().astimezone(clock.ZONE) + timedelta(days=1)).replace(hour=10, minute=0)


def _fill(engine: Engine, now: datetime) -> None:
    given = {"at": now - timedelta(days=30), "later": now + timedelta(days=9), "deadline": now.date()}
    with engine.begin() as connection:
        for words in FILL.replace("NUMBERS", NUMBERS[engine.dialect.name]).split(";"):
            connection.execute(_said(words, given))
    with Session(engine) as session, session.begin():
        session.add(Heartbeat(process="swept", ticked_at=now, swept_at=now))
    _analyze(engine)


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


def _due(engine: Engine, works: Clockwork, now: datetime, *, first: int, count: int) -> float:
    """Seconds of the tick that finds so many reminders due, each of another person."""
    with engine.begin() as connection:
        statement = "UPDATE reminder_item SET due_at = :due WHERE id BETWEEN :first AND :last"
        given = {"due": now - timedelta(minutes=1), "first": first, "last": first + count - 1}
        connection.execute(_said(statement, given))
    _analyze(engine)
    return _tick(works, now + timedelta(minutes=10))


def _tick(works: Clockwork, now: datetime) -> float:
    begun = time.perf_counter()
    works.tick(now)
    return time.perf_counter() - begun


def _letters(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count(Mail.id))) or 0


def _engines_own(engine: Engine) -> float:
    """Seconds for the letters of the many, and for saying in the ledger which letter holds what."""
    chosen = f"id > (SELECT max(id) - {MANY} FROM mail)"
    with engine.begin() as connection:
        connection.execute(text(f"CREATE TABLE letters AS SELECT * FROM mail WHERE {chosen}"))
        connection.execute(
            text("CREATE TABLE held AS SELECT id, mail_id FROM reminder_item WHERE mail_id IS NOT NULL")
        )
        connection.execute(text("CREATE UNIQUE INDEX ix_held ON held (id)"))
        connection.execute(
            text("UPDATE reminder_item SET mail_id = NULL, state = 'planned' WHERE mail_id IS NOT NULL")
        )
        connection.execute(text(f"DELETE FROM mail WHERE {chosen}"))
    _analyze(engine)
    begun = time.perf_counter()
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO mail SELECT * FROM letters"))
        connection.execute(
            text(
                "UPDATE reminder_item SET state = 'assigned',"
                " mail_id = (SELECT mail_id FROM held WHERE held.id = reminder_item.id)"
                " WHERE id IN (SELECT held.id FROM held JOIN letters ON letters.id = held.mail_id)"
            )
        )
    return time.perf_counter() - begun
