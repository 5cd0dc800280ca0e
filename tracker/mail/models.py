"""The outbox. Every letter of the service is a row here before it is anything else."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base, choice


class MailState(StrEnum):
    queued = "queued"
    sending = "sending"
    uncertain = "uncertain"
    sent = "sent"
    failed = "failed"
    cancelled = "cancelled"
    needs_human = "needs_human"
    undeliverable = "undeliverable"


class AttemptNote(StrEnum):
    data = "data"
    result = "result"
    bounce = "bounce"
    human = "human"


def _where(name: str, which: str, *columns: str) -> Index:
    """An index of some rows; a query uses it when it says the same words."""
    return Index(name, *columns, sqlite_where=text(which), postgresql_where=text(which))


class Mail(Base):
    """One letter to one person. `dedupe_key` is unique, so the same letter cannot be queued twice.

    `payload` holds the ids and dates from which its kind renders it; subject, Message-ID, date and MIME
    are frozen when the body is about to be handed over for the first time.
    """

    __tablename__ = "mail"
    __table_args__ = (
        _where("ix_mail_waiting", "state IN ('queued', 'uncertain')", "next_at", "id"),
        _where("ix_mail_sending", "state = 'sending'", "owner"),
        _where(
            "ix_mail_stranded", "state IN ('failed', 'cancelled', 'needs_human', 'undeliverable')", "state"
        ),
        _where("ix_mail_message_id", "message_id <> ''", "message_id"),
        Index(None, "person_id", "created_at"),
        Index(None, "plan_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id"))
    address: Mapped[str] = mapped_column(String(254))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[MailState] = mapped_column(choice(MailState, "state"), default=MailState.queued)
    owner: Mapped[int | None] = mapped_column(ForeignKey("dispatcher.id"))
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    subject: Mapped[str] = mapped_column(Text, default="")
    message_id: Mapped[str] = mapped_column(String(200), default="")
    dated_at: Mapped[datetime | None]
    mime: Mapped[bytes | None] = mapped_column(LargeBinary)
    mime_hash: Mapped[str] = mapped_column(String(64), default="")
    uncertain_resends: Mapped[int] = mapped_column(default=0)
    uncertain_until: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class MailAttempt(Base):
    """An append-only note on an attempt: about to hand over (`data`), and what the server said (`result`)."""

    __tablename__ = "mail_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    mail_id: Mapped[int] = mapped_column(ForeignKey("mail.id"), index=True)
    attempt: Mapped[int]
    note: Mapped[AttemptNote] = mapped_column(choice(AttemptNote, "note"))
    text: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class Dispatcher(Base):
    """One row for each dispatcher that ever lived; ids are never used again."""

    __tablename__ = "dispatcher"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy's own protocol

    id: Mapped[int] = mapped_column(primary_key=True)
    process: Mapped[str] = mapped_column(String(200))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class HoldCause(StrEnum):
    """Why the queue is held: a person asked for it, or a guard did."""

    person = "person"
    refusals = "refusals"
    clock_back = "clock_back"
    clock_ahead = "clock_ahead"
    volume = "volume"


class Installation(Base):
    """The one row that says which installation this database belongs to, and whether its mail is held.

    `machine` stands in the machine file too: a copy that was started elsewhere does not have it.
    `refusals` counts the letters refused in a row. `clock_seen_at` is the latest time that a tick has seen,
    and `volume_allowed_until` ends the time for which somebody has allowed an unusual number of letters.
    """

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True)
    base_url: Mapped[str] = mapped_column(String(300))
    machine: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    queue_held: Mapped[bool] = mapped_column(default=False)
    held_reason: Mapped[str] = mapped_column(Text, default="")
    held_cause: Mapped[HoldCause | None] = mapped_column(choice(HoldCause, "held_cause"))
    held_at: Mapped[datetime | None]
    refusals: Mapped[int] = mapped_column(default=0)
    clock_seen_at: Mapped[datetime | None]
    volume_allowed_until: Mapped[datetime | None]


class Heartbeat(Base):
    """The last tick of each process that ticks."""

    __tablename__ = "heartbeat"

    id: Mapped[int] = mapped_column(primary_key=True)
    process: Mapped[str] = mapped_column(String(200), unique=True)
    ticked_at: Mapped[datetime]
    swept_at: Mapped[datetime | None]
