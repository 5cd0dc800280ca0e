"""The file that goes with a letter of reminders: its deadlines, to be put into a calendar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from tracker import clock
from tracker.domain.reminders import ObligationKind
from tracker.mail.letters import Attachment, LetterContext
from tracker.reminders.calendar_files import Entry, attachment_for
from tracker.reminders.models import ReminderItem
from tracker.reminders.tasks import Revision, Task, revisions_of


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
    known = revisions_of(session, [(item.obligation_kind, item.obligation_id) for item, _ in coming])
    entries = [_entry(item, plan, known, context.now) for item, plan in coming]
    return (attachment_for(entries, language=context.language, base_url=context.base_url, now=context.now),)


def _entry(item: ReminderItem, plan: str, known: Mapping[Task, Revision], now: datetime) -> Entry:
    revision = known.get((item.obligation_kind, item.obligation_id), Revision(0, now))
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
