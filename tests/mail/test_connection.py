"""The conversation with the mail server. What stock Flask-Mail does wrong: test_stock_flask_mail.py."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header
from pathlib import Path
from typing import Any

import flask_mail
import pytest
import trustme

from tests.mail.post import server_at
from tests.support import smtp
from tracker.mail.composing import Envelope, SafeMessage, message_id_for
from tracker.mail.connection import MailServer, SafeConnection, Security, ServerError
from tracker.mail.letters import Letter

SENDER, OWNER = "plan@example.com", "owner@example.com"
ENVELOPE = Envelope(
    sender=SENDER,
    sender_name="Sekretariatet for ligebehandling",
    recipient=OWNER,
    recipient_name="Ane Møller",
    message_id=message_id_for("test:1", secret=b"s" * 32, domain="example.com"),
    dated_at=datetime(2026, 10, 5, 6, 0, tzinfo=UTC),
)


def letter(text: str = "Kære Ane\n", subject: str = "Påmindelse") -> Letter:
    return Letter(subject, text, f"<p>{text}</p>")


def send(peer: smtp.Peer, message: flask_mail.Message | None = None) -> None:
    with SafeConnection(server_at(peer)) as line:
        line.send(message or SafeMessage(letter(), ENVELOPE))


# --- connecting -------------------------------------------------------------------------------------


def test_one_byte_a_second_is_not_a_reply() -> None:
    with _dripping() as port, pytest.raises(ServerError) as caught:
        SafeConnection(MailServer("127.0.0.1", port, Security.none, timeout=1, connect_timeout=1)).__enter__()
    assert caught.value.reply.code is None


def test_a_letter_goes_over_verified_tls(tmp_path: Path) -> None:
    authority = trustme.CA()
    trusted = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(trusted))
    with smtp.peer(starttls=_context(authority)) as peer:
        server = server_at(peer, security=Security.starttls, ca_file=trusted)
        with SafeConnection(server) as line:
            line.send(SafeMessage(letter(), ENVELOPE))
        assert peer.recipients == [OWNER]


def test_a_letter_goes_over_tls_from_the_first_byte(tmp_path: Path) -> None:
    authority = trustme.CA()
    trusted = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(trusted))
    with smtp.peer(tls=_context(authority)) as peer:
        with SafeConnection(server_at(peer, security=Security.tls, ca_file=trusted)) as line:
            line.send(SafeMessage(letter(), ENVELOPE))
        assert peer.recipients == [OWNER]


def test_without_starttls_nothing_is_said_in_the_clear(smtp_peer: smtp.Peer) -> None:
    with pytest.raises(ServerError, match="STARTTLS"):
        SafeConnection(server_at(smtp_peer, security=Security.starttls)).__enter__()
    assert not smtp_peer.accepted


def test_a_password_is_never_sent_in_the_clear(smtp_peer: smtp.Peer) -> None:
    with pytest.raises(ServerError, match="never sent without TLS"):
        SafeConnection(server_at(smtp_peer, username="plan", password="hemmelig")).__enter__()


# --- what a letter looks like on the wire ----------------------------------------------------------


def test_the_reader_gets_the_words_and_machines_the_headers(smtp_peer: smtp.Peer) -> None:
    send(smtp_peer)
    [accepted] = smtp_peer.accepted
    message = accepted.message
    assert accepted.text.splitlines() == ["Kære Ane"]
    assert message["Subject"] == "Påmindelse"
    assert message["To"] == "Ane Møller <owner@example.com>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == ENVELOPE.message_id
    assert message["Date"].datetime == ENVELOPE.dated_at
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


@pytest.mark.parametrize(
    "text", [".", "..", "a\n.\nb", "x" * 10_000, "a\rb\n.c", "{{7*7}} %s ${x} {0.__class__}"]
)
def test_lines_that_smtp_could_misread_arrive_unchanged(smtp_peer: smtp.Peer, text: str) -> None:
    send(smtp_peer, SafeMessage(letter(text + "\nslut\n"), ENVELOPE))
    [accepted] = smtp_peer.accepted
    assert accepted.text.replace("\r\n", "\n") == text.replace("\r", "\n") + "\nslut\n"
    assert max(len(line) for line in accepted.content.split(b"\r\n")) <= 998
    assert b"\n" not in accepted.content.replace(b"\r\n", b"")


@pytest.mark.parametrize("subject", ["Status på " + "indsatsen " * 30, "Status " * 40, "x" * 300, "æ" * 300])
def test_a_long_subject_is_folded_and_arrives_whole(subject: str) -> None:
    content = SafeMessage(letter(subject=subject.strip()), ENVELOPE).as_bytes()
    head, _, _ = content.partition(b"\r\n\r\n")
    assert max(len(line) for line in head.split(b"\r\n")) <= 78
    assert message_from_bytes(content, policy=policy.default)["Subject"] == subject.strip()


def test_a_long_name_becomes_words_that_every_reader_can_join() -> None:
    name = "Søren Ærø " * 19 + "Ås"
    content = SafeMessage(letter(), replace(ENVELOPE, recipient_name=name)).as_bytes()
    head = message_from_bytes(content)["To"]
    assert max(len(word) for word in head.split()) <= 75  # RFC 2047, 2
    joined = "".join(part if isinstance(part, str) else part.decode(code or "ascii")
                     for part, code in decode_header(head))  # fmt: skip
    assert joined == f"{name} <{OWNER}>"


def test_a_name_that_looks_like_an_address_stays_a_name(smtp_peer: smtp.Peer) -> None:
    odd = Envelope(
        sender=SENDER,
        sender_name="Sekretariatet",
        recipient=OWNER,
        recipient_name="Chef <x@evil.example>, y@evil.example",
        message_id=ENVELOPE.message_id,
        dated_at=ENVELOPE.dated_at,
    )
    send(smtp_peer, SafeMessage(letter(), odd))
    [accepted] = smtp_peer.accepted
    assert accepted.recipients == (OWNER,)
    assert [address.addr_spec for address in accepted.message["To"].addresses] == [OWNER]


@pytest.mark.parametrize(
    "address", ["a@example.com, b@example.com", "a b@example.com", "@example.com", "a", "ø@example.com"]
)
def test_what_is_not_one_plain_address_is_refused_before_a_word_is_said(
    smtp_peer: smtp.Peer, address: str
) -> None:
    with SafeConnection(server_at(smtp_peer)) as line:
        with pytest.raises(ValueError, match="address"):
            line.offer(SENDER, address)
        line.offer(SENDER, OWNER)
        line.hand_over(SafeMessage(letter(), ENVELOPE).as_bytes())
    assert smtp_peer.recipients == [OWNER]


def test_after_a_refusal_the_next_letter_uses_the_same_connection(smtp_peer: smtp.Peer) -> None:
    smtp_peer.script(smtp.reply("RCPT", "550 5.1.1 no such person"))
    with SafeConnection(server_at(smtp_peer)) as line:
        with pytest.raises(ServerError):
            line.offer(SENDER, "gone@example.com")
        line.offer(SENDER, OWNER)
        line.hand_over(SafeMessage(letter(), ENVELOPE).as_bytes())
    assert smtp_peer.connections == 1


# --- servers that no library offers ----------------------------------------------------------------


def _context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@contextmanager
def _listening(serve: Any) -> Iterator[int]:
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)
    done = threading.Event()

    def run() -> None:
        while not done.is_set():
            with contextlib.suppress(OSError):
                connection, _ = listener.accept()
                with connection:
                    serve(connection)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        done.set()
        thread.join(timeout=5)
        listener.close()


def _dripping() -> Any:
    def drip(connection: socket.socket) -> None:
        for byte in b"220 " + b"x" * 100:
            connection.sendall(bytes([byte]))
            time.sleep(0.3)

    return _listening(drip)
