"""What an owner does with a status update: writing, submitting, withdrawing. Nothing here commits.

Each verb asks `domain.workflow`, journals, queues its letters and plans the reminders anew, all in the
caller's transaction. What the secretariat does stands in `tracker.statuses.review`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam
from sqlalchemy import update as change
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError

from tracker import clock
from tracker.accounts.models import Person
from tracker.audit.actions import record
from tracker.domain.errors import InvalidInput, StaleVersion
from tracker.domain.text import clean
from tracker.domain.workflow import Move, Outcome, ProgressState, Role
from tracker.plans.people import people_of_plan
from tracker.plans.rights import Rights, came_by
from tracker.reminders.calendars import plan_together
from tracker.rounds.models import RevisionKind, StatusUpdate
from tracker.rounds.replanning import replan_updates
from tracker.statuses import keeping, letters, references, revisions
from tracker.statuses.contribution_reopening import reopen_contribution
from tracker.statuses.keeping import LONGEST_REASON, LONGEST_TEXT
from tracker.statuses.moves import reached
from tracker.statuses.revisions import Fixed

PRINTED = ("text", "progress", "reason", "outcome")

_update: Any = StatusUpdate.__table__
_WRITE = change(_update).where(
    _update.c.id == bindparam("its_id"), _update.c.version == bindparam("its_version")
)


@dataclass(frozen=True)
class Content:
    """What an owner fills in. `text` is in the editing form; `comment` is for the secretariat alone."""

    text: str
    progress: ProgressState = ProgressState.not_stated
    outcome: Outcome | None = Outcome.reported
    reason: str = ""
    comment: str = ""

    def cleaned(self) -> Content:
        """The same without what cannot be kept, so that nothing invisible passes for a text."""
        return replace(
            self,
            text=clean(self.text).strip(),
            reason=clean(self.reason).strip(),
            comment=clean(self.comment).strip(),
        )


def mark_opened(connection: Connection, update_id: int, *, at: datetime) -> None:
    """Remember when the form was first opened by someone who may write it.

    Takes a connection, because reading a page writes in a small transaction of its own; the version stays.
    """
    connection.execute(
        change(StatusUpdate)
        .where(StatusUpdate.id == update_id, StatusUpdate.first_opened_at.is_(None))
        .values(first_opened_at=at)
    )


def save(
    session: Session,
    update: StatusUpdate,
    content: Content,
    *,
    version: int,
    rights: Rights,
    by: Person,
    at: datetime,
) -> None:
    """Save a draft made from `version`; a text that is already saved makes no second revision.

    Raises StaleVersion when somebody has saved since, and what `domain.workflow` raises.
    """
    content = content.cleaned()
    state = reached(update, Move.save, version=version, rights=rights, by=by)
    new = _filled_in(content)
    changed = any(new[name] != getattr(update, name) for name in PRINTED)
    _write(session, update, new | {"state": state, "saved_at": at})
    if changed:
        add_revision(session, update, RevisionKind.saved, by=by.id, at=at)
    keeping.forget(session, update, by=by)
    journal(session, "saved", update, by=by.id, at=at, **_on_behalf(update, rights))


def submit(
    session: Session,
    update: StatusUpdate,
    content: Content,
    *,
    version: int,
    rights: Rights,
    by: Person,
    at: datetime,
) -> None:
    """Submit the status: fixes a revision, ends its reminders, receipts the owner, tells the secretariat.

    Raises StaleVersion, InvalidInput on the part that is missing, and what `domain.workflow` raises.
    """
    content = content.cleaned()
    state = reached(
        update,
        Move.submit,
        version=version,
        rights=rights,
        by=by,
        outcome=content.outcome,
        progress=content.progress,
        text=content.text,
        reason=content.reason,
    )
    sent = {"submitted_at": at, "submitted_by_id": by.id, "remark": ""}
    _write(session, update, _filled_in(content) | {"state": state, "saved_at": at} | sent)
    revision = add_revision(session, update, RevisionKind.submitted, by=by.id, at=at)
    keeping.forget(session, update, by=by)
    journal(
        session,
        "submitted",
        update,
        by=by.id,
        at=at,
        revision=revision.number,
        **_on_behalf(update, rights),
    )
    plan_together(session)  # before the people are read whom the reminders go to
    people = people_of_plan(
        session, update.round.plan_id, on=clock.local_date(at), initiative_ids=[update.initiative_id]
    )
    letters.queue_submitted(session, update, revision, people, by=by, at=at)
    replan_updates(session, [update.id], at=at, people=people)


def withdraw(
    session: Session, update: StatusUpdate, *, version: int, rights: Rights, by: Person, at: datetime
) -> None:
    """Take a submitted status back to go on writing; a contribution that was signed off is open again.

    Raises StaleVersion when `version`, the one that was read, is not the newest, and what `domain.workflow`
    raises.
    """
    update.state = reached(update, Move.withdraw, version=version, rights=rights, by=by)
    update.submitted_at = update.submitted_by_id = None
    journal(session, "withdrawn", update, by=by.id, at=at, **came_by(rights.via))
    flush(session)
    reopen_contribution(session, update, by=by, at=at)
    replan_updates(session, [update.id], at=at)


def add_revision(
    session: Session, update: StatusUpdate, kind: RevisionKind, *, by: int | None, at: datetime
) -> Fixed:
    """Fix the update's content as it stands under the next number. Raises StaleVersion."""
    flush(session)
    references.note(session, update, by=by, at=at)
    return revisions.fix(session, update, kind, by=by, at=at)


def journal(
    session: Session, fact: str, update: StatusUpdate, *, by: int | None, at: datetime, **details: object
) -> None:
    record(
        session,
        fact,
        "status_update",
        update.id,
        by=by,
        at=at,
        plan_id=update.round.plan_id,
        state=update.state.value,
        **details,
    )


def flush(session: Session) -> None:
    """Write what is pending; raises StaleVersion when another has changed the row in the meantime."""
    try:
        session.flush()
    except StaleDataError as error:
        raise StaleVersion() from error


def _write(session: Session, update: StatusUpdate, changes: dict[str, Any]) -> None:
    """Change the row, if it is the version that was read, and the object with it. Raises StaleVersion.

    A flush does the same for ten times as much, and every owner waits for this one.
    """
    changes = changes | {"version": update.version + 1}
    key = {"its_id": update.id, "its_version": update.version}
    if session.connection().execute(_WRITE, changes | key).rowcount != 1:
        raise StaleVersion()
    for name, value in changes.items():
        set_committed_value(update, name, value)


def check_lengths(text: str, reason: str) -> None:
    """Raises InvalidInput on what is longer than an owner may write."""
    if len(text) > LONGEST_TEXT:
        raise InvalidInput("text", "The status can have at most %(count)s characters.", count=LONGEST_TEXT)
    if len(reason) > LONGEST_REASON:
        raise InvalidInput("reason", "This can have at most %(count)s characters.", count=LONGEST_REASON)


def _filled_in(content: Content) -> dict[str, Any]:
    """The columns of what was filled in (cleaned). Raises InvalidInput on what is too long."""
    check_lengths(content.text, content.reason)
    return {
        "text": content.text,
        "progress": content.progress,
        "reason": content.reason,
        "outcome": content.outcome,
        "comment": content.comment[:2_000],
    }


def _on_behalf(update: StatusUpdate, rights: Rights) -> dict[str, object]:
    """What the journal adds when somebody writes who is neither owner nor deputy, or has not signed in."""
    own = rights.roles_on(update.initiative) & {Role.owner, Role.deputy}
    added: dict[str, object] = {} if own else {"on_behalf": True}
    return added | came_by(rights.via)
