"""The rows of a round that a choice leaves, in an order and a page at a time.

A page is asked for by the row that it comes after or before, so that what joins or leaves the list in the
meantime moves nothing else. One query a page; its statement is built once for each shape of a choice.
"""

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
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.database import rows_of
from tracker.deadlines.models import Deadline
from tracker.domain.text import clean
from tracker.domain.workflow import State
from tracker.plans.models import Administration, Initiative, Placement
from tracker.plans.rights import Rights
from tracker.rounds.models import Round, StatusUpdate
from tracker.rounds.progress import OWNED, OWNER_REACHED
from tracker.rounds.silence import Silence, is_late, is_silent, late

A_PAGE = 50
LONGEST_WORDS = 200


class Sort(StrEnum):
    number = "number"
    owner = "owner"
    state = "state"
    due = "due"


@dataclass(frozen=True, slots=True)
class Choice:
    """What of a round is asked for. What is empty leaves everything.

    `silence` without a kind is `silent`; `words` stand in the title or in the owner's name; `administration`
    is a code. `after` and `before` are the id of the row that the page follows or precedes; with `everything`
    there is one page.
    """

    state: State | None = None
    administration: str = ""
    silence: Silence | None = None
    silent: bool = False
    late: bool = False
    words: str = ""
    sort: Sort = Sort.number
    descending: bool = False
    after: int | None = None
    before: int | None = None
    everything: bool = False


@dataclass(slots=True)
class Line:
    """One row of the round. `state` is the value of a State, `rank` its place in the list that was asked for.

    `away_until` is the last day of the owner's absence, None while the owner is there.
    """

    id: int
    rank: int
    initiative_id: int
    number: int
    title: str
    state: str
    owner: str | None
    reachable: bool
    away_until: date | None
    due_on: date | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Page:
    """`total` is how many rows the choice leaves on all pages together."""

    lines: list[Line]
    total: int

    @property
    def first(self) -> int:
        return self.lines[0].rank if self.lines else 0

    @property
    def last(self) -> int:
        return self.lines[-1].rank if self.lines else 0

    @property
    def before(self) -> int | None:
        """The row before which the previous page ends, None on the first page."""
        return self.lines[0].id if self.first > 1 else None

    @property
    def after(self) -> int | None:
        """The row after which the next page begins, None on the last page."""
        return self.lines[-1].id if self.lines and self.last < self.total else None


def page_of(session: Session, rights: Rights, round_: Round, choice: Choice, *, on: date) -> Page:
    """One page of a round's rows: one query, and another when the row of `after` or `before` is not in it.

    A secretariat sees every row of its plans and nobody else sees any, as `visible_to` has it.
    """
    if round_.plan_id not in rights.secretariat_of:
        return Page([], 0)
    words = clean(choice.words).strip()[:LONGEST_WORDS]
    values: dict[str, Any] = {"round": round_.id, "on": on}
    if choice.state is not None:
        values["state"] = choice.state
    if choice.administration:
        values["administration"] = choice.administration
    if words:
        values["words"] = f"%{_literally(words.lower())}%"
    cursor = choice.after if choice.after is not None else choice.before
    if cursor is not None:
        values["cursor"] = cursor
    found = rows_of(session, _statement(_shape(choice, words=bool(words))), values).all()
    if not found and cursor is not None:
        found = rows_of(
            session, _statement(_shape(choice, words=bool(words), paged="")), _without(values, "cursor")
        ).all()
    return Page([_line(row, on) for row in found], found[0].total if found else 0)


def _line(row: Any, on: date) -> Line:
    return Line(*(*row[1:], late(row.state, row.due_on, on=on)))


def _without(values: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key != name}


def _literally(words: str) -> str:
    """The words for LIKE, with nothing in them that stands for anything else."""
    for sign in "/%_":
        words = words.replace(sign, f"/{sign}")
    return words


@dataclass(frozen=True, slots=True)
class _Shape:
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


def _shape(choice: Choice, *, words: bool, paged: str | None = None) -> _Shape:
    if paged is None:
        paged = "after" if choice.after is not None else "before" if choice.before is not None else ""
    return _Shape(
        state=choice.state is not None,
        administration=bool(choice.administration),
        silence=choice.silence,
        silent=choice.silent,
        late=choice.late,
        words=words,
        sort=choice.sort,
        descending=choice.descending,
        paged="" if choice.everything else paged,
        everything=choice.everything,
    )


_on: BindParameter[date] = bindparam("on")
_ORDER = (func.coalesce(StatusUpdate.number, 0), Administration.position, Initiative.position)
_STATE_ORDER = case({state: place for place, state in enumerate(State)}, value=StatusUpdate.state)
_SORTED: dict[Sort, ColumnElement[Any]] = {
    Sort.owner: func.coalesce(Person.name_sort, ""),
    Sort.due: func.coalesce(Deadline.last_on, date.max),
    Sort.state: _STATE_ORDER,
}


@lru_cache(maxsize=256)
def _statement(shape: _Shape) -> Select[Any]:
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


def _ranked(shape: _Shape) -> CTE:
    """The ids that the choice leaves: `place` in the round, `rank` in the list, `total` of the list."""
    place = func.row_number().over(order_by=_ORDER)
    rows = (
        select(StatusUpdate.id, place.label("place"))
        .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
        .join(Administration, Administration.id == Initiative.administration_id)
        .where(StatusUpdate.round_id == bindparam("round"))
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


def _conditions(shape: _Shape) -> list[ColumnElement[bool]]:
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
