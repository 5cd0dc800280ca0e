"""What a person may do in the plans, as one value that is read once a request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    String,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.orm import Session

from tracker.database import rows_of
from tracker.domain.reminders import Place
from tracker.domain.workflow import Role
from tracker.plans.models import Initiative, Membership, MembershipRole, Placement

_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Rights:
    """The ids of what a person has a part in on a given day. The default is somebody with no part.

    `via` is by what the person came when it was not by signing in; the journal keeps it.
    """

    person_id: int | None = None
    administrator: bool = False
    leads: frozenset[int] = _NONE
    secretariat_of: frozenset[int] = _NONE
    reads: frozenset[int] = _NONE
    owns: frozenset[int] = _NONE
    deputises: frozenset[int] = _NONE
    coordinates: frozenset[int] = _NONE
    plans: frozenset[int] = field(default=_NONE)
    via: str = ""

    def roles_on(self, initiative: Initiative) -> frozenset[Role]:
        """The person's roles towards one initiative, as the workflow's rules know them."""
        held = {
            Role.owner: initiative.id in self.owns,
            Role.deputy: initiative.id in self.deputises,
            Role.coordinator: initiative.administration_id in self.coordinates,
            Role.secretariat: initiative.plan_id in self.secretariat_of,
            Role.lead: initiative.plan_id in self.leads,
        }
        return frozenset(role for role, holds in held.items() if holds)

    def sees(self, initiative: Initiative) -> bool:
        """What `visible_to` says in a query, of an initiative that has been read."""
        return (
            initiative.plan_id in self.secretariat_of
            or initiative.administration_id in self.coordinates
            or initiative.id in self.owns | self.deputises
        )


def came_by(via: str) -> dict[str, object]:
    """What the journal adds to what somebody did who had not signed in (`Rights.via`)."""
    return {"via": via} if via else {}


# Asked by every request, so built once: a person's roles in plans, then the places they hold on a day.
_on: BindParameter[date] = bindparam("on")
_PARTS = (
    select(
        Membership.plan_id,
        type_coerce(Membership.role, String).label("role"),
        literal("").label("place"),
        cast(null(), Integer).label("initiative_id"),
        cast(null(), Integer).label("administration_id"),
    )
    .where(Membership.person_id == bindparam("person"))
    .union_all(
        select(
            Placement.plan_id,
            literal(""),
            type_coerce(Placement.place, String),
            Placement.initiative_id,
            Placement.administration_id,
        ).where(
            Placement.person_id == bindparam("person"),
            Placement.from_on <= _on,
            Placement.until_on.is_(None) | (Placement.until_on >= _on),
        )
    )
)


def rights_of(session: Session, person_id: int, *, administrator: bool, on: date) -> Rights:
    """Read a person's rights as of a day: one query."""
    found = rows_of(session, _PARTS, {"person": person_id, "on": on}).all()
    memberships = [(plan, role) for plan, role, place, _, _ in found if not place]
    placements = [(plan, place, one, other) for plan, role, place, one, other in found if place]

    def with_role(*roles: MembershipRole) -> frozenset[int]:
        return frozenset(plan for plan, role in memberships if role in roles)

    def in_place(place: Place) -> frozenset[int]:
        return frozenset(row[2] or row[3] or 0 for row in placements if row[1] == place)

    return Rights(
        person_id=person_id,
        administrator=administrator,
        leads=with_role(MembershipRole.lead),
        secretariat_of=with_role(MembershipRole.lead, MembershipRole.secretariat),
        reads=with_role(MembershipRole.reader),
        owns=in_place(Place.owner),
        deputises=in_place(Place.deputy),
        coordinates=in_place(Place.coordinator),
        plans=frozenset([row[0] for row in memberships] + [row[0] for row in placements]),
    )


def holds_on(day: date) -> ColumnElement[bool]:
    """That a placement is in force on a day."""
    return (Placement.from_on <= day) & (Placement.until_on.is_(None) | (Placement.until_on >= day))


def held_by_person() -> Select[*tuple[Any, ...]]:
    """The initiatives that `:person` owns or is deputy of on `:on`: `initiative_id`, `owns` (1 as owner).

    For lists of what is one's own: it says to the database in two values what `Rights` holds in a thousand.
    """
    return (
        select(
            Placement.initiative_id,
            func.max(case((Placement.place == Place.owner, 1), else_=0)).label("owns"),
        )
        .where(
            Placement.person_id == bindparam("person"),
            or_(Placement.place == Place.owner, Placement.place == Place.deputy),
            Placement.from_on <= _on,
            Placement.until_on.is_(None) | (Placement.until_on >= _on),
        )
        .group_by(Placement.initiative_id)
    )


def visible_to(rights: Rights) -> ColumnElement[bool]:
    """The initiatives whose unpublished status a person may see; every list and search goes through it."""
    return or_(
        *_some(Initiative.plan_id, rights.secretariat_of),
        *_some(Initiative.administration_id, rights.coordinates),
        *_some(Initiative.id, rights.owns | rights.deputises),
        false(),
    )


def _some(column: object, ids: Iterable[int]) -> list[ColumnElement[bool]]:
    wanted = sorted(ids)
    return [column.in_(wanted)] if wanted else []  # type: ignore[attr-defined]


def everything() -> ColumnElement[bool]:
    """No restriction: for jobs and for the memo, which act for the plan and not for a person."""
    return true()
