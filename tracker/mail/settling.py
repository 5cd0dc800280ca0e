"""The states of a letter in the outbox, and the only functions that move it from one to the next.

queued -> sending -> sent | failed | undeliverable | cancelled | queued (later) | uncertain
uncertain -> sending (once more, the identical bytes) -> ... | needs_human
failed -> queued, needs_human -> uncertain | sent, when a person says so (`tracker.mail.decisions`)
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    Boolean,
    Integer,
    Select,
    String,
    bindparam,
    case,
    column,
    insert,
    select,
    table,
    text,
    update,
)
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from tracker.audit.models import JournalEntry
from tracker.database import may_succeed_again
from tracker.mail.letters import LetterContext, UnknownLetterError, kind_named, nothing_more, wanted
from tracker.mail.models import AttemptNote, Installation, Mail, MailAttempt, MailState
from tracker.mail.replies import Reply, Verdict, next_attempt, verdict
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

log = logging.getLogger(__name__)

# Accounts stand above mail; the outbox reads of a person only what a letter needs.
_person = table(
    "person",
    column("id", Integer),
    column("name", String),
    column("email", String),
    column("language", String),
    column("active", Boolean),
)
# Word for word the predicates of the partial indexes, or SQLite does not use them; as text, for a literal
# column of a truth value is compared with 1.
WAITING = text("mail.state IN ('queued', 'uncertain')")
SENDING = text("mail.state = 'sending'")

# What is asked and said of every letter that leaves: built once, and below the level of objects, which cost
# more than the disk.
_mail: Any = Mail.__table__
_held = select(Installation.queue_held).limit(1).scalar_subquery()
_LOOK = (
    select(_held.label("held"), _person.c.email, _person.c.name, _person.c.language, _person.c.active)
    .select_from(_mail.outerjoin(_person, _person.c.id == _mail.c.person_id))
    .where(
        _mail.c.id == bindparam("id"),
        _mail.c.state == MailState.sending,
        _mail.c.owner == bindparam("owner"),
    )
    .with_for_update(of=_mail)
)
_READERS = select(_person).where(_person.c.id.in_(bindparam("ids", expanding=True)))
_WRITE = update(_mail).where(
    _mail.c.id == bindparam("its_id"),
    _mail.c.state == bindparam("its_state"),
    _mail.c.owner.is_not_distinct_from(bindparam("its_owner")),
)
_notes: Any = MailAttempt.__table__
_NOTE = insert(_notes).inline()
_journal: Any = JournalEntry.__table__
_RECORD = insert(_journal).inline()


def _due() -> Select[int]:
    return (
        select(Mail.id)
        .where(WAITING, Mail.next_at <= bindparam("now"))
        .order_by(Mail.next_at, Mail.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
    )


def _claim(candidates: Select[int]) -> Any:
    again = Mail.state == MailState.uncertain
    return (
        update(Mail)
        .where(
            Mail.id.in_(select(candidates.cte("candidates").c.id)),
            Mail.state.in_((MailState.queued, MailState.uncertain)),
        )
        .values(
            state=MailState.sending,
            owner=bindparam("me"),
            attempts=Mail.attempts + 1,
            uncertain_resends=Mail.uncertain_resends + case((again, 1), else_=0),
        )
        .returning(Mail)
    )


_DUE = _due()
_DUE_TO = _DUE.where(Mail.address == bindparam("only_to"))
_CLAIM, _CLAIM_TO = _claim(_DUE), _claim(_DUE_TO)


class TakenError(Exception):
    """The letter is not in the state, or not with the owner, that whoever writes of it believed."""


@dataclass(frozen=True, slots=True)
class Reader:
    """To whom a letter goes, as the person is entered now."""

    email: str
    name: str
    language: str
    active: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether all mail is held, and to whom a letter goes; nobody when it goes to a bare address."""

    held: bool
    reader: Reader | None


def is_held(session: Session) -> bool:
    """Whether a person or a guard has stopped all mail."""
    return bool(session.scalar(select(Installation.queue_held).limit(1)))


def standing(session: Session) -> tuple[bool, int]:
    """Whether all mail is held, and how many letters were refused in a row."""
    row = session.execute(select(Installation.queue_held, Installation.refusals).limit(1)).first()
    return (False, 0) if row is None else (row.queue_held, row.refusals)


def due(now: datetime, limit: int, *, only_to: str | None = None) -> Select[int]:
    """The ids of letters to send now, oldest first, that no other dispatcher is taking at this moment.

    With `only_to` those to this address alone.
    """
    return (_DUE if only_to is None else _DUE_TO).params(now=now, most=limit, only_to=only_to)


