"""What the secretariat does with a submitted status: take, release, return, approve, reopen, waive.

Nothing here commits. Four eyes: whoever submitted a status does not approve it.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.models import Person
from tracker.audit.queries import history_of
from tracker.deadlines.actions import meet_deadline, move_deadline
from tracker.deadlines.models import DeadlineState, Precision
from tracker.domain.text import clean
from tracker.domain.workflow import Move, Outcome, State, next_state
from tracker.plans.rights import Rights
from tracker.rounds import letters
from tracker.rounds.models import RevisionKind, RoundState, StatusUpdate
from tracker.rounds.queries import revisions_of
from tracker.rounds.replanning import replan_updates
from tracker.rounds.writing import add_revision, flush, journal


def take(session: Session, update: StatusUpdate, *, rights: Rights, by: Person, at: datetime) -> None:
    """Begin to read a submitted status, so that its owner no longer withdraws it."""
    update.state = _next(update, Move.take, rights, by)
    update.reviewer_id = by.id
    journal(session, "taken", update, by=by.id, at=at)
    flush(session)


def release(session: Session, update: StatusUpdate, *, rights: Rights, by: Person, at: datetime) -> None:
    """Leave a status to be read by another."""
    update.state = _next(update, Move.release, rights, by)
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
    update.state = next_state(
        update.state,
        Move.return_,
        roles=rights.roles_on(update.initiative),
        is_submitter=update.submitted_by_id == by.id,
        version_matches=update.version == version,
        round_open=update.round.state is RoundState.open,
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
    letters.queue_returned(session, update, revision, at=at)
    replan_updates(session, [update.id], at=at)


def approve(
    session: Session, update: StatusUpdate, *, version: int, rights: Rights, by: Person, at: datetime
) -> None:
    """Approve the version that was read. Raises StaleVersion when it is not the newest."""
    update.state = next_state(
        update.state,
        Move.approve,
        roles=rights.roles_on(update.initiative),
        is_submitter=update.submitted_by_id == by.id,
        version_matches=update.version == version,
        round_open=update.round.state is RoundState.open,
    )
    update.approved_at, update.approved_by_id = at, by.id
    revision = add_revision(session, update, RevisionKind.approved, by=by.id, at=at)
    update.approved_revision_id = revision.id
    if update.deadline is not None and update.deadline.state is DeadlineState.open:
        meet_deadline(session, update.deadline, by=by.id, at=at)
    journal(session, "approved", update, by=by.id, at=at, revision=revision.number)
    flush(session)
    replan_updates(session, [update.id], at=at)


def reopen(
    session: Session, update: StatusUpdate, *, reason: str, rights: Rights, by: Person, at: datetime
) -> None:
    """Give an approved status back to its owner, with a reason, before the edition is locked."""
    reason = clean(reason).strip()
    update.state = next_state(
        update.state,
        Move.reopen,
        roles=rights.roles_on(update.initiative),
        edition_locked=update.round.state is RoundState.locked,
        reason=reason,
    )
    update.remark = reason
    update.returned_at = at
    update.approved_at = update.approved_by_id = update.approved_revision_id = None
    if update.deadline is not None:
        update.deadline.state, update.deadline.settled_at = DeadlineState.open, None
    revision = add_revision(session, update, RevisionKind.returned, by=by.id, at=at)
    journal(session, "reopened", update, by=by.id, at=at)
    flush(session)
    letters.queue_returned(session, update, revision, at=at)
    replan_updates(session, [update.id], at=at)


def waive(
    session: Session,
    update: StatusUpdate,
    *,
    outcome: Outcome,
    reason: str,
    rights: Rights,
    by: Person,
    at: datetime,
) -> None:
    """Expect no status: merged into another, discontinued or awaiting funding, with the reason."""
    reason = clean(reason).strip()
    state = next_state(
        update.state,
        Move.waive,
        roles=rights.roles_on(update.initiative),
        edition_locked=update.round.state is RoundState.locked,
        outcome=outcome,
        reason=reason,
    )
    journal(
        session,
        "waived",
        update,
        by=by.id,
        at=at,
        former=update.state.value,
        former_outcome=update.outcome.value if update.outcome else None,
        outcome=outcome.value,
    )
    update.former_state = update.state
    update.state, update.outcome, update.reason = state, outcome, reason
    flush(session)
    replan_updates(session, [update.id], at=at)


def unwaive(
    session: Session, update: StatusUpdate, *, reason: str, rights: Rights, by: Person, at: datetime
) -> None:
    """Expect a status after all; it stands as it did before it was waived."""
    update.state = next_state(
        update.state,
        Move.unwaive,
        roles=rights.roles_on(update.initiative),
        edition_locked=update.round.state is RoundState.locked,
        reason=clean(reason),
        former=update.former_state or State.draft,
    )
    update.outcome, update.reason = _before_waiving(session, update)
    update.former_state = None
    journal(session, "unwaived", update, by=by.id, at=at)
    flush(session)
    replan_updates(session, [update.id], at=at)


def _before_waiving(session: Session, update: StatusUpdate) -> tuple[Outcome | None, str]:
    """Outcome and reason as the owner left them: the one from the journal, the other from the revisions."""
    waived = next(one for one in history_of(session, "status_update", update.id) if one.fact == "waived")
    outcome = waived.details.get("former_outcome")
    revisions = revisions_of(session, update.id)
    return Outcome(outcome) if outcome else None, revisions[0].revision.reason if revisions else ""


def _next(update: StatusUpdate, move: Move, rights: Rights, by: Person) -> State:
    return next_state(
        update.state,
        move,
        roles=rights.roles_on(update.initiative),
        is_submitter=update.submitted_by_id == by.id,
        round_open=update.round.state is RoundState.open,
    )
