"""The findings of the proofreading on a status, and those that somebody has looked at and lets stand.

Nothing here commits, and nothing is kept of a finding but the decision to let it stand: what is found is
found anew whenever it is asked for. The decision holds for the same words under the same check.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.domain.errors import InvalidInput, MoveRefused, NoRight
from tracker.domain.proofreading import Check, Finding, Row, proofread
from tracker.domain.text import clean
from tracker.plans.rights import Rights
from tracker.rounds.models import RoundState, StatusUpdate
from tracker.statuses.models import OverruledFinding
from tracker.statuses.writing import journal

LONGEST_REASON = 1_000


@dataclass(frozen=True, slots=True)
class Overruled:
    """Who lets a finding stand, when and why. `id` is that of the decision."""

    id: int
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Looked:
    """A finding on a status, and the decision to let it stand where there is one."""

    update_id: int
    finding: Finding
    overruled: Overruled | None = None


Decisions = Mapping[tuple[int, str, str], Overruled]


def findings_of(
    session: Session, update: StatusUpdate, previous: StatusUpdate | None, *, on: date
) -> list[Looked]:
    """What the text shows by itself beside last year's, looked at on a day: one query, or none.

    The caller has read the update with its round and initiative. What only the whole memo shows is found by
    `tracker.memos.proofreading`.
    """
    row = Row(update.number or 0, update.text, previous.text if previous else "", update.initiative.title)
    found = proofread(row, year=update.round.year, on=on)
    decided = decisions(session, [update.id]) if found else {}
    return looked_at(update.id, found, decided)


def looked_at(update_id: int, findings: Iterable[Finding], decided: Decisions) -> list[Looked]:
    """Findings on a status with what was decided on them."""
    return [
        Looked(update_id, one, decided.get((update_id, one.check.value, digest(one.words))))
        for one in findings
    ]


def decisions(session: Session, update_ids: Collection[int]) -> Decisions:
    """The findings on some statuses that somebody lets stand: one query."""
    found = (
        select(OverruledFinding, Person.name)
        .join(Person, Person.id == OverruledFinding.overruled_by_id)
        .where(OverruledFinding.update_id.in_(update_ids))
    )
    return {
        (one.update_id, one.check_name, one.words_hash): Overruled(one.id, one.reason, name, one.overruled_at)
        for one, name in session.execute(found)
    }


def digest(words: str) -> str:
    """By what words are known again: spaces do not matter."""
    return hashlib.sha256(" ".join(words.split()).encode()).hexdigest()


def overrule(
    session: Session,
    update: StatusUpdate,
    *,
    check: Check,
    words: str,
    reason: str,
    rights: Rights,
    by: Person,
    at: datetime,
) -> OverruledFinding:
    """Let a finding stand, for a reason. Doing so twice keeps the first reason.

    Raises InvalidInput on `reason`, NoRight for anybody outside the secretariat, MoveRefused when the round
    is closed.
    """
    _may_decide(update, rights)
    words, reason = clean(words).strip(), clean(reason).strip()
    if not reason:
        raise InvalidInput("reason", "Write why it is right as it stands.")
    if len(reason) > LONGEST_REASON:
        raise InvalidInput("reason", "This can have at most %(count)s characters.", count=LONGEST_REASON)
    # One at a time, so that the same button pressed twice is one decision.
    session.execute(select(StatusUpdate.id).where(StatusUpdate.id == update.id).with_for_update())
    known = select(OverruledFinding).where(
        OverruledFinding.update_id == update.id,
        OverruledFinding.check_name == check.value,
        OverruledFinding.words_hash == digest(words),
    )
    if (there := session.scalar(known)) is not None:
        return there
    decision = OverruledFinding(
        update_id=update.id,
        check_name=check.value,
        words=words,
        words_hash=digest(words),
        reason=reason,
        overruled_by_id=by.id,
        overruled_at=at,
    )
    session.add(decision)
    session.flush()
    journal(session, "finding_overruled", update, by=by.id, at=at, check=check.value, reason=reason)
    return decision


def take_up(
    session: Session, update: StatusUpdate, decision_id: int, *, rights: Rights, by: Person, at: datetime
) -> None:
    """Ask about a finding again that was let stand. Nothing happens where it is asked about already."""
    _may_decide(update, rights)
    decision = session.get(OverruledFinding, decision_id)
    if decision is None or decision.update_id != update.id:
        return
    check = decision.check_name
    session.delete(decision)
    session.flush()
    journal(session, "finding_taken_up", update, by=by.id, at=at, check=check)


def _may_decide(update: StatusUpdate, rights: Rights) -> None:
    if update.initiative.plan_id not in rights.secretariat_of:
        raise NoRight()
    if update.round.state is not RoundState.open:
        raise MoveRefused("The round is closed.")
