"""The initiatives that a person owns or is deputy of, with their newest status, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Function, Select, Subquery, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from tracker.database import rows_of
from tracker.deadlines.models import Deadline
from tracker.domain.reminders import Place
from tracker.domain.workflow import AWAITING_APPROVAL, State
from tracker.plans.models import Administration, Initiative, Plan
from tracker.plans.rights import held_by_person
from tracker.rounds.models import Round, StatusUpdate

A_PAGE = 50


class Group(StrEnum):
    """What a status asks of its owner, the most urgent first; an initiative that rests has no status yet."""

    returned = "returned"
    to_write = "to_write"
    waiting = "waiting"
    done = "done"
    resting = "resting"


_GROUPS = tuple(Group)


@dataclass(frozen=True, slots=True)
class OwnLine:
    """One initiative of a person. One that rests has neither update nor year, state or day.

    `closed_days` are those of its plan (`tracker.holidays_dk.plan_calendar`).
    """

    group: Group
    role: Place
    initiative_id: int
    title: str
    plan_name: str
    closed_days: str
    update_id: int | None
    year: int | None
    state: State | None
    due_on: date | None
    remark: str


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A page of the list, and how many initiatives each group has on all pages together."""

    lines: list[OwnLine]
    counts: Mapping[Group, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def own_page(session: Session, person_id: int, *, on: date, page: int = 1) -> OwnPage:
    """The initiatives that a person owns or is deputy of on a day, fifty a page: one query.

    By group, then by the day they are due, then by title; those that rest in the order of the memo. A page
    after the last one is empty, and so are its counts.
    """
    first = (page - 1) * A_PAGE
    given = {"person": person_id, "on": on, "first": first, "last": first + A_PAGE}
    rows = rows_of(session, _PAGE, given).all()
    lines = [
        OwnLine(_GROUPS[group], Place.owner if owns else Place.deputy, *rest)
        for group, owns, *rest in (row[: -len(Group)] for row in rows)
    ]
    counts = rows[0][-len(Group) :] if rows else [0] * len(Group)
    return OwnPage(lines, dict(zip(Group, counts, strict=True)))


def _newest() -> Subquery:
    """Each initiative that `:person` holds on `:on` with its newest status, if it has one."""
    held = held_by_person().subquery("held")
    turn = func.row_number().over(partition_by=held.c.initiative_id, order_by=Round.year.desc())
    return (
        select(
            held.c.initiative_id,
            held.c.owns,
            StatusUpdate.id.label("update_id"),
            StatusUpdate.state,
            StatusUpdate.deadline_id,
            Round.year,
            _group().label("group"),
            turn.label("turn"),
        )
        .select_from(held)
        .outerjoin(StatusUpdate, StatusUpdate.initiative_id == held.c.initiative_id)
        .outerjoin(Round, Round.id == StatusUpdate.round_id)
        .subquery("newest")
    )


def _group() -> ColumnElement[int]:
    """The place of a status's group among `Group`."""
    places: list[tuple[Group, Iterable[State]]] = [
        (Group.returned, [State.returned]),
        (Group.to_write, [State.not_started, State.draft]),
        (Group.waiting, sorted(AWAITING_APPROVAL)),
    ]
    return case(
        (StatusUpdate.id.is_(None), _GROUPS.index(Group.resting)),
        *((_is_one_of(states), _GROUPS.index(group)) for group, states in places),
        else_=_GROUPS.index(Group.done),
    )


def _is_one_of(states: Iterable[State]) -> ColumnElement[bool]:
    return or_(*(StatusUpdate.state == state for state in states))


def _ranked() -> Subquery:
    """All of them with their rank in the list; nothing that is long."""
    newest = _newest()
    order = (
        newest.c.group,
        Deadline.last_on.is_(None),
        Deadline.last_on,
        case((newest.c.update_id.is_(None), ""), else_=Initiative.title),
        Initiative.plan_id,
        Administration.position,
        Initiative.position,
        Initiative.id,
    )
    return (
        select(
            newest,
            Deadline.last_on,
            Initiative.title,
            Initiative.plan_id,
            func.row_number().over(order_by=order).label("rank"),
            *(_count(newest.c.group, one).over().label(f"of_{one}") for one in Group),
        )
        .join(Initiative, Initiative.id == newest.c.initiative_id)
        .join(Administration, Administration.id == Initiative.administration_id)
        .outerjoin(Deadline, Deadline.id == newest.c.deadline_id)
        .where(newest.c.turn == 1)
        .subquery("ranked")
    )


def _count(group: ColumnElement[int], which: Group) -> Function[int]:
    return func.sum(case((group == _GROUPS.index(which), 1), else_=0))


def _page() -> Select[*tuple[Any, ...]]:
    ranked = _ranked()
    return (
        select(
            ranked.c.group,
            ranked.c.owns,
            ranked.c.initiative_id,
            ranked.c.title,
            Plan.name,
            Plan.closed_days,
            ranked.c.update_id,
            ranked.c.year,
            ranked.c.state,
            ranked.c.last_on,
            func.coalesce(StatusUpdate.remark, ""),
            *(ranked.c[f"of_{one}"] for one in Group),
        )
        .select_from(ranked)
        .join(Plan, Plan.id == ranked.c.plan_id)
        .outerjoin(StatusUpdate, StatusUpdate.id == ranked.c.update_id)
        .where(ranked.c.rank > bindparam("first"), ranked.c.rank <= bindparam("last"))
        .order_by(ranked.c.rank)
    )


_PAGE = _page()
