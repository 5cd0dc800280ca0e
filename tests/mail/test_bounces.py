"""What came back: read in whatever shape a mail server gives it, believed only about a letter of ours."""

from __future__ import annotations

import base64
import contextlib
import re
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests.mail.post import NOW, Post, person
from tests.support import smtp
from tests.support.smtp import Peer
from tracker.mail.bounces import MOST_BYTES, Bounce, NotABounceError, read
from tracker.mail.models import AttemptNote, Mail, MailAttempt, MailState
from tracker.mail.returned import MOST_NOTES, Handled, Outcome, take

SAMPLES = Path(__file__).parent / "bounces"
SENT_TO = "owner@example.com"
OUR_ID = b"<letter@example.com>"
LATER = NOW + timedelta(hours=1)

FAILURES = {
    "postfix": ("5.1.1", True, "550 5.1.1 <owner@example.com>: Recipient address rejected: User unknown"),
    "exchange": ("5.1.10", True, "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient"),
    "exchange-on-premises": ("5.2.2", False, "554 5.2.2 mailbox full; STOREDRV"),
    "gmail": ("5.1.1", True, "550-5.1.1 The email account that you tried to reach does not exist."),
    "refused-by-policy": ("5.7.1", False, "550 5.7.1 The user or domain that you are sending to"),
    "gave-up-after-days": (
        "4.4.1",
        False,
        "connect to mail.example.com[192.0.2.25]:25: Connection timed out",
    ),
}
NO_REPORTS = {
    "out-of-office": "it is an automatic answer",
    "vacation": "it is an automatic answer",
    "read-receipt": "it is a read receipt",
    "complaint": "it is a complaint of a reader's mail service",
    "a-person-writes": "no delivery report is in it",
}


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.eml").read_bytes()


def about(mail: Mail, name: str = "postfix") -> bytes:
    """The sample as the server of this letter's recipient would send it."""
    named = sample(name).replace(OUR_ID, mail.message_id.encode())
    for block in re.findall(rb"(?m)^TWVzc2FnZS1JRDog(?:[\w+/=]+\n)+", named):  # headers in base64
        original = base64.b64decode(block).replace(OUR_ID, mail.message_id.encode())
        named = named.replace(block, base64.encodebytes(original))
    return re.sub(re.escape(SENT_TO.encode()), mail.address.encode(), named, flags=re.IGNORECASE)


def test_every_sample_has_its_expectation() -> None:
    expected = {*FAILURES, *NO_REPORTS, "delayed", "delivered"}
    assert {path.stem for path in SAMPLES.glob("*.eml")} == expected


# --- reading --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FAILURES)
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"], ids=["lf", "crlf"])
def test_a_failure_is_read_from_whatever_server_reports_it(name: str, line_end: bytes) -> None:
    (found,) = read(sample(name).replace(b"\n", line_end))
    status, no_mailbox, words = FAILURES[name]
    assert (found.message_id, found.recipient, found.action) == (OUR_ID.decode(), SENT_TO, "failed")
    assert (found.status, found.names_no_mailbox) == (status, no_mailbox)
    assert found.diagnostic.startswith(words)
    assert found.gave_up
    assert not found.still_tries


def test_a_pipe_from_postfix_has_a_line_of_its_own_before_the_message() -> None:
    piped = b"From MAILER-DAEMON  Mon Oct  5 08:30:04 2026\n" + sample("postfix")
    assert read(piped) == read(sample("postfix"))


def test_a_delay_is_no_failure_and_a_delivery_neither() -> None:
    (delayed,), (delivered,) = read(sample("delayed")), read(sample("delivered"))
    assert (delayed.still_tries, delayed.gave_up) == (True, False)
    assert (delivered.still_tries, delivered.gave_up) == (False, False)


