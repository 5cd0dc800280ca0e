"""Reads of rounds and status updates; each carries the right to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, bindparam, case, func, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from tracker.accounts.models import Person
from tracker.database import rows_of
from tracker.deadlines.models import Deadline
from tracker.domain.reminders import Place
from tracker.domain.workflow import WRITABLE, ProgressState, State
from tracker.plans.models import Administration, Initiative, Placement, Plan
from tracker.plans.rights import Rights, holds_on, visible_to
from tracker.rounds.models import (
    Contribution,
    Round,
    RoundState,
    StatusRevision,
    StatusUpdate,
)

_ROUNDS = select(Round).where(Round.plan_id == bindparam("plan")).order_by(Round.year.desc())
_UPDATE = (
    select(StatusUpdate, Plan)
    .join(StatusUpdate.initiative)
    .join(StatusUpdate.round)
    .join(Plan, Plan.id == Initiative.plan_id)
    .options(
        contains_eager(StatusUpdate.initiative).joinedload(Initiative.administration),
        contains_eager(StatusUpdate.round),
        joinedload(StatusUpdate.deadline),
    )
    .where(StatusUpdate.id == bindparam("update"))
)
_HISTORY = (
    select(
        StatusUpdate.id,
        Round.year,
        Round.state,
        StatusUpdate.number,
        StatusUpdate.state,
        StatusUpdate.progress,
        StatusUpdate.reason,
        StatusUpdate.text,
    )
    .join(StatusUpdate.round)
    .where(StatusUpdate.initiative_id == bindparam("initiative"))
    .order_by(Round.year.desc())
)


def rounds_of(session: Session, plan_id: int) -> Sequence[Round]:
    """Every round of a plan, newest first."""
    return session.scalars(_ROUNDS, {"plan": plan_id}).all()


def round_of(session: Session, plan_id: int, year: int) -> Round | None:
    return session.scalar(select(Round).where(Round.plan_id == plan_id, Round.year == year))


def open_round(session: Session, plan_id: int, *, keep_open: bool = False) -> Round | None:
    """The newest open round. With `keep_open` nobody locks it before the transaction has ended."""
    found = (
        select(Round)
        .where(Round.plan_id == plan_id, Round.state == RoundState.open)
        .order_by(Round.year.desc())
        .limit(1)
    )
    return session.scalar(found.with_for_update(key_share=True) if keep_open else found)


def update_for(session: Session, rights: Rights, update_id: int) -> StatusUpdate | None:
    """One update with round, initiative, administration and deadline, or None for a stranger."""
    found = update_and_plan_for(session, rights, update_id)
    return found[0] if found else None


def update_and_plan_for(session: Session, rights: Rights, update_id: int) -> tuple[StatusUpdate, Plan] | None:
    """The same with its plan."""
    found = session.execute(_UPDATE, {"update": update_id}).one_or_none()
    return (found[0], found[1]) if found and rights.sees(found[0].initiative) else None


def update_in(session: Session, round_id: int, initiative_id: int) -> StatusUpdate | None:
    """An initiative's update in a round, with both and its deadline. The caller has the right to it."""
    found = (
        select(StatusUpdate)
        .options(
            joinedload(StatusUpdate.initiative),
            joinedload(StatusUpdate.round),
            joinedload(StatusUpdate.deadline),
        )
        .where(StatusUpdate.round_id == round_id, StatusUpdate.initiative_id == initiative_id)
    )
    return session.scalar(found)


def update_of_deadline(session: Session, deadline_id: int) -> StatusUpdate | None:
    """The update that is due on a status's deadline, with it. The caller has the right to it."""
    found = select(StatusUpdate).options(joinedload(StatusUpdate.deadline))
    return session.scalar(found.where(StatusUpdate.deadline_id == deadline_id))


def plan_of_update(session: Session, update_id: int) -> int | None:
    """The plan of an update, whoever asks; None when there is no such update."""
    found = (
        select(Initiative.plan_id)
        .join(StatusUpdate, StatusUpdate.initiative_id == Initiative.id)
        .where(StatusUpdate.id == update_id)
    )
    return session.scalar(found)


def previous_update(session: Session, update: StatusUpdate) -> StatusUpdate | None:
    """The same initiative in the newest earlier round."""
    found = (
        select(StatusUpdate)
        .join(StatusUpdate.round)
        .options(contains_eager(StatusUpdate.round))
        .where(StatusUpdate.initiative_id == update.initiative_id, Round.year < update.round.year)
        .order_by(Round.year.desc())
        .limit(1)
    )
    return session.scalar(found)


@dataclass(frozen=True, slots=True)
class YearsStatus:
    """What was said of an initiative in one year's round; `id` is the update's."""

    id: int
    year: int
    round_state: RoundState
    number: int | None
    state: State
    progress: ProgressState
    reason: str
    text: str


