"""Mending a submitted text: small things that the secretariat corrects, for all to see. Nothing here commits.

Whoever mends a text does not approve it; the owner is told, and sees it word by word.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.domain.comparison import Operation, word_diff
from tracker.domain.errors import InvalidInput
from tracker.domain.text import clean
from tracker.domain.workflow import Move
from tracker.domain.workflow_moves import missing_parts
from tracker.plans.rights import Rights
from tracker.rounds.models import RevisionKind, StatusRevision, StatusUpdate
from tracker.rounds.queries import revisions_of
from tracker.statuses import letters_of_review as letters
from tracker.statuses.moves import reached
from tracker.statuses.writing import add_revision, check_lengths, flush, journal

_CHANGES = frozenset({RevisionKind.mended, RevisionKind.corrected})


def mend(
    session: Session,
    update: StatusUpdate,
    *,
    text: str,
    reason: str,
    version: int,
    rights: Rights,
    by: Person,
    at: datetime,
) -> None:
    """Correct the text or the reason of a status that waits for approval; its state stays.

    Raises StaleVersion when `version` is not the newest; InvalidInput on `text` or `reason` when one is
    missing, too long, or when nothing was changed; and what `domain.workflow` raises.
    """
    text, reason = clean(text).strip(), clean(reason).strip()
    update.state = reached(update, Move.mend, version=version, rights=rights, by=by)
    check_lengths(text, reason)
    lacking = missing_parts(outcome=update.outcome, text=text, progress=update.progress, reason=reason)
    if lacking:
        raise lacking[0]
    if (text, reason) == (update.text, update.reason):
        raise InvalidInput("text", "Nothing has been changed yet.")
    update.text, update.reason = text, reason
    revision = add_revision(session, update, RevisionKind.mended, by=by.id, at=at)
    journal(session, "mended", update, by=by.id, at=at, revision=revision.number)
    flush(session)
    letters.queue_mended(session, update, revision=revision.number, by=by, at=at)


def is_changed(session: Session, update_id: int) -> bool:
    """Whether the text is not as it was last submitted, because the secretariat mended or corrected it."""
    of_update = StatusRevision.update_id == update_id
    submitted = select(func.max(StatusRevision.number)).where(
        of_update, StatusRevision.kind == RevisionKind.submitted
    )
    found = select(StatusRevision.id).where(
        of_update,
        StatusRevision.kind.in_(sorted(_CHANGES)),
        StatusRevision.number > func.coalesce(submitted.scalar_subquery(), 0),
    )
    return session.scalar(found.limit(1)) is not None


@dataclass(frozen=True, slots=True)
class Change:
    """What the secretariat changed in a text, word by word; `reason` is empty where that stayed as it was."""

    kind: RevisionKind
    number: int
    at: datetime
    by: str | None
    text: tuple[Operation, ...]
    reason: tuple[Operation, ...]


def changes_of(session: Session, update_id: int) -> list[Change]:
    """Every mended and every corrected version beside the one before it, newest first: one query.

    The caller has read the update.
    """
    lines = revisions_of(session, update_id)
    found = []
    for line, before in pairwise(lines):
        new, old = line.revision, before.revision
        if new.kind in _CHANGES:
            text = word_diff(old.text, new.text) if old.text != new.text else ()
            reason = word_diff(old.reason, new.reason) if old.reason != new.reason else ()
            found.append(Change(new.kind, new.number, new.at, line.by, text, reason))
    return found
