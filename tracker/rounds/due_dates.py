"""When a status is due: its deadline moved, or open again. Nothing here commits."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker.audit.actions import record
from tracker.deadlines.actions import move_deadline
from tracker.deadlines.models import Deadline, DeadlineState, Precision
from tracker.rounds.models import StatusUpdate
from tracker.rounds.replanning import replan_updates


def move_status_deadline(
    session: Session,
    update: StatusUpdate,
    *,
    due_on: date,
    reason: str,
    version: int,
    by: int,
    at: datetime,
) -> None:
    """Move one update's deadline: slip register, journal, reminders planned anew."""
    assert update.deadline is not None
    move_deadline(
        session,
        update.deadline,
        first_on=due_on,
        last_on=due_on,
        precision=Precision.day,
        reason=reason,
        version=version,
        by=by,
        at=at,
    )
    replan_updates(session, [update.id], at=at)


def reopen_status_deadline(session: Session, deadline: Deadline, *, by: int, at: datetime) -> None:
    """Count a status deadline that was met or cancelled as open again; the caller plans the reminders."""
    if deadline.state is DeadlineState.open:
        return
    deadline.state, deadline.settled_at, deadline.reason = DeadlineState.open, None, ""
    session.flush()
    record(session, "deadline_reopened", "deadline", deadline.id, by=by, at=at, plan_id=deadline.plan_id)
