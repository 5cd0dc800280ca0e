"""The sweep lays down in one statement what planning lays down one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import delete, insert, select

from tests.reminders.office import TODAY, Office, at
from tracker.domain.reminders import Obligation, ObligationKind, Place
from tracker.reminders import actions
from tracker.reminders.models import ItemState, ReminderItem
from tracker.reminders.sweeping import sweep

pytestmark = pytest.mark.both_databases

DUE = date(2026, 11, 16)


def _ledger(office: Office) -> list[tuple[Any, ...]]:
    """Every row, but for its number."""
    table = ReminderItem.__table__
    columns = [column for column in table.columns if column.name != "id"]
    with office.post.sessions() as session:
        return sorted(map(tuple, session.execute(select(*columns)).all()), key=repr)


def _restore(office: Office, rows: list[tuple[Any, ...]]) -> None:
    names = [column.name for column in ReminderItem.__table__.columns if column.name != "id"]
    with office.post.sessions.begin() as session:
        session.execute(delete(ReminderItem))
        if rows:
            session.execute(insert(ReminderItem), [dict(zip(names, row, strict=True)) for row in rows])


def _anything(office: Office, random: Random) -> list[Obligation]:
    """A plan in some state: kinds, dates, people in several places, some of them settled."""
    people = [office.owner, office.deputy, office.coordinator, office.office]
    found = []
    for number in range(1, random.randint(2, 12)):
        due = TODAY + timedelta(days=random.randint(-60, 90))
        held = tuple((random.choice(list(Place)), random.choice(people)) for _ in range(random.randint(0, 5)))
        found.append(
            office.status(
                number,
                due=due,
                kind=random.choice(list(ObligationKind)),
                first=random.choice([None, due - timedelta(days=random.randint(0, 20))]),
                opened=due - timedelta(days=random.choice([5, 30, 60])),
                people=held,
                settled=random.random() < 0.1,
                title=f"Indsats {number}, udgave {random.randint(1, 2)}",
            )
        )
    return found


@pytest.mark.parametrize("seed", range(12))
def test_a_sweep_leaves_the_ledger_that_planning_one_by_one_leaves(office: Office, seed: int) -> None:
    random = Random(seed)
    before, after = _anything(office, random), _anything(office, random)
    with office.post.sessions.begin() as session:
        sweep(session, iter(before), now=at(TODAY))
    start = _ledger(office)
    keys = {(one.kind, one.id) for one in after}
    gone = [replace(one, settled=True) for one in before if (one.kind, one.id) not in keys]
    with office.post.sessions.begin() as session:
        actions.replan(session, iter([*after, *gone]), now=at(TODAY))
    one_by_one = _ledger(office)
    _restore(office, start)
    with office.post.sessions.begin() as session:
        sweep(session, iter(after), now=at(TODAY))
    assert _ledger(office) == one_by_one


def test_a_sweep_twice_in_one_transaction_changes_nothing(office: Office) -> None:
    owed = [office.status(number, due=DUE) for number in range(1, 30)]
    with office.post.sessions.begin() as session:
        sweep(session, iter(owed), now=at(TODAY))
        sweep(session, iter(owed), now=at(TODAY))
    before = _ledger(office)
    assert before
    with office.post.sessions.begin() as session:
        sweep(session, iter(owed), now=at(TODAY))
    assert _ledger(office) == before


def test_a_sweep_leaves_what_was_sent_as_it_is(office: Office) -> None:
    office.owed = [office.status(due=DUE)]
    office.morning(DUE - timedelta(days=28))
    with office.post.sessions.begin() as session:
        sweep(session, iter(office.owed), now=at(TODAY))
        sweep(session, iter(()), now=at(TODAY))
    assert office.items()["t-28"] is ItemState.sent
    assert office.items()["t-7"] is ItemState.cancelled
