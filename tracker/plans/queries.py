"""Reads of the plan and of who holds which place, as pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, joinedload

from tracker.accounts.models import Person
from tracker.database import rows_of
from tracker.domain.reminders import Place
from tracker.plans.models import (
    Administration,
    Committee,
    Initiative,
    Membership,
    Placement,
    Plan,
    Standing,
)
from tracker.plans.rights import Rights, holds_on, visible_to

_BY_SLUG = select(Plan).where(Plan.slug == bindparam("slug"))
_INITIATIVE = (
    select(Initiative, Plan)
    .join(Plan, Plan.id == Initiative.plan_id)
    .options(joinedload(Initiative.administration), joinedload(Initiative.deciding_committee))
    .where(Initiative.id == bindparam("initiative"))
)
_HOLDERS: Select[*tuple[Any, ...]] = select(
    Placement.id,
    Placement.place,
    Placement.initiative_id,
    Placement.administration_id,
    Person.id,
    Person.name,
    Person.email,
    Person.active,
    Placement.from_on,
    Placement.until_on,
    Person.absent_from,
    Person.absent_until,
    Person.undeliverable_at.is_not(None),
).join(Placement.person)
_HOLDERS_OF_INITIATIVE = _HOLDERS.where(
    Placement.initiative_id == bindparam("initiative"),
    Placement.until_on.is_(None) | (Placement.until_on >= bindparam("on")),
).order_by(Placement.from_on, Placement.id)


def plan(session: Session, slug: str) -> Plan | None:
    return session.scalar(_BY_SLUG, {"slug": slug})


def slug_of(session: Session, plan_id: int) -> str:
    """The name of a plan in addresses."""
    return session.get_one(Plan, plan_id).slug


def plans(session: Session, rights: Rights | None = None) -> Sequence[Plan]:
    """Every plan, or those a person has a part in, by name."""
    wanted = select(Plan).order_by(Plan.name)
    if rights is not None:
        wanted = wanted.where(Plan.id.in_(sorted(rights.plans)))
    return session.scalars(wanted).all()


def administrations(session: Session, plan_id: int) -> Sequence[Administration]:
    """In the order of the memo."""
    found = select(Administration).where(Administration.plan_id == plan_id).order_by(Administration.position)
    return session.scalars(found).all()


def committees(session: Session, plan_id: int) -> Sequence[Committee]:
    return session.scalars(
        select(Committee).where(Committee.plan_id == plan_id).order_by(Committee.code)
    ).all()


def initiatives(session: Session, rights: Rights, *, plan_id: int) -> Sequence[Initiative]:
    """The plan's initiatives that a person may see, in the order of the memo."""
    found = (
        select(Initiative)
        .join(Initiative.administration)
        .options(joinedload(Initiative.administration))
        .where(Initiative.plan_id == plan_id, visible_to(rights))
        .order_by(Administration.position, Initiative.position)
    )
    return session.scalars(found).all()


def initiative_for(session: Session, rights: Rights, initiative_id: int) -> tuple[Initiative, Plan] | None:
    """One initiative with its administration, and its plan, or None: a stranger cannot tell it from a missing
    one.
    """
    found = session.execute(_INITIATIVE, {"initiative": initiative_id}).one_or_none()
    return (found[0], found[1]) if found is not None and rights.sees(found[0]) else None


def administration_for(session: Session, rights: Rights, administration_id: int) -> Administration | None:
    """An administration for its coordinator or the secretariat, else None."""
    found = session.get(Administration, administration_id)
    if found is None:
        return None
    allowed = found.id in rights.coordinates or found.plan_id in rights.secretariat_of
    return found if allowed else None


def coordinated(session: Session, rights: Rights) -> list[tuple[Administration, Plan]]:
    """The administrations that a person coordinates, each with its plan."""
    found = (
        select(Administration, Plan)
        .join(Plan, Plan.id == Administration.plan_id)
        .where(Administration.id.in_(sorted(rights.coordinates)))
        .order_by(Plan.name, Administration.position)
    )
    return [(administration, plan) for administration, plan in session.execute(found)]


