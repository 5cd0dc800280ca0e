"""The yearly round: one status update for each initiative, and every version of its text."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.database import Base, choice
from tracker.deadlines.models import Deadline
from tracker.domain.contributions import CommitteeDecision, ContributionState
from tracker.domain.workflow import Outcome, ProgressState, State
from tracker.plans.models import Initiative


class RoundState(StrEnum):
    open = "open"
    locked = "locked"


class RevisionKind(StrEnum):
    """What fixed this version of the text."""

    imported = "imported"
    saved = "saved"
    submitted = "submitted"
    mended = "mended"
    returned = "returned"
    approved = "approved"
    corrected = "corrected"


class PromiseAnswer(StrEnum):
    """What came of something promised in an earlier round."""

    kept = "kept"
    under_way = "under_way"
    dropped = "dropped"


class Round(Base):
    """The collection of one year's status. A locked round is what last year's memo said.

    The five `…_days` are the working days of `tracker.domain.rounds.Spans`, by which the round is planned
    back from its meetings. `prints_lists`: the memo has tables of what lacks money and of what is proposed.
    What is locked is public from `publish_on`; without it, at once.
    """

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("plan_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    year: Mapped[int]
    state: Mapped[RoundState] = mapped_column(choice(RoundState, "state"), default=RoundState.open)
    due_on: Mapped[date | None]
    intro: Mapped[str] = mapped_column(Text, default="")
    caption: Mapped[str] = mapped_column(Text, default="")
    writing_days: Mapped[int] = mapped_column(default=15)
    handling_days: Mapped[int] = mapped_column(default=10)
    committee_papers_days: Mapped[int] = mapped_column(default=10)
    coordinating_papers_days: Mapped[int] = mapped_column(default=10)
    council_papers_days: Mapped[int] = mapped_column(default=10)
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    locked_at: Mapped[datetime | None]
    case_number: Mapped[str] = mapped_column(String(60), default="")
    prints_lists: Mapped[bool] = mapped_column(default=False)
    publish_on: Mapped[date | None]


class StatusUpdate(Base):
    """One initiative in one round.

    `text` is in the editing form of `tracker.domain.text`. `number` is the printed number, fixed when the
    round is locked or imported. `title` is the title as it stood then.
    """

    __tablename__ = "status_update"
    __table_args__ = (
        UniqueConstraint("round_id", "initiative_id"),
        CheckConstraint(
            "progress NOT IN ('delayed', 'discontinued') OR reason <> '' OR state IN "
            "('not_started', 'draft', 'returned')",
            name="reason_when_delayed",
        ),
        Index(None, "initiative_id"),
        Index(None, "round_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    deadline_id: Mapped[int | None] = mapped_column(ForeignKey("deadline.id"), index=True)
    state: Mapped[State] = mapped_column(choice(State, "state"), default=State.not_started)
    former_state: Mapped[State | None] = mapped_column(choice(State, "former_state"))
    outcome: Mapped[Outcome | None] = mapped_column(choice(Outcome, "outcome"))
    progress: Mapped[ProgressState] = mapped_column(
        choice(ProgressState, "progress"), default=ProgressState.not_stated
    )
    reason: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text, default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    remark: Mapped[str] = mapped_column(Text, default="")
    number: Mapped[int | None]
    title: Mapped[str] = mapped_column(Text, default="")
    first_opened_at: Mapped[datetime | None]
    saved_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    returned_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_revision_id: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    round: Mapped[Round] = relationship(lazy="raise")
    initiative: Mapped[Initiative] = relationship(lazy="raise")
    deadline: Mapped[Deadline | None] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own protocol


class StatusRevision(Base):
    """One version of an update's text, never changed afterwards. `number` counts within the update."""

    __tablename__ = "status_revision"
    __table_args__ = (UniqueConstraint("update_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    update_id: Mapped[int] = mapped_column(ForeignKey("status_update.id"))
    number: Mapped[int]
    kind: Mapped[RevisionKind] = mapped_column(choice(RevisionKind, "kind"))
    progress: Mapped[ProgressState] = mapped_column(choice(ProgressState, "progress"))
    reason: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text)
    remark: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Contribution(Base):
    """What one administration hands in to a round: who signed it off, and what its committee decided.

    `treated_on` is the day of the meeting, `treated_at` when that was written down.
    """

    __tablename__ = "contribution"
    __table_args__ = (UniqueConstraint("round_id", "administration_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    administration_id: Mapped[int] = mapped_column(ForeignKey("administration.id"))
    state: Mapped[ContributionState] = mapped_column(
        choice(ContributionState, "state"), default=ContributionState.collecting
    )
    signed_off_at: Mapped[datetime | None]
    signed_off_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    treated_on: Mapped[date | None]
    item_number: Mapped[str] = mapped_column(String(60), default="")
    decision: Mapped[CommitteeDecision | None] = mapped_column(choice(CommitteeDecision, "decision"))
    decision_note: Mapped[str] = mapped_column(Text, default="")
    treated_at: Mapped[datetime | None]
    treated_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    consolidated_at: Mapped[datetime | None]
    consolidated_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Promise(Base):
    """Something announced in a round's text for a time to come, asked about in the next round."""

    __tablename__ = "promise"
    __table_args__ = (
        CheckConstraint("first_on IS NULL OR last_on IS NULL OR first_on <= last_on", name="dates_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    update_id: Mapped[int] = mapped_column(ForeignKey("status_update.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    first_on: Mapped[date | None]
    last_on: Mapped[date | None]
    asked_in_id: Mapped[int | None] = mapped_column(ForeignKey("status_update.id"), index=True)
    answer: Mapped[PromiseAnswer | None] = mapped_column(choice(PromiseAnswer, "answer"))
    answer_note: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
