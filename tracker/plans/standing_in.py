"""Who gets the letters of somebody who is away: the deputies of what they own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from tracker.accounts.models import Person
from tracker.domain.reminders import Place
from tracker.plans.models import Administration, Initiative, Placement, Plan, Standing


@dataclass(frozen=True, slots=True)
class StandIn:
    """Somebody who is deputy on some of the days. `whole_time` is False when it is not on all of them."""

    name: str
    from_on: date
    until_on: date | None
    whole_time: bool


@dataclass(slots=True)
class Covered:
    """An initiative of somebody who is away, with those who get the letters; nobody when there are none."""

    initiative_id: int
    title: str
    plan_slug: str
    plan_name: str
    deputies: list[StandIn] = field(default_factory=list)


def covered_while_away(
    session: Session, person_id: int, *, from_on: date, until_on: date, plan_id: int | None = None
) -> list[Covered]:
    """What a person owns on some of these days, in the order of the memos: one query.

    A deputy who has left, or whose letters come back, gets none and is not named.
    """
    owned, held, deputy = aliased(Placement), aliased(Placement), aliased(Person)
    found = (
        select(
            Initiative.id,
            Initiative.title,
            Plan.slug,
            Plan.name,
            deputy.name,
            held.from_on,
            held.until_on,
        )
        .join(owned, owned.initiative_id == Initiative.id)
        .join(Plan, Plan.id == Initiative.plan_id)
        .join(Administration, Administration.id == Initiative.administration_id)
        .outerjoin(
            held,
            (held.initiative_id == Initiative.id)
            & (held.place == Place.deputy)
            & (held.person_id != person_id)
            & (held.from_on <= until_on)
            & (held.until_on.is_(None) | (held.until_on >= from_on)),
        )
        .outerjoin(
            deputy,
            (deputy.id == held.person_id) & deputy.active & deputy.undeliverable_at.is_(None),
        )
        .where(
            owned.person_id == person_id,
            owned.place == Place.owner,
            owned.from_on <= until_on,
            owned.until_on.is_(None) | (owned.until_on >= from_on),
            Initiative.standing == Standing.active,
        )
        .order_by(Plan.name, Plan.id, Administration.position, Initiative.position, held.from_on)
    )
    if plan_id is not None:
        found = found.where(Initiative.plan_id == plan_id)
    every: dict[int, Covered] = {}
    for initiative_id, title, slug, name, stands_in, first, last in session.execute(found):
        one = every.setdefault(initiative_id, Covered(initiative_id, title, slug, name))
        if stands_in is not None:
            whole = first <= from_on and (last is None or last >= until_on)
            if (deputy_ := StandIn(stands_in, first, last, whole)) not in one.deputies:
                one.deputies.append(deputy_)
    return list(every.values())
