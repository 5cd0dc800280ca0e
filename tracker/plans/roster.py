"""The plan's initiatives with who carries them, and who carries nothing: the secretariat's lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.domain.reminders import Place
from tracker.plans.models import Administration, Initiative, Membership, MembershipRole, Placement, Standing
from tracker.plans.queries import Holder
from tracker.plans.rights import Rights, holds_on, visible_to


@dataclass(slots=True)
class InitiativeLine:
    """One row of the list. `number` counts the active ones in the order of the memo; others have none."""

    id: int
    title: str
    standing: Standing
    administration_id: int
    administration_code: str
    administration_name: str
    first_year: int | None
    last_year: int | None
    number: int | None = None
    owners: list[Holder] = field(default_factory=list)
    deputies: list[Holder] = field(default_factory=list)

    @property
    def reached(self) -> bool:
        """Whether somebody would get a reminder of it."""
        return any(one.reachable for one in (*self.owners, *self.deputies))


def initiative_lines(
    session: Session, rights: Rights, plan_id: int, *, holders: Sequence[Holder]
) -> list[InitiativeLine]:
    """The initiatives of a plan that a person may see, in the order of the memo, with their `holders`."""
    found = session.execute(
        select(
            Initiative.id,
            Initiative.title,
            Initiative.standing,
            Administration.id,
            Administration.code,
            Administration.name,
            Initiative.first_year,
            Initiative.last_year,
        )
        .join(Administration, Administration.id == Initiative.administration_id)
        .where(Initiative.plan_id == plan_id, visible_to(rights))
        .order_by(Administration.position, Initiative.position)
    )
    lines = [InitiativeLine(*row) for row in found]
    held: dict[tuple[int | None, Place], list[Holder]] = defaultdict(list)
    for holder in holders:
        held[holder.initiative_id, holder.place].append(holder)
    number = 0
    for line in lines:
        line.owners = held[line.id, Place.owner]
        line.deputies = held[line.id, Place.deputy]
        if line.standing is Standing.active:
            number += 1
            line.number = number
    return lines


@dataclass(frozen=True, slots=True)
class Idle:
    """Somebody who can sign in but has no part in any plan."""

    id: int
    name: str
    email: str


def without_part(session: Session, *, on: date) -> list[Idle]:
    """Active people who hold no place on a day and no role, administrators apart; in Danish order."""
    holds = select(Placement.id).where(Placement.person_id == Person.id, holds_on(on)).exists()
    belongs = select(Membership.id).where(Membership.person_id == Person.id).exists()
    found = (
        select(Person.id, Person.name, Person.email)
        .where(Person.active, ~Person.is_administrator, ~holds, ~belongs)
        .order_by(Person.name_sort, Person.id)
    )
    return [Idle(*row) for row in session.execute(found)]


def leads_by_plan(session: Session) -> dict[int, list[str]]:
    """The names of each plan's leads, for the administrator."""
    found = session.execute(
        select(Membership.plan_id, Person.name)
        .join(Membership.person)
        .where(Membership.role == MembershipRole.lead, Person.active)
        .order_by(Person.name_sort)
    )
    leads: dict[int, list[str]] = defaultdict(list)
    for plan_id, name in found:
        leads[plan_id].append(name)
    return dict(leads)


def has_part(session: Session, plan_id: int, person_id: int, *, on: date) -> bool:
    """Whether a person has a role in a plan, or a place now or to come."""
    roles = select(Membership.id).where(Membership.plan_id == plan_id, Membership.person_id == person_id)
    places = select(Placement.id).where(
        Placement.plan_id == plan_id,
        Placement.person_id == person_id,
        Placement.until_on.is_(None) | (Placement.until_on >= on),
    )
    return bool(session.scalar(select(roles.exists() | places.exists())))
