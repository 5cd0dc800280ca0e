"""What an export of initiatives holds: who carries each, how its newest status stands, and when it is due."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.deadlines.models import Deadline
from tracker.domain.reminders import Place
from tracker.domain.workflow import ProgressState, State
from tracker.plans.models import Administration, Initiative, Placement, Plan, Standing
from tracker.plans.rights import Rights, holds_on, visible_to
from tracker.rounds.models import Round, StatusUpdate


@dataclass(slots=True)
class InitiativeRow:
    """An initiative; what belongs to a round is None before the first. People are "Name <address>"."""

    id: int
    plan: str
    administration: str
    title: str
    standing: Standing
    first_year: int | None
    last_year: int | None
    year: int | None
    state: State | None
    progress: ProgressState | None
    due_on: date | None
    number: int | None = None
    owners: list[str] = field(default_factory=list)
    deputies: list[str] = field(default_factory=list)


def initiative_rows(
    session: Session, rights: Rights, *, on: date, plan_id: int | None = None
) -> list[InitiativeRow]:
    """The initiatives that a person may see, in one plan or in all, in the order of the memos: three queries.

    `number` counts the active ones of a plan through, as the list of initiatives does; an export of fewer
    has none.
    """
    mine = visible_to(rights) if plan_id is None else visible_to(rights) & (Initiative.plan_id == plan_id)
    newest = (
        select(StatusUpdate.initiative_id, func.max(Round.year).label("year"))
        .join(Round, Round.id == StatusUpdate.round_id)
        .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
        .where(mine)
        .group_by(StatusUpdate.initiative_id)
        .subquery()
    )
    found = (
        select(
            Initiative.id,
            Plan.name,
            Administration.code,
            Initiative.title,
            Initiative.standing,
            Initiative.first_year,
            Initiative.last_year,
            Round.year,
            StatusUpdate.state,
            StatusUpdate.progress,
            Deadline.last_on,
        )
        .join(Administration, Administration.id == Initiative.administration_id)
        .join(Plan, Plan.id == Initiative.plan_id)
        .outerjoin(newest, newest.c.initiative_id == Initiative.id)
        .outerjoin(Round, (Round.plan_id == Initiative.plan_id) & (Round.year == newest.c.year))
        .outerjoin(
            StatusUpdate,
            (StatusUpdate.round_id == Round.id) & (StatusUpdate.initiative_id == Initiative.id),
        )
        .outerjoin(Deadline, Deadline.id == StatusUpdate.deadline_id)
        .where(mine)
        .order_by(Plan.name, Plan.id, Administration.position, Initiative.position)
    )
    rows = [InitiativeRow(*row) for row in session.execute(found)]
    _name_holders(session, rights, rows, on=on, plan_id=plan_id)
    if plan_id in rights.secretariat_of:
        active = (row for row in rows if row.standing is Standing.active)
        for number, row in enumerate(active, start=1):
            row.number = number
    return rows


def _name_holders(
    session: Session, rights: Rights, rows: list[InitiativeRow], *, on: date, plan_id: int | None
) -> None:
    found = (
        select(Placement.initiative_id, Placement.place, Person.name, Person.email)
        .join(Placement.person)
        .join(Initiative, Initiative.id == Placement.initiative_id)
        .where(visible_to(rights), holds_on(on), Placement.place.in_([Place.owner, Place.deputy]))
        .order_by(Placement.id)
    )
    if plan_id is not None:
        found = found.where(Initiative.plan_id == plan_id)
    held: dict[tuple[int | None, Place], list[str]] = defaultdict(list)
    for initiative_id, place, name, email in session.execute(found):
        held[initiative_id, place].append(f"{name} <{email}>")
    for row in rows:
        row.owners, row.deputies = held[row.id, Place.owner], held[row.id, Place.deputy]
