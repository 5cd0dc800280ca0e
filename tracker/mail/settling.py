"""The states of a letter in the outbox, and what moves it from one to the next.

queued -> sending -> sent | failed | undeliverable | cancelled | queued (later) | uncertain
uncertain -> sending (once more, the identical bytes) -> ... | needs_human
failed -> queued, needs_human -> uncertain | sent, when a person says so (`tracker.mail.decisions`)

The way into `sending` and back untried is `tracker.mail.claiming`.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from tracker.database import may_succeed_again
from tracker.mail.letters import UnknownLetterError, kind_named, nothing_more
from tracker.mail.models import AttemptNote, Mail, MailState
from tracker.mail.replies import Reply, Verdict, next_attempt, verdict
from tracker.mail.rows import Note, note, write
from tracker.mail.undeliverable import tell_undeliverable

UNCERTAIN_REST = timedelta(minutes=10)
FINAL = frozenset(
    {
        MailState.sent,
        MailState.failed,
        MailState.cancelled,
        MailState.needs_human,
        MailState.undeliverable,
    }
)

_UNWRITTEN: dict[str, Any] = {"mime": None, "mime_hash": "", "dated_at": None}

log = logging.getLogger(__name__)


def settle(session: Session, mail: Mail, state: MailState, reason: str, *, at: datetime) -> None:
    """Bring the letter to rest and tell its kind.

    A kind that fails here cannot undo what happened to the letter: its error is logged and noted.
    """
    write(session, mail, state=state, owner=None, settled_at=at, last_error=reason[:500])
    _tell_kind(session, mail, at=at)


def accept(session: Session, mail: Mail, reply: Reply, *, at: datetime) -> None:
    """The server has the letter."""
    said = Note(AttemptNote.result, str(reply), at)
    write(session, mail, said, "letter_sent", state=MailState.sent, owner=None, settled_at=at, last_error="")
    _tell_kind(session, mail, at=at)


def refuse(session: Session, mail: Mail, reply: Reply, *, at: datetime) -> Verdict:
    """What follows from a server that did not accept: later, undeliverable, failed or uncertain."""
    note(session, mail, AttemptNote.result, str(reply), at=at)
    outcome = verdict(reply)
    if outcome is Verdict.uncertain:
        doubt(session, mail, str(reply), at=at)
    elif outcome is Verdict.undeliverable:
        settle(session, mail, MailState.undeliverable, str(reply), at=at)
        tell_undeliverable(session, mail, address_is_wrong=True, at=at)
    elif outcome is Verdict.refused:
        settle(session, mail, MailState.failed, str(reply), at=at)
    else:
        postpone(session, mail, str(reply), at=at)
    return outcome


def postpone(session: Session, mail: Mail, reason: str, *, at: datetime) -> None:
    """Back into the queue with the back-off, or failed when that is later than the letter's expiry.

    A letter of which nothing left is written anew next time, so that it never says what was true then.
    """
    again = next_attempt(mail.attempts, now=at)
    if again >= mail.expires_at:
        settle(session, mail, MailState.failed, f"given up after {mail.attempts} attempts; {reason}", at=at)
        return
    anew = {} if mail.uncertain_resends else _UNWRITTEN
    write(session, mail, state=MailState.queued, owner=None, next_at=again, last_error=reason[:500], **anew)
    _tell_kind(session, mail, at=at)


def redirect(session: Session, mail: Mail, address: str, *, at: datetime) -> None:
    """Back into the queue, to the address that its reader has by now. Nothing of it has left."""
    values = {"owner": None, "attempts": mail.attempts - 1, "address": address, **_UNWRITTEN}
    write(session, mail, state=MailState.queued, **values)
    _tell_kind(session, mail, at=at)


def doubt(session: Session, mail: Mail, reason: str, *, at: datetime) -> None:
    """Nobody can know whether the server has it: the identical bytes once more, then a person decides."""
    if mail.uncertain_resends:
        settle(session, mail, MailState.needs_human, reason, at=at)
        return
    until = at + UNCERTAIN_REST
    write(
        session,
        mail,
        state=MailState.uncertain,
        owner=None,
        last_error=reason[:500],
        next_at=until,
        uncertain_until=until,
    )


def reopen(session: Session, mail: Mail, state: MailState, next_at: datetime, *, at: datetime) -> None:
    """Take a letter that came to rest back into the queue, and tell its kind."""
    write(session, mail, state=state, owner=None, settled_at=None, next_at=next_at)
    _tell_kind(session, mail, at=at)


def _tell_kind(session: Session, mail: Mail, *, at: datetime) -> None:
    try:
        kind = kind_named(mail.kind)
        if kind.settled is not nothing_more:
            with session.begin_nested():
                kind.settled(session, mail, at)
    except UnknownLetterError as error:
        write(session, mail, last_error=str(error))
        return
    except Exception as error:
        if may_succeed_again(error):
            raise  # the transaction is begun anew, and the journal knows what has left
        log.exception("the kind %s failed to settle letter %s", mail.kind, mail.id)
        write(session, mail, last_error=f"settling: {type(error).__name__}: {error}"[:500])
        kind = kind_named(mail.kind)
    if kind.sensitive and mail.state in FINAL:
        # One that failed may be written anew, when a person says so.
        forgotten: dict[str, Any] = {} if mail.state is MailState.failed else {"payload": {}}
        write(session, mail, mime=None, **forgotten)