@pytest.mark.parametrize(("name", "what"), NO_REPORTS.items())
def test_what_is_no_delivery_report_is_called_by_its_name(name: str, what: str) -> None:
    with pytest.raises(NotABounceError) as error:
        read(sample(name))
    assert str(error.value) == what


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"text/rfc822-headers", b"text/plain", "the returned letter is not in it"),
        (b"\nMessage-ID: <letter@example.com>", b"", "no Message-ID"),
        (b"\nSubject: =?utf", b"\nMessage-ID: <another@example.com>\nX: =?utf", "more than one"),
        (b"Final-Recipient", b"X-Final", ""),
        (b"message/delivery-status", b"text/plain", "an automatic answer"),
    ],
)
def test_a_report_that_lacks_something_is_none(old: bytes, new: bytes, why: str) -> None:
    changed = sample("postfix").replace(old, new)
    assert changed != sample("postfix")
    if not why:  # the original recipient is enough
        assert SENT_TO in read(changed)[0].recipients
        return
    with pytest.raises(NotABounceError, match=why):
        read(changed)


@pytest.mark.parametrize(
    ("status", "diagnostic", "wrong"),
    [
        ("5.1.1", "", True),
        ("5.1.2", "550 host unknown", True),
        ("5.2.1", "550 5.2.1 the mailbox is disabled", True),
        ("5.0.0", "550 5.1.1 no such user", True),
        ("5.0.0", "550 no such user here", True),
        ("5.5.0", "550 Requested action not taken: user unknown", True),
        ("", "550 Mailbox not found", True),
        ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied. [AM9EUR05FT011]", True),
        ("5.2.2", "552 5.2.2 mailbox full", False),
        ("5.7.1", "550 5.7.1 user unknown to the policy", False),
        ("5.1.8", "550 5.1.8 the sender's domain does not exist", False),
        ("5.4.1", "550 5.4.1 relay access denied", False),
        ("5.0.0", "550 mailbox unavailable", False),
        ("4.1.1", "450 4.1.1 user unknown, try again", False),
    ],
)
def test_only_a_missing_mailbox_says_that_the_address_is_wrong(
    status: str, diagnostic: str, *, wrong: bool
) -> None:
    assert Bounce("<a@b>", SENT_TO, "failed", status, diagnostic).names_no_mailbox is wrong


