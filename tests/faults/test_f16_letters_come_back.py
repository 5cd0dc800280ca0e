"""F16: letters come back after the server took them: who can help is told; what is forged is nothing."""

from __future__ import annotations

import asyncio
import smtplib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.faults.open_round import OpenRound, local, open_rounds
from tests.mail.test_bounces import FAILURES, FORGERIES, NO_REPORTS, about
from tests.support.smtp import Accepted, Peer, recorded
from tracker.accounts.models import Person
from tracker.mail.listener import Inlet, Listener
from tracker.mail.models import Mail, MailState
from tracker.reminders.models import ItemState

pytestmark = pytest.mark.both_databases

DUE = date(2026, 11, 16)  # a Monday
T7 = DUE - timedelta(days=7)
NOW = local(T7)
LATER = NOW + timedelta(hours=1)
WRONG_ADDRESS = [name for name, (_, wrong, _) in FAILURES.items() if wrong]
ANOTHER_REASON = [name for name, (_, wrong, _) in FAILURES.items() if not wrong]


@pytest.fixture
def round_(database_url: str, smtp_peer: Peer, tmp_path: Path) -> Iterator[OpenRound]:
    """Reader, who owes a status, has been reminded this morning."""
    with open_rounds(database_url, smtp_peer, tmp_path) as found:
        found.open("reader", "bo", due=DUE)
        found.tick(NOW)
        assert len(found.reminders_to("reader")) == 1
        yield found


@contextmanager
def listening(of: OpenRound) -> Iterator[int]:
    """The port at which the service takes in what came back, by LMTP."""
    loop, ready, port = asyncio.new_event_loop(), threading.Event(), list[int]()

    async def serve() -> None:
        listener = Listener(Inlet(of.engine, lambda: LATER))
        port.append(await listener.start("127.0.0.1", 0))
        ready.set()
        await ended.wait()
        await listener.stop()

    ended = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(10)
    try:
        yield port[0]
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(40)
        loop.close()


def hand_in(of: OpenRound, *contents: bytes, sender: str = "") -> list[str]:
    """What the listener answers to each of these messages from a mail server."""
    said = []
    with listening(of) as port, smtplib.LMTP("127.0.0.1", port, timeout=30) as line:
        for content in contents:
            line.ehlo_or_helo_if_needed()
            line.mail(sender)
            line.rcpt("plan@example.com")
            said.append(line.data(content)[1].decode())
    return said


def reports_to(of: OpenRound, name: str) -> list[Accepted]:
    """The letters to somebody that tell of one that did not arrive."""
    letters = [one for one in recorded(of.file) if one.recipients == (f"{name}@example.com",)]
    return [one for one in letters if "reader@example.com" in one.text]


def reader(of: OpenRound) -> Person:
    with Session(of.engine) as session:
        return session.get_one(Person, of.people["reader"])


def reminder(of: OpenRound) -> Mail:
    [mail] = of.mails("reader")
    return mail


@pytest.mark.parametrize("name", FAILURES)
def test_a_letter_that_comes_back_is_told_of_at_once(round_: OpenRound, name: str) -> None:
    code, wrong, _ = FAILURES[name]
    assert hand_in(round_, about(reminder(round_), name)) == ["2.0.0 undeliverable"]
    round_.tick(LATER + timedelta(minutes=1))
    assert reminder(round_).state is MailState.undeliverable
    [item] = round_.items("reader", step="t-7")
    assert item.state is ItemState.undeliverable
    for told in ("deputy", "office"):
        [report] = reports_to(round_, told)
        assert "Reader" in report.text
        assert code in report.text
    assert (reader(round_).undeliverable_at is not None) == wrong
    assert not reports_to(round_, "bo")


@pytest.mark.parametrize("name", WRONG_ADDRESS[:1])
def test_from_then_on_the_deputy_is_reminded_in_the_place_of_one_who_cannot_be_reached(
    round_: OpenRound, name: str
) -> None:
    hand_in(round_, about(reminder(round_), name))
    round_.tick(LATER + timedelta(minutes=1))
    round_.mornings(T7 + timedelta(days=1), DUE)
    assert len(round_.reminders_to("reader")) == 1
    assert f"/updates/{round_.statuses['reader']}" in "".join(
        one.text for one in round_.reminders_to("deputy")
    )


