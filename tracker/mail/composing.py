"""From a letter to the bytes that travel. The same letter always becomes the same bytes."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from flask_mail import Attachment as FlaskAttachment
from flask_mail import Message

from tracker.mail.letters import Attachment, Letter

_SEPARATORS = frozenset("\u2028\u2029")
_POLICY = policy.SMTP.clone(max_line_length=78, refold_source="none")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What stands outside of a letter. `message_id` is derived, `dated_at` fixed: see `message_id_for`."""

    sender: str
    sender_name: str
    recipient: str
    recipient_name: str
    message_id: str
    dated_at: datetime
    language: str = "da"


def message_id_for(dedupe_key: str, *, secret: bytes, domain: str) -> str:
    """The Message-ID of the letter with this key; even a database restored from yesterday makes the same."""
    mark = hmac.new(secret, b"message-id:" + dedupe_key.encode(), hashlib.sha256).hexdigest()
    return f"<{mark[:40]}@{domain}>"


def checked_header(value: str) -> str:
    """`value`, when it may stand in a header or an SMTP command.

    Raises ValueError for line breaks, NUL, other controls, U+2028/9 and lone surrogates.
    """
    if any(letter in _SEPARATORS or unicodedata.category(letter) in {"Cc", "Cs"} for letter in value):
        raise ValueError("a control character may not stand in a header")
    return value


class SafeMessage(Message):
    """A Flask-Mail message whose bytes depend on nothing but the letter and its envelope."""

    def __init__(self, letter: Letter, envelope: Envelope) -> None:
        for value in (letter.subject, *_texts(envelope), *(one.filename for one in letter.attachments)):
            checked_header(value)
        super().__init__(
            subject=letter.subject,
            recipients=[(envelope.recipient_name, envelope.recipient)],
            body=letter.text,
            html=letter.html,
            sender=(envelope.sender_name, envelope.sender),
            date=envelope.dated_at.timestamp(),
            attachments=[
                FlaskAttachment(one.filename, one.media_type, one.content) for one in letter.attachments
            ],
        )
        self.sender = (envelope.sender_name, envelope.sender)
        self.msgId = envelope.message_id
        self.letter = letter
        self.envelope = envelope

    def as_bytes(self) -> bytes:
        """The whole message with CRLF line ends, no line longer than 998 octets (RFC 5322 2.1.1)."""
        return self._message().as_bytes(policy=_POLICY)

    def _message(self) -> EmailMessage:  # type: ignore[override] # the modern class, not MIMEBase
        letter, envelope = self.letter, self.envelope
        message = EmailMessage(policy=_POLICY)
        message["From"] = Address(envelope.sender_name, addr_spec=envelope.sender)
        message["To"] = Address(envelope.recipient_name, addr_spec=envelope.recipient)
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(envelope.dated_at)
        message["Message-ID"] = envelope.message_id
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834
        message["X-Auto-Response-Suppress"] = "All"  # Exchange keeps its out-of-office notes to itself
        message["Content-Language"] = envelope.language
        message.set_content(_lines(letter.text), cte="quoted-printable")
        message.add_alternative(_lines(letter.html), subtype="html", cte="quoted-printable")
        for attachment in letter.attachments:
            _attach(message, attachment)
        _name_boundaries(message, envelope.message_id)
        return message


def refuse_bad_headers(message: Message) -> None:
    """Raise ValueError when any header of a Flask-Mail message holds a control character."""
    people = [message.sender, *message.recipients, *message.cc, *message.bcc, message.reply_to or ""]
    values = [part for one in people for part in (one if isinstance(one, tuple) else (one,))]
    extra = [part for pair in (message.extra_headers or {}).items() for part in pair]
    names = [attachment.filename or "" for attachment in message.attachments]
    for value in (message.subject, *values, *extra, *names):
        checked_header(str(value))


def _texts(envelope: Envelope) -> tuple[str, ...]:
    return (
        envelope.sender,
        envelope.sender_name,
        envelope.recipient,
        envelope.recipient_name,
        envelope.message_id,
    )


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    main, _, sub = attachment.media_type.partition("/")
    message.add_attachment(attachment.content, maintype=main, subtype=sub, filename=attachment.filename)


def _name_boundaries(message: EmailMessage, seed: str) -> None:
    """Fixed boundaries: the library's own are random, and a letter that goes twice must be identical."""
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            mark = hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()[:32]
            part.set_boundary(f"=_{mark}")
