"""What is not carried out yet: planned but unfunded initiatives, and proposals for new ones.

Nothing here commits. Both are initiatives from the beginning, so that one keeps its history when it is
funded or accepted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.audit.actions import record
from tracker.deadlines.actions import add_deadline, meet_deadline
from tracker.deadlines.models import Deadline, DeadlineKind, DeadlineState
from tracker.domain.errors import InvalidInput, MoveRefused, NoRight, StaleVersion
from tracker.domain.text import clean
from tracker.domain.workflow import Outcome, State
from tracker.initiatives import proposal_letters as letters
from tracker.plans.actions import one_line
from tracker.plans.models import Administration, ChangeProposal, Initiative, Origin, Plan, Standing
from tracker.plans.rights import Rights
from tracker.rounds.models import Round
from tracker.rounds.opening import join_round, lock_plan
from tracker.rounds.queries import open_round, update_in
from tracker.rounds.replanning import replan_initiatives
from tracker.statuses.waiving import unwaive
from tracker.statuses.writing import flush

LONGEST_DESCRIPTION = 7_000
BUDGET_KINDS = (DeadlineKind.other, DeadlineKind.application_round)


@dataclass(frozen=True, slots=True)
class Budget:
    """What an unfunded initiative waits for: the title says which, such as "Budget 2027"."""

    title: str
    on: date


def propose(
    session: Session,
    administration: Administration,
    *,
    title: str,
    description: str,
    by: Person,
    rights: Rights,
    at: datetime,
) -> Initiative:
    """Propose a new initiative to the plan's secretariat, which is told by letter.

    Open to the owners and coordinators of the administration. Raises NoRight for others,
    InvalidInput on `title` or `description`.
    """
    if administration.id not in {one.id for one in may_propose_in(session, rights)}:
        raise NoRight()
    made = _made(session, administration, title, description, Standing.proposed, at=at)
    made.proposed_by_id = by.id
    session.flush()
    _journal(session, "initiative_proposed", made, by=by.id, at=at)
    letters.queue_proposed(session, made, by=by, at=at)
    return made


def may_propose_in(session: Session, rights: Rights) -> list[Administration]:
    """The administrations for which a person can propose: where they own or coordinate."""
    mine = select(Initiative.administration_id).where(Initiative.id.in_(sorted(rights.owns)))
    found = (
        select(Administration)
        .join(Plan, Plan.id == Administration.plan_id)
        .where(Administration.id.in_(mine) | Administration.id.in_(sorted(rights.coordinates)))
        .order_by(Plan.name, Administration.position)
    )
    return list(session.scalars(found))


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
    made = _made(session, administration, title, description, Standing.unfunded, at=at)
    made.funder = one_line("funder", funder, longest=300, needed=False)
    session.flush()
    _journal(session, "initiative_added", made, by=by, at=at, origin=made.origin.value)
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


def accept(
    session: Session,
    initiative: Initiative,
    *,
    standing: Standing,
    decision: str,
    decided_on: date | None,
    version: int,
    by: Person,
    at: datetime,
) -> Round | None:
    """Take a proposal into the plan, by a decision, or put it on the list of what lacks money.

    Gives the open round that it joined. Raises InvalidInput on `decision`, MoveRefused when it has been
    answered already, StaleVersion. Whoever proposed it is told.
    """
    _check_proposed(initiative, version)
    if standing not in {Standing.active, Standing.unfunded}:
        raise InvalidInput("answer", "Say whether it is taken into the plan, lacks money or is declined.")
    if standing is Standing.active:
        _decided(initiative, decision, decided_on)
    lock_plan(session, initiative.plan_id)
    initiative.standing = standing
    flush(session)
    _answered(session, initiative, accepted=True, answer="", by=by, at=at)
    _journal(session, "proposal_accepted", initiative, by=by.id, at=at)
    return _join(session, initiative, at=at) if standing is Standing.active else None


def decline(
    session: Session, initiative: Initiative, *, reason: str, version: int, by: Person, at: datetime
) -> None:
    """Decline a proposal with a reason, which whoever proposed it reads. Raises as `accept` does."""
    _check_proposed(initiative, version)
    reason = clean(reason).strip()
    if not reason:
        raise InvalidInput("reason", "Write why the proposal is declined.")
    initiative.standing = Standing.discontinued
    flush(session)
    _answered(session, initiative, accepted=False, answer=reason, by=by, at=at)
    _journal(session, "proposal_declined", initiative, by=by.id, at=at)


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
    _decided(initiative, decision, decided_on)
    initiative.standing = Standing.active
    if funder.strip():
        initiative.funder = one_line("funder", funder, longest=300)
    flush(session)
    _journal(session, "initiative_funded", initiative, by=by.id, at=at)
    for deadline in _budget_deadlines(session, initiative.id):
        meet_deadline(session, deadline, by=by.id, at=at)
    round_ = open_round(session, initiative.plan_id, keep_open=True)
    held = update_in(session, round_.id, initiative.id) if round_ is not None else None
    if held is None:
        return _join(session, initiative, at=at)
    if held.state is State.waived and held.outcome is Outcome.awaiting_funding:
        reason = initiative.origin_decision
        unwaive(session, held, reason=reason, version=held.version, rights=rights, by=by, at=at)
    replan_initiatives(session, [initiative.id], at=at)
    return round_


def _made(
    session: Session, administration: Administration, title: str, description: str, standing: Standing, *,
    at: datetime,
) -> Initiative:  # fmt: skip
    last = session.scalar(
        select(func.max(Initiative.position)).where(Initiative.administration_id == administration.id)
    )
    made = Initiative(
        plan_id=administration.plan_id,
        administration_id=administration.id,
        position=(last or 0) + 1,
        title=one_line("title", title, longest=1_000),
        description=described(description),
        standing=standing,
        origin=Origin.original,
        created_at=at,
    )
    session.add(made)
    session.flush()
    return made


def described(text: str) -> str:
    """What an initiative without a status is about. Raises InvalidInput on `description`."""
    tidy = clean(text).strip()
    if not tidy:
        raise InvalidInput("description", "Write what the initiative is about.")
    if len(tidy) > LONGEST_DESCRIPTION:
        raise InvalidInput(
            "description", "This can have at most %(count)s characters.", count=LONGEST_DESCRIPTION
        )
    return tidy


def _check_proposed(initiative: Initiative, version: int) -> None:
    if initiative.version != version:
        raise StaleVersion()
    if initiative.standing is not Standing.proposed:
        raise MoveRefused("The proposal has been answered already.")


def _decided(initiative: Initiative, decision: str, decided_on: date | None) -> None:
    said = one_line("decision", decision, longest=500, needed=False)
    if not said:
        raise InvalidInput("decision", "Write which decision it was.")
    if initiative.origin is Origin.added and initiative.origin_decision:
        said = one_line("decision", f"{initiative.origin_decision}; {said}", longest=500)  # both decided it
    initiative.origin, initiative.origin_decision = Origin.added, said
    initiative.origin_on = decided_on


def _join(session: Session, initiative: Initiative, *, at: datetime) -> Round | None:
    round_ = open_round(session, initiative.plan_id, keep_open=True)
    if round_ is not None:
        join_round(session, round_, [initiative], at=at)
    return round_


def _budget_deadlines(session: Session, initiative_id: int) -> list[Deadline]:
    found = select(Deadline).where(
        Deadline.initiative_id == initiative_id,
        Deadline.kind.in_(BUDGET_KINDS),
        Deadline.state == DeadlineState.open,
    )
    return list(session.scalars(found))


def _answered(
    session: Session, initiative: Initiative, *, accepted: bool, answer: str, by: Person, at: datetime
) -> None:
    """Keep the answer beside the initiative, and tell whoever proposed it."""
    if initiative.proposed_by_id is None:
        return
    session.add(
        ChangeProposal(
            initiative_id=initiative.id,
            reason=initiative.description,
            proposed_by_id=initiative.proposed_by_id,
            proposed_at=initiative.created_at,
            answered_by_id=by.id,
            answered_at=at,
            accepted=accepted,
            answer=answer,
        )
    )
    session.flush()
    letters.queue_answered(session, initiative, by=by, at=at)


def _journal(
    session: Session, fact: str, initiative: Initiative, *, by: int, at: datetime, **details: object
) -> None:
    record(
        session,
        fact,
        "initiative",
        initiative.id,
        by=by,
        at=at,
        plan_id=initiative.plan_id,
        standing=initiative.standing.value,
        **details,
    )