def active_initiatives(session: Session, plan_id: int) -> Sequence[Initiative]:
    """Those that take part in a round, in the order of the memo."""
    found = (
        select(Initiative)
        .join(Initiative.administration)
        .where(Initiative.plan_id == plan_id, Initiative.standing == Standing.active)
        .order_by(Administration.position, Initiative.position)
    )
    return session.scalars(found).all()


@dataclass(frozen=True)
class Holder:
    """Somebody in a place, as a page shows it."""

    placement_id: int
    place: Place
    initiative_id: int | None
    administration_id: int | None
    person_id: int
    name: str
    email: str
    active: bool
    from_on: date
    until_on: date | None
    absent_from: date | None
    absent_until: date | None
    undeliverable: bool

    @property
    def reachable(self) -> bool:
        """Whether a letter would arrive."""
        return self.active and not self.undeliverable

    def away_on(self, day: date) -> bool:
        """Whether the person has said to be away on a day."""
        if self.absent_from is None or self.absent_from > day:
            return False
        return self.absent_until is None or self.absent_until >= day


def holders(session: Session, plan_id: int, *, on: date) -> tuple[Holder, ...]:
    """Every place held in a plan on a day, with names, in Danish order."""
    found = _HOLDERS.where(Placement.plan_id == plan_id, holds_on(on)).order_by(Person.name_sort)
    return tuple(Holder(*row) for row in session.execute(found))


def lasting_holders(session: Session, plan_id: int, *, on: date) -> tuple[Holder, ...]:
    """Every place of a plan that is held on a day or later, with names."""
    lasting = Placement.until_on.is_(None) | (Placement.until_on >= on)
    found = _HOLDERS.where(Placement.plan_id == plan_id, lasting).order_by(Placement.from_on, Placement.id)
    return tuple(Holder(*row) for row in session.execute(found))


def holders_of_initiative(session: Session, initiative_id: int, *, on: date) -> tuple[Holder, ...]:
    """Owner and deputies of an initiative, now and to come; the caller has read the initiative."""
    found = rows_of(session, _HOLDERS_OF_INITIATIVE, {"initiative": initiative_id, "on": on})
    return tuple(Holder(*row) for row in found)


def members(session: Session, plan_id: int) -> Sequence[Membership]:
    found = (
        select(Membership)
        .join(Membership.person)
        .options(joinedload(Membership.person))
        .where(Membership.plan_id == plan_id)
        .order_by(Person.name_sort, Membership.role)
    )
    return session.scalars(found).all()


@dataclass(frozen=True)
class Part:
    """One role or place of a person: `membership_id` only for a role in the whole plan."""

    plan_name: str
    name: str
    what: str
    membership_id: int | None = None


def parts_of(session: Session, person_id: int, *, on: date) -> list[Part]:
    """Everything a person is in the plans on a day: roles first, then places with what they belong to."""
    roles = session.execute(
        select(Plan.name, Membership.role, Membership.id)
        .join(Plan, Plan.id == Membership.plan_id)
        .where(Membership.person_id == person_id)
        .order_by(Plan.name, Membership.role)
    )
    places = session.execute(
        select(Plan.name, Placement.place, Initiative.title, Administration.name)
        .join(Plan, Plan.id == Placement.plan_id)
        .outerjoin(Initiative, Initiative.id == Placement.initiative_id)
        .outerjoin(Administration, Administration.id == Placement.administration_id)
        .where(Placement.person_id == person_id, holds_on(on))
        .order_by(Plan.name, Placement.id)
    )
    parts = [Part(plan_name, role.value, "", membership) for plan_name, role, membership in roles]
    parts += [
        Part(plan_name, place.value, title or administration or "")
        for plan_name, place, title, administration in places
    ]
    return parts
