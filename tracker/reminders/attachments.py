"""The file that goes with a letter of reminders: its deadlines, to be put into a calendar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, Select, column, func, select, table
from sqlalchemy.orm import Session

from tracker import clock
from tracker.database import UtcDateTime
from tracker.domain.reminders import ObligationKind
from tracker.mail.letters import Attachment, LetterContext
from tracker.reminders.calendar_files import OF_UPDATES, Entry, attachment_for
from tracker.reminders.models import ReminderItem

# Deadlines and rounds stand above reminders; of both, a letter needs only how often and when a date changed.
_deadline = table(
    "deadline",
    column("id", Integer),
    column("version", Integer),
    column("created_at", UtcDateTime),
    column("settled_at", UtcDateTime),
)
_move = table("deadline_move", column("deadline_id", Integer), column("moved_at", UtcDateTime))
_update = table("status_update", column("id", Integer), column("deadline_id", Integer))
_moved_at = select(func.max(_move.c.moved_at)).where(_move.c.deadline_id == _deadline.c.id).scalar_subquery()
_REVISIONS = (_deadline.c.version, _deadline.c.created_at, _deadline.c.settled_at, _moved_at)
_OF_DEADLINES = select(_deadline.c.id, *_REVISIONS)
_OF_STATUSES = select(_update.c.id, *_REVISIONS).join_from(
    _update, _deadline, _deadline.c.id == _update.c.deadline_id
)


@dataclass(frozen=True, slots=True)
class Revision:
    """How often a deadline has changed, and when last."""

    sequence: int
    changed_at: datetime


def attachments_for(
    session: Session, items: Iterable[tuple[ReminderItem, str]], context: LetterContext
) -> tuple[Attachment, ...]:
    """The calendar file of a letter with these items, each beside its plan's name: the deadlines to come.

    Empty when there are none. The same letter on the same instant gives the same bytes.
    """
    today = clock.local_date(context.now)
    coming = [
        (item, plan)
        for item, plan in items
        if item.deadline_on >= today and item.obligation_kind is not ObligationKind.review
    ]
    if not coming:
        return ()
    known = _revisions(session, [item for item, _ in coming])
    entries = [_entry(item, plan, known, context.now) for item, plan in coming]
    return (attachment_for(entries, language=context.language, base_url=context.base_url, now=context.now),)


def _entry(item: ReminderItem, plan: str, known: dict[tuple[bool, int], Revision], now: datetime) -> Entry:
    revision = known.get((item.obligation_kind in OF_UPDATES, item.obligation_id), Revision(0, now))
    first_on = item.first_on or item.deadline_on
    return Entry(
        kind=item.obligation_kind,
        id=item.obligation_id,
        title=item.title,
        plan=plan,
        first_on=first_on,
        last_on=item.deadline_on,
        path=item.path,
        sequence=revision.sequence,
        changed_at=revision.changed_at,
        words=item.words if first_on != item.deadline_on else "",
    )


def _revisions(session: Session, items: Sequence[ReminderItem]) -> dict[tuple[bool, int], Revision]:
    """By whether it is an update's, and the obligation's id."""
    found: dict[tuple[bool, int], Revision] = {}
    for of_update, wanted, id_ in (
        (False, _OF_DEADLINES, _deadline.c.id),
        (True, _OF_STATUSES, _update.c.id),
    ):
        ids = [one.obligation_id for one in items if (one.obligation_kind in OF_UPDATES) == of_update]
        if ids:
            found |= {(of_update, key): value for key, value in _read(session, wanted.where(id_.in_(ids)))}
    return found


def _read(
    session: Session, wanted: Select[*tuple[int, int, datetime, datetime | None, datetime | None]]
) -> Iterable[tuple[int, Revision]]:
    for id_, version, *instants in session.execute(wanted):
        yield id_, Revision(version - 1, max(instant for instant in instants if instant is not None))
