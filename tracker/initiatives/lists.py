"""The three lists of a round: status, planned but unfunded, and new proposals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from tracker.accounts.models import Person
from tracker.deadlines.models import Deadline, DeadlineState
from tracker.initiatives.funding import BUDGET_KINDS
from tracker.plans.models import Administration, ChangeProposal, Initiative, Standing
from tracker.plans.rights import Rights
from tracker.rounds.models import Round, StatusUpdate


@dataclass(frozen=True, slots=True)
class Waiting:
    """An unfunded or proposed initiative; `budget` is the next open budget deadline, if it has one."""

    initiative: Initiative
    proposed_by: str | None
    budget: Deadline | None


@dataclass(frozen=True, slots=True)
class Lists:
    """`statuses` counts the first list, which is the round's own table."""

    statuses: int
    unfunded: Sequence[Waiting]
    proposed: Sequence[Waiting]


def lists_of(session: Session, rights: Rights, round_: Round) -> Lists:
    """The lists of a round as the plan stands now, for its secretariat: three queries."""
    if round_.plan_id not in rights.secretariat_of:
        return Lists(0, (), ())
    counted = select(func.count(StatusUpdate.id)).where(StatusUpdate.round_id == round_.id)
    statuses = session.scalar(counted) or 0
    found = (
        select(Initiative, Person.name)
        .join(Initiative.administration)
        .outerjoin(Person, Person.id == Initiative.proposed_by_id)
        .options(joinedload(Initiative.administration))
        .where(
            Initiative.plan_id == round_.plan_id,
            Initiative.standing.in_([Standing.unfunded, Standing.proposed]),
        )
        .order_by(Administration.position, Initiative.position)
    )
    rows = session.execute(found).all()
    budgets = _budgets(session, [initiative.id for initiative, _ in rows])
    every = [Waiting(initiative, name, budgets.get(initiative.id)) for initiative, name in rows]
    return Lists(
        statuses,
        [one for one in every if one.initiative.standing is Standing.unfunded],
        [one for one in every if one.initiative.standing is Standing.proposed],
    )


def _budgets(session: Session, initiative_ids: list[int]) -> dict[int, Deadline]:
    found = (
        select(Deadline)
        .where(
            Deadline.initiative_id.in_(initiative_ids),
            Deadline.kind.in_(BUDGET_KINDS),
            Deadline.state == DeadlineState.open,
        )
        .order_by(Deadline.last_on.desc())
    )
    return {one.initiative_id or 0: one for one in session.scalars(found)}


def going_on(session: Session, plan_id: int) -> list[tuple[int, str]]:
    """Ids and titles of what takes part in a plan's rounds, in its order: what another can be merged into."""
    found = (
        select(Initiative.id, Initiative.title)
        .join(Administration, Administration.id == Initiative.administration_id)
        .where(Initiative.plan_id == plan_id, Initiative.standing == Standing.active)
        .order_by(Administration.position, Initiative.position)
    )
    return [(id_, title) for id_, title in session.execute(found)]


@dataclass(frozen=True, slots=True)
class OwnProposal:
    """A proposal of one's own; `answer` is the reason where it was declined."""

    initiative: Initiative
    administration: str
    accepted: bool | None
    answer: str


def own_proposals(session: Session, person_id: int) -> list[OwnProposal]:
    """What a person has proposed, newest first, with the answers."""
    found = (
        select(Initiative, Administration.name, ChangeProposal.accepted, ChangeProposal.answer)
        .join(Administration, Administration.id == Initiative.administration_id)
        .outerjoin(
            ChangeProposal,
            (ChangeProposal.initiative_id == Initiative.id)
            & (ChangeProposal.proposed_by_id == person_id)
            & (ChangeProposal.proposed_at == Initiative.created_at),
        )
        .where(Initiative.proposed_by_id == person_id)
        .order_by(Initiative.id.desc())
    )
    return [OwnProposal(row[0], row[1], row[2], row[3] or "") for row in session.execute(found)]
