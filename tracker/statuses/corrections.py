"""Correcting a status after its edition was locked. Nothing here commits.

A lead proposes, another lead or member of the secretariat confirms or declines. Confirmed, the status is
approved in its new words and waits for the next edition; the editions that were locked stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.domain.comparison import Operation, word_diff
from tracker.domain.errors import InvalidInput, MoveRefused, NotAllowed
from tracker.domain.text import clean
from tracker.domain.workflow import Move, ProgressState, Role, State
from tracker.domain.workflow_moves import missing_parts, next_state
from tracker.plans.rights import Rights
from tracker.rounds.models import RevisionKind, RoundState, StatusUpdate
from tracker.statuses import awaiting
from tracker.statuses import letters_of_review as letters
from tracker.statuses.awaiting import to_answer, waiting_held
from tracker.statuses.models import Correction
from tracker.statuses.moves import reached
from tracker.statuses.writing import add_revision, check_lengths, flush, journal

LONGEST_WHY = 2_000


@dataclass(frozen=True)
class Wording:
    """How a status is to read instead; `why` is for the secretariat and is never printed."""

    text: str
    progress: ProgressState
    reason: str
    why: str

    def cleaned(self) -> Wording:
        return Wording(
            clean(self.text).strip(), self.progress, clean(self.reason).strip(), clean(self.why).strip()
        )


def propose(
    session: Session,
    update: StatusUpdate,
    wording: Wording,
    *,
    version: int,
    rights: Rights,
    by: Person,
    at: datetime,
) -> Correction:
    """Propose other words for a locked status; the rest of the secretariat is told.

    Proposing the same twice is one proposal. Raises InvalidInput on `text`, `progress`, `reason` or `why`,
    StaleVersion, MoveRefused while another proposal waits, and what `domain.workflow` raises.
    """
    wording = wording.cleaned()
    if not wording.why:
        raise InvalidInput("why", "Write why the text is corrected.")
    if len(wording.why) > LONGEST_WHY:
        raise InvalidInput("why", "This can have at most %(count)s characters.", count=LONGEST_WHY)
    reached(
        update,
        Move.correct,
        version=version,
        rights=rights,
        by=by,
        reason=wording.why,
        confirmed_by_another=True,
    )
    _check(update, wording)
    waiting = waiting_held(session, Correction, update)
    if waiting is not None:
        if _wording_of(waiting) == wording and waiting.proposed_by_id == by.id:
            return waiting
        raise MoveRefused("Another correction of this status waits for its confirmation.")
    correction = Correction(
        update_id=update.id,
        text=wording.text,
        progress=wording.progress,
        reason=wording.reason,
        why=wording.why,
        proposed_by_id=by.id,
        proposed_at=at,
    )
    session.add(correction)
    session.flush()
    journal(session, "correction_proposed", update, by=by.id, at=at)
    letters.queue_correction_proposed(session, update, correction, by=by, at=at)
    return correction


def confirm(
    session: Session,
    update: StatusUpdate,
    correction_id: int,
    *,
    version: int,
    rights: Rights,
    by: Person,
    at: datetime,
) -> None:
    """Make a proposed correction: the status is approved in its new words, under a new fixed revision.

    The locked editions keep what they print; the next lock makes another one. Raises NotAllowed for whoever
    proposed it, StaleVersion when it was answered or the status changed, MoveRefused.
    """
    correction = _open_correction(session, update, correction_id, rights)
    if correction.proposed_by_id == by.id:
        raise NotAllowed("You have proposed this correction yourself, so another person must confirm it.")
    # The lead who proposed makes the move; whoever confirms needs to be no lead.
    state = next_state(
        update.state,
        Move.correct,
        roles=frozenset({Role.lead}),
        version_matches=update.version == version,
        reason=correction.why,
        confirmed_by_another=True,
    )
    update.state, update.text = state, correction.text
    update.progress, update.reason = correction.progress, correction.reason
    update.approved_at, update.approved_by_id = at, by.id
    revision = add_revision(session, update, RevisionKind.corrected, by=correction.proposed_by_id, at=at)
    update.approved_revision_id = revision.id
    correction.answered_at, correction.answered_by_id, correction.confirmed = at, by.id, True
    proposer = {"person_id": correction.proposed_by_id}
    journal(session, "corrected", update, by=by.id, at=at, revision=revision.number, **proposer)
    flush(session)
    letters.queue_corrected(session, update, revision=revision.number, by=by, at=at)


def decline(
    session: Session,
    update: StatusUpdate,
    correction_id: int,
    *,
    rights: Rights,
    by: Person,
    at: datetime,
) -> None:
    """Leave the status as it was printed. Whoever proposed the correction may take it back so."""
    correction = _open_correction(session, update, correction_id, rights)
    correction.answered_at, correction.answered_by_id, correction.confirmed = at, by.id, False
    proposer = {"person_id": correction.proposed_by_id}
    journal(session, "correction_declined", update, by=by.id, at=at, **proposer)
    flush(session)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A correction that waits, with the name of who proposed it, beside what is printed."""

    correction: Correction
    by: str
    text: tuple[Operation, ...]
    reason: tuple[Operation, ...]


def proposed(session: Session, update: StatusUpdate) -> Proposed | None:
    """The correction that waits for its confirmation. The caller has read the update."""
    correction = waiting_correction(session, update.id)
    if correction is None:
        return None
    return Proposed(
        correction,
        session.get_one(Person, correction.proposed_by_id).name,
        word_diff(update.text, correction.text) if update.text != correction.text else (),
        word_diff(update.reason, correction.reason) if update.reason != correction.reason else (),
    )


def waiting_correction(session: Session, update_id: int) -> Correction | None:
    """The correction that waits for its confirmation. The caller has read the update."""
    return awaiting.waiting(session, Correction, update_id)


def corrected_since_lock(session: Session, round_ids: Sequence[int]) -> frozenset[int]:
    """Those of some locked rounds in which a corrected status waits for the next edition."""
    found = select(StatusUpdate.round_id).where(
        StatusUpdate.round_id.in_(round_ids), StatusUpdate.state == State.approved
    )
    return frozenset(session.scalars(found.distinct()))


def _open_correction(
    session: Session, update: StatusUpdate, correction_id: int, rights: Rights
) -> Correction:
    correction = to_answer(session, Correction, correction_id, update, rights)
    if update.round.state is not RoundState.locked:
        raise MoveRefused("The edition is not locked.")
    return correction


def _check(update: StatusUpdate, wording: Wording) -> None:
    """What a printed status may not lack. A state that nobody has stated may stay so."""
    check_lengths(wording.text, wording.reason)
    unstated = wording.progress is update.progress is ProgressState.not_stated
    for lacking in missing_parts(
        outcome=update.outcome, text=wording.text, progress=wording.progress, reason=wording.reason
    ):
        if not (lacking.field == "progress" and unstated):
            raise lacking
    now = (update.text, update.progress, update.reason)
    if (wording.text, wording.progress, wording.reason) == now:
        raise InvalidInput("text", "Nothing has been changed yet.")


def _wording_of(correction: Correction) -> Wording:
    return Wording(correction.text, correction.progress, correction.reason, correction.why)
