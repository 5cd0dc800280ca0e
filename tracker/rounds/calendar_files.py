"""The status deadlines of open rounds in a person's calendar."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.deadlines.calendar_files import MOVED_AT, SETTLED_FOR, is_shown, revision_of
from tracker.deadlines.models import Deadline, DeadlineState
from tracker.domain.reminders import ObligationKind
from tracker.domain.workflow import WRITABLE
from tracker.plans.models import Initiative, Plan
from tracker.plans.rights import Rights
from tracker.reminders.calendar_files import Entry, EntryState
from tracker.rounds.models import Round, RoundState, StatusUpdate


def own_status_entries(session: Session, rights: Rights, *, now: datetime) -> list[Entry]:
    """When the status of the initiatives that a person owns or is deputy of is due in open rounds.

    One that has been submitted is done, and stays for as long as anything that is settled.
    """
    found = (
        select(
            Deadline,
            StatusUpdate.id,
            StatusUpdate.state,
            StatusUpdate.submitted_at,
            StatusUpdate.returned_at,
            Initiative.title,
            Plan.name,
            MOVED_AT,
        )
        .join(StatusUpdate, StatusUpdate.deadline_id == Deadline.id)
        .join(Round, Round.id == StatusUpdate.round_id)
        .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
        .join(Plan, Plan.id == Round.plan_id)
        .where(
            StatusUpdate.initiative_id.in_(sorted(rights.owns | rights.deputises)),
            Round.state == RoundState.open,
            is_shown(now),
            or_(
                StatusUpdate.state.in_(WRITABLE),
                StatusUpdate.submitted_at.is_(None),
                StatusUpdate.submitted_at >= now - SETTLED_FOR,
            ),
        )
        .order_by(Deadline.last_on, StatusUpdate.id)
    )
    entries: list[Entry] = []
    for deadline, update_id, state, submitted_at, returned_at, title, plan, moved_at in session.execute(
        found
    ):
        done = state not in WRITABLE or deadline.state is DeadlineState.met
        cancelled = deadline.state is DeadlineState.cancelled
        entries.append(
            Entry(
                kind=ObligationKind.status_due,
                id=update_id,
                title=title,
                plan=plan,
                path=f"/updates/{update_id}",
                state=EntryState.cancelled if cancelled else EntryState.done if done else EntryState.open,
                **revision_of(deadline, moved_at, submitted_at, returned_at),
            )
        )
    return entries
