"""What happened since a forecast was kept, as far as a difference can follow from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.models import Person
from tracker.audit.models import JournalEntry
from tracker.domain.reminders import Obligation, ObligationKind
from tracker.mail.models import AttemptNote, Installation, Mail, MailAttempt, MailState
from tracker.plans.models import Plan
from tracker.reminders.models import ItemState, ReminderItem, SavedForecast
from tracker.reminders.queries import Key, still_owed
from tracker.reminders.saved import Entry

Task = tuple[ObligationKind, int]


@dataclass(frozen=True, slots=True)
class Item:
    """One row of the ledger with its letter. `settled_on` is the local day on which it came to rest.

    `written_on` is the local day of its letter, `said` what the mail server said last, and `decided` says
    that a person decided about the letter.
    """

    key: Key
    state: ItemState
    reason: str
    title: str
    due_on: date
    settled_on: date | None
    written_on: date | None
    mail_state: MailState | None
    attempts: int
    said: str
    decided: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """One entry of the journal since the forecast."""

    fact: str
    on: date
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person as they are now."""

    active: bool
    absent_from: date | None
    absent_until: date | None
    came_back: bool

    def is_absent(self, day: date) -> bool:
        if self.absent_from is None or day < self.absent_from:
            return False
        return self.absent_until is None or day <= self.absent_until


@dataclass(frozen=True, slots=True)
class Happened:
    """Everything that the judgement of a forecast goes by.

    `items` are the plan's rows that were open when it was made or came after; `open` what is still owed, by
    kind and id; `wanted` the reminders that the present rules call for and that are not settled.
    """

    made_on: date
    items: Mapping[Key, Item]
    sent_since: Sequence[Item]
    open: Mapping[Task, Obligation]
    wanted: frozenset[Key]
    people: Mapping[int, Somebody]
    paused_until: date | None
    held: bool
    facts: Mapping[tuple[str, int], Sequence[Fact]]

    def some(self, object_kind: str, object_id: int, word: str) -> list[Fact]:
        """The facts about one object that have this word in their name."""
        return [one for one in self.facts.get((object_kind, object_id), ()) if word in one.fact]

    def any_of(self, object_kind: str, word: str) -> list[Fact]:
        """The same about every object of a kind."""
        return [
            one
            for (kind, _), some in self.facts.items()
            if kind == object_kind
            for one in some
            if word in one.fact
        ]


def read(
    session: Session,
    saved: SavedForecast,
    entries: Sequence[Entry],
    *,
    obligations: Iterable[Obligation],
    now: datetime,
) -> Happened:
    """What happened to the plan of a kept forecast until `now`; `obligations` are those open in it."""
    still_open = [one for one in obligations if one.plan_id == saved.plan_id]
    items, sent = _items(session, saved)
    people = {entry.person_id for entry in entries} | {key[4] for key in items}
    last = max([saved.until_on, *(entry.day for entry in entries)])
    owed = still_owed(session, still_open, now=now, until=last)
    paused_until = session.scalar(select(Plan.reminders_paused_until).where(Plan.id == saved.plan_id))
    return Happened(
        made_on=clock.local_date(saved.made_at),
        items=items,
        sent_since=sent,
        open={(one.kind, one.id): one for one in still_open},
        wanted=frozenset(row.reminder.key for rows in owed.values() for row in rows),
        people=_people(session, people),
        paused_until=paused_until,
        held=bool(session.scalar(select(Installation.queue_held).limit(1))),
        facts=_facts(session, saved),
    )


def _items(session: Session, saved: SavedForecast) -> tuple[dict[Key, Item], list[Item]]:
    """The rows that were not settled when the forecast was made; and those of them sent in its window."""
    human = exists().where(MailAttempt.mail_id == Mail.id, MailAttempt.note == AttemptNote.human)
    row = ReminderItem
    found = (
        select(
            row.obligation_kind,
            row.obligation_id,
            row.step,
            row.deadline_on,
            row.person_id,
            row.state,
            row.reason,
            row.title,
            row.due_on,
            row.settled_at,
            Mail.created_at,
            Mail.state,
            Mail.attempts,
            Mail.last_error,
            human,
        )
        .outerjoin(Mail, Mail.id == row.mail_id)
        .where(row.plan_id == saved.plan_id, or_(row.settled_at.is_(None), row.settled_at >= saved.made_at))
        .order_by(row.id)
    )
    items: dict[Key, Item] = {}
    sent: list[Item] = []
    for values in session.execute(found):
        key: Key = (values[0], values[1], values[2], values[3], values[4])
        settled_at, written_at = values[9], values[10]
        item = Item(
            key=key,
            state=values[5],
            reason=values[6],
            title=values[7],
            due_on=values[8],
            settled_on=clock.local_date(settled_at) if settled_at else None,
            written_on=clock.local_date(written_at) if written_at else None,
            mail_state=values[11],
            attempts=values[12] or 0,
            said=values[13] or "",
            decided=bool(values[14]),
        )
        items[key] = item
        in_time = item.settled_on is not None and item.settled_on <= saved.until_on
        if item.state is ItemState.sent and in_time and settled_at != saved.made_at:
            sent.append(item)
    return items, sent


def _people(session: Session, ids: set[int]) -> dict[int, Somebody]:
    wanted, found = sorted(ids), {}
    columns = (Person.id, Person.active, Person.absent_from, Person.absent_until, Person.undeliverable_at)
    for start in range(0, len(wanted), 500):
        for id_, active, from_, until, returned_at in session.execute(
            select(*columns).where(Person.id.in_(wanted[start : start + 500]))
        ):
            found[id_] = Somebody(active, from_, until, returned_at is not None)
    return found


def _facts(session: Session, saved: SavedForecast) -> dict[tuple[str, int], list[Fact]]:
    found = (
        select(
            JournalEntry.object_kind,
            JournalEntry.object_id,
            JournalEntry.fact,
            JournalEntry.at,
            JournalEntry.details,
        )
        .where(
            JournalEntry.at >= saved.made_at,
            or_(
                JournalEntry.plan_id == saved.plan_id,
                and_(
                    JournalEntry.plan_id.is_(None), JournalEntry.object_kind.in_(("person", "installation"))
                ),
            ),
        )
        .order_by(JournalEntry.id)
    )
    facts: dict[tuple[str, int], list[Fact]] = defaultdict(list)
    for kind, id_, fact, at, details in session.execute(found):
        facts[kind, id_].append(Fact(fact, clock.local_date(at), details or {}))
    return facts