HOSTILE = {
    "empty": b"",
    "line ends": b"\n" * MOST_BYTES,
    "a parameter without end": b"Content-Type: multipart/report;" + b";" * (MOST_BYTES - 50) + b"\n\n",
    "many parts": b"Content-Type: multipart/report; boundary=a\n\n" + b"--a\n" * 200_000,
    "deeply nested": b"".join(
        b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (number, number) for number in range(15_000)
    ),
    "itself within itself": b"Content-Type: multipart/mixed; boundary=a\n\n--a\n" * 20_000,
    "many fields": b"a:b\n" * 240_000,
    "one folded field": b"a: b\n" + b" x\n" * 300_000,
    "blanks": b"Content-Type: multipart/report; boundary=a\n\n--a\nContent-Type: message/delivery-status\n\n"
    + b"\n " * 400_000,
    "no text": bytes(range(256)) * 3_000,
    "a broken transfer encoding": sample("exchange-on-premises").replace(b"TWVzc2", b"!"),
    "controls in a field": sample("postfix").replace(b"Status: 5.1.1", b"Status: 5.1.1\x00\x1b[2J\xff\xfe"),
    "too large": b"x" * (MOST_BYTES + 1),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_message_is_read_or_refused_at_once(content: bytes) -> None:
    began = time.monotonic()
    found: tuple[Bounce, ...] = ()
    with contextlib.suppress(NotABounceError):
        found = read(content)
    assert all(bounce.diagnostic.isprintable() for bounce in found)
    assert time.monotonic() - began < 5


_WHOLE = sample("exchange-on-premises")
_cuts = st.tuples(
    st.integers(0, len(_WHOLE)), st.integers(0, 300), st.one_of(st.binary(max_size=40), st.just(_WHOLE[:900]))
)


@given(cuts=st.lists(_cuts, max_size=6))
@settings(max_examples=300, deadline=None)
def test_a_damaged_report_never_breaks_the_reader(cuts: list[tuple[int, int, bytes]]) -> None:
    content = _WHOLE
    for start, length, put in cuts:
        content = content[:start] + put + content[start + length :]
    try:
        found = read(content)
    except NotABounceError:
        return
    assert found
    for bounce in found:
        assert bounce.diagnostic.isprintable()
        assert len(bounce.diagnostic) <= 400


@given(content=st.binary(max_size=2_000))
@settings(max_examples=200, deadline=None)
def test_noise_is_no_bounce(content: bytes) -> None:
    with pytest.raises(NotABounceError):
        read(content)


# --- what is done with it -------------------------------------------------------------------------


@pytest.fixture
def sent(post: Post) -> Mail:
    """A letter that the server accepted."""
    post.queue("reader@example.com", words="Her er en opgave.")
    post.turn()
    mail = post.mail("reader@example.com")
    assert mail.state is MailState.sent
    return mail


def hand_in(post: Post, content: bytes, *, sender: str = "") -> Handled:
    with post.sessions.begin() as session:
        return take(session, content, at=LATER, sender=sender)


def bounce_notes(post: Post) -> list[str]:
    with post.sessions() as session:
        found = select(MailAttempt.text).where(MailAttempt.note == AttemptNote.bounce)
        return list(session.scalars(found.order_by(MailAttempt.id)))


@pytest.mark.both_databases
@pytest.mark.parametrize("name", FAILURES)
def test_a_letter_that_was_accepted_becomes_undeliverable(post: Post, sent: Mail, name: str) -> None:
    handled = hand_in(post, about(sent, name))
    assert (handled.outcome, handled.mail_id) == (Outcome.undeliverable, sent.id)
    after = post.mail(sent.address)
    assert (after.state, after.settled_at) == (MailState.undeliverable, LATER)
    assert after.last_error.startswith("bounce: ")
    assert FAILURES[name][0] in after.last_error
    assert bounce_notes(post) == [after.last_error]


@pytest.mark.both_databases
def test_the_same_bounce_twice_changes_nothing(post: Post, sent: Mail) -> None:
    hand_in(post, about(sent))
    before = post.mail(sent.address)
    assert hand_in(post, about(sent)).outcome is Outcome.known
    assert hand_in(post, about(sent, "gmail")).outcome is Outcome.known
    after = post.mail(sent.address)
    assert (after.state, after.last_error, after.settled_at) == (
        before.state,
        before.last_error,
        before.settled_at,
    )
    assert len(bounce_notes(post)) == 1


@pytest.mark.both_databases
def test_a_delay_is_noted_once_and_changes_nothing(post: Post, sent: Mail) -> None:
    assert hand_in(post, about(sent, "delayed")).outcome is Outcome.noted
    assert hand_in(post, about(sent, "delayed")).outcome is Outcome.known
    assert post.state(sent.address) is MailState.sent
    assert bounce_notes(post) == [
        "delayed: 4.4.1 connect to mail.example.com[192.0.2.25]:25: Connection timed out"
    ]


@pytest.mark.both_databases
@pytest.mark.parametrize("name", ["delivered", *NO_REPORTS])
def test_noise_changes_nothing(post: Post, sent: Mail, name: str) -> None:
    handled = hand_in(post, about(sent, name))
    assert handled.outcome is Outcome.ignored
    assert handled.words
    assert post.state(sent.address) is MailState.sent
    assert bounce_notes(post) == []


Forgery = Callable[[bytes], bytes]
FORGERIES: dict[str, tuple[Forgery, str]] = {
    "a guessed Message-ID": (
        lambda content: content.replace(b"Message-ID: <", b"Message-ID: <0"),
        "the letter it returns is not ours",
    ),
    "another reader of the same letter": (
        lambda content: content.replace(b"reader@example.com", b"rival@example.com"),
        "it speaks of another recipient than the letter had",
    ),
    "our Message-ID only in its own headers": (
        lambda content: content.replace(b"Message-ID: <", b"X-Was: <").replace(
            b"Message-Id: <4XbQ2K0Lz1z9@mx.example.com>", b"References: <x@example.com>"
        ),
        "the returned letter has no Message-ID, or more than one",
    ),
}


@pytest.mark.both_databases
@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_bounce_changes_nothing(post: Post, sent: Mail, forgery: str) -> None:
    forge, why = FORGERIES[forgery]
    handled = hand_in(post, forge(about(sent)))
    assert (handled.outcome, handled.words) == (Outcome.ignored, why)
    assert post.state(sent.address) is MailState.sent
    assert bounce_notes(post) == []


def test_a_message_with_a_sender_on_its_envelope_is_no_report(post: Post, sent: Mail) -> None:
    handled = hand_in(post, about(sent), sender="somebody@example.com")
    assert (handled.outcome, handled.words) == (
        Outcome.ignored,
        "its envelope has a sender, which a report has not",
    )
    assert post.state(sent.address) is MailState.sent


def test_the_same_address_in_capitals_is_the_same_reader(post: Post, sent: Mail) -> None:
    loud = about(sent).replace(b"reader@example.com", b"Reader@EXAMPLE.com")
    assert hand_in(post, loud).outcome is Outcome.undeliverable


@pytest.mark.both_databases
def test_an_uncertain_letter_that_came_back_does_not_go_again(post: Post, smtp_peer: Peer) -> None:
    smtp_peer.script(smtp.drop("ACCEPTED"))
    post.queue("reader@example.com")
    post.turn()
    mail = post.mail("reader@example.com")
    assert mail.state is MailState.uncertain
    assert hand_in(post, about(mail)).outcome is Outcome.undeliverable
    post.turn(after=timedelta(hours=2))
    assert post.state(mail.address) is MailState.undeliverable
    assert len(smtp_peer.letters_to(mail.address)) == 1


@pytest.mark.both_databases
def test_a_bounce_that_overtakes_the_servers_answer_is_asked_to_come_again(post: Post, sent: Mail) -> None:
    with post.sessions.begin() as session:
        session.get_one(Mail, sent.id).state = MailState.sending
    assert hand_in(post, about(sent)).outcome is Outcome.too_early
    assert bounce_notes(post) == []
    with post.sessions.begin() as session:
        session.get_one(Mail, sent.id).state = MailState.sent
    assert hand_in(post, about(sent)).outcome is Outcome.undeliverable


@pytest.mark.parametrize("state", [MailState.queued, MailState.failed, MailState.cancelled])
def test_a_letter_that_did_not_leave_is_not_changed_by_a_bounce(
    post: Post, sent: Mail, state: MailState
) -> None:
    with post.sessions.begin() as session:
        session.get_one(Mail, sent.id).state = state
    assert hand_in(post, about(sent)).outcome is Outcome.noted
    assert post.state(sent.address) is state


def test_a_reader_who_sends_one_delay_after_another_fills_no_table(post: Post, sent: Mail) -> None:
    for number in range(MOST_NOTES + 5):
        hand_in(post, about(sent, "delayed").replace(b"timed out", b"timed out %d" % number))
    with post.sessions() as session:
        notes = select(func.count()).where(MailAttempt.note == AttemptNote.bounce)
        assert session.scalar(notes) == MOST_NOTES


def test_a_letter_without_a_message_id_is_never_meant(post: Post) -> None:
    with post.sessions.begin() as session:
        person(session, "nobody@example.com")
    post.queue("reader@example.com")
    assert hand_in(post, sample("postfix").replace(OUR_ID, b"<>")).outcome is Outcome.ignored
