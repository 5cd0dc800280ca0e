"""What an administration hands in to a round, and its signing off. Nothing here commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.audit.actions import record
from tracker.domain.errors import MoveRefused
from tracker.rounds.models import Contribution, ContributionState
from tracker.rounds.queries import unsubmitted


def sign_off(session: Session, contribution: Contribution, *, by: Person, at: datetime) -> None:
    """The coordinator signs an administration's contribution off, on behalf of its head.

    Doing it twice changes nothing. Raises MoveRefused while a status of the administration is not submitted.
    """
    if contribution.state is ContributionState.signed_off:
        return
    if unsubmitted(session, contribution.round_id, contribution.administration_id):
        raise MoveRefused("The contribution can be signed off when every status has been submitted.")
    contribution.state = ContributionState.signed_off
    contribution.signed_off_at, contribution.signed_off_by_id = at, by.id
    record(session, "signed_off", "contribution", contribution.id, by=by.id, at=at)
