"""The journal: who did what to which object, and when. Rows are only ever added.

Triggers of migration 0004 refuse to change or remove a row of either table, on both databases.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base


class JournalEntry(Base):
    """One fact in the past tense (`submitted`, `approved`). Holds ids and dates, never names or texts."""

    __tablename__ = "journal_entry"
    __table_args__ = (Index(None, "object_kind", "object_id"), Index(None, "plan_id", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(index=True)
    plan_id: Mapped[int | None]
    fact: Mapped[str] = mapped_column(String(64))
    object_kind: Mapped[str] = mapped_column(String(32))
    object_id: Mapped[int]
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class JournalSeal(Base):
    """An entry's place in the chain: `sequence` counts from 1 without a gap, `hash` follows from all before.

    No foreign key: an entry that was removed must leave its seal behind.
    """

    __tablename__ = "journal_seal"

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(unique=True)
    sealed_at: Mapped[datetime] = mapped_column(index=True)
    hash: Mapped[str] = mapped_column(String(64))


class AccessEntry(Base):
    """Somebody read a text that is not approved yet, or was refused it. Outside of the chain.

    `means` tells how the reader came in: a session, or a form link.
    """

    __tablename__ = "access_log"
    __table_args__ = (Index(None, "object_kind", "object_id", "at"), Index(None, "person_id", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    person_id: Mapped[int | None]
    plan_id: Mapped[int | None]
    fact: Mapped[str] = mapped_column(String(32))
    object_kind: Mapped[str] = mapped_column(String(32))
    object_id: Mapped[int]
    means: Mapped[str] = mapped_column(String(16), default="session")
