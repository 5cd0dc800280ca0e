"""Writing the journal."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from tracker.audit.models import JournalEntry

# Nobody reads an entry back where it is written, so the session need not know of it.
_ADD = insert(JournalEntry.__table__).inline()  # type: ignore[arg-type]


def record(
    session: Session,
    fact: str,
    object_kind: str,
    object_id: int,
    *,
    by: int | None,
    at: datetime,
    plan_id: int | None = None,
    **details: object,
) -> None:
    """Add one fact to the journal, in the caller's transaction.

    `details` are ids, dates and codes as JSON values: no names, no texts.
    """
    entry = {
        "at": at,
        "actor_id": by,
        "plan_id": plan_id,
        "fact": fact,
        "object_kind": object_kind,
        "object_id": object_id,
        "details": details,
    }
    session.execute(_ADD, entry)
