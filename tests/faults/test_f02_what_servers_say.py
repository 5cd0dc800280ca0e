"""F2: what mail servers say and do, and what becomes of the letter: section by section of RFC 5321."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import AuthResult

from tests.mail.post import Post, open_post, server_at
from tests.support import smtp
from tests.support.smtp import Misbehaviour, Peer
from tracker.mail.connection import Security
from tracker.mail.models import MailState

pytestmark = pytest.mark.both_databases

OWNER, OTHER = "owner@example.com", "other@example.com"
LATER = (1, 15, 30, 300)  # minutes after which the next turns come

queued, sent, failed = MailState.queued, MailState.sent, MailState.failed
undeliverable, uncertain, needs_human = (
    MailState.undeliverable,
    MailState.uncertain,
    MailState.needs_human,
)


@dataclass(frozen=True)
class Case:
    """What the server does to the first letter; what state follows at once and in the end; how many copies
    it took in all.
    """

    does: str
    wrong: tuple[Misbehaviour, ...]
    at_once: MailState
    in_the_end: MailState = sent
    copies: int = 1

    def __str__(self) -> str:
        return self.does


def case(does: str, *wrong: Misbehaviour, at_once: MailState, **values: Any) -> Case:
    return Case(does, wrong, at_once, **values)


TEMPORARY = [
    case(f"{code} at {step}", smtp.reply(step, f"{code} 4.3.0 not now"), at_once=queued)
    for code in (421, 450, 451, 452)
    for step in ("MAIL", "RCPT", "354", "DATA")
]
PERMANENT = [
    case(
        f"{code} {enhanced} at {step}",
        smtp.reply(step, f"{code} {enhanced} no"),
        at_once=state,
        in_the_end=state,
        copies=0,
    )
    for code, enhanced, step, state in [
        (550, "5.1.1", "RCPT", undeliverable),
        (550, "5.2.1", "RCPT", undeliverable),
        (550, "5.7.1", "RCPT", failed),
        (552, "5.2.2", "RCPT", failed),
        (554, "5.7.1", "RCPT", failed),
        (550, "5.7.1", "MAIL", failed),
        (552, "5.3.4", "MAIL", failed),
        (554, "5.7.1", "354", failed),
        (550, "5.1.1", "DATA", failed),
        (552, "5.3.4", "DATA", failed),
        (554, "5.6.0", "DATA", failed),
    ]
]
BREAKS = [
    case(f"{act.__name__} at {step}", act(step), at_once=queued)
    for act in (smtp.drop, smtp.hang)
    for step in ("CONNECT", "EHLO", "MAIL", "RCPT", "354")
]
OTHERS = [
    case("421 at connect", smtp.reply("CONNECT", "421 4.3.2 busy"), at_once=queued),
    case("554 at connect", smtp.reply("CONNECT", "554 5.7.1 not you"), at_once=queued),
    case("hangs up after the body", smtp.drop("DATA"), at_once=uncertain),
    case("is silent after the body", smtp.hang("DATA"), at_once=uncertain),
    case("takes it and hangs up", smtp.drop("ACCEPTED"), at_once=uncertain, copies=2),
    case("takes it and is silent", smtp.hang("ACCEPTED"), at_once=uncertain, copies=2),
    case(
        "takes it and hangs up, twice",
        smtp.drop("ACCEPTED"),
        smtp.drop("ACCEPTED"),
        at_once=uncertain,
        in_the_end=needs_human,
        copies=2,
    ),
    case(
        "greylists three times and then accepts",
        *(smtp.reply("RCPT", "450 4.2.0 greylisted, come again"),) * 3,
        at_once=queued,
    ),
    case("garbage before the body", smtp.reply("RCPT", "HTTP/1.1 200 OK"), at_once=queued),
    case("garbage after the body", smtp.reply("DATA", "HTTP/1.1 200 OK"), at_once=uncertain),
    case("takes it and says garbage", smtp.reply("ACCEPTED", "\x00\xff?"), at_once=uncertain, copies=2),
    case("many lines at RCPT", smtp.reply("RCPT", "250-2.1.5 yes\r\n250-and\r\n250 2.1.5 ok"), at_once=sent),
    case("many lines at the end", smtp.reply("ACCEPTED", "250-2.0.0 yes\r\n250 2.0.0 queued"), at_once=sent),
    case("lines without an end", smtp.reply("RCPT", "\r\n".join(["250-more"] * 200)), at_once=queued),
    case("one byte at a time before the body", smtp.drip("RCPT", "250 2.1.5 ok", 0.1), at_once=queued),
    case("one byte at a time after it", smtp.drip("ACCEPTED", "250 ok", 0.2), at_once=uncertain, copies=2),
    case("250, then a reset", smtp.reset("ACCEPTED", "250 2.0.0 accepted"), at_once=sent),
    case("drops QUIT", smtp.drop("QUIT"), at_once=sent),
    case("does not answer QUIT", smtp.hang("QUIT"), at_once=sent),
]


@pytest.mark.parametrize("case", [*TEMPORARY, *PERMANENT, *BREAKS, *OTHERS], ids=str)
def test_a_letter_ends_as_promised_and_the_next_one_goes(post: Post, smtp_peer: Peer, case: Case) -> None:
    smtp_peer.script(*case.wrong)
    post.queue(OWNER)
    post.turn()
    assert post.state(OWNER) is case.at_once
    for minutes in LATER:
        post.turn(after=timedelta(minutes=minutes))
    post.queue(OTHER)
    post.turn(after=timedelta(minutes=301))
    assert post.state(OWNER) is case.in_the_end
    assert post.state(OTHER) is sent
    smtp_peer.wait_until_alone()
    copies = [letter.content for letter in smtp_peer.letters_to(OWNER)]
    assert len(copies) == case.copies
    assert len(set(copies)) <= 1
    assert len(smtp_peer.letters_to(OTHER)) == 1


def test_421_in_mid_session_costs_only_the_letter_in_hand(post: Post, smtp_peer: Peer) -> None:
    owners = [f"owner{number}@example.com" for number in range(5)]
    for owner in owners:
        post.queue(owner)
    smtp_peer.script(*(smtp.slow("MAIL", 0),) * 2, smtp.reply("MAIL", "421 4.3.2 going down"))
    post.turn()
    assert sorted(post.state(owner) for owner in owners) == [queued, *[sent] * 4]
    post.turn(after=timedelta(minutes=1))
    assert sorted(smtp_peer.recipients) == owners


def test_nobody_there_is_not_the_letters_fault(database_url: str, smtp_peer: Peer) -> None:
    with open_post(database_url, server_at(None)) as away:
        away.queue(OWNER)
        away.turn()
        assert away.state(OWNER) is queued
    with open_post(database_url, server_at(smtp_peer)) as back:
        back.turn(after=timedelta(minutes=1))
        assert back.state(OWNER) is sent
    assert smtp_peer.recipients == [OWNER]


# --- secrecy -----------------------------------------------------------------------------------------


@contextmanager
def _post_to(database_url: str, peer: Peer, **settings: Any) -> Iterator[Post]:
    with open_post(database_url, server_at(peer, timeout=0.5, **settings)) as post:
        post.queue(OWNER)
        yield post


def _in_the_clear(peer: Peer) -> set[str]:
    return {command for command, over_tls in peer.heard if not over_tls}


def _certificate(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path) -> Path:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return tmp_path / "ca.pem"


@pytest.mark.parametrize("username", ["", "plan"])
def test_without_starttls_the_letter_waits_and_nothing_is_said(
    database_url: str, smtp_peer: Peer, username: str
) -> None:
    security = {"security": Security.starttls, "username": username, "password": "hemmelig"}
    with _post_to(database_url, smtp_peer, **security) as post:
        for minutes in (0, *LATER):
            post.turn(after=timedelta(minutes=minutes))
        assert post.state(OWNER) is queued
    assert _in_the_clear(smtp_peer) <= {"EHLO", "QUIT"}
    assert smtp_peer.connections > 1


def test_starttls_that_is_refused_or_cut_is_not_gone_around(
    database_url: str, authority: trustme.CA, trusted: Path
) -> None:
    context = _certificate(authority, "127.0.0.1")
    with (
        smtp.peer(starttls=context) as peer,
        _post_to(database_url, peer, security=Security.starttls, ca_file=trusted) as post,
    ):
        peer.script(smtp.reply("STARTTLS", "454 4.7.0 not available"), smtp.drop("STARTTLS"))
        for minutes in (0, 1):
            post.turn(after=timedelta(minutes=minutes))
            assert post.state(OWNER) is queued
        assert _in_the_clear(peer) <= {"EHLO", "STARTTLS", "QUIT"}
        post.turn(after=timedelta(minutes=15))
        assert peer.recipients == [OWNER]


@pytest.mark.parametrize("why", ["unknown authority", "another name"])
def test_a_certificate_that_does_not_hold_gets_no_letter(
    database_url: str, authority: trustme.CA, trusted: Path, why: str
) -> None:
    signer = trustme.CA() if why == "unknown authority" else authority
    name = "127.0.0.1" if why == "unknown authority" else "elsewhere.example.com"
    with (
        smtp.peer(starttls=_certificate(signer, name)) as peer,
        _post_to(database_url, peer, security=Security.starttls, ca_file=trusted) as post,
    ):
        for minutes in (0, *LATER):
            post.turn(after=timedelta(minutes=minutes))
        assert post.state(OWNER) is queued
        assert "ertificate" in post.mail(OWNER).last_error
        assert {command for command, _ in peer.heard} <= {"EHLO", "STARTTLS", "QUIT"}


def test_a_password_that_is_refused_keeps_the_letter_and_itself(
    database_url: str, authority: trustme.CA, trusted: Path
) -> None:
    answers = iter([False, False, True])

    def decide(*_: object) -> AuthResult:
        return AuthResult(success=next(answers), handled=False)

    with (
        smtp.peer(starttls=_certificate(authority, "127.0.0.1"), authenticator=decide) as peer,
        _post_to(
            database_url,
            peer,
            security=Security.starttls,
            ca_file=trusted,
            username="plan",
            password="hemmelig",
        ) as post,
    ):
        post.turn()
        assert post.state(OWNER) is queued
        assert not peer.accepted
        for minutes in LATER:
            post.turn(after=timedelta(minutes=minutes))
        assert post.state(OWNER) is sent
        assert peer.recipients == [OWNER]
        assert _in_the_clear(peer) <= {"EHLO", "STARTTLS"}
        assert ("AUTH", True) in peer.heard


def test_a_password_is_never_given_to_a_server_without_tls(database_url: str, smtp_peer: Peer) -> None:
    with _post_to(database_url, smtp_peer, username="plan", password="hemmelig") as post:
        for minutes in (0, *LATER):
            post.turn(after=timedelta(minutes=minutes))
        assert post.state(OWNER) is queued
    assert _in_the_clear(smtp_peer) <= {"EHLO", "QUIT"}


def test_a_time_out_at_the_dot_gives_at_most_one_identical_copy(post: Post, smtp_peer: Peer) -> None:
    smtp_peer.always(smtp.hang("ACCEPTED"))
    post.server = replace(post.server, body_timeout=0.2)
    for number in range(3):
        post.queue(f"owner{number}@example.com", words=f"frist {number}")
    for minutes in (0, 9, 11, 60, 600, 2000):
        post.turn(after=timedelta(minutes=minutes))
    for number in range(3):
        first, second = (letter.content for letter in smtp_peer.letters_to(f"owner{number}@example.com"))
        assert first == second
        assert post.state(f"owner{number}@example.com") is needs_human
