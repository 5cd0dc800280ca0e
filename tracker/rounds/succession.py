"""Who steps in and out. Changing a place changes who is reminded, so the reminders are planned anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.actions import deactivate
from tracker.accounts.models import Person
from tracker.domain.reminders import Place
from tracker.plans.actions import end_placements, place_person
from tracker.plans.models import Administration, Initiative, Placement
from tracker.rounds.replanning import replan_administrations, replan_initiatives, replan_person


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
    replan_administrations(session, [administration.id], at=at)
    return placement


def leave(session: Session, person: Person, *, by: int, at: datetime) -> None:
    """The person leaves: every place ends, no sign-in, no letter. Whoever remains is reminded instead."""
    placements = end_placements(session, person, last_day=clock.local_date(at) - timedelta(days=1))
    deactivate(session, person, by=by, at=at)
    session.flush()
    # Places that had only begun today are gone, so they are named beside those that the person still had.
    replan_initiatives(session, {one.initiative_id for one in placements if one.initiative_id}, at=at)
    replan_administrations(
        session, {one.administration_id for one in placements if one.administration_id}, at=at
    )
    replan_person(session, person.id, at=at)
