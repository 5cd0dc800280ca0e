"""Who holds a place from when to when: one, several at once, and places that end. Nothing here commits.

Who owns an initiative decides who is reminded, so callers go through `tracker.succession.placing`, which
plans the reminders anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.audit.actions import record
from tracker.domain.errors import InvalidInput
from tracker.domain.reminders import Place
from tracker.plans.models import Administration, Initiative, Placement
from tracker.plans.parting import sign_out_without_a_part

_A_BATCH = 500
_DAY = timedelta(days=1)
Key = tuple[Place, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody for a place on these days, in an initiative or in an administration.

    `instead_of` are the ids of placements that go: the person's own, whose days are to be others.
    """

    place: Place
    person_id: int
    from_on: date
    until_on: date | None = None
    initiative_id: int | None = None
    administration_id: int | None = None
    instead_of: tuple[int, ...] = ()

    @property
    def key(self) -> Key:
        """What can be held by one person at a time."""
        return self.place, self.initiative_id, self.administration_id


def place_people(
    session: Session, plan_id: int, wanted: Sequence[Wanted], *, by: int | None, at: datetime
) -> list[Placement]:
    """Put people in places of a plan; whoever holds one on these days steps out for them.

    The reads are as many for one as for thousands. Raises InvalidInput on `until_on` or `person`: for those
    who have left, and for whoever would make themselves coordinator, who signs off for an administration.
    """
    _check(session, wanted, by=by)
    slots = _held(session, plan_id, wanted)
    rests: list[Placement] = []
    stepping_out = {held.person_id for one in wanted for held in slots[one.key] if _overlaps(held, one)}
    for one in wanted:
        _step_out(session, one, slots[one.key], rests)
    session.flush()
    session.add_all(rests)
    session.flush()
    made = [_made(plan_id, one) for one in wanted]
    session.add_all(made)
    session.flush()
    sign_out_without_a_part(session, stepping_out, at=at)
    for placement in made:
        _note(session, "place_taken", placement, by=by, at=at, from_on=placement.from_on.isoformat())
    return made


def place_person(
    session: Session,
    person: Person,
    *,
    place: Place,
    plan_id: int,
    initiative: Initiative | None = None,
    administration: Administration | None = None,
    from_on: date,
    until_on: date | None = None,
    by: int | None,
    at: datetime,
) -> Placement:
    """Put one person in a place, as `place_people` does."""
    wanted = Wanted(
        place,
        person.id,
        from_on,
        until_on,
        initiative_id=initiative.id if initiative else None,
        administration_id=administration.id if administration else None,
    )
    [placement] = place_people(session, plan_id, [wanted], by=by, at=at)
    return placement


def _check(session: Session, wanted: Iterable[Wanted], *, by: int | None) -> None:
    if any(one.until_on is not None and one.until_on < one.from_on for one in wanted):
        raise InvalidInput("until_on", "The last day cannot be before the first.")
    if any(one.place is Place.coordinator and one.person_id == by for one in wanted):
        raise InvalidInput("person", "You cannot change your own role.")
    ids = sorted({one.person_id for one in wanted})
    for start in range(0, len(ids), _A_BATCH):
        batch = ids[start : start + _A_BATCH]
        left = select(Person.name).where(Person.id.in_(batch), ~Person.active).limit(1)
        if (name := session.scalar(left)) is not None:
            raise InvalidInput("person", "%(name)s has left and cannot hold a place.", name=name)


def _held(session: Session, plan_id: int, wanted: Sequence[Wanted]) -> dict[Key, list[Placement]]:
    slots: dict[Key, list[Placement]] = defaultdict(list)
    if not wanted:
        return slots
    first = min(one.from_on for one in wanted)
    found = select(Placement).where(
        Placement.plan_id == plan_id, Placement.until_on.is_(None) | (Placement.until_on >= first)
    )
    if len(wanted) <= _A_BATCH:  # of more, all that the plan has are read
        found = found.where(
            Placement.initiative_id.in_({one.initiative_id for one in wanted} - {None})
            | Placement.administration_id.in_({one.administration_id for one in wanted} - {None})
        )
    for placement in session.scalars(found.order_by(Placement.id)):
        slots[placement.place, placement.initiative_id, placement.administration_id].append(placement)
    return slots


def _step_out(session: Session, wanted: Wanted, slot: list[Placement], rests: list[Placement]) -> None:
    """Whoever holds the place on these days holds it only before them, and after them if they end."""
    for placement in list(slot):
        if placement.id in wanted.instead_of:
            _drop(session, placement, slot, rests)
        elif _overlaps(placement, wanted):
            end = wanted.until_on
            if end is not None and (placement.until_on is None or placement.until_on > end):
                rests.append(rest := _rest_of(placement, end + _DAY))
                slot.append(rest)
            if placement.from_on >= wanted.from_on:
                _drop(session, placement, slot, rests)
            else:
                placement.until_on = wanted.from_on - _DAY


def _overlaps(placement: Placement, wanted: Wanted) -> bool:
    begins_before = wanted.until_on is None or placement.from_on <= wanted.until_on
    return begins_before and (placement.until_on is None or placement.until_on >= wanted.from_on)


def _drop(session: Session, placement: Placement, slot: list[Placement], rests: list[Placement]) -> None:
    slot.remove(placement)
    if placement in rests:
        rests.remove(placement)
    else:
        session.delete(placement)


def _rest_of(placement: Placement, from_on: date) -> Placement:
    """What is left of it from a day on."""
    return Placement(
        plan_id=placement.plan_id,
        place=placement.place,
        initiative_id=placement.initiative_id,
        administration_id=placement.administration_id,
        person_id=placement.person_id,
        from_on=from_on,
        until_on=placement.until_on,
    )


def _made(plan_id: int, wanted: Wanted) -> Placement:
    return Placement(
        plan_id=plan_id,
        place=wanted.place,
        initiative_id=wanted.initiative_id,
        administration_id=wanted.administration_id,
        person_id=wanted.person_id,
        from_on=wanted.from_on,
        until_on=wanted.until_on,
    )


def end_place(
    session: Session, placement: Placement, *, last_day: date, by: int | None, at: datetime
) -> None:
    """The place is held until `last_day`, and by nobody after it; one that would begin later is gone.

    Raises InvalidInput on `last_day` when the place ends before it anyway.
    """
    if placement.until_on is not None and placement.until_on < last_day:
        raise InvalidInput("last_day", "The place ends before that day already.")
    _note(session, "place_ended", placement, by=by, at=at, last_on=last_day.isoformat())
    if placement.from_on > last_day:
        session.delete(placement)
    else:
        placement.until_on = last_day
    session.flush()
    sign_out_without_a_part(session, [placement.person_id], at=at)


def _note(
    session: Session, fact: str, placement: Placement, *, by: int | None, at: datetime, **details: object
) -> None:
    of_initiative = placement.initiative_id is not None
    record(
        session,
        fact,
        "initiative" if of_initiative else "administration",
        placement.initiative_id or placement.administration_id or 0,
        by=by,
        at=at,
        plan_id=placement.plan_id,
        place=placement.place.value,
        person_id=placement.person_id,
        **details,
    )
