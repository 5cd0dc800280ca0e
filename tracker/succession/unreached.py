"""The statuses of a round that are still waited for and that nobody would be reminded of, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.domain.reminders import Place
from tracker.domain.workflow import SETTLED
from tracker.plans.coverage import is_reachable
from tracker.plans.models import Administration, Initiative, Placement
from tracker.plans.rights import holds_on
from tracker.rounds.models import Round, StatusUpdate


@dataclass(frozen=True, slots=True)
class NotReached:
    """An owner or deputy whom no letter finds: one who has left, else one whose letters come back."""

    name: str
    email: str
    left: bool


@dataclass(slots=True)
class Unreached:
    """An initiative without anybody who can be reached; `holders` is empty when nobody is named."""

    initiative_id: int
    title: str
    administration_code: str
    holders: list[NotReached] = field(default_factory=list)


def unreached_in(session: Session, round_: Round, *, on: date) -> list[Unreached]:
    """Those of a round on a day, in the order of the memo: one query. What is settled needs nobody."""
    held = and_(
        Placement.initiative_id == Initiative.id,
        Placement.place.in_([Place.owner, Place.deputy]),
        holds_on(on),
    )
    found = (
        select(Initiative.id, Initiative.title, Administration.code, Person.name, Person.email, Person.active)
        .join(StatusUpdate, StatusUpdate.initiative_id == Initiative.id)
        .join(Administration, Administration.id == Initiative.administration_id)
        .outerjoin(Placement, held)
        .outerjoin(Person, Person.id == Placement.person_id)
        .where(StatusUpdate.round_id == round_.id, StatusUpdate.state.not_in(SETTLED), ~is_reachable(on))
        .order_by(Administration.position, Initiative.position, Placement.id)
    )
    every: dict[int, Unreached] = {}
    for id_, title, code, name, email, active in session.execute(found):
        one = every.setdefault(id_, Unreached(id_, title, code))
        if name is not None:
            one.holders.append(NotReached(name, email, left=not active))
    return list(every.values())
