"""The ledger of reminders: each one the rules call for, and how it ended."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base, choice
from tracker.domain.reminders import ObligationKind


class ItemState(StrEnum):
    planned = "planned"
    assigned = "assigned"
    sent = "sent"
    cancelled = "cancelled"
    superseded = "superseded"
    undeliverable = "undeliverable"
    waiting = "waiting"


class Reason(StrEnum):
    """Why an item was cancelled, superseded or given up, where the reason is one of the rules."""

    settled = "settled"
    deadline_moved = "deadline_moved"
    place_left = "place_left"
    absence = "absence"
    rules_changed = "rules_changed"
    more_urgent = "more_urgent"
    deadline_passed = "deadline_passed"
    recently_reminded = "recently_reminded"
    overtaken = "overtaken"
    bad_address = "bad_address"


def _present(column: str) -> Index:
    """An index of the rows that have this; asking for a value of it asks for such a row."""
    rows = text(f"{column} IS NOT NULL")
    return Index(f"ix_reminder_item_{column}", column, sqlite_where=rows, postgresql_where=rows)


class ReminderItem(Base):
    """One step for one obligation and person. The unique key makes planning repeatable.

    `due_on` (the local date; the time is always 08:00) is the truth, `due_at` the instant derived from it.
    `title`, `path`, `words` and `first_on` (the first day of an interval) are what the letter says of the
    obligation, as of the last planning. `enclosed_at` is set while the letter with the item may already be
    with the mail server. `reason` is a Reason, or what the mail server said.
    """

    __tablename__ = "reminder_item"
    __table_args__ = (
        UniqueConstraint("obligation_kind", "obligation_id", "step", "deadline_on", "person_id"),
        Index(
            "ix_reminder_item_due",
            "due_at",
            sqlite_where=text("state = 'planned'"),
            postgresql_where=text("state = 'planned'"),
        ),
        Index(None, "person_id", "due_at"),
        _present("mail_id"),
        _present("superseded_by_id"),
        Index(None, "plan_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    obligation_kind: Mapped[ObligationKind] = mapped_column(choice(ObligationKind, "obligation_kind"))
    obligation_id: Mapped[int]
    step: Mapped[str] = mapped_column(String(32))
    deadline_on: Mapped[date]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    state: Mapped[ItemState] = mapped_column(choice(ItemState, "state"), default=ItemState.planned)
    first_on: Mapped[date | None]
    due_on: Mapped[date]
    due_at: Mapped[datetime]
    urgency: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(String(300))
    words: Mapped[str] = mapped_column(String(300), default="")
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("mail.id"))
    enclosed_at: Mapped[datetime | None]
    superseded_by_id: Mapped[int | None] = mapped_column(ForeignKey("reminder_item.id"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    settled_at: Mapped[datetime | None]


class PlanLadder(Base):
    """The ladder of one kind of obligation in one plan, where the secretariat has changed it.

    `steps` are those of `tracker.domain.reminders.Step` as JSON objects; an empty list reminds nobody. A kind
    without a row has the usual ladder.
    """

    __tablename__ = "plan_ladder"
    __table_args__ = (UniqueConstraint("plan_id", "obligation_kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    obligation_kind: Mapped[ObligationKind] = mapped_column(choice(ObligationKind, "obligation_kind"))
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own protocol


class SavedForecast(Base):
    """A forecast as it was on a day, kept to be held against what was sent.

    `reminders` has one object for each reminder of each letter: person, day, obligation, step, deadline.
    """

    __tablename__ = "saved_forecast"
    __table_args__ = (Index(None, "plan_id", "made_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    fingerprint: Mapped[str] = mapped_column(String(64))
    reminders: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
