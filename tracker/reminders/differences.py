"""A kept forecast held against the ledger: what came as foreseen, and for each difference one reason.

What happened is read first (`happened.read`); the judgement is a function of that. Of several things that
happened to one reminder, the one with which the ledger ended is the reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker import clock
from tracker.domain.reminders import Obligation, ObligationKind
from tracker.reminders.causes import Cause, Verdict, why_otherwise, why_unforeseen
from tracker.reminders.happened import Happened, Item, read
from tracker.reminders.models import ItemState, SavedForecast
from tracker.reminders.queries import Key
from tracker.reminders.saved import Entry, entries_of


@dataclass(frozen=True, slots=True)
class Difference:
    """One reminder that did not go as foreseen: not sent, sent on another day, or sent and not foreseen.

    `foreseen_on` is None for what nobody foresaw, `sent_on` for what was not sent. `detail` is the new
    deadline (an ISO date) for `deadline_moved`, what the mail server said where it said something, else "".
    """

    cause: Cause
    person_id: int
    kind: ObligationKind
    obligation_id: int
    step: str
    deadline_on: date
    title: str
    foreseen_on: date | None
    sent_on: date | None
    detail: str = ""

    @property
    def key(self) -> Key:
        return (self.kind, self.obligation_id, self.step, self.deadline_on, self.person_id)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Each entry of the forecast is in one of the three; each reminder sent in its window is in one of the
    first two. `until` is the last day that was looked at.
    """

    as_foreseen: tuple[Entry, ...]
    differences: tuple[Difference, ...]
    to_come: tuple[Entry, ...]
    until: date


def compare(
    session: Session, saved: SavedForecast, *, obligations: Iterable[Obligation], now: datetime
) -> Comparison:
    """Hold a kept forecast against the ledger up to today. `obligations` are those open in its plan."""
    entries = entries_of(saved)
    happened = read(session, saved, entries, obligations=obligations, now=now)
    return judge(entries, happened, today=clock.local_date(now), until=saved.until_on)


def judge(entries: Sequence[Entry], happened: Happened, *, today: date, until: date) -> Comparison:
    """The comparison, from values alone."""
    as_foreseen: list[Entry] = []
    to_come: list[Entry] = []
    differences: list[Difference] = []
    for entry in entries:
        item = happened.items.get(entry.key)
        sent_on = item.settled_on if item is not None and item.state is ItemState.sent else None
        if sent_on == entry.day:
            as_foreseen.append(entry)
        elif sent_on is None and _may_still_go(entry, item, happened, today):
            to_come.append(entry)
        else:
            verdict = why_otherwise(entry, item, happened, today)
            differences.append(_of_entry(entry, verdict, sent_on))
    known = {entry.key for entry in entries}
    by_task: dict[tuple[ObligationKind, int], list[Entry]] = defaultdict(list)
    for entry in entries:
        by_task[entry.kind, entry.obligation_id].append(entry)
    for item in happened.sent_since:
        if item.key not in known:
            foreseen = by_task.get((item.key[0], item.key[1]), [])
            differences.append(_of_item(item, why_unforeseen(item, foreseen, happened)))
    differences.sort(key=lambda one: (one.foreseen_on or one.sent_on or today, one.person_id, one.title))
    return Comparison(tuple(as_foreseen), tuple(differences), tuple(to_come), min(today, until))


def _may_still_go(entry: Entry, item: Item | None, happened: Happened, today: date) -> bool:
    """Whether it is too early to say: its day has not come, or is today and it may yet leave."""
    if entry.day > today:
        return True
    if entry.day < today:
        return False
    if item is None:
        return entry.key in happened.wanted
    return item.state in {ItemState.planned, ItemState.assigned}


def _of_entry(entry: Entry, verdict: Verdict, sent_on: date | None) -> Difference:
    return Difference(
        cause=verdict[0],
        person_id=entry.person_id,
        kind=entry.kind,
        obligation_id=entry.obligation_id,
        step=entry.step,
        deadline_on=entry.deadline_on,
        title=entry.title,
        foreseen_on=entry.day,
        sent_on=sent_on,
        detail=verdict[1],
    )


def _of_item(item: Item, verdict: Verdict) -> Difference:
    kind, obligation_id, step, deadline_on, person_id = item.key
    return Difference(
        cause=verdict[0],
        person_id=person_id,
        kind=kind,
        obligation_id=obligation_id,
        step=step,
        deadline_on=deadline_on,
        title=item.title,
        foreseen_on=None,
        sent_on=item.settled_on,
        detail=verdict[1],
    )
