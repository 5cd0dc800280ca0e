"""What is due, and to whom, as the assembler reads it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, and_, func, literal, or_, select, text
from sqlalchemy.orm import Session, aliased

from tracker.accounts.models import Person
from tracker.domain.reminders import Reminder
from tracker.plans.models import Plan
from tracker.reminders.models import ItemState, ReminderItem

PERSONS_A_TRANSACTION = 500
PERSONS_AT_ONCE = 50_000  # so that a web request waits two seconds at most, when they are very many
EVERYBODY = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Item:
    """One row of the ledger as the assembler sees it; `reminder` is its value for the rules."""

    id: int
    state: ItemState
    mail_id: int | None
    plan_id: int
    reminder: Reminder


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who is there to be written to."""

    id: int
    email: str


def people_with_something_due(
    session: Session, now: datetime, today: date, after: int, upto: int = EVERYBODY
) -> list[Recipient]:
    """Up to 500 people in order of their id, from the one after `after` up to `upto`.

    None of them is away or has letters that come back, and what is due belongs to a plan that does not pause.
    """
    waits = _waits(now)
    found = (
        select(Person.id, Person.email)
        .join(waits, waits.c.person_id == Person.id)
        .join(Plan, Plan.id == waits.c.plan_id)
        .where(Person.id > after, Person.id <= upto, can_be_written_to(today), not_paused(today))
        .distinct()
        .order_by(Person.id)
        .limit(PERSONS_A_TRANSACTION)
    )
    return [Recipient(*row) for row in session.execute(found)]


def last_of_many(session: Session, now: datetime, after: int) -> int | None:
    """The id of the 50,000th person after `after` to whom something is due; EVERYBODY when they are fewer.

    None when nothing is due to anybody.
    """
    some = select(literal(1)).where(*_planned(now)).limit(PERSONS_AT_ONCE).subquery()
    number = session.scalar(select(func.count()).select_from(some)) or 0
    if number < PERSONS_AT_ONCE:
        return EVERYBODY if number else None
    person_id = _waits(now).c.person_id
    found = select(person_id).where(person_id > after).distinct().order_by(person_id)
    last = session.scalar(found.offset(PERSONS_AT_ONCE - 1).limit(1))
    return EVERYBODY if last is None else last


def _waits(now: datetime) -> CTE:
    return due_items(now, ReminderItem.person_id, ReminderItem.plan_id)


def due_items(now: Any, *columns: Any) -> CTE:
    """These columns of what is due at `now`, an instant or a parameter, and in no letter.

    Read before anything is joined: neither database knows how few of a long ledger's items those are.
    """
    found = select(*columns).where(*_planned(now), ReminderItem.enclosed_at.is_(None))
    return found.cte("due_items").prefix_with("MATERIALIZED")


def _planned(now: Any) -> tuple[Any, ...]:
    """What is planned and due, with the words of the partial index, or SQLite does not use it."""
    return text("reminder_item.state = 'planned'"), ReminderItem.due_at <= now


def can_be_written_to(today: Any) -> ColumnElement[bool]:
    """Whether a person is there on `today`, a date or a parameter, and gets letters."""
    away = and_(
        Person.absent_from.is_not(None),
        Person.absent_from <= today,
        or_(Person.absent_until.is_(None), Person.absent_until >= today),
    )
    return and_(Person.active, Person.undeliverable_at.is_(None), ~away)


def not_paused(today: Any) -> ColumnElement[bool]:
    """Whether a plan reminds on `today`."""
    return or_(Plan.reminders_paused_until.is_(None), Plan.reminders_paused_until < today)


COLUMNS = (
    ReminderItem.id,
    ReminderItem.state,
    ReminderItem.mail_id,
    ReminderItem.plan_id,
    ReminderItem.obligation_kind,
    ReminderItem.obligation_id,
    ReminderItem.step,
    ReminderItem.deadline_on,
    ReminderItem.person_id,
    ReminderItem.due_on,
    ReminderItem.urgency,
)


def item_of(values: Sequence[Any]) -> Item:
    """The value of a row of COLUMNS."""
    return Item(values[0], values[1], values[2], values[3], Reminder(*values[4:11]))


def open_items(session: Session, now: datetime, today: date, person_ids: Sequence[int]) -> Iterable[Item]:
    """What of theirs is due and has not left: planned, or in a letter that waits."""
    found = (
        select(*COLUMNS)
        .join(Plan, Plan.id == ReminderItem.plan_id)
        .where(
            ReminderItem.person_id.in_(person_ids),
            ReminderItem.due_at <= now,
            ReminderItem.enclosed_at.is_(None),
            or_(
                ReminderItem.state == ItemState.assigned,
                (ReminderItem.state == ItemState.planned) & not_paused(today),
            ),
        )
        .order_by(ReminderItem.id)
    )
    return [item_of(row) for row in session.execute(found)]


def overtaken(session: Session, now: datetime, person_ids: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Due items for which a later step, for the same date and person, was sent already; each with that."""
    sent = aliased(ReminderItem)
    found = (
        select(ReminderItem.id, func.max(sent.id))
        .join(
            sent,
            (sent.obligation_kind == ReminderItem.obligation_kind)
            & (sent.obligation_id == ReminderItem.obligation_id)
            & (sent.deadline_on == ReminderItem.deadline_on)
            & (sent.person_id == ReminderItem.person_id)
            & (sent.due_on >= ReminderItem.due_on),
        )
        .where(
            ReminderItem.person_id.in_(person_ids),
            ReminderItem.due_at <= now,
            ReminderItem.state == ItemState.planned,
            sent.state == ItemState.sent,
        )
        .group_by(ReminderItem.id)
    )
    return [(id_, later) for id_, later in session.execute(found)]


def same_step(reminder: Reminder, sent: list[tuple[Reminder, date, int]]) -> int | None:
    """The id of the same step of the same obligation among what was sent."""
    for other, _, id_ in sent:
        if (other.obligation_kind, other.obligation_id, other.step) == (
            reminder.obligation_kind,
            reminder.obligation_id,
            reminder.step,
        ):
            return id_
    return None
