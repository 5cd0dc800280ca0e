"""What an absence or a pause kept back goes on a working day: one that ends on closed days ends with them."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.domain.calendar import WorkingCalendar
from tracker.holidays_dk import last_day_open_to_all, plan_calendar
from tracker.plans.models import Plan


def day_after(kept_until: date, day: date, calendar: WorkingCalendar) -> date:
    """`day`, or the first working day on which what was kept back up to `kept_until` can go instead."""
    if kept_until < calendar.previous(day):
        return day
    return calendar.next(max(day, kept_until + timedelta(days=1)))


@dataclass(frozen=True, slots=True)
class Resting:
    """Whose absence, and which plans' pause, has ended since the last working day of a plan.

    `back` has the last day of each absence; `worked` the last working day of each plan.
    """

    back: dict[int, date]
    plans: Set[int]
    worked: dict[int, date]

    def waits(self, person_id: int, plan_id: int) -> bool:
        """Whether what is due to a person from a plan waits until that works again."""
        back = self.back.get(person_id)
        return plan_id in self.plans or (back is not None and back >= self.worked[plan_id])


def resting(session: Session, today: date) -> Resting | None:
    """Who rests on a closed day; None when nobody does, and on every day that is a working day for all."""
    if last_day_open_to_all(today) == today:
        return None
    plans = session.execute(select(Plan.id, Plan.closed_days, Plan.reminders_paused_until)).all()
    worked = {plan_id: plan_calendar(closed).previous(today) for plan_id, closed, _ in plans}
    people = select(Person.id, Person.absent_until).where(
        Person.absent_from.is_not(None),
        Person.absent_until >= min(worked.values(), default=today),
        Person.absent_until < today,
    )
    back = {person_id: until for person_id, until in session.execute(people) if until is not None}
    paused = {
        plan_id for plan_id, _, until in plans if until is not None and worked[plan_id] <= until < today
    }
    return Resting(back, paused, worked) if back or paused else None