@pytest.mark.parametrize("name", ANOTHER_REASON[:1])
def test_one_whose_mailbox_was_full_is_reminded_of_the_next_step(round_: OpenRound, name: str) -> None:
    hand_in(round_, about(reminder(round_), name))
    round_.mornings(T7 + timedelta(days=1), DUE)
    assert len(round_.reminders_to("reader")) == 2


def test_the_same_report_again_or_in_another_shape_tells_nobody_twice(round_: OpenRound) -> None:
    mail = reminder(round_)
    said = hand_in(round_, about(mail), about(mail), about(mail, "gmail"))
    assert said == ["2.0.0 undeliverable", "2.0.0 known", "2.0.0 known"]
    for minutes in (1, 2, 3):
        round_.tick(LATER + timedelta(minutes=minutes))
    assert [len(reports_to(round_, told)) for told in ("deputy", "office")] == [1, 1]


def test_what_is_forged_or_answers_by_itself_changes_nothing(round_: OpenRound) -> None:
    mail = reminder(round_)
    forged: list[Callable[[bytes], bytes]] = [forge for forge, _ in FORGERIES.values()]
    messages = [forge(about(mail)) for forge in forged]
    messages += [about(mail, name) for name in ("delivered", *NO_REPORTS)]
    messages += [_of_another_letter(mail), b"", b"\x00\xff" * 500]
    before = recorded(round_.file)
    assert set(hand_in(round_, *messages)) == {"2.0.0 ignored"}
    assert hand_in(round_, about(mail), sender="somebody@example.com") == ["2.0.0 ignored"]
    round_.tick(LATER + timedelta(minutes=1))
    assert recorded(round_.file) == before
    assert reminder(round_).state is MailState.sent
    [item] = round_.items("reader", step="t-7")
    assert item.state is ItemState.sent
    assert reader(round_).undeliverable_at is None


def _of_another_letter(mail: Mail) -> bytes:
    """The reader of one letter says that another's did not arrive: with the Message-ID of their own."""
    return about(mail).replace(b"reader@example.com", b"bo@example.com")


def test_a_report_that_comes_before_the_answer_is_asked_to_come_again(
    round_: OpenRound, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server's report overtakes its own 250: it is taken when the window has closed."""
    line: Any = round_.works.dispatcher._line
    hand_over = line.hand_over
    said: list[str] = []

    def overtaken(mime: bytes) -> str:
        answer: str = hand_over(mime)
        mail = round_.mails("reader")[-1]
        if mail.mime == mime:
            said.extend(hand_in(round_, about(mail)))
        return answer

    monkeypatch.setattr(line, "hand_over", overtaken)
    round_.tick(local(DUE - timedelta(days=3)))
    monkeypatch.setattr(line, "hand_over", hand_over)
    assert [one[:5] for one in said] == ["4.3.0"]
    [_, mail] = round_.mails("reader")
    assert mail.state is MailState.sent
    assert hand_in(round_, about(mail)) == ["2.0.0 undeliverable"]


def test_a_report_that_itself_comes_back_tells_nobody(round_: OpenRound) -> None:
    hand_in(round_, about(reminder(round_)))
    round_.tick(LATER + timedelta(minutes=1))
    [report] = reports_to(round_, "deputy")
    message: EmailMessage = report.message
    with Session(round_.engine) as session:
        found = session.query(Mail).filter(Mail.message_id == message["Message-ID"]).one()
    before = len(recorded(round_.file))
    assert hand_in(round_, about(found)) == ["2.0.0 undeliverable"]
    for minutes in (2, 3, 4):
        round_.tick(LATER + timedelta(minutes=minutes))
    assert [one.recipients for one in recorded(round_.file)[before:] if "deputy@" in one.text] == []