def history_of(session: Session, initiative_id: int) -> list[YearsStatus]:
    """The initiative's updates, newest round first. The caller has read the initiative."""
    return [YearsStatus(*row) for row in rows_of(session, _HISTORY, {"initiative": initiative_id})]


@dataclass(frozen=True, slots=True)
class RevisionLine:
    revision: StatusRevision
    by: str | None


def revisions_of(session: Session, update_id: int) -> list[RevisionLine]:
    """Every version of an update's text with its author, newest first."""
    found = (
        select(StatusRevision, Person.name)
        .outerjoin(Person, Person.id == StatusRevision.by_id)
        .where(StatusRevision.update_id == update_id)
        .order_by(StatusRevision.number.desc())
    )
    return [RevisionLine(*row) for row in session.execute(found)]


@dataclass(frozen=True, slots=True)
class UpdateLine:
    """One row of a round's table."""

    id: int
    initiative_id: int
    administration_id: int
    number: int
    title: str
    state: State
    progress: ProgressState
    due_on: date | None
    first_opened_at: datetime | None
    saved_at: datetime | None
    submitted_at: datetime | None
    owner: str | None
    owner_active: bool | None
    away_until: date | None


def lines_of_round(
    session: Session, rights: Rights, round_: Round, *, on: date, state: State | None = None
) -> list[UpdateLine]:
    """The rows of a round that a person may see, in the order of the memo: one query.

    Numbers count through the whole round, so that a filtered list keeps them.
    """
    owner = aliased(Person)
    number = func.row_number().over(order_by=(Administration.position, Initiative.position))
    rows = (
        select(
            StatusUpdate.id,
            Initiative.id.label("initiative_id"),
            Initiative.administration_id,
            func.coalesce(StatusUpdate.number, number).label("number"),
            Initiative.title,
            StatusUpdate.state,
            StatusUpdate.progress,
            Deadline.last_on,
            StatusUpdate.first_opened_at,
            StatusUpdate.saved_at,
            StatusUpdate.submitted_at,
            owner.name.label("owner"),
            owner.active.label("owner_active"),
            case((and_(owner.absent_from <= on, owner.absent_until >= on), owner.absent_until)).label(
                "away_until"
            ),
            visible_to(rights).label("visible"),
        )
        .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
        .join(Administration, Administration.id == Initiative.administration_id)
        .outerjoin(Deadline, Deadline.id == StatusUpdate.deadline_id)
        .outerjoin(
            Placement,
            (Placement.initiative_id == Initiative.id) & (Placement.place == Place.owner) & holds_on(on),
        )
        .outerjoin(owner, owner.id == Placement.person_id)
        .where(StatusUpdate.round_id == round_.id)
        .subquery()
    )
    found = select(rows).where(rows.c.visible).order_by(rows.c.number)
    if state is not None:
        found = found.where(rows.c.state == state)
    return [UpdateLine(*row[:-1]) for row in session.execute(found)]


@dataclass(frozen=True, slots=True)
class Task:
    """What an owner or deputy has to do in an open round."""

    update_id: int
    initiative_id: int
    title: str
    plan_name: str
    year: int
    state: State
    due_on: date | None
    remark: str
    role: Place


def tasks_of(session: Session, rights: Rights, *, on: date) -> list[Task]:
    """One's own initiatives with their newest update, what is due first at the top."""
    mine = sorted(rights.owns | rights.deputises)
    newest = (
        select(StatusUpdate.initiative_id, func.max(Round.year).label("year"))
        .join(Round, Round.id == StatusUpdate.round_id)
        .where(StatusUpdate.initiative_id.in_(mine))
        .group_by(StatusUpdate.initiative_id)
        .subquery()
    )
    found = (
        select(
            StatusUpdate.id,
            Initiative.id,
            Initiative.title,
            Plan.name,
            Round.year,
            StatusUpdate.state,
            Deadline.last_on,
            StatusUpdate.remark,
        )
        .join(newest, newest.c.initiative_id == StatusUpdate.initiative_id)
        .join(Round, (Round.id == StatusUpdate.round_id) & (Round.year == newest.c.year))
        .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
        .join(Plan, Plan.id == Initiative.plan_id)
        .outerjoin(Deadline, Deadline.id == StatusUpdate.deadline_id)
    )
    tasks = [
        Task(*row, role=Place.owner if row[1] in rights.owns else Place.deputy)
        for row in session.execute(found)
    ]
    return sorted(tasks, key=lambda task: (task.state not in WRITABLE, task.due_on or date.max, task.title))


def contribution_of(session: Session, round_id: int, administration_id: int) -> Contribution | None:
    """What an administration hands in to a round."""
    return session.scalar(
        select(Contribution).where(
            Contribution.round_id == round_id, Contribution.administration_id == administration_id
        )
    )
