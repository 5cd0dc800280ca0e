"""Reads of reminders: what will go to whom, when and why; and what became of what went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.models import Person
from tracker.domain.calendar import WorkingCalendar
from tracker.domain.reminders import Obligation, ObligationKind, desired
from tracker.mail.models import Mail, MailState
from tracker.plans.models import Plan
from tracker.reminders.actions import row_of
from tracker.reminders.calendars import Calendars
from tracker.reminders.ladders import Ladders
from tracker.reminders.models import ItemState, ReminderItem
from tracker.reminders.resting import day_after

CHUNK = 500
SETTLED = (
    ItemState.sent,
    ItemState.superseded,
    ItemState.undeliverable,
    ItemState.waiting,
)

Key = tuple[ObligationKind, int, str, date, int]


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One item of the ledger. `reason` is a `Reason` or what the mail server said.

    `superseded_by` is the step that replaced it. `mail_state` and `subject` are those of its letter.
    """

    id: int
    obligation_kind: ObligationKind
    obligation_id: int
    step: str
    title: str
    path: str
    deadline_on: date
    due_on: date
    plan_id: int
    person_id: int
    person: str
    state: ItemState
    reason: str
    settled_at: datetime | None
    mail_id: int | None
    mail_state: MailState | None
    subject: str | None


def ledger_of(
    session: Session, *, person_id: int, plan_ids: Iterable[int] | None = None, limit: int = 200
) -> list[LedgerRow]:
    """A person's reminders, the latest due first; of these plans only, when given."""
    which: ColumnElement[bool] = ReminderItem.person_id == person_id
    if plan_ids is not None:
        which = and_(which, ReminderItem.plan_id.in_(list(plan_ids)))
    return _ledger(session, which, limit)


def ledger_of_obligations(
    session: Session, obligations: Iterable[tuple[ObligationKind, int]], *, limit: int = 500
) -> list[LedgerRow]:
    """What was planned and sent for these obligations, named by kind and id; the latest due first."""
    ids: dict[ObligationKind, list[int]] = defaultdict(list)
    for kind, id_ in obligations:
        ids[kind].append(id_)
    if not ids:
        return []
    return _ledger(session, or_(*(_of(kind, some) for kind, some in ids.items())), limit)


def _of(kind: ObligationKind, ids: Sequence[int]) -> ColumnElement[bool]:
    return and_(ReminderItem.obligation_kind == kind, ReminderItem.obligation_id.in_(ids))


