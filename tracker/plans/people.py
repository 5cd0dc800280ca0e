"""Whom the letters of a plan are for: who holds which place on a day, and who of them is away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.database import rows_of
from tracker.domain.reminders import Absence, Place
from tracker.plans.models import Membership, MembershipRole, Placement

People = tuple[tuple[Place, int], ...]

_AWAY = (Person.absent_from, Person.absent_until, Person.undeliverable_at)
_HELD = (
    select(Placement.place, Placement.initiative_id, Placement.administration_id, Placement.person_id, *_AWAY)
    .join(Placement.person)
    .where(
        Placement.plan_id == bindparam("plan"),
        Placement.from_on <= bindparam("on"),
        Placement.until_on.is_(None) | (Placement.until_on >= bindparam("on")),
        Person.active,
    )
    .order_by(Placement.id)
)
_HELD_FOR = _HELD.where(
    Placement.administration_id.is_not(None)
    | Placement.initiative_id.in_(bindparam("initiatives", expanding=True))
)
_OFFICE = (
    select(Membership.person_id, *_AWAY)
    .join(Membership.person)
    .where(
        Membership.plan_id == bindparam("plan"),
        Membership.role.in_([MembershipRole.lead, MembershipRole.secretariat]),
        Person.active,
    )
    .order_by(Membership.id)
)


@dataclass(frozen=True)
class PlanPeople:
    """Who is to be reminded in a plan on a day; people who have left are not in it."""

    by_initiative: Mapping[int, People]
    by_administration: Mapping[int, People]
    secretariat: People
    absences: Mapping[int, Absence] = field(default_factory=dict)

    def of_initiative(self, initiative_id: int, administration_id: int) -> People:
        """Owner, deputy, then the administration's coordinator and head, then the secretariat."""
        return (
            self.by_initiative.get(initiative_id, ())
            + self.by_administration.get(administration_id, ())
            + self.secretariat
        )

    def of_administration(self, administration_id: int | None) -> People:
        return self.by_administration.get(administration_id or 0, ()) + self.secretariat

    def absences_of(self, people: People) -> tuple[Absence, ...]:
        """The absences of those among these people who have one."""
        if not self.absences:
            return ()
        among = dict.fromkeys(person_id for _, person_id in people)
        return tuple(self.absences[person_id] for person_id in among if person_id in self.absences)


def people_of_plan(
    session: Session, plan_id: int, *, on: date, initiative_ids: Iterable[int] | None = None
) -> PlanPeople:
    """Everybody who holds a place on a day: two queries, however many initiatives.

    Somebody whose letters come back counts as away without end.
    """
    values: dict[str, Any] = {"plan": plan_id, "on": on}
    if initiative_ids is None:
        held = rows_of(session, _HELD, values)
    else:
        held = rows_of(session, _HELD_FOR, values | {"initiatives": list(initiative_ids)})
    by_initiative: dict[int, People] = defaultdict(tuple)
    by_administration: dict[int, People] = defaultdict(tuple)
    absences: dict[int, Absence] = {}
    for place, initiative_id, administration_id, person_id, start, end, bounced_at in held:
        if (absence := _absence(person_id, start, end, bounced_at)) is not None:
            absences[person_id] = absence
        if initiative_id is not None:
            by_initiative[initiative_id] += ((place, person_id),)
        elif administration_id is not None:
            by_administration[administration_id] += ((place, person_id),)
    members = _secretariat(session, plan_id)
    absences |= {person_id: absence for person_id, absence in members if absence is not None}
    return PlanPeople(dict(by_initiative), dict(by_administration), _in_office(members), absences)


def _absence(
    person_id: int, absent_from: date | None, absent_until: date | None, undeliverable_at: datetime | None
) -> Absence | None:
    if undeliverable_at is not None:
        return Absence(person_id, date.min)
    return Absence(person_id, absent_from, absent_until) if absent_from is not None else None


def secretariat_of(session: Session, plan_id: int) -> People:
    """The secretariat and its lead, each once."""
    return _in_office(_secretariat(session, plan_id))


def _in_office(members: list[tuple[int, Absence | None]]) -> People:
    return tuple((Place.secretariat, person_id) for person_id in dict.fromkeys(one for one, _ in members))


def _secretariat(session: Session, plan_id: int) -> list[tuple[int, Absence | None]]:
    return [
        (person_id, _absence(person_id, start, end, bounced_at))
        for person_id, start, end, bounced_at in rows_of(session, _OFFICE, {"plan": plan_id})
    ]
