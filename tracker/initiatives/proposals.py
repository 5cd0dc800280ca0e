"""Proposals for new initiatives, and their answers. Nothing here commits.

A proposal is an initiative from the beginning, so that it keeps its history when it is accepted.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.domain.errors import InvalidInput, MoveRefused, NoRight, StaleVersion
from tracker.domain.text import clean
from tracker.initiatives import proposal_letters as letters
from tracker.initiatives.entering import decide, enter, join
from tracker.plans.journal import journal
from tracker.plans.models import Administration, ChangeProposal, Initiative, Plan, Standing
from tracker.plans.rights import Rights
from tracker.rounds.models import Round
from tracker.rounds.opening import lock_plan
from tracker.statuses.writing import flush


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
    made = enter(session, administration, title, description, Standing.proposed, at=at)
    made.proposed_by_id = by.id
    session.flush()
    journal(session, "initiative_proposed", made, by=by.id, at=at)
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
        decide(initiative, decision, decided_on)
    lock_plan(session, initiative.plan_id)
    initiative.standing = standing
    flush(session)
    _answered(session, initiative, accepted=True, answer="", by=by, at=at)
    journal(session, "proposal_accepted", initiative, by=by.id, at=at)
    return join(session, initiative, at=at) if standing is Standing.active else None


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
    journal(session, "proposal_declined", initiative, by=by.id, at=at)


def _check_proposed(initiative: Initiative, version: int) -> None:
    if initiative.version != version:
        raise StaleVersion()
    if initiative.standing is not Standing.proposed:
        raise MoveRefused("The proposal has been answered already.")


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
