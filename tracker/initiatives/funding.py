"""What is planned and lacks money, until it is funded. Nothing here commits.

It is an initiative from the beginning, so that it keeps its history when it is funded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.deadlines.actions import add_deadline, meet_deadline
from tracker.deadlines.models import Deadline, DeadlineKind, DeadlineState
from tracker.domain.errors import MoveRefused, StaleVersion
from tracker.domain.workflow import Outcome, State
from tracker.initiatives.entering import decide, enter, join
from tracker.plans.actions import one_line
from tracker.plans.journal import journal
from tracker.plans.models import Administration, Initiative, Standing
from tracker.plans.rights import Rights
from tracker.rounds.models import Round
from tracker.rounds.opening import lock_plan
from tracker.rounds.queries import open_round, update_in
from tracker.rounds.replanning import replan_initiatives
from tracker.statuses.waiving import unwaive
from tracker.statuses.writing import flush

BUDGET_KINDS = (DeadlineKind.other, DeadlineKind.application_round)


@dataclass(frozen=True, slots=True)
class Budget:
    """What an unfunded initiative waits for: the title says which, such as "Budget 2027"."""

    title: str
    on: date


def plan_unfunded(
    session: Session,
    administration: Administration,
    *,
    title: str,
    description: str,
    funder: str = "",
    budget: Budget | None = None,
    by: int,
    at: datetime,
) -> Initiative:
    """Add what is planned and lacks money; with a budget date somebody is reminded of it.

    Raises InvalidInput on `title`, `description`, `funder` or `budget_title`.
    """
    made = enter(session, administration, title, description, Standing.unfunded, at=at)
    made.funder = one_line("funder", funder, longest=300, needed=False)
    session.flush()
    journal(session, "initiative_added", made, by=by, at=at, origin=made.origin.value)
    if budget is not None:
        tie_to_budget(session, made, budget, by=by, at=at)
    return made


def tie_to_budget(
    session: Session, initiative: Initiative, budget: Budget, *, by: int, at: datetime
) -> Deadline:
    """Give an unfunded initiative a deadline tied to a budget date. Raises InvalidInput on `budget_title`."""
    return add_deadline(
        session,
        plan_id=initiative.plan_id,
        kind=DeadlineKind.other,
        title=one_line("budget_title", budget.title, longest=300),
        first_on=budget.on,
        last_on=budget.on,
        initiative=initiative,
        by=by,
        at=at,
    )


def fund(
    session: Session,
    initiative: Initiative,
    *,
    decision: str,
    decided_on: date | None,
    funder: str = "",
    version: int,
    rights: Rights,
    by: Person,
    at: datetime,
) -> Round | None:
    """An unfunded initiative got its money: it takes part from now on, with the history that it has.

    Gives the open round that it joined, or in which its status is expected again. Its open budget deadlines
    are met. Raises InvalidInput on `decision`, MoveRefused when it is not unfunded, StaleVersion, and
    NoRight where its status of the round was waived and the person is no lead.
    """
    if initiative.version != version:
        raise StaleVersion()
    if initiative.standing is not Standing.unfunded:
        raise MoveRefused("Only an initiative that awaits funding can be funded.")
    lock_plan(session, initiative.plan_id)
    decide(initiative, decision, decided_on)
    initiative.standing = Standing.active
    if funder.strip():
        initiative.funder = one_line("funder", funder, longest=300)
    flush(session)
    journal(session, "initiative_funded", initiative, by=by.id, at=at)
    for deadline in _budget_deadlines(session, initiative.id):
        meet_deadline(session, deadline, by=by.id, at=at)
    round_ = open_round(session, initiative.plan_id, keep_open=True)
    held = update_in(session, round_.id, initiative.id) if round_ is not None else None
    if held is None:
        return join(session, initiative, at=at)
    if held.state is State.waived and held.outcome is Outcome.awaiting_funding:
        reason = initiative.origin_decision
        unwaive(session, held, reason=reason, version=held.version, rights=rights, by=by, at=at)
    replan_initiatives(session, [initiative.id], at=at)
    return round_


def _budget_deadlines(session: Session, initiative_id: int) -> list[Deadline]:
    found = select(Deadline).where(
        Deadline.initiative_id == initiative_id,
        Deadline.kind.in_(BUDGET_KINDS),
        Deadline.state == DeadlineState.open,
    )
    return list(session.scalars(found))
