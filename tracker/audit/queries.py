"""Reading the journal."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.audit.models import JournalEntry


def history_of(session: Session, object_kind: str, object_id: int) -> Sequence[JournalEntry]:
    """What happened to one object, newest first."""
    found = (
        select(JournalEntry)
        .where(JournalEntry.object_kind == object_kind, JournalEntry.object_id == object_id)
        .order_by(JournalEntry.id.desc())
    )
    return session.scalars(found).all()


def latest_of(session: Session, object_kind: str, object_id: int, fact: str) -> JournalEntry | None:
    """The last time that a fact was journaled of an object."""
    found = (
        select(JournalEntry)
        .where(
            JournalEntry.object_kind == object_kind,
            JournalEntry.object_id == object_id,
            JournalEntry.fact == fact,
        )
        .order_by(JournalEntry.id.desc())
        .limit(1)
    )
    return session.scalar(found)
