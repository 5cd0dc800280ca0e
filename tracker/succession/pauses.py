"""Pauses: of a person who is away, and of a whole plan. Nothing here commits."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.models import Person
from tracker.audit.actions import record
from tracker.domain.errors import InvalidInput
from tracker.plans.models import Plan
from tracker.reminders.actions import take_out
from tracker.rounds.replanning import replan_person

LONGEST_PAUSE = timedelta(days=366)


def set_absence(
    session: Session,
    person: Person,
    *,
    from_on: date | None,
    until_on: date | None,
    by: int | None,
    at: datetime,
) -> None:
    """Say from when until when a person is away, both days included; without `until_on`, for now.

    What falls due meanwhile goes to the deputies, or waits. With `from_on` None the person is back: one who
    was away until today is remembered as away until yesterday, so that what the deputies have got does not
    go to the owner as well. Raises InvalidInput on `from_on` or `until_on`.
    """
    today = clock.local_date(at)
    if from_on is None and until_on is not None:
        raise InvalidInput("from_on", "Give the first day as well.")
    if from_on is not None and until_on is not None and until_on < from_on:
        raise InvalidInput("until_on", "The last day cannot be before the first.")
    if until_on is not None and until_on < today:
        raise InvalidInput("until_on", "The last day must be today or later.")
    back = from_on is None
    if from_on is None and person.absent_from is not None and person.absent_from < today:
        yesterday = today - timedelta(days=1)
        from_on, until_on = person.absent_from, min(person.absent_until or yesterday, yesterday)
    if (person.absent_from, person.absent_until) == (from_on, until_on):
        return
    person.absent_from, person.absent_until = from_on, until_on
    session.flush()
    if back:
        record(session, "absence_ended", "person", person.id, by=by, at=at)
    else:
        days = {"from_on": from_on, "until_on": until_on}
        told = {name: day.isoformat() for name, day in days.items() if day is not None}
        record(session, "absence_set", "person", person.id, by=by, at=at, plan_id=None, **told)
    # A letter that waits for the mail server must not find somebody who is away.
    take_out(session, person_id=person.id)
    replan_person(session, person.id, at=at)


def pause_plan(session: Session, plan: Plan, *, until_on: date | None, by: int | None, at: datetime) -> None:
    """Remind nobody in a plan up to and including a day; None ends the pause.

    Nothing is given up by it: what fell due meanwhile is sent afterwards, the most urgent of each.
    Raises InvalidInput on `until_on` for a day that has passed or is more than a year ahead.
    """
    today = clock.local_date(at)
    if until_on is not None and until_on < today:
        raise InvalidInput("until_on", "The last day must be today or later.")
    if until_on is not None and until_on > today + LONGEST_PAUSE:
        raise InvalidInput("until_on", "A pause can last a year at most.")
    if plan.reminders_paused_until == until_on:
        return
    plan.reminders_paused_until = until_on
    session.flush()
    if until_on is None:
        record(session, "reminders_resumed", "plan", plan.id, by=by, at=at, plan_id=plan.id)
        return
    record(
        session,
        "reminders_paused",
        "plan",
        plan.id,
        by=by,
        at=at,
        plan_id=plan.id,
        until_on=until_on.isoformat(),
    )
    take_out(session, plan_id=plan.id)
