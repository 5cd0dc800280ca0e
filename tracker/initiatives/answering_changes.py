"""Answering a proposed change: what is accepted is done by the verbs that the secretariat's own pages use."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.domain.reminders import Place
from tracker.initiatives.changing import change
from tracker.plans.change_proposals import answer
from tracker.plans.models import Administration, ChangeProposal, Committee, Initiative
from tracker.succession.placing import assign


def accept(
    session: Session,
    proposal: ChangeProposal,
    initiative: Initiative,
    *,
    from_on: date,
    words: str = "",
    by: int,
    at: datetime,
) -> None:
    """Do what was proposed; a new owner begins on `from_on`.

    Raises MoveRefused when it has been answered, InvalidInput on `person` for an owner who has left.
    """
    answer(session, proposal, initiative, accepted=True, words=words, by=by, at=at)
    if proposal.title:
        _retitle(session, initiative, proposal.title, by=by, at=at)
    if proposal.owner_id is not None:
        owner = session.get_one(Person, proposal.owner_id)
        assign(session, initiative, owner, place=Place.owner, from_on=from_on, by=by, at=at)


def decline(
    session: Session, proposal: ChangeProposal, initiative: Initiative, *, words: str, by: int, at: datetime
) -> None:
    """Leave everything as it is. Raises what `tracker.plans.change_proposals.answer` raises."""
    answer(session, proposal, initiative, accepted=False, words=words, by=by, at=at)


def _retitle(session: Session, initiative: Initiative, title: str, *, by: int, at: datetime) -> None:
    committee_id = initiative.deciding_committee_id
    change(
        session,
        initiative,
        title=title,
        administration=session.get_one(Administration, initiative.administration_id),
        standing=initiative.standing,
        origin=initiative.origin,
        origin_decision=initiative.origin_decision,
        origin_on=initiative.origin_on,
        funder=initiative.funder,
        deciding_committee=session.get_one(Committee, committee_id) if committee_id is not None else None,
        first_year=initiative.first_year,
        last_year=initiative.last_year,
        version=initiative.version,
        by=by,
        at=at,
    )
