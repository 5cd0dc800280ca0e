"""What owners and coordinators ask the secretariat to change of an initiative, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session, aliased

from tracker import clock
from tracker.accounts.models import Person
from tracker.audit.actions import record
from tracker.domain.errors import InvalidInput, MoveRefused, sentence
from tracker.domain.reminders import Place
from tracker.domain.text import clean
from tracker.mail import outbox
from tracker.mail.letters import Letter, LetterContext, LetterKind
from tracker.mail.letters import register as register_kind
from tracker.mail.models import Mail
from tracker.mail.rendering import letter_from
from tracker.plans.actions import one_line
from tracker.plans.models import ChangeProposal, Initiative, Plan
from tracker.plans.people import secretariat_of
from tracker.plans.queries import holders_of_initiative
from tracker.plans.rights import Rights

ASKED, ANSWERED = "change_proposal", "change_answered"
LONGEST_REASON = 2_000
LATEST = 50


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal with what it is about. `owner` is the proposed owner's name, None when that is to stay."""

    proposal: ChangeProposal
    initiative: Initiative
    proposed_by: str
    owner: str | None
    answered_by: str | None


def propose(
    session: Session,
    initiative: Initiative,
    *,
    title: str,
    owner: Person | None,
    reason: str,
    by: Person,
    at: datetime,
) -> ChangeProposal:
    """Ask for another title, another owner, or both; the secretariat is told by letter.

    Raises InvalidInput on the part that is wrong; on `title` when nothing would change.
    """
    asked = one_line("title", title, longest=1_000, needed=False)
    if asked == initiative.title:
        asked = ""
    if owner is not None:
        _check_owner(session, initiative, owner, at)
    if not asked and owner is None:
        raise InvalidInput("title", "Write another title, or who is to own the initiative.")
    waiting = select(ChangeProposal.id).where(
        ChangeProposal.initiative_id == initiative.id,
        ChangeProposal.proposed_by_id == by.id,
        ChangeProposal.answered_at.is_(None),
    )
    if session.scalar(waiting) is not None:
        raise InvalidInput("title", "You have a proposal that waits for an answer already.")
    made = ChangeProposal(
        initiative_id=initiative.id,
        title=asked,
        owner_id=owner.id if owner else None,
        reason=_said("reason", reason, sentence("Write why.")),
        proposed_by_id=by.id,
        proposed_at=at,
    )
    session.add(made)
    session.flush()
    _record(session, "change_proposed", made, initiative, by=by.id, at=at)
    for _, person_id in secretariat_of(session, initiative.plan_id):
        if person_id != by.id:
            _queue(session, ASKED, made, initiative.plan_id, person_id=person_id, at=at)
    return made


def _check_owner(session: Session, initiative: Initiative, owner: Person, at: datetime) -> None:
    held = holders_of_initiative(session, initiative.id, on=clock.local_date(at))
    if any(one.person_id == owner.id and one.place is Place.owner for one in held):
        raise InvalidInput("email", "%(name)s owns the initiative already.", name=owner.name)


def _said(field: str, text: str, missing: str) -> str:
    tidy = clean(text).strip()
    if not tidy:
        raise InvalidInput(field, missing)
    if len(tidy) > LONGEST_REASON:
        raise InvalidInput(field, "This can have at most %(count)s characters.", count=LONGEST_REASON)
    return tidy


def answer(
    session: Session,
    proposal: ChangeProposal,
    initiative: Initiative,
    *,
    accepted: bool,
    words: str,
    by: int,
    at: datetime,
) -> None:
    """Note the answer, once, and tell whoever proposed it. What was accepted is done by the caller.

    Raises InvalidInput on `answer` for a refusal without words, MoveRefused when somebody has answered.
    """
    said = (
        clean(words).strip()[:LONGEST_REASON]
        if accepted
        else _said("answer", words, sentence("Write why not."))
    )
    claimed = session.execute(
        update(ChangeProposal)
        .where(ChangeProposal.id == proposal.id, ChangeProposal.answered_at.is_(None))
        .values(answered_by_id=by, answered_at=at, accepted=accepted, answer=said)
        .returning(ChangeProposal.id)
    )
    if claimed.first() is None:
        raise MoveRefused("Somebody has answered this proposal already.")
    session.refresh(proposal)
    fact = "change_accepted" if accepted else "change_declined"
    _record(session, fact, proposal, initiative, by=by, at=at)
    if proposal.proposed_by_id != by:
        _queue(session, ANSWERED, proposal, initiative.plan_id, person_id=proposal.proposed_by_id, at=at)


def _record(
    session: Session, fact: str, proposal: ChangeProposal, initiative: Initiative, *, by: int, at: datetime
) -> None:
    record(
        session,
        fact,
        "initiative",
        initiative.id,
        by=by,
        at=at,
        plan_id=initiative.plan_id,
        proposal_id=proposal.id,
        owner_id=proposal.owner_id,
        title=bool(proposal.title),
    )


