"""The versions of a status's text: each is written down once, under the next number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.orm import Session

from tracker.rounds.models import RevisionKind, StatusRevision, StatusUpdate

_revision: Any = StatusRevision.__table__
_NEXT = (
    select(func.coalesce(func.max(_revision.c.number), 0) + 1)
    .where(_revision.c.update_id == bindparam("of"))
    .scalar_subquery()
)
_FIX = insert(_revision).values(number=_NEXT).returning(_revision.c.id, _revision.c.number)


@dataclass(frozen=True, slots=True)
class Fixed:
    """A version that has been written down; `number` counts within its update."""

    id: int
    number: int
    at: datetime


def fix(session: Session, update: StatusUpdate, kind: RevisionKind, *, by: int | None, at: datetime) -> Fixed:
    """Write the update's content down as it stands. The caller has flushed the update, and so holds it."""
    content = {
        "update_id": update.id,
        "of": update.id,
        "kind": kind,
        "progress": update.progress,
        "reason": update.reason,
        "text": update.text,
        "remark": update.remark,
        "by_id": by,
        "at": at,
    }
    new_id, number = session.execute(_FIX, content).one()
    return Fixed(new_id, number, at)
