"""A contribution that was signed off is open again when one of its statuses is. Nothing here commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.audit.actions import record
from tracker.domain.contributions import ContributionState
from tracker.rounds.models import Contribution, StatusUpdate
from tracker.statuses import letters_of_review as letters


def reopen_contribution(session: Session, update: StatusUpdate, *, by: Person, at: datetime) -> bool:
    """Take a sign-off back, because what was signed is no longer what stands there.

    Journals it and tells the coordinators. False when nothing was signed off; what a committee has treated
    stays treated. The row is locked, so that nobody signs off while it is being opened.
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
    if contribution is None or contribution.state is not ContributionState.signed_off:
        return False
    contribution.state = ContributionState.collecting
    contribution.signed_off_at = contribution.signed_off_by_id = None
    record(
        session,
        "contribution_reopened",
        "contribution",
        contribution.id,
        by=by.id,
        at=at,
        plan_id=update.round.plan_id,
        update_id=update.id,
    )
    session.flush()
    letters.queue_contribution_reopened(session, update, contribution, by=by, at=at)
    return True
