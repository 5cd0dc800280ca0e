"""What moving a deadline would do to its reminders, before it is moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.queries import names_of
from tracker.deadlines.models import Deadline, DeadlineKind
from tracker.deadlines.queries import open_obligations as open_deadlines
from tracker.domain.reminders import Obligation, ObligationKind, Reminder, condense
from tracker.reminders.ladders import Ladders
from tracker.reminders.queries import Owed, still_owed
from tracker.rounds.models import StatusUpdate
from tracker.rounds.obligations import open_obligations as open_updates

FIRST_OVERDUE = timedelta(days=14)
OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Change:
    """One step to one person: the day on which it goes now and afterwards, None where it does not."""

    name: str
    step: str
    before: date | None
    after: date | None


def reminders_to_come(session: Session, deadline: Deadline, *, now: datetime) -> list[Change]:
    """The reminders of a deadline as it stands, by day; `before` and `after` are the same."""
    return _compared(session, deadline, (deadline.first_on, deadline.last_on), now=now)


def reminders_changed(
    session: Session, deadline: Deadline, *, first_on: date, last_on: date, now: datetime
) -> list[Change]:
    """What becomes of the reminders of a deadline when it is moved, by day; those that stay are in it."""
    return _compared(session, deadline, (first_on, last_on), now=now)


def _compared(session: Session, deadline: Deadline, to: tuple[date, date], *, now: datetime) -> list[Change]:
    today = clock.local_date(now)
    standing = _obligations(session, deadline, today=today)
    moved = [replace(one, first=one.first and to[0], last=to[1]) for one in standing]
    until = max(today, deadline.last_on, to[1]) + FIRST_OVERDUE
    ladders = Ladders(session)
    before = _to_come(still_owed(session, standing, now=now, until=until, ladders=ladders), today=today)
    after = before
    if moved != standing:
        after = _to_come(still_owed(session, moved, now=now, until=until, ladders=ladders), today=today)
    names = names_of(session, {person_id for person_id, _ in (*before, *after)})
    changes = [
        Change(names.get(key[0], ""), key[1], before.get(key), after.get(key)) for key in before | after
    ]
    return sorted(changes, key=lambda one: (one.after or one.before or today, one.name, one.step))


def _obligations(session: Session, deadline: Deadline, *, today: date) -> Sequence[Obligation]:
    if deadline.kind is not DeadlineKind.status_due:
        return [one for one in open_deadlines(session, today=today, ids=[deadline.id]) if not one.settled]
    updates = list(session.scalars(select(StatusUpdate.id).where(StatusUpdate.deadline_id == deadline.id)))
    return [
        one
        for one in open_updates(session, today=today, ids=updates)
        # A text that waits to be read is counted from the day on which it came, not from the deadline.
        if not one.settled and one.kind is not ObligationKind.review
    ]


def _to_come(owed: Mapping[int, Sequence[Owed]], *, today: date) -> dict[tuple[int, str], date]:
    """The day of each step that is still to come. Of those that are past, the most urgent goes today;
    of those that repeat while it is overdue, the first stands for all.
    """
    called_for: list[Reminder] = [one.reminder for some in owed.values() for one in some]
    coming = [(one, today) for one in condense(called_for, today=today).send]
    coming += [(one, one.due_on) for one in called_for if one.due_on > today]
    days: dict[tuple[int, str], date] = {}
    for one, day in coming:
        key = (one.person_id, OVERDUE if one.step.startswith(OVERDUE) else one.step)
        days[key] = min(day, days.get(key, day))
    return days
