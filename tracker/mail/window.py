"""The moment before a letter leaves: its bytes are frozen, and noted as about to be handed over."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.database import may_succeed_again
from tracker.mail.composing import Envelope, message_id_for, written
from tracker.mail.judging import Reader, context_for
from tracker.mail.letters import contact_for, kind_named
from tracker.mail.models import AttemptNote, Mail
from tracker.mail.rows import Note, note, write
from tracker.mail.sent_journal import SentLetter, recipient_mark

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Service:
    """From whom letters come and where their links lead; `secret` is the installation's key."""

    base_url: str
    sender: str
    sender_name: str
    secret: bytes = field(repr=False)

    @property
    def domain(self) -> str:
        """The sender's, in which Message-IDs are made."""
        return self.sender.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Leaving:
    """What is about to leave: the bytes, and the line for the sent journal."""

    mime: bytes
    line: SentLetter


class CannotLeaveError(Exception):
    """The letter could not be written, or its kind failed over it; the cause is the reason."""


def prepare(
    session: Session, mail: Mail, reader: Reader | None, service: Service, *, now: datetime
) -> Leaving:
    """Freeze the letter to this reader, unless it is frozen already, and note that it is about to leave.

    Raises CannotLeaveError.
    """
    try:
        kind = kind_named(mail.kind)
        mime = _frozen(session, mail, reader, service, now)
        kind.enclosed(session, mail, now)
        keys = tuple(kind.contents(session, mail))
    except Exception as error:
        if may_succeed_again(error):
            raise  # it is not the letter's fault
        log.exception("letter %s cannot leave", mail.id)
        raise CannotLeaveError from error
    line = SentLetter(
        kind=mail.kind,
        message_id=mail.message_id,
        dedupe_key=mail.dedupe_key,
        recipient=recipient_mark(mail.message_id, mail.address),
        mime_hash=mail.mime_hash,
        at=now,
        keys=keys,
    )
    return Leaving(mime, line)


def words(error: BaseException) -> str:
    """What is wrong with a letter that cannot be written."""
    return f"it cannot be written: {type(error).__name__}: {error}"[:500]


def _frozen(session: Session, mail: Mail, reader: Reader | None, service: Service, now: datetime) -> bytes:
    """The bytes of the letter, with the note that they are about to leave."""
    if mail.mime is not None:
        note(session, mail, AttemptNote.data, mail.message_id, at=now)
        return mail.mime
    context = context_for(mail, reader, base_url=service.base_url, secret=service.secret, now=now)
    context = replace(context, contact=contact_for(session, mail.plan_id, mail.address))
    letter = kind_named(mail.kind).render(session, mail, context)
    envelope = Envelope(
        sender=service.sender,
        sender_name=service.sender_name,
        recipient=mail.address,
        recipient_name=context.name,
        message_id=message_id_for(mail.dedupe_key, secret=service.secret, domain=service.domain),
        dated_at=now,
        language=context.language,
    )
    mime = written(letter, envelope)
    write(
        session,
        mail,
        Note(AttemptNote.data, envelope.message_id, now),
        subject=letter.subject,
        message_id=envelope.message_id,
        dated_at=envelope.dated_at,
        mime=mime,
        mime_hash=hashlib.sha256(mime).hexdigest(),
    )
    return mime
