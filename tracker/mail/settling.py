"""The states of a letter in the outbox, and the only functions that move it from one to the next.

queued -> sending -> sent | failed | undeliverable | cancelled | queued (later) | uncertain
uncertain -> sending (once more, the identical bytes) -> ... | needs_human
failed -> queued, needs_human -> uncertain | sent, when a person says so (`tracker.mail.decisions`)
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import Boolean, Integer, Select, String, case, column, select, table, text, update
from sqlalchemy.orm import Session

from tracker.audit.actions import record
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
    to_send = (
        select(Mail.id)
        .where(WAITING, Mail.next_at <= now)
        .order_by(Mail.next_at, Mail.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return to_send if only_to is None else to_send.where(Mail.address == only_to)


def claim(
    session: Session, *, owner: int, now: datetime, limit: int, only_to: str | None = None
) -> list[Mail]:
    """Take up to `limit` letters that are due, in one statement: no letter has two owners."""
    candidates = due(now, limit, only_to=only_to).cte("candidates")
    statement = (
        update(Mail)
        .where(
            Mail.id.in_(select(candidates.c.id)),
            Mail.state.in_((MailState.queued, MailState.uncertain)),
        )
        .values(
            state=MailState.sending,
            owner=owner,
            attempts=Mail.attempts + 1,
            uncertain_resends=Mail.uncertain_resends + case((Mail.state == MailState.uncertain, 1), else_=0),
        )
        .returning(Mail)
    )
    taken = session.scalars(
        statement, execution_options={"synchronize_session": False, "populate_existing": True}
    )
    return sorted(taken, key=lambda mail: (mail.next_at, mail.id))


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


def mine(session: Session, mail_id: int, *, owner: int) -> Mail | None:
    """The letter, locked, when it is still this dispatcher's to send."""
    return session.scalar(
        select(Mail)
        .where(Mail.id == mail_id, Mail.state == MailState.sending, Mail.owner == owner)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def mine_to_send(session: Session, mail_id: int, *, owner: int) -> tuple[Mail | None, bool]:
    """The same, and whether all mail is held, in one statement: a hold stops the very next letter."""
    held = select(Installation.queue_held).limit(1).scalar_subquery()
    row = session.execute(
        select(Mail, held)
        .where(Mail.id == mail_id, Mail.state == MailState.sending, Mail.owner == owner)
        .with_for_update(of=Mail)
        .execution_options(populate_existing=True)
    ).first()
    return (None, False) if row is None else (row[0], bool(row[1]))


def why_not(session: Session, mail: Mail, *, now: datetime) -> str | None:
    """Why the letter must not go out any more, or None: expired, wrong person, or its kind says so."""
    if mail.expires_at <= now:
        return "it expired before it could be sent"
    if mail.person_id is not None:
        person = session.execute(
            select(_person.c.active, _person.c.email).where(_person.c.id == mail.person_id)
        ).first()
        if person is None or not person.active:
            return "the person is no longer active"
        if person.email != mail.address:
            return "the person's address has changed"
    kind = kind_named(mail.kind)
    if kind.still_wanted is wanted:
        return None
    with session.begin_nested():  # an error in it must not cost the caller's transaction
        return kind.still_wanted(session, mail)


def context_for(
    session: Session, mail: Mail, *, base_url: str, secret: bytes, now: datetime
) -> LetterContext:
    """For whom and in which language the letter is written."""
    name, language = mail.payload.get("name", ""), mail.payload.get("language", "da")
    if mail.person_id is not None:
        name, language = session.execute(
            select(_person.c.name, _person.c.language).where(_person.c.id == mail.person_id)
        ).one()
    return LetterContext(base_url=base_url, language=language, name=name, now=now, secret=secret)


def note(session: Session, mail: Mail, kind: AttemptNote, text: str, *, at: datetime) -> None:
    """Append a note on the present attempt."""
    session.add(MailAttempt(mail_id=mail.id, attempt=mail.attempts, note=kind, text=text[:500], at=at))


def settle(session: Session, mail: Mail, state: MailState, reason: str, *, at: datetime) -> None:
    """Bring the letter to rest and tell its kind.

    A kind that fails here cannot undo what happened to the letter: its error is logged and noted.
    """
    mail.state, mail.owner, mail.settled_at, mail.last_error = state, None, at, reason[:500]
    session.flush()
    _tell_kind(session, mail, at=at)


def accept(session: Session, mail: Mail, reply: Reply, *, at: datetime) -> None:
    """The server has the letter."""
    note(session, mail, AttemptNote.result, str(reply), at=at)
    record(session, "letter_sent", "mail", mail.id, by=None, at=at, plan_id=mail.plan_id, kind=mail.kind)
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
    mail.state, mail.owner, mail.next_at, mail.last_error = MailState.queued, None, again, reason[:500]
    if not mail.uncertain_resends:
        mail.mime, mail.mime_hash, mail.dated_at = None, "", None
    session.flush()
    _tell_kind(session, mail, at=at)


def doubt(session: Session, mail: Mail, reason: str, *, at: datetime) -> None:
    """Nobody can know whether the server has it: the identical bytes once more, then a person decides."""
    if mail.uncertain_resends:
        settle(session, mail, MailState.needs_human, reason, at=at)
        return
    mail.state, mail.owner, mail.last_error = MailState.uncertain, None, reason[:500]
    mail.next_at = mail.uncertain_until = at + UNCERTAIN_REST
    session.flush()


def reopen(session: Session, mail: Mail, state: MailState, next_at: datetime, *, at: datetime) -> None:
    """Take a letter that came to rest back into the queue, and tell its kind."""
    mail.state, mail.owner, mail.settled_at, mail.next_at = state, None, None, next_at
    session.flush()
    _tell_kind(session, mail, at=at)


def _tell_kind(session: Session, mail: Mail, *, at: datetime) -> None:
    try:
        kind = kind_named(mail.kind)
        if kind.settled is not nothing_more:
            with session.begin_nested():
                kind.settled(session, mail, at)
    except UnknownLetterError as error:
        mail.last_error = str(error)
        return
    except Exception as error:
        log.exception("the kind %s failed to settle letter %s", mail.kind, mail.id)
        mail.last_error = f"settling: {type(error).__name__}: {error}"[:500]
        kind = kind_named(mail.kind)
    if kind.sensitive and mail.state in FINAL:
        mail.mime = None
        if mail.state is not MailState.failed:  # a person may have it written anew
            mail.payload = {}
