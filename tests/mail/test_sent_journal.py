"""What was sent is remembered outside of the database: neither a restored one nor a death sends it twice."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.mail.post import NOW, SERVICE, Post, back_up, restore
from tests.support.smtp import Peer
from tracker.mail import decisions
from tracker.mail.composing import message_id_for
from tracker.mail.models import AttemptNote, Mail, MailAttempt, MailState
from tracker.mail.sent_journal import SentJournal, SentLetter

OWNER = "owner@example.com"
BEGAN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def letter(number: int = 1, **values: Any) -> SentLetter:
    given: dict[str, Any] = {
        "kind": "reminders",
        "message_id": f"<{number:040x}@example.com>",
        "dedupe_key": f"reminders:{number}:2026-10-05:0",
        "recipient": "0123456789abcdef",
        "mime_hash": "ab" * 32,
        "at": NOW,
        "keys": (f"status_due:{number}:T-7:2026-10-12:{number}",),
        **values,
    }
    return SentLetter(**given)


def journal(file: Path, *, began: datetime = BEGAN, now: datetime = NOW) -> SentJournal:
    return SentJournal(file, began=began, now=now)


# --- the file ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        letter(),
        letter(keys=()),
        letter(keys=("a", "b")),
        letter(dedupe_key="tab\there, new\nline, ø % and . "),
        letter(keys=("with blank", "ø\t")),
    ],
)
def test_what_is_written_is_found_again(tmp_path: Path, given: SentLetter) -> None:
    first = journal(tmp_path / "sent.journal")
    first.append(given)
    first.refresh()
    second = journal(tmp_path / "sent.journal")
    for one in (first, second):
        assert one.find(given.message_id) == given
        assert list(one.since(NOW)) == [given]
        assert one.find("<another@example.com>") is None
        one.close()


def test_a_torn_line_costs_no_other(tmp_path: Path) -> None:
    file = tmp_path / "sent.journal"
    one = journal(file)
    one.append(letter(1))
    one.append(letter(2))
    one.close()
    whole = file.read_bytes()
    for size in range(whole.index(b"\n") + 1, len(whole) - 1, 9):  # the line is whole without its end
        file.write_bytes(whole[:size])
        again = journal(file)
        again.append(letter(3))
        again.refresh()
        found = [again.find(letter(number).message_id) is not None for number in (1, 2, 3)]
        assert found == [True, False, True]
        again.close()


def test_a_line_torn_by_another_process_costs_only_itself(tmp_path: Path) -> None:
    file = tmp_path / "sent.journal"
    other = journal(file)
    other.append(letter(1))
    whole = file.read_bytes()
    for size in range(1, len(whole), 7):
        file.write_bytes(whole + whole.replace(b"0001@", b"0009@")[:size])
        other.append(letter(2))
        again = journal(file)
        found = [again.find(letter(number).message_id) is not None for number in (1, 2, 9)]
        assert found == [True, True, False]
        again.close()
    other.close()


def test_a_line_that_stands_behind_a_torn_one_is_read(tmp_path: Path) -> None:
    file = tmp_path / "sent.journal"
    one = journal(file)
    one.append(letter(1))
    first = file.read_bytes()
    one.append(letter(2))
    second = file.read_bytes().removeprefix(first)
    for size in range(1, len(first) - 1, 5):
        file.write_bytes(first[:size] + second)
        again = journal(file)
        assert again.find(letter(2).message_id) == letter(2)
        assert again.find(letter(1).message_id) is None
        assert list(again.since(None)) == [letter(2)]
        again.close()
    one.close()


def test_one_process_reads_what_another_wrote(tmp_path: Path) -> None:
    first, second = journal(tmp_path / "sent.journal"), journal(tmp_path / "sent.journal")
    for number in range(5):
        (first if number % 2 else second).append(letter(number))
    first.refresh()
    assert all(first.find(letter(number).message_id) for number in range(5))
    first.close()
    second.close()


def test_another_installation_in_the_same_folder_is_another(tmp_path: Path) -> None:
    one = journal(tmp_path / "sent.journal")
    one.append(letter())
    one.close()
    other = journal(tmp_path / "sent.journal", began=BEGAN + DAY)
    assert other.find(letter().message_id) is None
    other.close()


def test_what_was_sent_long_ago_is_forgotten(tmp_path: Path) -> None:
    one = journal(tmp_path / "sent.journal")
    one.append(letter(1))
    one.append(letter(2, at=NOW + 10 * DAY))
    one.close()
    later = journal(tmp_path / "sent.journal", now=NOW + 405 * DAY)
    assert later.find(letter(1).message_id) is None
    assert later.find(letter(2).message_id) is not None
    assert [found.message_id for found in later.since(BEGAN)] == [letter(2).message_id]
    later.close()


def test_a_hundred_thousand_letters_are_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = journal(tmp_path / "sent.journal")
    one.append(letter(1))
    one.close()
    file = tmp_path / "sent.journal"
    [line] = file.read_bytes().splitlines(keepends=True)
    marks = (f"{number:040x}".encode() for number in range(100_000))
    old = f"{1:040x}".encode()
    file.write_bytes(b"".join(line.replace(old, mark) for mark in marks))
    started = time.process_time()
    many = journal(file)
    assert time.process_time() - started < 1
    assert many.find(f"<{77_777:040x}@example.com>") is not None
    many.close()


def test_no_line_names_anybody(settled: Post, smtp_peer: Peer) -> None:
    settled.queue(OWNER, words="hemmeligt")
    settled.turn()
    assert settled.premises is not None
    text = settled.premises.journal_file.read_text()
    assert "test:" in text
    assert "hemmeligt" not in text
    assert settled.premises.journal_file.stat().st_mode & 0o077 == 0


# --- what it saves ----------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_a_database_restored_from_yesterday_sends_nothing_twice(settled: Post, smtp_peer: Peer) -> None:
    settled.turn()
    settled.queue(OWNER)
    backup = back_up(settled.engine)
    settled.turn()
    settled.dispatchers.pop().close(NOW)
    restore(settled.engine, backup)
    assert settled.state(OWNER) is MailState.queued
    settled.turn(after=DAY)
    assert smtp_peer.recipients == [OWNER]
    assert settled.state(OWNER) is MailState.sent
    assert settled.mail(OWNER).last_error == "found in the sent journal"
    assert settled.mail(OWNER).settled_at == NOW


@pytest.mark.both_databases
def test_a_letter_that_a_restored_database_lays_down_anew_does_not_go_twice(
    settled: Post, smtp_peer: Peer
) -> None:
    settled.turn()
    backup = back_up(settled.engine)
    settled.queue(OWNER, key="receipt:1")
    settled.turn()
    settled.dispatchers.pop().close(NOW)
    restore(settled.engine, backup)
    settled.turn(after=DAY)
    settled.queue(OWNER, key="receipt:1")
    settled.queue("somebody@example.com", key="receipt:2")
    settled.turn(after=DAY)
    assert smtp_peer.recipients == [OWNER, "somebody@example.com"]
    assert settled.state(OWNER) is MailState.sent


@pytest.mark.both_databases
def test_the_same_key_for_another_person_is_another_letter(settled: Post, smtp_peer: Peer) -> None:
    """Numbers that a restored database gives again may belong to somebody else."""
    settled.turn()
    backup = back_up(settled.engine)
    settled.queue(OWNER, key="receipt:1")
    settled.turn()
    settled.dispatchers.pop().close(NOW)
    restore(settled.engine, backup)
    settled.queue("other@example.com", key="receipt:1")
    settled.turn(after=DAY)
    assert smtp_peer.recipients == [OWNER, "other@example.com"]


def _died_after_its_line(post: Post) -> None:
    """As after a death between the line in the journal and the closing of the window."""
    with post.sessions.begin() as session:
        session.execute(update(Mail).values(state=MailState.sending, owner=1, settled_at=None))
        last = select(MailAttempt).where(MailAttempt.note == AttemptNote.result)
        session.delete(session.scalars(last).one())


@pytest.mark.both_databases
def test_a_death_after_the_line_was_written_is_not_uncertain(settled: Post, smtp_peer: Peer) -> None:
    settled.queue(OWNER)
    settled.turn()
    settled.dispatchers.pop().close(NOW)
    _died_after_its_line(settled)
    settled.turn(after=timedelta(minutes=1))
    assert settled.state(OWNER) is MailState.sent
    settled.turn(after=timedelta(hours=1))
    assert smtp_peer.recipients == [OWNER]


@pytest.mark.both_databases
def test_what_a_person_sends_again_goes_whatever_the_journal_says(settled: Post, smtp_peer: Peer) -> None:
    settled.queue(OWNER)
    settled.turn()
    with settled.sessions.begin() as session:
        mail = session.scalars(select(Mail)).one()
        mail.state = MailState.failed
        session.flush()
        decisions.send_again(session, mail, by=None, at=NOW + DAY)
    settled.turn(after=DAY + timedelta(minutes=2))
    assert smtp_peer.recipients == [OWNER, OWNER]


@pytest.mark.both_databases
def test_a_journal_that_cannot_be_written_loses_nothing(
    settled: Post, smtp_peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = OSError(28, "No space left on device")

    def refuse(_journal: SentJournal, _letter: SentLetter) -> None:
        raise full

    monkeypatch.setattr(SentJournal, "append", refuse)
    settled.queue(OWNER)
    settled.turn()
    settled.turn(after=timedelta(hours=1))
    assert smtp_peer.recipients == [OWNER]
    assert settled.state(OWNER) is MailState.sent


def test_the_message_id_in_the_journal_is_the_one_that_travelled(settled: Post, smtp_peer: Peer) -> None:
    settled.queue(OWNER, key="receipt:1")
    settled.turn()
    expected = message_id_for("receipt:1", secret=SERVICE.secret, domain="example.com")
    assert smtp_peer.accepted[0].message["Message-ID"] == expected
    assert settled.premises is not None
    assert expected in settled.premises.journal_file.read_text()
