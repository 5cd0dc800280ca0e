"""Planning the reminders of 490,000 open updates on PostgreSQL, beside one hand-written statement.

490 plans of a thousand initiatives, each with an owner. The statement knows the dates of the steps and
inserts the very same rows with the same care for what is there already; it knows no rules.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from benchmarks import databases
from benchmarks.data import YEAR
from benchmarks.results import Result, at_most, bounded
from tracker import clock
from tracker.clockwork import open_obligations
from tracker.reminders.models import ReminderItem
from tracker.reminders.sweeping import sweep
from tracker.rounds.obligations import open_obligations as open_updates

PLANS, INITIATIVES = 490, 1_000
UPDATES = PLANS * INITIATIVES
OWNER_OF = 10  # initiatives
MEMORY = 60  # MB more than before, whatever the number of updates

FILL = Path(__file__).with_name("many_updates.sql").read_text("utf-8")
BY_HAND = Path(__file__).with_name("planning_by_hand.sql").read_text("utf-8")


def planning_many() -> Iterator[Result]:
    due = clock.today() + timedelta(days=29)
    with databases.postgresql() as engine:
        _fill(engine, due)
        with Session(engine) as session:
            rows = _one_plan(session) * PLANS
            floor = _by_hand(engine)
            before = _memory()
            first = _swept(session)
            if session.scalar(select(func.count(ReminderItem.id))) != rows:
                raise SystemExit("the statement and the planner do not want the same rows")
            session.commit()
            _vacuum(engine)
            again = _swept(session)
            grown = _memory() - before
    yield at_most(f"Planning {UPDATES:,} updates, {rows:,} reminders, s", first, floor, 3)
    yield at_most("Planning them again, beside the first time, s", again, first, 1)
    yield bounded("Planning them, memory grown by, MB", grown, MEMORY, "MB")


def _fill(engine: Engine, due: date) -> None:
    given = {
        "at": clock.now() - timedelta(days=40),
        "due": due,
        "year": YEAR,
        "plans": PLANS,
        "initiatives": INITIATIVES,
        "updates": UPDATES,
        "owner_of": OWNER_OF,
    }
    with engine.begin() as connection:
        for statement in FILL.split(";"):
            named = {name: value for name, value in given.items() if f":{name}" in statement}
            if statement.strip():
                connection.execute(text(statement), named)
    _vacuum(engine)


def _one_plan(session: Session) -> int:
    """How many reminders a plan has; the statement learns from it when each step is due."""
    sweep(session, open_updates(session, today=clock.today(), plan_id=1), now=clock.now())
    rows = session.scalar(select(func.count(ReminderItem.id))) or 0
    steps = "CREATE TABLE bench_step AS SELECT DISTINCT step, due_on, due_at, urgency FROM reminder_item"
    session.execute(text(steps))
    session.execute(text("TRUNCATE reminder_item"))
    session.commit()
    return rows


def _by_hand(engine: Engine) -> float:
    begun = time.perf_counter()
    with engine.begin() as connection:
        connection.execute(text(BY_HAND))
    took = time.perf_counter() - begun
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE reminder_item"))
    return took


def _vacuum(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _swept(session: Session) -> float:
    begun = time.perf_counter()
    sweep(session, open_obligations(session, clock.today()), now=clock.now())
    session.commit()
    return time.perf_counter() - begun


def _memory() -> float:
    """The most memory this process has had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
