"""The secretariat's list of deadlines, and what one of them belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tracker.deadlines.models import Deadline, DeadlineKind, DeadlineState, Precision
from tracker.plans.models import Administration, Committee, Initiative
from tracker.plans.rights import Rights


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """A deadline with what it belongs to; the administration is that of its initiative or committee too."""

    id: int
    kind: DeadlineKind
    title: str
    first_on: date
    last_on: date
    precision: Precision
    words: str
    state: DeadlineState
    moves: int
    initiative_id: int | None
    initiative_title: str | None
    administration_code: str | None
    administration_name: str | None
    committee_name: str | None


def _rows() -> Select[*tuple[Any, ...]]:
    administration_id = func.coalesce(
        Initiative.administration_id, Deadline.administration_id, Committee.administration_id
    )
    return (
        select(
            Deadline.id,
            Deadline.kind,
            Deadline.title,
            Deadline.first_on,
            Deadline.last_on,
            Deadline.precision,
            Deadline.words,
            Deadline.state,
            Deadline.moves,
            Deadline.initiative_id,
            Initiative.title,
            Administration.code,
            Administration.name,
            Committee.name,
        )
        .outerjoin(Initiative, Initiative.id == Deadline.initiative_id)
        .outerjoin(Committee, Committee.id == Deadline.committee_id)
        .outerjoin(Administration, Administration.id == administration_id)
    )


def deadline_rows(
    session: Session,
    rights: Rights,
    plan_id: int,
    *,
    kinds: Iterable[DeadlineKind] = tuple(DeadlineKind),
    state: DeadlineState | None = None,
    administration: str = "",
    initiative_id: int | None = None,
) -> list[DeadlineRow]:
    """A plan's deadlines by their last day, for its secretariat: one query. `administration` is a code."""
    if plan_id not in rights.secretariat_of:
        return []
    found = (
        _rows()
        .where(Deadline.plan_id == plan_id, Deadline.kind.in_(list(kinds)))
        .order_by(Deadline.last_on, Deadline.id)
    )
    if state is not None:
        found = found.where(Deadline.state == state)
    if administration:
        found = found.where(Administration.code == administration)
    if initiative_id is not None:
        found = found.where(Deadline.initiative_id == initiative_id)
    return [DeadlineRow(*row) for row in session.execute(found)]


def deadline_row(session: Session, deadline_id: int) -> DeadlineRow:
    """One deadline with what it belongs to. The caller has read it."""
    return DeadlineRow(*session.execute(_rows().where(Deadline.id == deadline_id)).one())
