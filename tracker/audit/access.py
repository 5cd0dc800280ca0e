"""Who read a text that was not approved, or was refused it. Kept outside of the journal's chain.

Looking at a page is not an act, so nothing of it is sealed; the log may be emptied after some years.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import Session

from tracker.audit.models import AccessEntry

READ, REFUSED = "read", "refused"
AGAIN_AFTER = timedelta(hours=1)
_SAME = ("fact", "object_kind", "object_id", "person_id", "means")


@dataclass(frozen=True, slots=True)
class Access:
    """One look: `fact` is `read` or `refused`."""

    fact: str
    object_kind: str
    object_id: int
    person_id: int
    plan_id: int | None
    means: str = "session"


def note(connection: Connection, looks: Iterable[Access], *, at: datetime) -> None:
    """Add what was looked at; the same look of the same person counts once an hour.

    Two statements for one look as for many. Takes a connection, because reading a page writes in a small
    transaction of its own.
    """
    every = list(looks)
    found = select(*(getattr(AccessEntry, name) for name in _SAME)).where(
        AccessEntry.at > at - AGAIN_AFTER,
        AccessEntry.person_id.in_(sorted({look.person_id for look in every})),
        AccessEntry.object_id.in_(sorted({look.object_id for look in every})),
    )
    known = {tuple(row) for row in connection.execute(found)}
    new = [look for look in every if tuple(getattr(look, name) for name in _SAME) not in known]
    if new:
        connection.execute(insert(AccessEntry), [asdict(look) | {"at": at} for look in new])


def looks_at(session: Session, object_kind: str, object_ids: Iterable[int]) -> Sequence[AccessEntry]:
    """Who looked at some objects of a kind, newest first; at most two hundred."""
    found = (
        select(AccessEntry)
        .where(AccessEntry.object_kind == object_kind, AccessEntry.object_id.in_(list(object_ids)))
        .order_by(AccessEntry.id.desc())
        .limit(200)
    )
    return session.scalars(found).all()
