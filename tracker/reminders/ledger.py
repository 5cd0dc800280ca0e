"""The ledger of a person or an initiative, a page at a time: what was planned, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session, aliased

from tracker.accounts.models import Person
from tracker.domain.reminders import ObligationKind
from tracker.mail.models import Mail, MailState
from tracker.reminders.models import ItemState, ReminderItem

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One reminder. `reason` is a `Reason` or what the mail server said; `replaced_by` the other's step.

    `mail_id` and `mail_state` are those of its letter, when that is a letter of the same plan.
    """

    id: int
    kind: ObligationKind
    step: str
    title: str
    deadline_on: date
    due_on: date
    person_id: int
    person: str
    state: ItemState
    reason: str
    settled_at: datetime | None
    replaced_by: str | None
    mail_id: int | None
    mail_state: MailState | None


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """At most `A_PAGE` reminders, the latest due first; `older` asks for the next page, None on the last."""

    lines: Sequence[LedgerLine]
    older: tuple[date, int] | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of a ledger of one plan: what is planned for after `today`, or everything else.

    Without a plan it is of every plan. `before` names the line at which the last page ended, by day and id.
    """

    plan_id: int | None
    today: date
    planned: bool = False
    before: tuple[date, int] | None = None


def of_person(session: Session, person_id: int, asked: Asked) -> LedgerPage:
    """A person's reminders."""
    return _page(session, ReminderItem.person_id == person_id, asked)


def of_obligations(
    session: Session, obligations: Iterable[tuple[ObligationKind, int]], asked: Asked
) -> LedgerPage:
    """The reminders of these obligations, named by kind and id."""
    ids: dict[ObligationKind, list[int]] = {}
    for kind, id_ in obligations:
        ids.setdefault(kind, []).append(id_)
    return of_those(session, ids, asked)


def of_those(
    session: Session, ids: Mapping[ObligationKind, Sequence[int] | Select[int]], asked: Asked
) -> LedgerPage:
    """The reminders of these obligations, named for each kind by their ids or by the statement of these."""
    theirs = [
        and_(ReminderItem.obligation_kind == kind, ReminderItem.obligation_id.in_(some))
        for kind, some in ids.items()
    ]
    return _page(session, or_(false(), *theirs), asked)


def _page(session: Session, which: ColumnElement[bool], asked: Asked) -> LedgerPage:
    planned = and_(ReminderItem.state == ItemState.planned, ReminderItem.due_on > asked.today)
    winner = aliased(ReminderItem)
    found = (
        select(
            ReminderItem.id,
            ReminderItem.obligation_kind,
            ReminderItem.step,
            ReminderItem.title,
            ReminderItem.deadline_on,
            ReminderItem.due_on,
            ReminderItem.person_id,
            Person.name,
            ReminderItem.state,
            ReminderItem.reason,
            ReminderItem.settled_at,
            winner.step,
            Mail.id,
            Mail.state,
        )
        .join(Person, Person.id == ReminderItem.person_id)
        .outerjoin(winner, winner.id == ReminderItem.superseded_by_id)
        .outerjoin(Mail, and_(Mail.id == ReminderItem.mail_id, Mail.plan_id == ReminderItem.plan_id))
        .where(which, planned if asked.planned else ~planned)
        .order_by(ReminderItem.due_on.desc(), ReminderItem.id.desc())
        .limit(A_PAGE + 1)
    )
    if asked.plan_id is not None:
        found = found.where(ReminderItem.plan_id == asked.plan_id)
    if asked.before is not None:
        day, id_ = asked.before
        earlier = and_(ReminderItem.due_on == day, ReminderItem.id < id_)
        found = found.where(or_(ReminderItem.due_on < day, earlier))
    rows: Iterable[Sequence[Any]] = session.execute(found)
    lines = [LedgerLine(*row) for row in rows]
    shown = lines[:A_PAGE]
    return LedgerPage(shown, (shown[-1].due_on, shown[-1].id) if len(lines) > A_PAGE else None)
