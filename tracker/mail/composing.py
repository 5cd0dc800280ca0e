"""From a letter to the bytes that travel. The same letter always becomes the same bytes."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, quoprimime
from email.encoders import encode_base64
from email.header import Header
from email.message import Message as Part
from email.policy import compat32
from email.utils import format_datetime, formataddr
from functools import lru_cache

from flask_mail import Attachment as FlaskAttachment
from flask_mail import Message

from tracker.mail.letters import Attachment, Letter

_NEVER_IN_A_HEADER = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_LINE = 76


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
    if _NEVER_IN_A_HEADER.search(value):
        raise ValueError("a control character may not stand in a header")
    return value


class SafeMessage(Message):
    """A Flask-Mail message whose bytes depend on nothing but the letter and its envelope."""

    def __init__(self, letter: Letter, envelope: Envelope) -> None:
        _check(letter, envelope)
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
        """What `written` gives."""
        return written(self.letter, self.envelope)

    def _message(self) -> Part:  # type: ignore[override] # a plain message, not MIMEBase
        return message_from_bytes(self.as_bytes())


def written(letter: Letter, envelope: Envelope) -> bytes:
    """The whole message with CRLF line ends, no line longer than 998 octets (RFC 5322 2.1.1).

    Put together here and not by the library's classes, which take ten times as long for the same bytes.
    Raises ValueError for what may not stand in a header.
    """
    _check(letter, envelope)
    words = [_words(letter.text, "plain"), _words(letter.html, "html")]
    whole = _together("alternative", words, seed=f"{envelope.message_id}:0")
    if letter.attachments:
        files = [_file(attachment) for attachment in letter.attachments]
        whole = _together("mixed", [whole, *files], seed=f"{envelope.message_id}:1")
    type_, _, rest = whole.partition(b"\r\n")
    return type_ + b"\r\n" + _headers(letter, envelope) + rest


def _check(letter: Letter, envelope: Envelope) -> None:
    for value in (letter.subject, *_texts(envelope), *(one.filename for one in letter.attachments)):
        checked_header(value)


def _headers(letter: Letter, envelope: Envelope) -> bytes:
    headers = {
        "From": _mailbox(envelope.sender_name, envelope.sender),
        "To": _mailbox(envelope.recipient_name, envelope.recipient),
        "Subject": _words_of_header(letter.subject, "Subject"),
        "Date": format_datetime(envelope.dated_at),
        "Message-ID": envelope.message_id,
        "Auto-Submitted": "auto-generated",  # RFC 3834
        "X-Auto-Response-Suppress": "All",  # Exchange keeps its out-of-office notes to itself
        "Content-Language": envelope.language,
        "MIME-Version": "1.0",
    }
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode("ascii")


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


def _words(text: str, kind: str) -> bytes:
    head = f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n'
    # The encoder takes octets as letters of the same number.
    octets = _lines(text).encode().decode("latin-1")
    body = quoprimime.body_encode(octets, maxlinelen=_LINE, eol="\r\n")
    return f"{head}\r\n{body}".encode("ascii")


def _file(attachment: Attachment) -> bytes:
    part = Part(policy=compat32.clone(linesep="\r\n", max_line_length=None))
    part["Content-Type"] = attachment.media_type
    name = attachment.filename
    part.add_header(
        "Content-Disposition", "attachment", filename=name if name.isascii() else ("utf-8", "", name)
    )
    part.set_payload(attachment.content)
    encode_base64(part)
    return part.as_bytes()


def _together(kind: str, parts: list[bytes], *, seed: str) -> bytes:
    """Fixed boundaries: the library's own are random, and a letter that goes twice must be identical."""
    mark = f"=_{hashlib.sha256(seed.encode()).hexdigest()[:24]}"
    body = b"".join(b"--%b\r\n%b\r\n" % (mark.encode("ascii"), part) for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{mark}"\r\n\r\n'.encode("ascii") + (
        body + b"--%b--\r\n" % mark.encode("ascii")
    )


@lru_cache(maxsize=256)
def _words_of_header(text: str, name: str) -> str:
    # A word longer than a line, and blanks where a line might end, travel only when they are encoded.
    words = text.split()
    foldable = text.isascii() and text == " ".join(words) and all(len(word) < _LINE - 20 for word in words)
    charset = "us-ascii" if foldable else "utf-8"
    return Header(text, charset, maxlinelen=_LINE, header_name=name).encode(linesep="\r\n")


@lru_cache(maxsize=256)
def _mailbox(name: str, address: str) -> str:
    local, _, domain = address.rpartition("@")
    plain = f"{local}@{domain.encode('idna').decode('ascii')}"
    if name.isascii():
        return formataddr((name, plain))
    # formataddr makes one encoded word of any length; RFC 2047 allows 75 octets.
    return f"{_words_of_header(name, 'From')} <{plain}>"
