"""What a person may do in the plans, as one value that is read once a request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import Session

from tracker.domain.reminders import Place
from tracker.domain.workflow import Role
from tracker.plans.models import Initiative, Membership, MembershipRole, Placement

_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Rights:
    """The ids of what a person has a part in on a given day. The default is somebody with no part."""

    person_id: int | None = None
    administrator: bool = False
    leads: frozenset[int] = _NONE
    secretariat_of: frozenset[int] = _NONE
    reads: frozenset[int] = _NONE
    owns: frozenset[int] = _NONE
    deputises: frozenset[int] = _NONE
    coordinates: frozenset[int] = _NONE
    plans: frozenset[int] = field(default=_NONE)

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


def rights_of(session: Session, person_id: int, *, administrator: bool, on: date) -> Rights:
    """Read a person's rights as of a day: two queries."""
    memberships = session.execute(
        select(Membership.plan_id, Membership.role).where(Membership.person_id == person_id)
    ).all()
    placements = session.execute(
        select(
            Placement.plan_id, Placement.place, Placement.initiative_id, Placement.administration_id
        ).where(Placement.person_id == person_id, holds_on(on))
    ).all()

    def with_role(*roles: MembershipRole) -> frozenset[int]:
        return frozenset(plan for plan, role in memberships if role in roles)

    def in_place(place: Place) -> frozenset[int]:
        return frozenset(row[2] or row[3] or 0 for row in placements if row[1] is place)

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
