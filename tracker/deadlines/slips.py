"""The slip register: every deadline that was moved, when, by whom and why, and how often whose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.deadlines.models import Deadline, DeadlineKind, DeadlineMove
from tracker.plans.models import Administration, Committee, Initiative
from tracker.plans.rights import Rights

A_PAGE = 100


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One move, with what the deadline belongs to."""

    id: int
    deadline_id: int
    kind: DeadlineKind
    title: str
    old_first_on: date
    old_last_on: date
    new_first_on: date
    new_last_on: date
    moved_at: datetime
    moved_by: str | None
    reason: str
    initiative_id: int | None
    initiative_title: str | None
    administration_code: str | None
    committee_name: str | None


@dataclass(frozen=True, slots=True)
class SlipCount:
    """How often the deadlines of one initiative or administration were moved, and how many of them."""

    id: int | None
    name: str | None
    moves: int
    deadlines: int


@dataclass(frozen=True, slots=True)
class Register:
    """A page of the register, newest first. `before` is where the next page begins, None on the last."""

    lines: Sequence[SlipLine]
    total: int
    before: int | None
    by_initiative: Sequence[SlipCount]
    by_administration: Sequence[SlipCount]


_OF = func.coalesce(Initiative.administration_id, Deadline.administration_id, Committee.administration_id)


def register_of(
    session: Session,
    rights: Rights,
    plan_id: int,
    *,
    administration: str = "",
    initiative_id: int | None = None,
    before: int | None = None,
) -> Register:
    """The moves of a plan, for its secretariat: four queries. `administration` is a code.

    The counts are of everything that the choice leaves, not of the page alone.
    """
    if plan_id not in rights.secretariat_of:
        return Register((), 0, None, (), ())
    wanted: list[ColumnElement[bool]] = [Deadline.plan_id == plan_id]
    if administration:
        wanted.append(Administration.code == administration)
    if initiative_id is not None:
        wanted.append(Deadline.initiative_id == initiative_id)
    lines = _lines(session, wanted, before)
    total = session.scalar(_joined(func.count(DeadlineMove.id)).where(*wanted)) or 0
    return Register(
        lines[:A_PAGE],
        total,
        lines[A_PAGE - 1].id if len(lines) > A_PAGE else None,
        _counted(session, wanted, Initiative.id, Initiative.title),
        _counted(session, wanted, Administration.id, Administration.code),
    )


def _lines(session: Session, wanted: list[ColumnElement[bool]], before: int | None) -> list[SlipLine]:
    found = _joined(
        DeadlineMove.id,
        Deadline.id,
        Deadline.kind,
        Deadline.title,
        DeadlineMove.old_first_on,
        DeadlineMove.old_last_on,
        DeadlineMove.new_first_on,
        DeadlineMove.new_last_on,
        DeadlineMove.moved_at,
        Person.name,
        DeadlineMove.reason,
        Deadline.initiative_id,
        Initiative.title,
        Administration.code,
        Committee.name,
    ).outerjoin(Person, Person.id == DeadlineMove.moved_by_id)
    if before is not None:
        found = found.where(DeadlineMove.id < before)
    found = found.where(*wanted).order_by(DeadlineMove.id.desc()).limit(A_PAGE + 1)
    return [SlipLine(*row) for row in session.execute(found)]


def _counted(session: Session, wanted: list[ColumnElement[bool]], id_: Any, name: Any) -> list[SlipCount]:
    moves = func.count(DeadlineMove.id)
    found = (
        _joined(id_, name, moves, func.count(Deadline.id.distinct()))
        .where(*wanted, id_.is_not(None))
        .group_by(id_, name)
        .order_by(moves.desc(), id_)
        .limit(A_PAGE)
    )
    return [SlipCount(*row) for row in session.execute(found)]


def _joined(*columns: Any) -> Select[Any]:
    """The moves with their deadlines, and what these belong to."""
    return (
        select(*columns)
        .select_from(DeadlineMove)
        .join(Deadline, Deadline.id == DeadlineMove.deadline_id)
        .outerjoin(Initiative, Initiative.id == Deadline.initiative_id)
        .outerjoin(Committee, Committee.id == Deadline.committee_id)
        .outerjoin(Administration, Administration.id == _OF)
    )
