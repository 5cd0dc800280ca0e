"""The working calendar of each plan, and the locks that keep planning in step."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.domain.calendar import WorkingCalendar
from tracker.holidays_dk import plan_calendar
from tracker.plans.models import Plan

PLANNING = (0x706C616E, 1)
ASSEMBLY = (0x706C616E, 2)


@dataclass
class Calendars:
    """Calendars by plan, each read once."""

    session: Session
    today: date
    _known: dict[int, WorkingCalendar] = field(default_factory=dict)

    def of(self, plan_id: int) -> WorkingCalendar:
        """The plan's calendar; the usual one for a plan that does not exist."""
        if plan_id not in self._known:
            plan = self.session.get(Plan, plan_id)  # which a page has read before
            self._known[plan_id] = plan_calendar(plan.closed_days if plan is not None else "")
        return self._known[plan_id]


def plan_together(session: Session) -> None:
    """Enter planning beside others, but never beside a sweep, until the transaction ends.

    SQLite needs no lock of its own: there, writers follow each other anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock_shared(*PLANNING)))


def plan_alone(session: Session) -> None:
    """Keep every other planning out until the transaction ends, so that a sweep works on what is so now."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(*PLANNING)))


def assembles_alone(session: Session) -> bool:
    """Whether nobody else is assembling letters; then nobody else may until the transaction ends."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(*ASSEMBLY))))
