"""Who can be reached: whether an initiative has somebody whom a reminder would find."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.domain.reminders import Place
from tracker.plans.models import Administration, Initiative, Placement, Standing


def is_reachable(on: Any) -> ColumnElement[bool]:
    """That an active owner or deputy, whose letters arrive, holds the initiative on a day.

    `on` is a date or a bound parameter.
    """
    return (
        select(Placement.id)
        .join(Person, Person.id == Placement.person_id)
        .where(
            Placement.initiative_id == Initiative.id,
            or_(Placement.place == Place.owner, Placement.place == Place.deputy),
            Placement.from_on <= on,
            Placement.until_on.is_(None) | (Placement.until_on >= on),
            Person.active,
            Person.undeliverable_at.is_(None),
        )
        .correlate(Initiative)
        .exists()
    )


@dataclass(frozen=True, slots=True)
class Unreached:
    """An active initiative that nobody would be reminded of."""

    initiative_id: int
    title: str
    administration_code: str


@dataclass(frozen=True, slots=True)
class Coverage:
    total: int
    unreached: tuple[Unreached, ...]

    @property
    def reached(self) -> int:
        return self.total - len(self.unreached)


def coverage_of(session: Session, plan_id: int, *, on: date) -> Coverage:
    """How many of the plan's active initiatives have somebody who can be reached: one query."""
    found = (
        select(Initiative.id, Initiative.title, Administration.code, is_reachable(on))
        .join(Administration, Administration.id == Initiative.administration_id)
        .where(Initiative.plan_id == plan_id, Initiative.standing == Standing.active)
        .order_by(Administration.position, Initiative.position)
    )
    rows = session.execute(found).all()
    return Coverage(len(rows), tuple(Unreached(*row[:3]) for row in rows if not row[3]))
