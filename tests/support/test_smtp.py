"""The SMTP peer that the tests of letters rely on does what it is told."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import smtp

LETTER = "Subject: Hej\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nPåmindelse\r\n".encode()


@pytest.fixture
def peer(tmp_path: Path) -> Iterator[smtp.Peer]:
    with smtp.peer(record=tmp_path / "accepted.jsonl") as peer:
        yield peer


def send(peer: smtp.Peer) -> None:
    with smtplib.SMTP(peer.host, peer.port, timeout=1) as connection:
        connection.sendmail("plan@example.com", ["owner@example.com"], LETTER)


def test_what_is_accepted_is_in_the_file(peer: smtp.Peer, tmp_path: Path) -> None:
    send(peer)
    assert peer.recipients == ["owner@example.com"]
    assert [letter.text.strip() for letter in smtp.recorded(tmp_path / "accepted.jsonl")] == ["Påmindelse"]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (smtp.reply("RCPT", "451 4.3.0 later"), smtplib.SMTPRecipientsRefused),
        (smtp.reply("DATA", "550 5.7.1 no"), smtplib.SMTPDataError),
        (smtp.reply("CONNECT", "421 4.3.2 busy"), smtplib.SMTPConnectError),
        (smtp.drop("MAIL"), smtplib.SMTPServerDisconnected),
        (smtp.drop("DATA"), smtplib.SMTPServerDisconnected),
        (smtp.hang("DATA"), smtplib.SMTPServerDisconnected),
    ],
)
def test_it_misbehaves_once_and_accepts_the_next(
    peer: smtp.Peer, wrong: smtp.Misbehaviour, error: type[Exception]
) -> None:
    peer.script(wrong)
    with pytest.raises(error):
        send(peer)
    assert peer.accepted == []
    send(peer)
    assert len(peer.accepted) == 1


def test_a_letter_can_be_accepted_without_the_sender_knowing(peer: smtp.Peer) -> None:
    peer.script(smtp.drop("ACCEPTED"))
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(peer)
    assert len(peer.accepted) == 1
