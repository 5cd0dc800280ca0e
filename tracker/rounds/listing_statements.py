"""The statement that reads a page of a round's rows, built once for each shape of a choice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    type_coerce,
)

from tracker.accounts.models import Person
from tracker.deadlines.models import Deadline
from tracker.domain.workflow import State
from tracker.plans.models import Administration, Initiative, Placement
from tracker.rounds.models import StatusUpdate
from tracker.rounds.progress import OWNED, OWNER_REACHED
from tracker.rounds.silence import Silence, is_late, is_silent

A_PAGE = 50


class Sort(StrEnum):
    number = "number"
    owner = "owner"
    state = "state"
    due = "due"


@dataclass(frozen=True, slots=True)
class Shape:
    """What decides the statement of a choice; its values are bound."""

    state: bool
    administration: bool
    silence: Silence | None
    silent: bool
    late: bool
    words: bool
    sort: Sort
    descending: bool
    paged: str
    everything: bool


_on: BindParameter[date] = bindparam("on")
_ORDER = (func.coalesce(StatusUpdate.number, 0), Administration.position, Initiative.position)
_STATE_ORDER = case({state: place for place, state in enumerate(State)}, value=StatusUpdate.state)
_SORTED: dict[Sort, ColumnElement[Any]] = {
    Sort.owner: func.coalesce(Person.name_sort, ""),
    Sort.due: func.coalesce(Deadline.last_on, date.max),
    Sort.state: _STATE_ORDER,
}


@lru_cache(maxsize=256)
def statement(shape: Shape) -> Select[Any]:
    """The page of a shape: total, then the fields of Line without `overdue`."""
    ranked = _ranked(shape)
    found = (
        select(
            ranked.c.total,
            StatusUpdate.id,
            ranked.c.rank,
            StatusUpdate.initiative_id,
            func.coalesce(StatusUpdate.number, ranked.c.place).label("number"),
            Initiative.title,
            type_coerce(StatusUpdate.state, String).label("state"),
            Person.name,
            OWNER_REACHED,
            case((and_(Person.absent_from <= _on, Person.absent_until >= _on), Person.absent_until)),
            Deadline.last_on.label("due_on"),
        )
        .select_from(ranked)
        .join(StatusUpdate, StatusUpdate.id == ranked.c.id)
        .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
        .outerjoin(Deadline, Deadline.id == StatusUpdate.deadline_id)
        .outerjoin(Placement, OWNED)
        .outerjoin(Person, Person.id == Placement.person_id)
        .order_by(ranked.c.rank)
    )
    if shape.everything:
        return found
    cursor = select(ranked.c.rank).where(ranked.c.id == bindparam("cursor")).scalar_subquery()
    match shape.paged:
        case "after":
            found = found.where(ranked.c.rank > cursor, ranked.c.rank <= cursor + A_PAGE)
        case "before":
            found = found.where(ranked.c.rank < cursor, ranked.c.rank >= cursor - A_PAGE)
        case _:
            found = found.where(ranked.c.rank <= A_PAGE)
    return found


def _ranked(shape: Shape) -> CTE:
    """The ids that the choice leaves: `place` in the round, `rank` in the list, `total` of the list."""
    place = func.row_number().over(order_by=_ORDER)
    rows = (
        select(StatusUpdate.id, place.label("place"))
        .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
        .join(Administration, Administration.id == Initiative.administration_id)
        # The plan tells PostgreSQL to look among its initiatives and not among those of all plans.
        .where(StatusUpdate.round_id == bindparam("round"), Initiative.plan_id == bindparam("plan"))
    )
    conditions = _conditions(shape)
    if not conditions and shape.sort is Sort.number and not shape.descending:
        return rows.add_columns(place.label("rank"), func.count().over().label("total")).cte("ranked")
    every = rows.subquery("every")
    order: list[ColumnElement[Any]] = [every.c.place]
    if shape.sort in _SORTED:
        order.insert(0, _SORTED[shape.sort])
    if shape.descending:
        order = [one.desc() for one in order]
    chosen = (
        select(
            every.c.id,
            every.c.place,
            func.row_number().over(order_by=order).label("rank"),
            func.count().over().label("total"),
        )
        .select_from(every)
        .join(StatusUpdate, StatusUpdate.id == every.c.id)
        .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
        .where(*conditions)
    )
    if shape.administration:
        chosen = chosen.join(Administration, Administration.id == Initiative.administration_id)
    if shape.late or shape.sort is Sort.due:
        chosen = chosen.outerjoin(Deadline, Deadline.id == StatusUpdate.deadline_id)
    if shape.words or shape.sort is Sort.owner:
        chosen = chosen.outerjoin(Placement, OWNED).outerjoin(Person, Person.id == Placement.person_id)
    return chosen.cte("ranked")


def _conditions(shape: Shape) -> list[ColumnElement[bool]]:
    found = []
    if shape.state:
        found.append(StatusUpdate.state == bindparam("state", type_=StatusUpdate.state.type))
    if shape.administration:
        found.append(Administration.code == bindparam("administration"))
    if shape.silent or shape.silence is not None:
        found.append(is_silent(shape.silence))
    if shape.late:
        found.append(is_late(_on))
    if shape.words:
        words: BindParameter[str] = bindparam("words")
        found.append(
            or_(
                _lower(Initiative.title).like(words, escape="/"),
                _lower(Person.name).like(words, escape="/"),
            )
        )
    return found


def _lower(column: Any) -> ColumnElement[str]:
    """In small letters, the Danish ones included, which SQLite's own function leaves as they are."""
    found = func.lower(column)
    for large, small in ("Ææ", "Øø", "Åå"):
        found = func.replace(found, large, small)
    return found
