"""What is done to deadlines. Each verb journals, and plans the reminders anew in the same transaction.

A status deadline's reminders belong to its status update: `tracker.rounds.due_dates` moves those.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tracker import clock
from tracker.audit.actions import record
from tracker.deadlines.models import Deadline, DeadlineKind, DeadlineMove, DeadlineState, Precision
from tracker.deadlines.queries import open_obligations
from tracker.domain.errors import InvalidInput, MoveRefused, StaleVersion
from tracker.domain.text import clean
from tracker.plans.models import Administration, Committee, Initiative
from tracker.plans.rights import came_by
from tracker.reminders.actions import replan


def add_deadline(
    session: Session,
    *,
    plan_id: int,
    kind: DeadlineKind,
    title: str,
    first_on: date,
    last_on: date,
    precision: Precision = Precision.day,
    words: str = "",
    open_end: bool = False,
    initiative: Initiative | None = None,
    administration: Administration | None = None,
    committee: Committee | None = None,
    round_id: int | None = None,
    via: str = "",
    by: int | None,
    at: datetime,
) -> Deadline:
    """Add a deadline of any kind and plan its reminders. Raises InvalidInput on `title` or `last_on`.

    `via` is by what `by` came when it was not by signing in (`Rights.via`).
    """
    _check_dates(first_on, last_on)
    deadline = Deadline(
        plan_id=plan_id,
        initiative_id=initiative.id if initiative else None,
        administration_id=administration.id if administration else None,
        committee_id=committee.id if committee else None,
        round_id=round_id,
        kind=kind,
        title=_title(title),
        first_on=first_on,
        last_on=last_on,
        precision=precision,
        open_end=open_end,
        words=" ".join(clean(words).split())[:300],
        state=DeadlineState.open,
        created_at=at,
    )
    session.add(deadline)
    session.flush()
    record(
        session,
        "deadline_added",
        "deadline",
        deadline.id,
        by=by,
        at=at,
        plan_id=plan_id,
        kind=kind.value,
        first_on=first_on.isoformat(),
        last_on=last_on.isoformat(),
        **came_by(via),
    )
    _replan(session, deadline, at=at)
    return deadline


def move_deadline(
    session: Session,
    deadline: Deadline,
    *,
    first_on: date,
    last_on: date,
    precision: Precision,
    words: str = "",
    reason: str,
    version: int,
    by: int,
    at: datetime,
) -> None:
    """Move an open deadline and keep old, new, who and why in the slip register.

    Raises StaleVersion, MoveRefused when it is not open, InvalidInput on `last_on` or `reason`.
    """
    if deadline.version != version:
        raise StaleVersion()
    if deadline.state is not DeadlineState.open:
        raise MoveRefused("Only an open deadline can be moved.")
    _check_dates(first_on, last_on)
    reason = clean(reason).strip()
    if not reason:
        raise InvalidInput("reason", "Write why the deadline moves.")
    if (first_on, last_on) == (deadline.first_on, deadline.last_on):
        raise InvalidInput("last_on", "That is the date it has already.")
    session.add(
        DeadlineMove(
            deadline_id=deadline.id,
            old_first_on=deadline.first_on,
            old_last_on=deadline.last_on,
            new_first_on=first_on,
            new_last_on=last_on,
            moved_by_id=by,
            moved_at=at,
            reason=reason,
        )
    )
    record(
        session,
        "deadline_moved",
        "deadline",
        deadline.id,
        by=by,
        at=at,
        plan_id=deadline.plan_id,
        old=deadline.last_on.isoformat(),
        new=last_on.isoformat(),
    )
    deadline.first_on, deadline.last_on, deadline.precision = first_on, last_on, precision
    deadline.words = " ".join(clean(words).split())[:300]
    deadline.moves += 1
    _flush(session)
    _replan(session, deadline, at=at)


def meet_deadline(session: Session, deadline: Deadline, *, via: str = "", by: int, at: datetime) -> None:
    """Tick a deadline off. Doing it twice changes nothing. Raises StaleVersion, MoveRefused."""
    if deadline.state is DeadlineState.met:
        return
    if deadline.state is DeadlineState.cancelled:
        raise MoveRefused("The deadline has been cancelled.")
    _settle(session, deadline, DeadlineState.met, "deadline_met", via=via, by=by, at=at)


def cancel_deadline(session: Session, deadline: Deadline, *, reason: str, by: int, at: datetime) -> None:
    """Cancel an open deadline, with a reason."""
    if deadline.state is not DeadlineState.open:
        raise MoveRefused("Only an open deadline can be cancelled.")
    reason = clean(reason).strip()
    if not reason:
        raise InvalidInput("reason", "Write why the deadline is cancelled.")
    deadline.reason = reason
    _settle(session, deadline, DeadlineState.cancelled, "deadline_cancelled", by=by, at=at)


def reopen_deadline(session: Session, deadline: Deadline, *, by: int, at: datetime) -> None:
    """Count a deadline that was met or cancelled as open again; one that is open stays so.

    A status deadline's reminders are planned anew by the caller.
    """
    if deadline.state is DeadlineState.open:
        return
    deadline.state, deadline.settled_at, deadline.reason = DeadlineState.open, None, ""
    _flush(session)
    record(session, "deadline_reopened", "deadline", deadline.id, by=by, at=at, plan_id=deadline.plan_id)
    _replan(session, deadline, at=at)


def _settle(
    session: Session,
    deadline: Deadline,
    state: DeadlineState,
    fact: str,
    *,
    via: str = "",
    by: int,
    at: datetime,
) -> None:
    deadline.state = state
    deadline.settled_at = at
    _flush(session)
    plan_id = deadline.plan_id
    record(session, fact, "deadline", deadline.id, by=by, at=at, plan_id=plan_id, **came_by(via))
    _replan(session, deadline, at=at)


def _flush(session: Session) -> None:
    """Write what is pending; raises StaleVersion when another has changed the row in the meantime."""
    try:
        session.flush()
    except StaleDataError as error:
        raise StaleVersion() from error


def _replan(session: Session, deadline: Deadline, *, at: datetime) -> None:
    if deadline.kind is DeadlineKind.status_due:
        return
    today = clock.local_date(at)
    replan(session, open_obligations(session, today=today, ids=[deadline.id]), now=at)


def _check_dates(first_on: date, last_on: date) -> None:
    if last_on < first_on:
        raise InvalidInput("last_on", "The last day cannot be before the first.")
    if not 1990 <= first_on.year <= last_on.year <= 2100:
        raise InvalidInput("last_on", "Give a year between 1990 and 2100.")


def _title(title: str) -> str:
    tidy = " ".join(clean(title).split())
    if not tidy or len(tidy) > 300:
        raise InvalidInput("title", "Write what the deadline is for, at most 300 characters.")
    return tidy
