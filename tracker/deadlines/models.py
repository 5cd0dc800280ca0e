"""Deadlines of every kind, and the slip register that keeps each move."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base, choice


class DeadlineKind(StrEnum):
    status_due = "status_due"
    committee_papers = "committee_papers"
    committee_meeting = "committee_meeting"
    campaign_window = "campaign_window"
    application_round = "application_round"
    delivery = "delivery"
    milestone = "milestone"
    other = "other"


class DeadlineState(StrEnum):
    open = "open"
    met = "met"
    cancelled = "cancelled"


class Precision(StrEnum):
    """How exact a date is. Anything but `day` is an interval that counts to its last day."""

    day = "day"
    month = "month"
    part = "part"
    season = "season"
    quarter = "quarter"
    half = "half"
    year = "year"


_OWN_DATES = text("state = 'open' AND kind <> 'status_due'")


class Deadline(Base):
    """A date or an interval (both ends inclusive; `first_on` equals `last_on` for one day).

    Belongs to an initiative, to an administration or committee, or to the plan alone; a status deadline
    and the papers and meetings of a round also name the round. `words` keeps how it was written.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        CheckConstraint("first_on <= last_on", name="dates_in_order"),
        Index(None, "plan_id", "state", "last_on"),
        Index(None, "initiative_id"),
        Index(None, "round_id"),
        Index(
            "ix_deadline_own_dates",
            "initiative_id",
            "last_on",
            sqlite_where=_OWN_DATES,
            postgresql_where=_OWN_DATES,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    initiative_id: Mapped[int | None] = mapped_column(ForeignKey("initiative.id"))
    administration_id: Mapped[int | None] = mapped_column(ForeignKey("administration.id"), index=True)
    committee_id: Mapped[int | None] = mapped_column(ForeignKey("committee.id"), index=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    kind: Mapped[DeadlineKind] = mapped_column(choice(DeadlineKind, "kind"))
    title: Mapped[str] = mapped_column(String(300))
    first_on: Mapped[date]
    last_on: Mapped[date]
    precision: Mapped[Precision] = mapped_column(choice(Precision, "precision"), default=Precision.day)
    open_end: Mapped[bool] = mapped_column(default=False)
    words: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[DeadlineState] = mapped_column(choice(DeadlineState, "state"), default=DeadlineState.open)
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    moves: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own protocol


class DeadlineMove(Base):
    """One line of the slip register: old, new, who and why."""

    __tablename__ = "deadline_move"

    id: Mapped[int] = mapped_column(primary_key=True)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadline.id"), index=True)
    old_first_on: Mapped[date]
    old_last_on: Mapped[date]
    new_first_on: Mapped[date]
    new_last_on: Mapped[date]
    moved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    moved_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text, default="")


class CalendarFeed(Base):
    """An address under which a calendar program reads deadlines: a person's own, or a plan's common ones.

    The address carries a token derived from `id`; the table has only its hash. A revoked feed answers
    nobody any more.
    """

    __tablename__ = "calendar_feed"
    __table_args__ = (CheckConstraint("(person_id IS NULL) <> (plan_id IS NULL)", name="one_subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
