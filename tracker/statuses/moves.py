"""Which moves a status update admits: the workflow's rules, asked with the facts of the case."""

from __future__ import annotations

from typing import Unpack

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.domain.workflow import AWAITING_APPROVAL, Facts, Move, Role, State
from tracker.domain.workflow_moves import moves_open_to, next_state
from tracker.plans.rights import Rights
from tracker.rounds.models import RevisionKind, RoundState, StatusRevision, StatusUpdate


def reached(
    update: StatusUpdate,
    move: Move,
    *,
    version: int,
    rights: Rights,
    by: Person,
    **facts: Unpack[Facts],
) -> State:
    """The state that a move leads to, made by somebody who has read `version`.

    Raises StaleVersion when that is not the newest, and what `domain.workflow` raises.
    """
    given: Facts = {
        **facts,
        "version_matches": update.version == version,
        "round_open": update.round.state is RoundState.open,
        "edition_locked": update.round.state is RoundState.locked,
    }
    return next_state(
        update.state,
        move,
        roles=rights.roles_on(update.initiative),
        is_submitter=update.submitted_by_id == by.id,
        **given,
    )


def moves_of(session: Session, update: StatusUpdate, *, rights: Rights, by: Person) -> tuple[Move, ...]:
    """The moves that somebody can begin with an update as it stands; the pages show a button for each.

    One query, and that only for the secretariat while a text waits for approval.
    """
    roles = rights.roles_on(update.initiative)
    may_approve = update.state in AWAITING_APPROVAL and bool(roles & {Role.secretariat, Role.lead})
    return moves_open_to(
        update.state,
        roles=roles,
        is_submitter=update.submitted_by_id == by.id,
        is_mender=may_approve and has_mended(session, update.id, by.id),
        round_open=update.round.state is RoundState.open,
        edition_locked=update.round.state is RoundState.locked,
    )


def has_mended(session: Session, update_id: int, person_id: int) -> bool:
    """Whether somebody mended the text after it was last submitted, so that another must approve it."""
    found = select(mended_by(person_id)).where(StatusUpdate.id == update_id)
    return bool(session.scalar(found))


def mended_by(person_id: int) -> ColumnElement[bool]:
    """The same for each row of a statement about status updates."""
    submitted = select(func.max(StatusRevision.number)).where(
        StatusRevision.update_id == StatusUpdate.id, StatusRevision.kind == RevisionKind.submitted
    )
    mended = select(StatusRevision.id).where(
        StatusRevision.update_id == StatusUpdate.id,
        StatusRevision.kind == RevisionKind.mended,
        StatusRevision.by_id == person_id,
        StatusRevision.number > func.coalesce(submitted.correlate(StatusUpdate).scalar_subquery(), 0),
    )
    return exists(mended.correlate(StatusUpdate))
