"""Who can be reached: whether an initiative has somebody whom a reminder would find."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.domain.reminders import Place
from tracker.plans.models import Administration, Initiative, Placement, Standing
from tracker.plans.queries import Holder, lasting_holders


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


class Why(StrEnum):
    """Why nobody can be reached."""

    never_named = "never_named"
    vacant = "vacant"
    to_come = "to_come"
    left = "left"
    letters_come_back = "letters_come_back"


@dataclass(frozen=True, slots=True)
class NotReached:
    """An active initiative that nobody would be reminded of, and why. `holders` are those who are named.

    `from_on` is the first day of whoever comes, where somebody does.
    """

    initiative_id: int
    title: str
    administration_code: str
    why: Why
    holders: tuple[Holder, ...]
    from_on: date | None


def not_reached(session: Session, plan_id: int, *, on: date) -> list[NotReached]:
    """Those of a plan, in the order of the memo: three queries at most."""
    missing = coverage_of(session, plan_id, on=on).unreached
    if not missing:
        return []
    ids = [one.initiative_id for one in missing]
    held: dict[int | None, list[Holder]] = defaultdict(list)
    for holder in lasting_holders(session, plan_id, on=on):
        held[holder.initiative_id].append(holder)
    begun = select(Placement.initiative_id).where(
        Placement.plan_id == plan_id, Placement.initiative_id.is_not(None), Placement.from_on <= on
    )
    ever = set(session.scalars(begun.distinct())) & set(ids)
    return [_explained(one, held[one.initiative_id], one.initiative_id in ever, on) for one in missing]


def _explained(one: Unreached, holders: Sequence[Holder], ever: bool, on: date) -> NotReached:
    now = tuple(holder for holder in holders if holder.from_on <= on)
    coming = [holder.from_on for holder in holders if holder.from_on > on and holder.reachable]
    if any(holder.active for holder in now):
        why = Why.letters_come_back
    elif now:
        why = Why.left
    elif coming:
        why = Why.to_come
    else:
        why = Why.vacant if ever else Why.never_named
    first = min(coming, default=None)
    return NotReached(one.initiative_id, one.title, one.administration_code, why, now, first)
