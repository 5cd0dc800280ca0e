"""The letters about a proposed initiative: to the secretariat, and the answer to whoever proposed it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.models import Person
from tracker.mail import outbox
from tracker.mail.letters import Letter, LetterContext, LetterKind
from tracker.mail.letters import register as register_kind
from tracker.mail.models import Mail
from tracker.mail.rendering import letter_from
from tracker.plans.models import Initiative, Plan, Standing
from tracker.plans.people import secretariat_of

PROPOSED, ANSWERED = "proposal", "proposal_answered"


def register() -> None:
    register_kind(LetterKind(name=PROPOSED, render=_render_proposed, still_wanted=_still_proposed))
    register_kind(LetterKind(name=ANSWERED, render=_render_answered))


def queue_proposed(session: Session, initiative: Initiative, *, by: Person, at: datetime) -> None:
    """Tell each member of the secretariat."""
    for _, person_id in secretariat_of(session, initiative.plan_id):
        if person_id != by.id:
            _queue(session, PROPOSED, initiative, person_id=person_id, at=at)


def queue_answered(session: Session, initiative: Initiative, *, by: Person, at: datetime) -> None:
    """Tell whoever proposed it, unless they answered it themselves or have left."""
    proposer = session.get(Person, initiative.proposed_by_id) if initiative.proposed_by_id else None
    if proposer is not None and proposer.active and proposer.id != by.id:
        _queue(session, ANSWERED, initiative, person_id=proposer.id, at=at)


def _queue(session: Session, kind: str, initiative: Initiative, *, person_id: int, at: datetime) -> None:
    outbox.queue(
        session,
        kind=kind,
        dedupe_key=f"{kind}:{initiative.id}:{clock.local_date(initiative.created_at):%Y%m%d}:{person_id}",
        person_id=person_id,
        address=session.get_one(Person, person_id).email,
        payload={"initiative_id": initiative.id},
        plan_id=initiative.plan_id,
        at=at,
    )


def _render_proposed(session: Session, mail: Mail, context: LetterContext) -> Letter:
    """To the secretariat: somebody has proposed an initiative. What it is about stands behind the sign-in."""
    initiative = session.get_one(Initiative, mail.payload["initiative_id"])
    plan = session.get_one(Plan, initiative.plan_id)
    proposer = session.get(Person, initiative.proposed_by_id) if initiative.proposed_by_id else None
    return letter_from(
        PROPOSED,
        context,
        proposer=proposer.name if proposer else "",
        plan=plan.name,
        title=initiative.title,
        link=f"{context.base_url}/secretariat/{plan.slug}/initiatives/{initiative.id}/proposal",
    )


def _render_answered(session: Session, mail: Mail, context: LetterContext) -> Letter:
    """To the proposer: the secretariat has answered. The answer stands behind the sign-in."""
    initiative = session.get_one(Initiative, mail.payload["initiative_id"])
    link = f"{context.base_url}/my/proposals"
    return letter_from(ANSWERED, context, title=initiative.title, link=link)


def _still_proposed(session: Session, mail: Mail) -> str | None:
    initiative = session.get_one(Initiative, mail.payload["initiative_id"])
    return None if initiative.standing is Standing.proposed else "the proposal has been answered"
