"""What one person holds, now and to come, and one single place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.plans.models import Administration, Initiative, Placement, Plan
from tracker.plans.rights import Rights


@dataclass(frozen=True, slots=True)
class Holding:
    """A placement with what it belongs to: the title of an initiative, or the name of an administration."""

    placement: Placement
    plan_name: str
    of: str


def holdings_of(session: Session, person_id: int, *, on: date, plan_id: int | None = None) -> list[Holding]:
    """Every place of a person that lasts on a day or begins after it, in one plan or in all; one query."""
    found = (
        select(Placement, Plan.name, Initiative.title, Administration.name)
        .join(Plan, Plan.id == Placement.plan_id)
        .outerjoin(Initiative, Initiative.id == Placement.initiative_id)
        .outerjoin(Administration, Administration.id == Placement.administration_id)
        .where(
            Placement.person_id == person_id,
            Placement.until_on.is_(None) | (Placement.until_on >= on),
        )
        .order_by(Plan.name, Placement.place, Initiative.position, Placement.from_on, Placement.id)
    )
    if plan_id is not None:
        found = found.where(Placement.plan_id == plan_id)
    return [
        Holding(placement, plan_name, title or administration or "")
        for placement, plan_name, title, administration in session.execute(found)
    ]


def holding_for(
    session: Session, rights: Rights, plan_id: int, placement_id: int, *, on: date
) -> tuple[Holding, Person] | None:
    """A place that lasts, with who holds it, for the secretariat of its plan; else None."""
    placement = session.get(Placement, placement_id)
    if placement is None or placement.plan_id != plan_id or plan_id not in rights.secretariat_of:
        return None
    found = holdings_of(session, placement.person_id, on=on, plan_id=plan_id)
    mine = next((one for one in found if one.placement is placement), None)
    return (mine, session.get_one(Person, placement.person_id)) if mine is not None else None
