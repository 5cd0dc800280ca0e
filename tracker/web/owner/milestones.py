"""Milestones as owners add them: a title, and a date or period in words."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.deadlines.actions import add_deadline
from tracker.deadlines.models import Deadline, DeadlineKind, Precision
from tracker.domain.danish_dates import Interval, parse_date_input
from tracker.domain.errors import InvalidInput
from tracker.plans.models import Initiative


def interval_of(words: str, *, today: date, field: str) -> Interval:
    """The days that the words mean. Raises InvalidInput on `field`, also when there is no last day."""
    try:
        found = parse_date_input(words, today=today)
    except InvalidInput as error:
        raise InvalidInput(field, error.message, **error.params) from None
    if found.first is None or found.last is None:
        raise InvalidInput(field, "Write a date with an end, such as 24.12.2026 or ultimo 2026.")
    if not 1990 <= found.first.year <= found.last.year <= 2100:
        raise InvalidInput(field, "Give a year between 1990 and 2100.")
    return found


def add_milestone(
    session: Session,
    initiative: Initiative,
    *,
    title: str,
    words: str,
    interval: Interval,
    by: Person,
    at: datetime,
) -> Deadline:
    """Add the milestone. `words` are kept when they mean more than one day."""
    assert interval.first is not None
    assert interval.last is not None
    return add_deadline(
        session,
        plan_id=initiative.plan_id,
        kind=DeadlineKind.milestone,
        title=title,
        first_on=interval.first,
        last_on=interval.last,
        precision=Precision(interval.precision),
        words="" if interval.first == interval.last else words,
        initiative=initiative,
        by=by.id,
        at=at,
    )
