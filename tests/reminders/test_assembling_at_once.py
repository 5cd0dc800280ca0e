"""What is decided for all simple cases at once is what is decided person by person."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from random import Random
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import event, func, insert, select, update
from sqlalchemy.orm import Session

from tests.mail.post import back_up, person, restore
from tests.reminders.office import NOW, TODAY, Office, at
from tracker import clock
from tracker.accounts.models import Person
from tracker.domain.reminders import ObligationKind, due_at
from tracker.mail.models import Mail, MailState
from tracker.plans.models import Plan
from tracker.reminders import assembler, due
from tracker.reminders.assembler import KIND, assemble, assemble_one_by_one
from tracker.reminders.models import ItemState, ReminderItem

pytestmark = pytest.mark.both_databases

STEPS = ("opened", "t-28", "t-7", "t-1", "overdue-3", "uncovered")
ADDRESSES = (
    "ane.b+plan@example.com",
    "åse@example.com",
    "o'hara@example.com",
    "two@at@example.com",
    "@example.com",
    "nobody",
    f"{'l' * 242}@example.com",
)
Assembling = Callable[..., int | None]


def _somebody(session: Session, chance: Random, number: int) -> int:
    values: dict[str, Any] = {}
    if chance.random() < 0.15:
        values = chance.choice(
            [
                {"active": False},
                {"undeliverable_at": NOW},
                {"absent_from": TODAY - timedelta(days=1)},
                {"absent_from": TODAY - timedelta(days=9), "absent_until": TODAY},
                {"absent_from": TODAY - timedelta(days=9), "absent_until": TODAY - timedelta(days=1)},
                {"absent_from": TODAY + timedelta(days=1)},
            ]
        )
    return person(session, f"owner{number}@example.com", **values).id


def _letter(session: Session, chance: Random, person_id: int, number: int) -> int:
    """A letter that the person had lately, or has still to get."""
    day = TODAY - timedelta(days=chance.choice([0, 0, 0, 1, 3]))
    state = chance.choice(
        [MailState.queued, MailState.queued, MailState.sent, MailState.cancelled, MailState.sending]
    )
    kind = chance.choice([KIND, KIND, KIND, "invitation"])
    letter = Mail(
        kind=kind,
        dedupe_key=f"{kind}:{person_id}:{day}:{number}",
        person_id=person_id,
        address="owner@example.com",
        payload={"day": day.isoformat(), "sequence": number},
        state=state,
        mime=chance.choice([None, None, b"written"]),
        next_at=at(day, 8, 1),
        created_at=at(day, 8, 1),
        expires_at=at(day, 8, 1) + timedelta(days=30),
    )
    session.add(letter)
    session.flush()
    return letter.id


def _item(chance: Random, people: dict[int, int | None], plans: list[int]) -> dict[str, Any]:
    deadline = TODAY + timedelta(days=chance.choice([-20, -3, 0, 1, 6, 7, 28]))
    due_on = min(TODAY, deadline) + timedelta(days=chance.choice([-12, -2, -1, 0, 0, 1, 3]))
    person_id = chance.choice(list(people))
    had_some = people[person_id] is not None or person_id % 3 == 0
    state = chance.choices(list(ItemState), [60, 8, 8, 4, 4, 2, 2])[0] if had_some else ItemState.planned
    settled = state in {ItemState.sent, ItemState.superseded, ItemState.cancelled}
    return {
        "obligation_kind": chance.choice([ObligationKind.status_due, ObligationKind.committee_meeting]),
        "obligation_id": chance.randint(1, 2),
        "step": chance.choice(STEPS),
        "deadline_on": deadline,
        "person_id": person_id,
        "plan_id": chance.choice(plans),
        "state": state,
        "due_on": due_on if not had_some or chance.random() < 0.97 else TODAY + timedelta(days=1),
        "due_at": due_at(due_on, clock.ZONE),
        "urgency": chance.choice([10, 30, 40, 50, 60]),
        "title": "Mentorer til unge",
        "path": "/updates/1",
        "mail_id": people[person_id] if state is ItemState.assigned else None,
        "enclosed_at": NOW if had_some and chance.random() < 0.04 else None,
        "settled_at": at(TODAY - timedelta(days=chance.choice([0, 1, 3, 4, 5])), 8, 1) if settled else None,
    }


def _fill(office: Office, chance: Random) -> None:
    """A ledger in some state: most people simple cases, some with letters, absences and odd addresses."""
    with office.post.sessions.begin() as session:
        paused = Plan(slug="paused", name="Paused", created_at=NOW)
        paused.reminders_paused_until = TODAY + timedelta(days=chance.choice([-1, 0, 5]))
        other = Plan(slug="other", name="Other", created_at=NOW)
        session.add_all([paused, other])
        session.flush()
        plans = [office.plan_id, office.plan_id, office.plan_id, other.id, paused.id]
        people: dict[int, int | None] = {}
        for number in range(8):
            somebody = _somebody(session, chance, number)
            letters = [_letter(session, chance, somebody, n) for n in range(chance.choice([0, 0, 0, 1, 2]))]
            people[somebody] = letters[0] if letters else None
        odd = chance.choice(ADDRESSES)
        session.execute(update(Person).where(Person.id == chance.choice(list(people))).values(email=odd))
        rows: dict[tuple[Any, ...], dict[str, Any]] = {}
        for _ in range(chance.choice([40, 80, 160])):
            row = _item(chance, people, plans)
            rows[tuple(row[name] for name in KEY)] = row
        session.execute(insert(ReminderItem), list(rows.values()))


KEY = ("obligation_kind", "obligation_id", "step", "deadline_on", "person_id")


def _tables(office: Office) -> tuple[list[Any], list[Any]]:
    """Every column of every item, with the key of its letter for its number; and of every letter."""
    items, mail = ReminderItem.__table__, Mail.__table__
    of_items = [column for column in items.columns if column.name != "mail_id"]
    of_mail = [column for column in mail.columns if column.name != "id"]
    with office.post.sessions() as session:
        held = items.outerjoin(mail, mail.c.id == items.c.mail_id)
        ledger = session.execute(select(*of_items, mail.c.dedupe_key).select_from(held).order_by(items.c.id))
        letters = session.execute(select(*of_mail).order_by(mail.c.dedupe_key))
        return [tuple(row) for row in ledger], [tuple(row) for row in letters]


def _assembled(office: Office, assembling: Assembling, now: datetime) -> tuple[list[Any], list[Any]]:
    for when in (now, now + timedelta(minutes=5)):
        after: int | None = 0
        while after is not None:
            with office.post.sessions.begin() as session:
                after = assembling(session, now=when, after=after)
    return _tables(office)


@pytest.mark.parametrize("seed", range(20))
def test_all_at_once_leaves_the_ledger_and_the_letters_that_one_by_one_leaves(
    office: Office, seed: int
) -> None:
    _fill(office, Random(seed))
    before, now = back_up(office.post.engine), at(TODAY, 9, 15)
    one_by_one = _assembled(office, assemble_one_by_one, now)
    restore(office.post.engine, before)
    assert _assembled(office, assemble, now) == one_by_one


def _simple(office: Office, number: int) -> None:
    """So many people, each with a late status and its steps of ten days, of which one goes."""
    with office.post.sessions.begin() as session:
        people = [person(session, f"many{number}.{one}@example.com").id for one in range(number)]
        rows = [
            {
                "obligation_kind": ObligationKind.status_due,
                "obligation_id": somebody,
                "step": step,
                "deadline_on": TODAY - timedelta(days=3),
                "person_id": somebody,
                "plan_id": office.plan_id,
                "due_on": due_on,
                "due_at": due_at(due_on, clock.ZONE),
                "urgency": urgency,
                "title": "Mentorer til unge",
                "path": "/updates/1",
            }
            for somebody in people
            for step, due_on, urgency in (
                ("t-7", TODAY - timedelta(days=10), 40),
                ("t-1", TODAY - timedelta(days=4), 50),
                ("overdue-3", TODAY, 60),
            )
        ]
        session.execute(insert(ReminderItem), rows)


def test_many_simple_cases_take_no_more_statements_than_a_few(office: Office) -> None:
    said: list[str] = []
    event.listen(office.post.engine, "before_cursor_execute", lambda *heard: said.append(heard[2]))
    numbers = []
    for people in (3, 70):
        _simple(office, people)
        said.clear()
        with office.post.sessions.begin() as session:
            assert assemble(session, now=at(TODAY)) is None
        numbers.append(len(said))
    assert numbers[0] == numbers[1] < 12
    assert not [sql for sql in said if sql.startswith("UPDATE") and "FROM going_now" not in sql]
    with office.post.sessions() as session:
        states = select(ReminderItem.step, ReminderItem.state, func.count())
        found = session.execute(states.group_by(ReminderItem.step, ReminderItem.state)).all()
        assert session.scalar(select(func.count(Mail.id))) == 73
    assert {tuple(row) for row in found} == {
        ("t-7", ItemState.superseded, 73),
        ("t-1", ItemState.superseded, 73),
        ("overdue-3", ItemState.assigned, 73),
    }


def test_two_clocks_at_once_lay_one_letter_a_person(office: Office) -> None:
    _simple(office, 40)
    start = Barrier(4)

    def tick() -> None:
        start.wait()
        with office.post.sessions.begin() as session:
            assemble(session, now=at(TODAY))

    with ThreadPoolExecutor(4) as clocks:
        for clock_that_ticks in [clocks.submit(tick) for _ in range(4)]:
            clock_that_ticks.result()
    with office.post.sessions() as session:
        letters = session.scalars(select(Mail.person_id)).all()
        enclosed = select(func.count()).where(ReminderItem.state == ItemState.assigned)
        assert len(letters) == len(set(letters)) == session.scalar(enclosed) == 40


def test_what_dies_before_it_is_committed_is_laid_down_by_the_next(office: Office) -> None:
    _simple(office, 5)
    before = _tables(office)
    with office.post.sessions() as session:
        assemble(session, now=at(TODAY))
        session.rollback()
    assert _tables(office) == before
    with office.post.sessions.begin() as session:
        assemble(session, now=at(TODAY))
    assert len(_tables(office)[1]) == 5


@pytest.mark.parametrize("seed", range(3))
def test_many_people_are_taken_in_turns(office: Office, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    _fill(office, Random(seed))
    before, now = back_up(office.post.engine), at(TODAY, 9, 15)
    at_once = _assembled(office, assemble, now)
    restore(office.post.engine, before)
    monkeypatch.setattr(due, "PERSONS_AT_ONCE", 2)
    monkeypatch.setattr(due, "PERSONS_A_TRANSACTION", 1)
    monkeypatch.setattr(assembler, "PERSONS_A_TRANSACTION", 1)
    assert _assembled(office, assemble, now) == at_once
