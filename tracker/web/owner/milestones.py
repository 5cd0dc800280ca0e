"""Milestones as owners add them: a title, and a date or period in words."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.deadlines.actions import add_deadline
from tracker.deadlines.models import Deadline, DeadlineKind
from tracker.plans.models import Initiative
from tracker.web.periods import Period


def add_milestone(
    session: Session, initiative: Initiative, *, title: str, period: Period, by: Person, at: datetime
) -> Deadline:
    """Add the milestone, and plan its reminders."""
    return add_deadline(
        session,
        plan_id=initiative.plan_id,
        kind=DeadlineKind.milestone,
        title=title,
        first_on=period.first_on,
        last_on=period.last_on,
        precision=period.precision,
        words=period.words,
        initiative=initiative,
        by=by.id,
        at=at,
    )
