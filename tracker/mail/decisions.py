"""What a person decides about a letter that came to rest without being sent."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker.audit.actions import record
from tracker.domain.errors import MoveRefused
from tracker.mail import judging, settling
from tracker.mail.letters import kind_named
from tracker.mail.models import AttemptNote, Heartbeat, Mail, MailAttempt, MailState
from tracker.mail.outbox import EXPIRES_AFTER
from tracker.mail.replies import Verdict, parse, verdict
from tracker.mail.rows import note

# Long enough that the turn that sends it begins after a tick has planned everything anew.
AFTER_THE_NEXT_TICK = timedelta(minutes=1)
LOOK_BACK = 200  # notes; a hold comes long before
SEND_AGAIN, COUNT_AS_SENT = "send again", "count as sent"


def send_again(session: Session, mail: Mail, *, by: int | None, at: datetime) -> None:
    """Let a letter go once more that failed, or of which nobody knows whether it arrived.

    The latter leaves as the identical bytes; one that failed is written anew, and so is one whose reader has
    another address by now: it goes there. What it stands for is planned anew before, so that nothing leaves
    that is no longer owed. Raises MoveRefused in any other state, when the letter held a link that was not
    kept, and when its reader has left.
    """
    session.refresh(mail, with_for_update=True)
    if mail.state not in {MailState.failed, MailState.needs_human}:
        raise MoveRefused("Only a letter that failed or awaits a decision can be sent again.")
    reader = judging.readers(session, [mail]).get(mail.person_id)
    if mail.person_id is not None and (reader is None or not reader.active):
        raise MoveRefused("This letter is to somebody who has left and gets no letters any more.")
    anew = mail.state is MailState.failed or (reader is not None and reader.email != mail.address)
    if kind_named(mail.kind).sensitive and not (mail.payload if anew else mail.mime):
        raise MoveRefused("The link in this letter was not kept. Make a new one instead.")
    note(session, mail, AttemptNote.human, SEND_AGAIN, at=at)
    if anew:
        mail.mime, mail.mime_hash, mail.dated_at, mail.uncertain_resends = None, "", None, 0
    next_at = at + AFTER_THE_NEXT_TICK
    mail.expires_at = max(mail.expires_at, at + EXPIRES_AFTER)
    settling.reopen(session, mail, MailState.queued if anew else MailState.uncertain, next_at, at=at)
    session.execute(update(Heartbeat).values(swept_at=None))
    _journal(session, mail, "letter_sent_again", by=by, at=at)


def count_as_sent(session: Session, mail: Mail, *, by: int | None, at: datetime) -> None:
    """Hold a letter for sent of which nobody knows whether it arrived. Raises MoveRefused otherwise."""
    session.refresh(mail, with_for_update=True)
    if mail.state is not MailState.needs_human:
        raise MoveRefused("Only a letter that awaits a decision can be counted as sent.")
    note(session, mail, AttemptNote.human, COUNT_AS_SENT, at=at)
    settling.settle(session, mail, MailState.sent, "counted as sent by a person", at=at)
    _journal(session, mail, "letter_counted_as_sent", by=by, at=at)


def refused_in_a_row(session: Session) -> list[int]:
    """The ids of the letters that the server refused since it last accepted one, newest first.

    Refused is what `replies.verdict` calls so: for the sender's or the message's sake, not the address's.
    """
    found = select(MailAttempt.mail_id, MailAttempt.text).where(MailAttempt.note == AttemptNote.result)
    letters: dict[int, None] = {}
    for mail_id, text in session.execute(found.order_by(MailAttempt.id.desc()).limit(LOOK_BACK)):
        reply = parse(text)
        if reply is None:
            continue
        if reply.code == 250:
            break
        if verdict(reply) is Verdict.refused:
            letters[mail_id] = None
    return list(letters)


def send_refused_again(session: Session, *, by: int | None, at: datetime) -> int:
    """Let every letter that was refused in a row, and failed of it, go once more; how many."""
    ids = refused_in_a_row(session)
    found = select(Mail).where(Mail.id.in_(ids), Mail.state == MailState.failed).order_by(Mail.id)
    number = 0
    for mail in session.scalars(found).all():
        with suppress(MoveRefused):
            send_again(session, mail, by=by, at=at)
            number += 1
    return number


def _journal(session: Session, mail: Mail, fact: str, *, by: int | None, at: datetime) -> None:
    record(session, fact, "mail", mail.id, by=by, at=at, plan_id=mail.plan_id, kind=mail.kind)
