"""When a status is due. Nothing here commits."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker.deadlines.actions import move_deadline
from tracker.deadlines.models import Precision
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
