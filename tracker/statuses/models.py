"""What belongs to one status beside its text: drafts, requests, corrections, figures, links to its form."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base, choice
from tracker.domain.workflow import ProgressState


class KeptCause(StrEnum):
    """Why a text is kept beside the status: it met a newer one, or it is being written."""

    conflict = "conflict"
    autosaved = "autosaved"


class Qualifier(StrEnum):
    """How exact a figure is said to be."""

    exactly = "exactly"
    about = "about"
    up_to = "up_to"
    nearly = "nearly"
    over = "over"
    at_least = "at_least"


class KeptDraft(Base):
    """A text kept for its author alone until it is used: it met a newer one, or is still being written.

    `others` holds the other fields of the form as they were typed, by their names.
    """

    __tablename__ = "kept_draft"
    __table_args__ = (UniqueConstraint("update_id", "person_id", "cause"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    update_id: Mapped[int] = mapped_column(ForeignKey("status_update.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_from_version: Mapped[int]
    cause: Mapped[KeptCause] = mapped_column(choice(KeptCause, "cause"), default=KeptCause.conflict)
    text: Mapped[str] = mapped_column(Text)
    others: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime]


class MoreTimeRequest(Base):
    """An owner's wish for a later deadline. One at a time waits for its answer."""

    __tablename__ = "more_time_request"
    __table_args__ = (
        Index(
            "uq_more_time_request_waiting",
            "update_id",
            unique=True,
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
        Index(None, "update_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    update_id: Mapped[int] = mapped_column(ForeignKey("status_update.id"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    wished_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    granted_on: Mapped[date | None]
    answer: Mapped[str] = mapped_column(Text, default="")


class Correction(Base):
    """Another text for a status of a locked edition, which a second person confirms or declines."""

    __tablename__ = "correction"
    __table_args__ = (
        Index(
            "uq_correction_waiting",
            "update_id",
            unique=True,
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
        Index(None, "update_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    update_id: Mapped[int] = mapped_column(ForeignKey("status_update.id"))
    text: Mapped[str] = mapped_column(Text)
    progress: Mapped[ProgressState] = mapped_column(choice(ProgressState, "progress"))
    reason: Mapped[str] = mapped_column(Text, default="")
    why: Mapped[str] = mapped_column(Text)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    confirmed: Mapped[bool | None]


class Figure(Base):
    """A number in a status: how exact it is, of which period, wished or reached, and fit for comparison.

    `value` is a decimal number in digits with a point, as `Decimal` reads it.
    """

    __tablename__ = "figure"
    __table_args__ = (
        CheckConstraint(
            "period_first IS NULL OR period_last IS NULL OR period_first <= period_last",
            name="period_in_order",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    update_id: Mapped[int] = mapped_column(ForeignKey("status_update.id"), index=True)
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(200))
    qualifier: Mapped[Qualifier] = mapped_column(choice(Qualifier, "qualifier"))
    value: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(60), default="")
    period_first: Mapped[date | None]
    period_last: Mapped[date | None]
    is_target: Mapped[bool] = mapped_column(default=False)
    comparable: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str] = mapped_column(Text, default="")


class FormLink(Base):
    """The address under which one person reaches their forms of one round without an account.

    The token is derived from `id`; the table has only its hash.
    """

    __tablename__ = "form_link"
    __table_args__ = (
        Index(
            "uq_form_link_live",
            "round_id",
            "person_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class OverruledFinding(Base):
    """A finding of the proofreading that somebody has looked at and lets stand, with the reason.

    It holds for these words of this status alone: words that are written anew are looked at anew.
    """

    __tablename__ = "overruled_finding"
    __table_args__ = (UniqueConstraint("update_id", "check_name", "words_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    update_id: Mapped[int] = mapped_column(ForeignKey("status_update.id"))
    check_name: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(Text)
    words_hash: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    overruled_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    overruled_at: Mapped[datetime]
