"""A contribution that was signed off is open again when one of its statuses is. Nothing here commits.

However far it had come: what a committee has treated, or what was taken into the whole, is no longer what
stands there. What the committee decided is kept until it is written down anew.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.audit.actions import record
from tracker.domain.contributions import ContributionState
from tracker.rounds.contributions import reopen_papers
from tracker.rounds.models import Contribution, StatusUpdate
from tracker.statuses import letters_of_review as letters


def reopen_contribution(session: Session, update: StatusUpdate, *, by: Person, at: datetime) -> bool:
    """Take a sign-off back, because what was signed is no longer what stands there.

    Journals it and tells the coordinators. The deadline of the papers that were signed off is open again,
    unless the committee has met on them. False when nothing was signed off. The row is locked, so that
    nobody signs off while it is being opened.
    """
    found = (
        select(Contribution)
        .where(
            Contribution.round_id == update.round_id,
            Contribution.administration_id == update.initiative.administration_id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    contribution = session.scalar(found)
    if contribution is None or contribution.state is ContributionState.collecting:
        return False
    former, contribution.state = contribution.state, ContributionState.collecting
    if former is ContributionState.signed_off:
        reopen_papers(session, contribution, by=by, at=at)
    contribution.signed_off_at = contribution.signed_off_by_id = None
    contribution.consolidated_at = contribution.consolidated_by_id = None
    record(
        session,
        "contribution_reopened",
        "contribution",
        contribution.id,
        by=by.id,
        at=at,
        plan_id=update.round.plan_id,
        update_id=update.id,
        former=former.value,
    )
    session.flush()
    letters.queue_contribution_reopened(session, update, contribution, by=by, at=at)
    return True
