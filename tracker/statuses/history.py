"""A round as an earlier memo printed it: recorded at once, and locked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.audit.actions import record
from tracker.domain.workflow import Outcome, ProgressState, State
from tracker.plans.models import Initiative
from tracker.rounds.models import RevisionKind, Round, RoundState, StatusRevision, StatusUpdate


@dataclass(frozen=True)
class PrintedStatus:
    """One row of an earlier memo. `text` is in the editing form, `number` as it was printed.

    `progress` stays `not_stated` unless a person has said it: it is never derived from the text.
    """

    initiative: Initiative
    number: int
    title: str
    text: str
    progress: ProgressState = ProgressState.not_stated
    reason: str = ""


def record_locked_round(
    session: Session,
    *,
    plan_id: int,
    year: int,
    statuses: Iterable[PrintedStatus],
    intro: str = "",
    caption: str = "",
    by: int | None,
    at: datetime,
) -> Round:
    """Record a year's round as printed. The caller has made sure that the plan has no round of the year."""
    round_ = Round(
        plan_id=plan_id,
        year=year,
        state=RoundState.locked,
        intro=intro,
        caption=caption,
        opened_at=at,
        opened_by_id=by,
        locked_at=at,
    )
    session.add(round_)
    session.flush()
    printed = list(statuses)
    updates = [
        StatusUpdate(
            round_id=round_.id,
            initiative_id=status.initiative.id,
            state=State.locked,
            outcome=Outcome.reported,
            progress=status.progress,
            reason=status.reason,
            text=status.text,
            number=status.number,
            title=status.title,
            approved_at=at,
        )
        for status in printed
    ]
    session.add_all(updates)
    session.flush()
    session.add_all(
        StatusRevision(
            update_id=update.id,
            number=1,
            kind=RevisionKind.imported,
            progress=update.progress,
            reason=update.reason,
            text=update.text,
            by_id=by,
            at=at,
        )
        for update in updates
    )
    session.flush()
    record(
        session,
        "round_imported",
        "round",
        round_.id,
        by=by,
        at=at,
        plan_id=plan_id,
        year=year,
        rows=len(updates),
    )
    return round_