def _ledger(session: Session, which: ColumnElement[bool], limit: int) -> list[LedgerRow]:
    found = (
        select(
            ReminderItem.id,
            ReminderItem.obligation_kind,
            ReminderItem.obligation_id,
            ReminderItem.step,
            ReminderItem.title,
            ReminderItem.path,
            ReminderItem.deadline_on,
            ReminderItem.due_on,
            ReminderItem.plan_id,
            ReminderItem.person_id,
            Person.name,
            ReminderItem.state,
            ReminderItem.reason,
            ReminderItem.settled_at,
            ReminderItem.mail_id,
            Mail.state,
            Mail.subject,
        )
        .join(Person, Person.id == ReminderItem.person_id)
        .outerjoin(Mail, Mail.id == ReminderItem.mail_id)
        .where(which)
        .order_by(ReminderItem.due_on.desc(), ReminderItem.id.desc())
        .limit(limit)
    )
    rows: Iterable[Sequence[Any]] = session.execute(found)
    return [LedgerRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Owed:
    """One reminder that is still to go: the ledger's row as it would be, and the day it can leave."""

    values: dict[str, Any]
    leaves_on: date

    def __getattr__(self, name: str) -> Any:
        try:
            return self.values[name]
        except KeyError:
            raise AttributeError(name) from None


@dataclass(frozen=True, slots=True)
class Recipient:
    id: int
    name: str
    email: str
    language: str
    absent_from: date | None
    absent_until: date | None
    undeliverable_at: datetime | None = None

    def first_day_from(self, day: date, calendar: WorkingCalendar) -> date:
        """`day`, or the first working day after an absence that covers it; never while letters come back."""
        if self.undeliverable_at is not None:
            return date.max
        if self.absent_from is None or self.absent_from > day:
            return day
        if self.absent_until is None:
            return date.max
        return day_after(self.absent_until, day, calendar)


def still_owed(
    session: Session,
    obligations: Iterable[Obligation],
    *,
    now: datetime,
    until: date,
    ladders: Ladders | None = None,
) -> dict[int, list[Owed]]:
    """By person, what the rules call for up to `until` and the ledger does not hold as settled.

    `ladders` are those to go by, when a preview asks what a change would do; else the plans' own.
    """
    today = clock.local_date(now)
    calendars = Calendars(session, today)
    ladders = ladders or Ladders(session)
    rows: dict[Key, dict[str, Any]] = {}
    for obligation in obligations:
        calendar = calendars.of(obligation.plan_id)
        ladder = ladders.of(obligation.plan_id)
        for reminder in desired(obligation, calendar=calendar, until=until, ladder=ladder):
            if reminder.due_on <= until:
                rows[reminder.key] = row_of(obligation, reminder) | {"reminder": reminder}
    for key in _settled_keys(session, rows):
        rows.pop(key, None)
    for key in _overtaken_keys(session, rows):
        del rows[key]
    paused = _paused_until(session)
    owed: dict[int, list[Owed]] = defaultdict(list)
    for row in rows.values():
        leaves_on = max(row["due_on"], today)
        end = paused.get(row["plan_id"])
        if end is not None:
            leaves_on = day_after(end, leaves_on, calendars.of(row["plan_id"]))
        owed[row["person_id"]].append(Owed(row, leaves_on))
    return owed


def _settled_keys(session: Session, rows: dict[Key, dict[str, Any]]) -> Iterable[Key]:
    for which in _touched(rows):
        yield from session.execute(select(*_KEY).where(which, ReminderItem.state.in_(SETTLED)))


def _overtaken_keys(session: Session, rows: dict[Key, dict[str, Any]]) -> list[Key]:
    """What came to be called for only after a later step, for the same date and person, was sent."""
    latest: dict[tuple[ObligationKind, int, date, int], date] = {}
    for which in _touched(rows):
        found = select(*_KEY, ReminderItem.due_on).where(which, ReminderItem.state == ItemState.sent)
        for kind, id_, _step, deadline_on, person_id, due_on in session.execute(found):
            key = (kind, id_, deadline_on, person_id)
            latest[key] = max(due_on, latest.get(key, due_on))
    return [key for key, row in rows.items() if row["due_on"] <= latest.get((*key[:2], *key[3:]), date.min)]


_KEY = (
    ReminderItem.obligation_kind,
    ReminderItem.obligation_id,
    ReminderItem.step,
    ReminderItem.deadline_on,
    ReminderItem.person_id,
)


def _touched(rows: Iterable[Key]) -> Iterator[ColumnElement[bool]]:
    """The ledger's rows of these obligations, in parts that a statement can name."""
    ids: dict[ObligationKind, set[int]] = defaultdict(set)
    for kind, id_, *_ in rows:
        ids[kind].add(id_)
    for kind, every in ids.items():
        wanted = sorted(every)
        for start in range(0, len(wanted), CHUNK):
            yield _of(kind, wanted[start : start + CHUNK])


def _paused_until(session: Session) -> dict[int, date]:
    found = select(Plan.id, Plan.reminders_paused_until).where(Plan.reminders_paused_until.is_not(None))
    return dict(session.execute(found).all())  # type: ignore[arg-type] # not None


def recipients(session: Session, person_ids: Iterable[int]) -> list[Recipient]:
    """Those of these people who can get letters, by name."""
    columns = (
        Person.id,
        Person.name,
        Person.email,
        Person.language,
        Person.absent_from,
        Person.absent_until,
        Person.undeliverable_at,
    )
    wanted = sorted(person_ids)
    found: list[tuple[str, Recipient]] = []
    for start in range(0, len(wanted), CHUNK):
        which = Person.id.in_(wanted[start : start + CHUNK])
        rows: Iterable[Sequence[Any]] = session.execute(
            select(Person.name_sort, *columns).where(which, Person.active)
        )
        found.extend((name_sort, Recipient(*values)) for name_sort, *values in rows)
    return [recipient for _, recipient in sorted(found, key=lambda pair: pair[0])]
