"""Each defect of stock Flask-Mail 0.10: first that it has it, then what our connection does instead."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import flask_mail
import pytest
import trustme
from flask import Flask

from tests.support import smtp
from tracker.mail.composing import Envelope, SafeMessage, message_id_for
from tracker.mail.connection import MailServer, SafeConnection, Security, ServerError
from tracker.mail.letters import Attachment, Letter
from tracker.mail.replies import Stage

SENDER, OWNER, OTHER = "plan@example.com", "owner@example.com", "other@example.com"
LETTER = Letter("Påmindelse", "Kære Ane\n", "<p>Kære Ane</p>")
ENVELOPE = Envelope(
    sender=SENDER,
    sender_name="Sekretariatet",
    recipient=OWNER,
    recipient_name="Ane Møller",
    message_id=message_id_for("test:1", secret=b"s" * 32, domain="example.com"),
    dated_at=datetime(2026, 10, 5, 6, 0, tzinfo=UTC),
)


@contextlib.contextmanager
def stock(port: int, **settings: Any) -> Iterator[flask_mail.Mail]:
    """Flask-Mail as it comes, inside an application."""
    app = Flask(__name__)
    app.config.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=port, MAIL_DEFAULT_SENDER=SENDER, **settings)
    mail = flask_mail.Mail(app)
    with app.app_context():
        yield mail


def stock_message(**values: Any) -> flask_mail.Message:
    given: dict[str, Any] = {"subject": "Hi", "recipients": [OWNER], "body": "Hi", "sender": SENDER, **values}
    return flask_mail.Message(**given)


def ours(port: int, **settings: Any) -> SafeConnection:
    given: dict[str, Any] = {"security": Security.none, "timeout": 1, "connect_timeout": 1, **settings}
    return SafeConnection(MailServer("127.0.0.1", port, body_timeout=1, **given))


def test_it_raises_after_the_server_accepted_when_the_leave_taking_fails() -> None:
    with _hanging_up_at_quit() as port:
        with stock(port) as mail, pytest.raises(smtplib.SMTPServerDisconnected):
            mail.send(stock_message())
        with ours(port) as line:
            line.send(SafeMessage(LETTER, ENVELOPE))


def test_it_waits_for_ever_for_a_silent_server(smtp_peer: smtp.Peer) -> None:
    with stock(smtp_peer.port) as mail, mail.connect() as line:
        assert line.host.sock.gettimeout() is None
    with ours(smtp_peer.port) as line:
        assert line.host is not None
        assert line.host.sock.gettimeout() == 1
    smtp_peer.always(smtp.hang("CONNECT"))
    started = time.monotonic()
    with pytest.raises(ServerError) as caught:
        ours(smtp_peer.port).__enter__()
    assert time.monotonic() - started < 30
    assert caught.value.reply.stage is Stage.connect
    assert caught.value.reply.code is None


def test_it_trusts_any_certificate() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)  # by an authority that nobody knows
    with smtp.peer(starttls=context) as peer:
        with stock(peer.port, MAIL_USE_TLS=True) as mail:
            mail.send(stock_message())
        assert peer.recipients == [OWNER]
        with pytest.raises(ServerError, match="certificate"):
            ours(peer.port, security=Security.starttls).__enter__()
        assert peer.recipients == [OWNER]


def test_it_lets_a_line_break_into_its_extra_headers(smtp_peer: smtp.Peer) -> None:
    evil = stock_message(extra_headers={"X-Plan": "a\r\nX-Evil: b"})
    with stock(smtp_peer.port) as mail:
        mail.send(evil)
    [accepted] = smtp_peer.accepted
    assert b"\r\nX-Evil: b" in accepted.content
    with ours(smtp_peer.port) as line, pytest.raises(ValueError, match="control"):
        line.send(evil)
    assert len(smtp_peer.accepted) == 1


@pytest.mark.parametrize("bad", ["a\r\nBcc: x@example.com", "a\nb", "a\0b", "a\u2028b", "a\u2029b", "a\x1bb"])
def test_no_control_character_reaches_any_header_of_ours(smtp_peer: smtp.Peer, bad: str) -> None:
    with pytest.raises(ValueError, match="control"):
        SafeMessage(Letter(bad, LETTER.text, LETTER.html), ENVELOPE)
    with ours(smtp_peer.port) as line, pytest.raises(ValueError, match="control"):
        line.send(stock_message(extra_headers={"X-Plan": bad}))
    assert not smtp_peer.accepted


def test_it_makes_a_new_message_id_for_each_object() -> None:
    assert stock_message().msgId != stock_message().msgId
    attached = Letter("Hej", "Hej", "<p>Hej</p>", (Attachment("frister.ics", "text/calendar", b"BEGIN"),))
    first, second = SafeMessage(attached, ENVELOPE), SafeMessage(attached, ENVELOPE)
    assert first.msgId == second.msgId == ENVELOPE.message_id
    assert first.as_bytes() == second.as_bytes()


def test_it_swallows_the_refusal_of_one_of_two_recipients(smtp_peer: smtp.Peer) -> None:
    smtp_peer.script(smtp.reply("RCPT", "550 5.1.1 no such person"))
    with stock(smtp_peer.port) as mail:
        mail.send(stock_message(recipients=[OWNER, OTHER]))  # without a word
    assert len(smtp_peer.recipients) == 1
    with ours(smtp_peer.port) as line, pytest.raises(ValueError, match="exactly one"):
        line.send(stock_message(recipients=[OWNER, OTHER]))
    smtp_peer.script(smtp.reply("RCPT", "550 5.1.1 no such person"))
    with ours(smtp_peer.port) as line, pytest.raises(ServerError) as caught:
        line.send(SafeMessage(LETTER, ENVELOPE))
    assert caught.value.reply.code == 550
    assert len(smtp_peer.accepted) == 1


@contextlib.contextmanager
def _hanging_up_at_quit() -> Iterator[int]:
    """A server that accepts every letter, and answers QUIT by cutting the line."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)
    done = threading.Event()

    def run() -> None:
        while not done.is_set():
            with contextlib.suppress(OSError):
                connection, _ = listener.accept()
                with connection:
                    _talk(connection)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        done.set()
        thread.join(timeout=5)
        listener.close()


def _talk(connection: socket.socket) -> None:
    connection.sendall(b"220 hello\r\n")
    with connection.makefile("rb") as lines:
        body = False
        for line in lines:
            word = line[:4].upper()
            if body and line != b".\r\n":
                continue
            if word == b"QUIT" and not body:
                return
            body = word == b"DATA"
            connection.sendall(b"354 go on\r\n" if body else b"250 ok\r\n")
