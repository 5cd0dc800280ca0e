"""Editions of the memo, and uploads that wait for a person to confirm them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base, choice


class EditionKind(StrEnum):
    committee = "committee"
    consolidated = "consolidated"
    final = "final"


class Edition(Base):
    """A frozen memo: the whole value as JSON and its SHA-256, from which every file is made again."""

    __tablename__ = "edition"
    __table_args__ = (UniqueConstraint("round_id", "kind", "administration_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    kind: Mapped[EditionKind] = mapped_column(choice(EditionKind, "kind"))
    administration_id: Mapped[int | None] = mapped_column(ForeignKey("administration.id"))
    version: Mapped[int]
    memo: Mapped[dict[str, Any]] = mapped_column(JSON)
    hash: Mapped[str] = mapped_column(String(64))
    journal_head: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class MemoUpload(Base):
    """An uploaded memo that somebody is looking through. Nothing of it is in the plan until confirmed.

    `choices` holds what the person decided so far: of each row its edits, acceptance and matching initiative,
    and the edits of the front.
    """

    __tablename__ = "memo_upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    year: Mapped[int]
    file_name: Mapped[str] = mapped_column(String(255))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    choices: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own protocol