def claim(
    session: Session, *, owner: int, now: datetime, limit: int, only_to: str | None = None
) -> list[Mail]:
    """Take up to `limit` letters that are due, in one statement: no letter has two owners."""
    given = {"me": owner, "now": now, "most": limit, "only_to": only_to}
    taken = session.scalars(
        _CLAIM if only_to is None else _CLAIM_TO, given, execution_options={"synchronize_session": False}
    )
    return sorted(taken, key=attrgetter("next_at", "id"))


def release(session: Session, mails: list[Mail], *, owner: int | None) -> None:
    """Put back letters that were claimed and not tried; the attempt does not count."""
    session.execute(
        update(Mail)
        .where(Mail.id.in_([mail.id for mail in mails]), Mail.state == MailState.sending, Mail.owner == owner)
        .values(
            state=case((Mail.uncertain_resends > 0, MailState.uncertain), else_=MailState.queued),
            owner=None,
            attempts=Mail.attempts - 1,
            uncertain_resends=case((Mail.uncertain_resends > 0, Mail.uncertain_resends - 1), else_=0),
        ),
        execution_options={"synchronize_session": False},
    )


def look(session: Session, mail: Mail, *, owner: int) -> Standing | None:
    """How things stand with a letter that is about to leave; locks it. None when another has it.

    One statement: a hold stops the very next letter.
    """
    row = session.execute(_LOOK, {"id": mail.id, "owner": owner}).first()
    if row is None:
        return None
    reader = None if row.email is None else Reader(row.email, row.name, row.language, row.active)
    return Standing(bool(row.held), reader)


def readers(session: Session, mails: Iterable[Mail]) -> dict[int | None, Reader]:
    """To whom these letters go, by their ids."""
    ids = {mail.person_id for mail in mails if mail.person_id is not None}
    rows = session.execute(_READERS, {"ids": sorted(ids)}) if ids else ()
    return {row.id: Reader(row.email, row.name, row.language, row.active) for row in rows}


def why_not(session: Session, mail: Mail, reader: Reader | None, *, now: datetime) -> str | None:
    """Why the letter must not go out any more, or None: expired, wrong person, or its kind says so."""
    if mail.expires_at <= now:
        return "it expired before it could be sent"
    if mail.person_id is not None:
        if reader is None or not reader.active:
            return "the person is no longer active"
        if reader.email != mail.address:
            return "the person's address has changed"
    kind = kind_named(mail.kind)
    if kind.still_wanted is wanted:
        return None
    with session.begin_nested():  # an error in it must not cost the caller's transaction
        return kind.still_wanted(session, mail)


def context_for(
    mail: Mail, reader: Reader | None, *, base_url: str, secret: bytes, now: datetime
) -> LetterContext:
    """For whom and in which language the letter is written; without a reader its payload says so."""
    name, language = mail.payload.get("name", ""), mail.payload.get("language", "da")
    if reader is not None:
        name, language = reader.name, reader.language
    return LetterContext(base_url=base_url, language=language, name=name, now=now, secret=secret)


def note(session: Session, mail: Mail, kind: AttemptNote, text: str, *, at: datetime) -> None:
    """Append a note on the present attempt."""
    session.execute(
        _NOTE, {"mail_id": mail.id, "attempt": mail.attempts, "note": kind, "text": text[:500], "at": at}
    )


def write(session: Session, mail: Mail, **values: Any) -> None:
    """Write these columns of a letter, in the table and in `mail`, which need not belong to the session.

    The table must have it in the state and with the owner that `mail` has; raises TakenError otherwise.
    """
    expected = {"its_id": mail.id, "its_state": mail.state, "its_owner": mail.owner}
    done: Any = session.execute(_WRITE, values | expected)
    if done.rowcount != 1:
        raise TakenError
    for name, value in values.items():
        set_committed_value(mail, name, value)


def settle(session: Session, mail: Mail, state: MailState, reason: str, *, at: datetime) -> None:
    """Bring the letter to rest and tell its kind.

    A kind that fails here cannot undo what happened to the letter: its error is logged and noted.
    """
    write(session, mail, state=state, owner=None, settled_at=at, last_error=reason[:500])
    _tell_kind(session, mail, at=at)


def accept(session: Session, mail: Mail, reply: Reply, *, at: datetime) -> None:
    """The server has the letter."""
    note(session, mail, AttemptNote.result, str(reply), at=at)
    entry = {"fact": "letter_sent", "object_kind": "mail", "object_id": mail.id, "plan_id": mail.plan_id}
    session.execute(_RECORD, entry | {"at": at, "details": {"kind": mail.kind}})
    settle(session, mail, MailState.sent, "", at=at)


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
    anew: dict[str, Any] = {} if mail.uncertain_resends else {"mime": None, "mime_hash": "", "dated_at": None}
    write(session, mail, state=MailState.queued, owner=None, next_at=again, last_error=reason[:500], **anew)
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
