"""Tables of people that somebody has handed over and not confirmed yet: in the database, not in the plan.

One a person and plan: the next takes its place. Importing it ends it, and so does a day. It is in no folder,
because the confirmation may reach another machine than the upload. Nothing here commits.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker.plans.models import PeopleUpload

KEPT_FOR = timedelta(days=1)
_uploads: Any = PeopleUpload.__table__


@dataclass(frozen=True, slots=True)
class WaitingTable:
    """A table as it was handed over; `sha256` of its bytes tells it from any other."""

    name: str
    content: bytes
    sha256: str


def keep(
    session: Session, plan_id: int, person_id: int, *, name: str, content: bytes, at: datetime
) -> WaitingTable:
    """Keep a table instead of the one of this person that waited. `name` has at most 255 characters."""
    table = WaitingTable(name, content, hashlib.sha256(content).hexdigest())
    values = {"file_name": name, "content": content, "sha256": table.sha256, "uploaded_at": at}
    inserts: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
    insert = inserts[session.get_bind().dialect.name]
    new = insert(_uploads).values(plan_id=plan_id, uploaded_by_id=person_id, **values)
    session.execute(new.on_conflict_do_update(index_elements=["plan_id", "uploaded_by_id"], set_=values))
    return table


def waiting(session: Session, plan_id: int, person_id: int, *, now: datetime) -> WaitingTable | None:
    """What a person has handed over for a plan within the day, or None."""
    row = session.execute(_read(plan_id, person_id, now)).one_or_none()
    return WaitingTable(*row) if row is not None else None


def waiting_name(session: Session, plan_id: int, person_id: int, *, now: datetime) -> str | None:
    """The name of the file that waits, without reading the file."""
    return session.scalar(_read(plan_id, person_id, now).with_only_columns(PeopleUpload.file_name))


def take(session: Session, plan_id: int, person_id: int, *, now: datetime) -> WaitingTable | None:
    """What waits, held until the transaction ends: of two who confirm at the same moment one gets it.

    The other waits, and then finds None.
    """
    row = session.execute(_read(plan_id, person_id, now).with_for_update()).one_or_none()
    return WaitingTable(*row) if row is not None else None


def end(session: Session, plan_id: int, person_id: int) -> None:
    """It has been imported, so nothing waits any more."""
    session.execute(
        delete(PeopleUpload).where(PeopleUpload.plan_id == plan_id, PeopleUpload.uploaded_by_id == person_id)
    )


def forget_old_uploads(session: Session, now: datetime) -> None:
    """Drop what nobody has confirmed for a day."""
    session.execute(delete(PeopleUpload).where(PeopleUpload.uploaded_at <= now - KEPT_FOR))


def _read(plan_id: int, person_id: int, now: datetime) -> Select[str, bytes, str]:
    return select(PeopleUpload.file_name, PeopleUpload.content, PeopleUpload.sha256).where(
        PeopleUpload.plan_id == plan_id,
        PeopleUpload.uploaded_by_id == person_id,
        PeopleUpload.uploaded_at > now - KEPT_FOR,
    )
