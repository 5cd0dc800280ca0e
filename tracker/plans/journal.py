"""Writing the journal of an initiative."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.audit.actions import record
from tracker.plans.models import Initiative


def journal(
    session: Session, fact: str, initiative: Initiative, *, by: int, at: datetime, **details: object
) -> None:
    """Add one fact to an initiative's journal, with how the initiative stands now."""
    record(
        session,
        fact,
        "initiative",
        initiative.id,
        by=by,
        at=at,
        plan_id=initiative.plan_id,
        standing=initiative.standing.value,
        **details,
    )
