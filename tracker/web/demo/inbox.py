"""The demonstration's inbox in the browser: the letters as they arrived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from flask import Response, abort, current_app, render_template
from flask.typing import ResponseReturnValue

from tracker.web.demo.blueprint import blueprint

# A letter brings its own style, and nothing else: no script, no picture from elsewhere.
_LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"
_NEWEST = 200


@dataclass(frozen=True)
class ArrivedLetter:
    """One letter as the inbox shows it."""

    number: int
    to: str
    sender: str
    subject: str
    date: str
    sent_at: datetime | None
    text: str
    html: str
    attachments: tuple[str, ...]


def _folder() -> Path:
    return Path(current_app.extensions["settings"].data_folder) / "inbox"


def letters_kept() -> int:
    return sum(1 for _ in _folder().glob("*.eml"))


def _open(file: Path) -> ArrivedLetter:
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    return ArrivedLetter(
        number=int(file.stem),
        to=str(message["To"] or ""),
        sender=str(message["From"] or ""),
        subject=str(message["Subject"] or ""),
        date=str(message["Date"] or ""),
        sent_at=_moment(message),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        attachments=tuple(part.get_filename() or "" for part in message.iter_attachments()),
    )


def _moment(message: EmailMessage) -> datetime | None:
    """When the letter says that it was sent; nothing when it does not say so in the standard's words."""
    try:
        return parsedate_to_datetime(str(message["Date"] or "")).astimezone(UTC)
    except ValueError:
        return None


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _letter(number: int) -> ArrivedLetter:
    file = _folder() / f"{number:06}.eml"
    if not file.is_file():
        abort(404)
    return _open(file)


@blueprint.get("/inbox")
def inbox() -> ResponseReturnValue:
    files = sorted(_folder().glob("*.eml"), reverse=True)[:_NEWEST]
    return render_template("demo/inbox.html", letters=[_open(file) for file in files], kept=letters_kept())


@blueprint.get("/inbox/<int:number>")
def letter(number: int) -> ResponseReturnValue:
    return render_template("demo/letter.html", letter=_letter(number))


@blueprint.get("/inbox/<int:number>/html")
def letter_html(number: int) -> ResponseReturnValue:
    """The letter's HTML as a mail program would show it."""
    response = Response(_letter(number).html, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = _LETTER_POLICY
    return response