def proposals_of(session: Session, rights: Rights, plan_id: int) -> list[ProposalLine]:
    """The proposals of a plan for its secretariat: those that wait, oldest first, then the last answered."""
    if plan_id not in rights.secretariat_of:
        return []
    found = _LINES.where(Initiative.plan_id == plan_id)
    waits = found.where(ChangeProposal.answered_at.is_(None)).order_by(ChangeProposal.id)
    done = found.where(ChangeProposal.answered_at.is_not(None)).order_by(ChangeProposal.answered_at.desc())
    rows = [*session.execute(waits).all(), *session.execute(done.limit(LATEST)).all()]
    return [ProposalLine(*row) for row in rows]


def proposals_waiting(session: Session, rights: Rights, plan_id: int) -> int:
    """How many wait for an answer, for the plan's secretariat."""
    if plan_id not in rights.secretariat_of:
        return 0
    counted = (
        select(func.count(ChangeProposal.id))
        .join(Initiative, Initiative.id == ChangeProposal.initiative_id)
        .where(Initiative.plan_id == plan_id, ChangeProposal.answered_at.is_(None))
    )
    return session.scalar(counted) or 0


def proposal_for(session: Session, rights: Rights, plan_id: int, proposal_id: int) -> ProposalLine | None:
    """One proposal of a plan for its secretariat, else None."""
    if plan_id not in rights.secretariat_of:
        return None
    row = session.execute(
        _LINES.where(ChangeProposal.id == proposal_id, Initiative.plan_id == plan_id)
    ).first()
    return ProposalLine(*row) if row is not None else None


def own_proposals(session: Session, initiative_id: int, person_id: int) -> Sequence[ChangeProposal]:
    """What a person has proposed for an initiative that they may see, newest first."""
    found = select(ChangeProposal).where(
        ChangeProposal.initiative_id == initiative_id, ChangeProposal.proposed_by_id == person_id
    )
    return session.scalars(found.order_by(ChangeProposal.id.desc()).limit(LATEST)).all()


def _lines() -> Select[*tuple[Any, ...]]:
    proposer, owner, answerer = aliased(Person), aliased(Person), aliased(Person)
    return (
        select(ChangeProposal, Initiative, proposer.name, owner.name, answerer.name)
        .join(Initiative, Initiative.id == ChangeProposal.initiative_id)
        .join(proposer, proposer.id == ChangeProposal.proposed_by_id)
        .outerjoin(owner, owner.id == ChangeProposal.owner_id)
        .outerjoin(answerer, answerer.id == ChangeProposal.answered_by_id)
    )


_LINES = _lines()


def register() -> None:
    register_kind(LetterKind(name=ASKED, render=_render_asked, still_wanted=_still_waits))
    register_kind(LetterKind(name=ANSWERED, render=_render_answered))


def _queue(
    session: Session, kind: str, proposal: ChangeProposal, plan_id: int, *, person_id: int, at: datetime
) -> None:
    person = session.get_one(Person, person_id)
    if not person.active:
        return
    outbox.queue(
        session,
        kind=kind,
        dedupe_key=f"{kind}:{proposal.id}:{at:%Y%m%dT%H%M%S.%f}:{person_id}",
        person_id=person_id,
        address=person.email,
        payload={"proposal_id": proposal.id},
        plan_id=plan_id,
        at=at,
        expires_at=at + outbox.NOTICE_EXPIRES_AFTER,
    )


def _about(session: Session, mail: Mail) -> tuple[ChangeProposal, Initiative, Plan]:
    proposal = session.get_one(ChangeProposal, mail.payload["proposal_id"])
    initiative = session.get_one(Initiative, proposal.initiative_id)
    return proposal, initiative, session.get_one(Plan, initiative.plan_id)


def _still_waits(session: Session, mail: Mail) -> str | None:
    return "somebody has answered" if _about(session, mail)[0].answered_at is not None else None


def _render_asked(session: Session, mail: Mail, context: LetterContext) -> Letter:
    """To the secretariat: somebody proposes a change; what and why stands behind the sign-in."""
    proposal, initiative, plan = _about(session, mail)
    link = f"{context.base_url}/secretariat/{plan.slug}/changes/{proposal.id}"
    return letter_from(ASKED, context, title=initiative.title, link=link)


def _render_answered(session: Session, mail: Mail, context: LetterContext) -> Letter:
    """To whoever proposed: accepted or not; the secretariat's words stand behind the sign-in."""
    proposal, initiative, _ = _about(session, mail)
    link = f"{context.base_url}/my/initiatives/{initiative.id}/propose"
    return letter_from(ANSWERED, context, title=initiative.title, accepted=proposal.accepted, link=link)
