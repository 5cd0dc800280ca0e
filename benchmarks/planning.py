"""Planning the reminders of 10,000 updates, beside the engine's own insert of the same rows."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from benchmarks.data import YEAR, add_initiatives, application
from benchmarks.results import Result, told
from tracker import clock
from tracker.clockwork import open_obligations
from tracker.deadlines.models import Deadline, DeadlineKind
from tracker.extensions import db
from tracker.plans import actions as plans
from tracker.reminders.models import ReminderItem
from tracker.reminders.sweeping import sweep
from tracker.rounds.models import Round, StatusUpdate

COUNT = 10_000


def planning(folder: Path) -> Iterator[Result]:
    """From an empty ledger, and again when nothing has changed."""
    app = application(folder)
    with app.app_context():
        session = db.session()
        _fill(session)
        session.commit()
        first, again = [], []
        for _ in range(3):
            session.execute(delete(ReminderItem))
            session.commit()
            first.append(_sweep(session))
            again.append(_sweep(session))
        db.session.remove()
        db.engine.dispose()
    rows, engine = _engine(folder / "tracker.db")
    yield told(f"Planning {COUNT:,} updates, {rows:,} reminders, s", min(first), engine)
    yield told("Planning them again, nothing changed, s", min(again), engine)


def _sweep(session: Session) -> float:
    begun = time.perf_counter()
    sweep(session, open_obligations(session, clock.today()), now=clock.now())
    session.commit()
    took = time.perf_counter() - begun
    session.expunge_all()
    return took


def _fill(session: Session) -> None:
    at, due_on = clock.now(), clock.today() + timedelta(days=21)
    plan = plans.create_plan(session, slug="ten-thousand", name="Planen", by=None, at=at)
    found = add_initiatives(session, plan, COUNT)
    opened = Round(plan_id=plan.id, year=YEAR, due_on=due_on, opened_at=at)
    session.add(opened)
    session.flush()
    deadline = {
        "plan_id": plan.id,
        "round_id": opened.id,
        "kind": DeadlineKind.status_due,
        "title": f"Status {YEAR}",
        "first_on": due_on,
        "last_on": due_on,
        "created_at": at,
    }
    session.execute(insert(Deadline), [deadline | {"initiative_id": one.id} for one in found])
    dated = session.execute(select(Deadline.initiative_id, Deadline.id).where(Deadline.plan_id == plan.id))
    session.execute(
        insert(StatusUpdate),
        [
            {"round_id": opened.id, "initiative_id": initiative_id, "deadline_id": deadline_id}
            for initiative_id, deadline_id in dated.all()
        ],
    )


def _engine(database: Path) -> tuple[int, float]:
    """How many rows there are, and the seconds that sqlite3 takes to insert them all, durably, under one
    transaction and the table's own keys.
    """
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA foreign_keys=ON")
    rows = connection.execute("SELECT * FROM reminder_item").fetchall()
    took = []
    for _ in range(3):
        connection.execute("DELETE FROM reminder_item")
        begun = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(f"INSERT INTO reminder_item VALUES ({','.join('?' * len(rows[0]))})", rows)
        connection.execute("COMMIT")
        took.append(time.perf_counter() - begun)
    connection.close()
    return len(rows), min(took)
