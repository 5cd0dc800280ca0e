"""What the secretariat does with a submitted status: take, release, return, approve; a lead reopens.

Nothing here commits. Each verb carries the version that was read. Four eyes: whoever submitted a status, or
mended it, does not approve it.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.models import Person
from tracker.deadlines.actions import meet_deadline, move_deadline, reopen_deadline
from tracker.deadlines.models import DeadlineState, Precision
from tracker.domain.text import clean
from tracker.domain.workflow import Move
from tracker.plans.rights import Rights
from tracker.rounds.models import RevisionKind, StatusUpdate
from tracker.rounds.replanning import replan_updates
from tracker.statuses import letters, more_time
from tracker.statuses.contribution_reopening import reopen_contribution
from tracker.statuses.moves import has_mended, reached
from tracker.statuses.writing import add_revision, flush, journal


def take(
    session: Session, update: StatusUpdate, *, version: int, rights: Rights, by: Person, at: datetime
) -> None:
    """Begin to read a submitted status, so that its owner no longer withdraws it."""
    update.state = reached(update, Move.take, version=version, rights=rights, by=by)
    update.reviewer_id = by.id
    journal(session, "taken", update, by=by.id, at=at)
    flush(session)


def release(
    session: Session, update: StatusUpdate, *, version: int, rights: Rights, by: Person, at: datetime
) -> None:
    """Leave a status to be read by another."""
    update.state = reached(update, Move.release, version=version, rights=rights, by=by)
    update.reviewer_id = None
    journal(session, "released", update, by=by.id, at=at)
    flush(session)


def return_(
    session: Session,
    update: StatusUpdate,
    *,
    remark: str,
    due_on: date,
    version: int,
    rights: Rights,
    by: Person,
    at: datetime,
) -> None:
    """Return a status with a comment and a new date: a letter to its owner, and reminders from now on.

    Raises StaleVersion when `version`, the one that was read, is not the newest; InvalidInput on `comment`
    or `new_date`, and what `domain.workflow` raises.
    """
    remark = clean(remark).strip()
    update.state = reached(
        update,
        Move.return_,
        version=version,
        rights=rights,
        by=by,
        comment=remark,
        new_date=due_on,
        today=clock.local_date(at),
    )
    update.remark = remark
    update.returned_at = at
    update.reviewer_id = None
    revision = add_revision(session, update, RevisionKind.returned, by=by.id, at=at)
    deadline = update.deadline
    if deadline is not None and deadline.last_on != due_on:
        move_deadline(
            session,
            deadline,
            first_on=due_on,
            last_on=due_on,
            precision=Precision.day,
            reason=update.remark,
            version=deadline.version,
            by=by.id,
            at=at,
        )
    journal(session, "returned", update, by=by.id, at=at, revision=revision.number)
    flush(session)
    more_time.overtake(session, update.id, at=at)
    reopen_contribution(session, update, by=by, at=at)
    letters.queue_returned(session, update, revision, at=at)
    replan_updates(session, [update.id], at=at)


def approve(
    session: Session, update: StatusUpdate, *, version: int, rights: Rights, by: Person, at: datetime
) -> None:
    """Approve the version that was read. Raises StaleVersion when it is not the newest."""
    mended = has_mended(session, update.id, by.id)
    update.state = reached(update, Move.approve, version=version, rights=rights, by=by, is_mender=mended)
    update.approved_at, update.approved_by_id = at, by.id
    revision = add_revision(session, update, RevisionKind.approved, by=by.id, at=at)
    update.approved_revision_id = revision.id
    if update.deadline is not None and update.deadline.state is DeadlineState.open:
        meet_deadline(session, update.deadline, by=by.id, at=at)
    journal(session, "approved", update, by=by.id, at=at, revision=revision.number)
    flush(session)
    replan_updates(session, [update.id], at=at)


def reopen(
    session: Session,
    update: StatusUpdate,
    *,
    reason: str,
    version: int,
    rights: Rights,
    by: Person,
    at: datetime,
) -> None:
    """Give an approved status back to its owner, with a reason, before the edition is locked.

    Its deadline is open again, and so is a contribution that was signed off with it.
    """
    reason = clean(reason).strip()
    update.state = reached(update, Move.reopen, version=version, rights=rights, by=by, reason=reason)
    update.remark = reason
    update.returned_at = at
    update.approved_at = update.approved_by_id = update.approved_revision_id = None
    revision = add_revision(session, update, RevisionKind.returned, by=by.id, at=at)
    if update.deadline is not None:
        reopen_deadline(session, update.deadline, by=by.id, at=at)
    more_time.overtake(session, update.id, at=at)
    journal(session, "reopened", update, by=by.id, at=at)
    flush(session)
    reopen_contribution(session, update, by=by, at=at)
    letters.queue_returned(session, update, revision, at=at)
    replan_updates(session, [update.id], at=at)
