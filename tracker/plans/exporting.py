"""What an export of a plan's people holds: a row for each place, as an import reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from tracker.accounts.models import Language, Person
from tracker.domain.reminders import Place
from tracker.plans.models import Administration, Initiative, Placement, Standing
from tracker.plans.rights import Rights


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place that is held or will be. `number` is the one of the list of initiatives, None for others."""

    name: str
    email: str
    language: Language
    administration: str
    number: int | None
    title: str
    place: Place
    from_on: date
    until_on: date | None


def place_rows(session: Session, rights: Rights, plan_id: int, *, on: date) -> list[PlaceRow]:
    """Every place of a plan that lasts on a day, for its secretariat, in the order of the memo: two queries.

    Somebody who has left holds nothing that another could take over, and is not in it.
    """
    if plan_id not in rights.secretariat_of:
        return []
    numbers = _numbers(session, plan_id)
    of, own = aliased(Administration), aliased(Administration)
    found = (
        select(
            Person.name,
            Person.email,
            Person.language,
            of.code,
            own.code,
            Initiative.id,
            Initiative.title,
            Placement.place,
            Placement.from_on,
            Placement.until_on,
        )
        .join(Placement.person)
        .outerjoin(Initiative, Initiative.id == Placement.initiative_id)
        .outerjoin(of, of.id == Initiative.administration_id)
        .outerjoin(own, own.id == Placement.administration_id)
        .where(
            Placement.plan_id == plan_id,
            Placement.until_on.is_(None) | (Placement.until_on >= on),
            Person.active,
        )
        .order_by(of.position, own.position, Initiative.position, Placement.from_on, Placement.id)
    )
    return [
        PlaceRow(name, email, language, code or own_code, numbers.get(id_), title or "", place, first, last)
        for name, email, language, code, own_code, id_, title, place, first, last in session.execute(found)
    ]


def _numbers(session: Session, plan_id: int) -> dict[int | None, int]:
    found = (
        select(Initiative.id)
        .join(Initiative.administration)
        .where(Initiative.plan_id == plan_id, Initiative.standing == Standing.active)
        .order_by(Administration.position, Initiative.position)
    )
    return {id_: number for number, id_ in enumerate(session.scalars(found), start=1)}
