"""Who steps in and out. Changing a place changes who is reminded, so the reminders are planned anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.actions import deactivate
from tracker.accounts.models import Person
from tracker.deadlines.models import Deadline, DeadlineState
from tracker.deadlines.queries import open_obligations as open_deadlines
from tracker.domain.reminders import Place
from tracker.plans.actions import end_placements, place_person
from tracker.plans.models import Administration, Initiative, Placement
from tracker.reminders.actions import replan
from tracker.rounds.actions import replan_updates
from tracker.rounds.models import Round, RoundState, StatusUpdate


def assign(
    session: Session,
    initiative: Initiative,
    person: Person,
    *,
    place: Place = Place.owner,
    from_on: date,
    until_on: date | None = None,
    by: int | None,
    at: datetime,
) -> Placement:
    """Make a person owner or deputy of an initiative. Raises InvalidInput on `until_on` or `person`."""
    placement = place_person(
        session,
        person,
        place=place,
        plan_id=initiative.plan_id,
        initiative=initiative,
        from_on=from_on,
        until_on=until_on,
        by=by,
        at=at,
    )
    replan_initiatives(session, [initiative.id], at=at)
    return placement


def assign_many(
    session: Session,
    initiatives: Sequence[Initiative],
    person: Person,
    *,
    from_on: date,
    by: int | None,
    at: datetime,
) -> None:
    """Make a person the owner of several initiatives; the reminders are planned anew once."""
    for initiative in initiatives:
        place_person(
            session,
            person,
            place=Place.owner,
            plan_id=initiative.plan_id,
            initiative=initiative,
            from_on=from_on,
            by=by,
            at=at,
        )
    replan_initiatives(session, [initiative.id for initiative in initiatives], at=at)


def appoint(
    session: Session,
    administration: Administration,
    person: Person,
    *,
    place: Place,
    from_on: date,
    by: int | None,
    at: datetime,
) -> Placement:
    """Make a person coordinator or head of an administration."""
    placement = place_person(
        session,
        person,
        place=place,
        plan_id=administration.plan_id,
        administration=administration,
        from_on=from_on,
        by=by,
        at=at,
    )
    found = select(Initiative.id).where(Initiative.administration_id == administration.id)
    replan_initiatives(session, list(session.scalars(found)), at=at)
    return placement


def leave(session: Session, person: Person, *, by: int, at: datetime) -> None:
    """The person leaves: every place ends, no sign-in, no letter. Whoever remains is reminded instead."""
    placements = end_placements(session, person, last_day=clock.local_date(at) - timedelta(days=1))
    deactivate(session, person, by=by, at=at)
    session.flush()
    concerned = [place.initiative_id for place in placements if place.initiative_id is not None]
    led = [place.administration_id for place in placements if place.administration_id is not None]
    if led:
        found = select(Initiative.id).where(Initiative.administration_id.in_(led))
        concerned += list(session.scalars(found))
    replan_initiatives(session, concerned, at=at)


def replan_initiatives(session: Session, initiative_ids: list[int], *, at: datetime) -> None:
    """Plan anew what some initiatives owe: their status in open rounds, and their open deadlines."""
    if not initiative_ids:
        return
    updates = (
        select(StatusUpdate.id)
        .join(Round, Round.id == StatusUpdate.round_id)
        .where(StatusUpdate.initiative_id.in_(initiative_ids), Round.state == RoundState.open)
    )
    replan_updates(session, list(session.scalars(updates)), at=at)
    deadlines = select(Deadline.id).where(
        Deadline.initiative_id.in_(initiative_ids), Deadline.state == DeadlineState.open
    )
    ids = list(session.scalars(deadlines))
    replan(session, open_deadlines(session, today=clock.local_date(at), ids=ids), now=at)
