"""Expecting no status of an initiative this year, and expecting it after all. Nothing here commits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.audit.queries import history_of
from tracker.deadlines.actions import cancel_deadline, reopen_deadline
from tracker.deadlines.models import DeadlineState
from tracker.domain.errors import InvalidInput
from tracker.domain.text import clean
from tracker.domain.workflow import WAIVING, Move, Outcome, State
from tracker.plans.editing import take_part_again
from tracker.plans.models import Initiative
from tracker.plans.rights import Rights
from tracker.rounds.models import StatusUpdate
from tracker.rounds.queries import revisions_of
from tracker.rounds.replanning import replan_updates
from tracker.statuses import more_time
from tracker.statuses.contribution_reopening import reopen_contribution
from tracker.statuses.moves import reached
from tracker.statuses.writing import flush, journal


def waive(
    session: Session,
    update: StatusUpdate,
    *,
    outcome: Outcome | None,
    reason: str,
    merged_into_id: int | None = None,
    version: int,
    rights: Rights,
    by: Person,
    at: datetime,
) -> None:
    """Expect no status: merged into another, discontinued or awaiting funding, with the reason.

    Its deadline is cancelled, and nobody is reminded any more. Raises StaleVersion, InvalidInput on
    `outcome`, `reason` or `merged_into`, and what `domain.workflow` raises.
    """
    reason = clean(reason).strip()
    state = reached(update, Move.waive, version=version, rights=rights, by=by, outcome=outcome, reason=reason)
    assert outcome is not None
    into = merger_target(session, update.initiative, merged_into_id) if outcome is Outcome.merged else None
    former = {
        "former": update.state.value,
        "former_outcome": update.outcome.value if update.outcome else None,
    }
    _journal_waived(session, update, former, outcome, into, by=by, at=at)
    update.initiative.merged_into_id = into
    update.former_state = update.state
    update.state, update.outcome, update.reason = state, outcome, reason
    flush(session)
    if update.deadline is not None and update.deadline.state is DeadlineState.open:
        cancel_deadline(session, update.deadline, reason=reason, by=by.id, at=at)
    more_time.overtake(session, update.id, at=at)
    replan_updates(session, [update.id], at=at)


def waive_otherwise(
    session: Session,
    update: StatusUpdate,
    *,
    outcome: Outcome | None,
    reason: str,
    merged_into_id: int | None = None,
    version: int,
    rights: Rights,
    by: Person,
    at: datetime,
) -> None:
    """Say anew why no status is expected: another outcome, reason or target. It stays waived all the time.

    The journal has both. Saying what stands there already changes nothing. Raises as `waive` does.
    """
    reason = clean(reason).strip()
    reached(update, Move.unwaive, version=version, rights=rights, by=by, reason=reason)
    if outcome not in WAIVING:
        raise InvalidInput(
            "outcome", "Say whether the initiative is merged, discontinued or waiting for funding."
        )
    into = merger_target(session, update.initiative, merged_into_id) if outcome is Outcome.merged else None
    if (outcome, reason, into) == (update.outcome, update.reason, update.initiative.merged_into_id):
        return
    _journal_waived(session, update, _waived(session, update), outcome, into, by=by, at=at)
    update.initiative.merged_into_id = into
    update.outcome, update.reason = outcome, reason
    flush(session)


def merger_target(session: Session, initiative: Initiative, into_id: int | None) -> int:
    """The id of another initiative of the plan, which is not itself merged into this one.

    Raises InvalidInput on `merged_into`.
    """
    into = session.get(Initiative, into_id) if into_id is not None else None
    if into is None or into.id == initiative.id or into.plan_id != initiative.plan_id:
        raise InvalidInput("merged_into", "Choose the initiative that it was merged into.")
    followed: Initiative | None = into
    seen: set[int] = set()
    while followed is not None and followed.id not in seen:
        seen.add(followed.id)
        following = followed.merged_into_id
        if following == initiative.id:
            raise InvalidInput("merged_into", "That initiative is itself merged into this one.")
        followed = session.get(Initiative, following) if following is not None else None
    return into.id


def unwaive(
    session: Session,
    update: StatusUpdate,
    *,
    reason: str,
    version: int,
    rights: Rights,
    by: Person,
    at: datetime,
) -> None:
    """Expect a status after all; it stands as it did before it was waived, deadline and reminders too.

    The initiative takes part again, whatever a locked memo or a decision has said of it since.
    """
    update.state = reached(
        update,
        Move.unwaive,
        version=version,
        rights=rights,
        by=by,
        reason=clean(reason),
        former=update.former_state or State.draft,
    )
    update.outcome, update.reason = _before_waiving(session, update)
    update.former_state = None
    journal(session, "unwaived", update, by=by.id, at=at)
    take_part_again(session, update.initiative, by=by.id, at=at)
    flush(session)
    if update.deadline is not None and update.deadline.state is DeadlineState.cancelled:
        reopen_deadline(session, update.deadline, by=by.id, at=at)
    reopen_contribution(session, update, by=by, at=at)
    replan_updates(session, [update.id], at=at)


def _before_waiving(session: Session, update: StatusUpdate) -> tuple[Outcome | None, str]:
    """Outcome and reason as the owner left them: the one from the journal, the other from the revisions."""
    outcome = _waived(session, update)["former_outcome"]
    revisions = revisions_of(session, update.id)
    return Outcome(outcome) if outcome else None, revisions[0].revision.reason if revisions else ""


def _waived(session: Session, update: StatusUpdate) -> dict[str, str | None]:
    """What a status was before it was waived, as the journal has it."""
    waived = next(one for one in history_of(session, "status_update", update.id) if one.fact == "waived")
    return {name: waived.details.get(name) for name in ("former", "former_outcome")}


def _journal_waived(
    session: Session,
    update: StatusUpdate,
    former: Mapping[str, str | None],
    outcome: Outcome,
    into: int | None,
    *,
    by: Person,
    at: datetime,
) -> None:
    said = {"outcome": outcome.value} | ({"merged_into": into} if into is not None else {})
    journal(session, "waived", update, by=by.id, at=at, **former, **said)
