"""Which deadlines stand in whose calendar, as values for `tracker.reminders.calendar_files`.

The status deadlines of a round are `tracker.rounds.calendar_files`'.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.deadlines.models import Deadline, DeadlineKind, DeadlineMove, DeadlineState
from tracker.domain.reminders import ObligationKind, Place
from tracker.plans.models import Committee, Initiative, Plan
from tracker.plans.rights import Rights
from tracker.reminders.calendar_files import Entry, EntryState
from tracker.reminders.ladders import Ladders

SHOWN_AFTERWARDS = timedelta(days=365)
# Long enough for every calendar program to have read that it is over; then it leaves the feed.
SETTLED_FOR = timedelta(days=60)
_OF_COMMITTEES = (DeadlineKind.committee_papers, DeadlineKind.committee_meeting)
_OF_PLAN = (*_OF_COMMITTEES, DeadlineKind.campaign_window)
_STATES = {
    DeadlineState.open: EntryState.open,
    DeadlineState.met: EntryState.done,
    DeadlineState.cancelled: EntryState.cancelled,
}

MOVED_AT = (
    select(func.max(DeadlineMove.moved_at))
    .where(DeadlineMove.deadline_id == Deadline.id)
    .correlate(Deadline)
    .scalar_subquery()
)


def own_entries(session: Session, rights: Rights, *, now: datetime) -> list[Entry]:
    """What a person has a part in today: the deadlines of the initiatives they own or are deputy of, and the
    papers and meetings of which the plan's ladder reminds them as coordinator or secretariat.
    """
    concerned = func.coalesce(
        Initiative.administration_id, Deadline.administration_id, Committee.administration_id
    )
    mine = Deadline.initiative_id.in_(sorted(rights.owns | rights.deputises))
    committees = Deadline.kind.in_(_OF_COMMITTEES) & or_(
        Deadline.plan_id.in_(sorted(rights.secretariat_of)), concerned.in_(sorted(rights.coordinates))
    )
    found = (
        _rows(now)
        .add_columns(concerned, mine.label("mine"))
        .outerjoin(Committee, Committee.id == Deadline.committee_id)
        .where(Deadline.kind != DeadlineKind.status_due, or_(mine, committees))
    )
    ladders = Ladders(session)
    return [
        _entry(deadline, *values)
        for deadline, *values, administration_id, owned in session.execute(found)
        if owned or _is_reminded(deadline, administration_id, rights, ladders)
    ]


def _is_reminded(deadline: Deadline, administration_id: int | None, rights: Rights, ladders: Ladders) -> bool:
    places = {
        Place.secretariat: deadline.plan_id in rights.secretariat_of,
        Place.coordinator: administration_id in rights.coordinates,
    }
    steps = ladders.of(deadline.plan_id).get(ObligationKind(deadline.kind.value), ())
    return any(places.get(place, False) for step in steps for place in step.places)


def plan_entries(session: Session, plan_id: int, *, now: datetime) -> list[Entry]:
    """What a whole plan may know: its committees' papers and meetings, and its campaigns. Nobody is named."""
    found = _rows(now).where(Deadline.plan_id == plan_id, Deadline.kind.in_(_OF_PLAN))
    return [_entry(*row) for row in session.execute(found)]


def is_shown(now: datetime) -> ColumnElement[bool]:
    """What is not long past: the open, and what was settled so lately that calendars must still learn it."""
    day: date = clock.local_date(now) - SHOWN_AFTERWARDS
    lately = or_(Deadline.state == DeadlineState.open, Deadline.settled_at >= now - SETTLED_FOR)
    return and_(Deadline.last_on >= day, lately)


def _rows(now: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(Deadline, Initiative.title, Plan.name, MOVED_AT.label("moved_at"))
        .join(Plan, Plan.id == Deadline.plan_id)
        .outerjoin(Initiative, Initiative.id == Deadline.initiative_id)
        .where(is_shown(now))
        .order_by(Deadline.last_on, Deadline.id)
    )


def _entry(deadline: Deadline, initiative_title: str | None, plan: str, moved_at: datetime | None) -> Entry:
    title = f"{deadline.title} · {initiative_title}" if initiative_title else deadline.title
    return Entry(
        kind=ObligationKind(deadline.kind.value),
        id=deadline.id,
        title=title,
        plan=plan,
        path=f"/deadlines/{deadline.id}",
        state=_STATES[deadline.state],
        **revision_of(deadline, moved_at),
    )


def revision_of(deadline: Deadline, *instants: datetime | None) -> dict[str, Any]:
    """The dates of a deadline, and the number of its changes, as the fields of an `Entry`.

    `instants` are when it was moved last, and whatever else changed what it says.
    """
    changes: Sequence[datetime | None] = (deadline.created_at, deadline.settled_at, *instants)
    return {
        "first_on": deadline.first_on,
        "last_on": deadline.last_on,
        "words": deadline.words if deadline.first_on != deadline.last_on else "",
        "sequence": deadline.version - 1,
        "changed_at": max(instant for instant in changes if instant is not None),
    }
