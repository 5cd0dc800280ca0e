"""Planning anew what a whole plan, or one person, has to do with, when the rules for it have changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from tracker import clock
from tracker.deadlines.queries import open_obligations as open_deadlines
from tracker.reminders.actions import replan
from tracker.rounds.obligations import open_obligations as open_updates


def replan_plan(session: Session, plan_id: int, *, at: datetime) -> None:
    """Plan everything that is open in a plan anew: after its ladder or its closed days have changed."""
    today = clock.local_date(at)
    replan(session, open_updates(session, today=today, plan_id=plan_id), now=at)
    replan(session, open_deadlines(session, today=today, plan_id=plan_id), now=at)
