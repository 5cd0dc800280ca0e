"""Who steps in and out. Changing a place changes who is reminded, so the reminders are planned anew.

Whoever gets a place is told by letter; nobody is whose place only ends.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.actions import deactivate
from tracker.accounts.models import Person
from tracker.domain.reminders import Place
from tracker.plans.handing_over import tell
from tracker.plans.models import Administration, Initiative, Placement
from tracker.plans.placing import Wanted, end_place, place_people
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
    wanted = Wanted(place, person.id, from_on, until_on, initiative_id=initiative.id)
    [placement] = place_many(session, initiative.plan_id, [wanted], by=by, at=at)
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
    """Make a person the owner of several initiatives of one plan: one planning anew, one letter."""
    wanted = [Wanted(Place.owner, person.id, from_on, initiative_id=one.id) for one in initiatives]
    for plan_id in {one.plan_id for one in initiatives}:
        place_many(session, plan_id, wanted, by=by, at=at)


def place_many(
    session: Session, plan_id: int, wanted: Sequence[Wanted], *, by: int | None, at: datetime
) -> list[Placement]:
    """Put people in places of a plan; the reminders are planned anew once, each person gets one letter."""
    made = place_people(session, plan_id, wanted, by=by, at=at)
    _replan(session, made, at=at)
    tell(session, made, by=by, at=at)
    return made


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
    wanted = Wanted(place, person.id, from_on, administration_id=administration.id)
    [placement] = place_many(session, administration.plan_id, [wanted], by=by, at=at)
    return placement


def end(session: Session, placement: Placement, *, last_day: date, by: int, at: datetime) -> None:
    """A place ends and nobody takes over: an owner's deputies are told that they stand alone.

    The secretariat is told of a vacancy on the day after (`tracker.plans.vacancies`).
    """
    end_place(session, placement, last_day=last_day, by=by, at=at)
    _replan(session, [placement], at=at)
    tell(session, _standing_in(session, [placement], after=last_day), by=by, at=at)


def hand_on(
    session: Session,
    person: Person,
    *,
    places: Collection[Placement],
    successors: Mapping[int, Person],
    last_day: date,
    by: int,
    at: datetime,
) -> None:
    """A person leaves these places after `last_day`, all in one transaction.

    `successors` names who takes over which placement, by its id; a place that is not in it ends, and an
    owner's deputies are told. Raises InvalidInput on `person` for a successor who has left.
    """
    ending = [one for one in places if one.until_on is None or one.until_on > last_day]
    wanted: dict[int, list[Wanted]] = {}
    for one in ending:
        taker = successors.get(one.id)
        if taker is not None and taker.id != person.id:
            wanted.setdefault(one.plan_id, []).append(_taken_over(one, taker, last_day))
    alone = [one for one in ending if one.id not in successors]
    for one in ending:
        end_place(session, one, last_day=last_day, by=by, at=at)
    for plan_id, some in sorted(wanted.items()):
        tell(session, place_people(session, plan_id, some, by=by, at=at), by=by, at=at)
    _replan(session, ending, at=at)
    tell(session, _standing_in(session, alone, after=last_day), by=by, at=at)


def leave(
    session: Session,
    person: Person,
    *,
    successors: Mapping[int, Person] | None = None,
    by: int,
    at: datetime,
) -> None:
    """The person leaves: every place ends or is handed on, no sign-in, no letter from now on."""
    last_day = clock.local_date(at) - timedelta(days=1)
    found = select(Placement).where(
        Placement.person_id == person.id, Placement.until_on.is_(None) | (Placement.until_on > last_day)
    )
    places = session.scalars(found.order_by(Placement.id)).all()
    hand_on(session, person, places=places, successors=successors or {}, last_day=last_day, by=by, at=at)
    deactivate(session, person, by=by, at=at)
    session.flush()
    replan_person(session, person.id, at=at)


def _taken_over(placement: Placement, taker: Person, last_day: date) -> Wanted:
    return Wanted(
        placement.place,
        taker.id,
        max(placement.from_on, last_day + timedelta(days=1)),
        placement.until_on,
        initiative_id=placement.initiative_id,
        administration_id=placement.administration_id,
    )


def _standing_in(session: Session, ended: Collection[Placement], *, after: date) -> Sequence[Placement]:
    """The deputies of the initiatives whose owner is gone after a day."""
    ids = [one.initiative_id for one in ended if one.place is Place.owner and one.initiative_id is not None]
    if not ids:
        return ()
    found = select(Placement).where(
        Placement.initiative_id.in_(ids),
        Placement.place == Place.deputy,
        Placement.until_on.is_(None) | (Placement.until_on > after),
    )
    return session.scalars(found.order_by(Placement.id)).all()


def _replan(session: Session, places: Collection[Placement], *, at: datetime) -> None:
    replan_initiatives(session, {one.initiative_id for one in places if one.initiative_id}, at=at)
    replan_administrations(session, {one.administration_id for one in places if one.administration_id}, at=at)
