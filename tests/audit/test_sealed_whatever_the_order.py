"""Every committed entry is sealed once, whatever order transactions commit in."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests.audit.conftest import NOW, Journal, add
from tracker.audit import sealing
from tracker.audit.heads import NAME
from tracker.audit.models import JournalEntry, JournalSeal
from tracker.audit.sealing import seal
from tracker.audit.verifying import Trouble

STEP = st.sampled_from(["write a", "write b", "commit a", "commit b", "undo a", "undo b", "seal"])


@pytest.mark.postgresql
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, max_size=25), victim=st.integers(min_value=0))
def test_interleaved_transactions_seal_to_a_chain_that_verifies(
    journal: Journal, steps: list[str], victim: int
) -> None:
    open_ = {"a": journal.sessions(), "b": journal.sessions()}
    for number, step in enumerate(steps):
        verb, _, who = step.partition(" ")
        if verb == "write":
            add(open_[who], number)
            open_[who].flush()
        elif verb == "commit":
            open_[who].commit()
        elif verb == "undo":
            open_[who].rollback()
        else:
            journal.seal()
            assert journal.verify().sound
    for session in open_.values():
        session.commit()
        session.close()
    journal.seal()
    with journal.sessions() as session:
        entries = list(session.scalars(select(JournalEntry.id).order_by(JournalEntry.id)))
        sealed = list(session.scalars(select(JournalSeal.entry_id).order_by(JournalSeal.entry_id)))
        by_sequence = dict(session.execute(select(JournalSeal.entry_id, JournalSeal.sequence)).all())
    assert sealed == entries
    assert journal.verify(after=timedelta(hours=5)).sound
    if entries:
        one = entries[victim % len(entries)]
        journal.tamper(f"UPDATE journal_entry SET object_id = -object_id - 1 WHERE id = {one}")
        verdict = journal.verify()
        assert (verdict.trouble, verdict.sequence) == (Trouble.edited, by_sequence[one])
        journal.tamper(f"UPDATE journal_entry SET object_id = -object_id - 1 WHERE id = {one}")
        assert journal.verify().sound


@pytest.mark.postgresql
def test_one_seals_at_a_time(journal: Journal) -> None:
    journal.write(3)
    with journal.sessions.begin() as first, journal.sessions.begin() as second:
        assert seal(first, now=NOW) == 3
        assert seal(second, now=NOW) == 0
    assert journal.verify().sound


@pytest.mark.both_databases
def test_four_that_seal_at_once_make_one_chain(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "A_BATCH", 7)
    journal.write(100)
    threads = [threading.Thread(target=journal.seal) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    journal.seal()
    verdict = journal.verify()
    assert (verdict.sound, verdict.rows) == (True, 100)


@pytest.mark.both_databases
def test_a_backlog_is_sealed_in_batches(journal: Journal) -> None:
    journal.write(2_500)
    assert journal.seal() == 2_500
    with journal.sessions() as session:
        assert session.scalar(select(func.max(JournalSeal.sequence))) == 2_500
    assert journal.verify().sound
    assert journal.seal() == 0


@pytest.mark.both_databases
def test_a_transaction_from_before_a_long_stop_is_sealed_afterwards(journal: Journal) -> None:
    """What was committed while nobody sealed is no stranger, however long that was."""
    journal.write(2)
    journal.seal()
    journal.write(2)
    assert journal.seal(after=timedelta(days=3)) == 2
    assert journal.verify(after=timedelta(days=3)).sound


@pytest.mark.both_databases
def test_a_clock_that_goes_back_breaks_no_chain(journal: Journal) -> None:
    for hours in (0, 48, -48, 1):
        journal.write(2, at=NOW + timedelta(hours=hours))
        journal.seal(after=timedelta(hours=hours))
    assert journal.verify(after=timedelta(hours=48)).rows == 8
    assert journal.verify(after=timedelta(hours=48)).sound


def test_a_head_that_was_not_noted_is_noted_by_the_next_sealing(journal: Journal) -> None:
    """As after a death between the commit and the file; a torn line counts for nothing."""
    journal.write(2)
    journal.seal()
    file: Path = journal.folder / NAME
    file.write_text(file.read_text()[:-20])
    assert journal.seal() == 0
    assert [one.sequence for one in journal.heads.heads()] == [2]
    assert journal.verify().sound
    assert file.stat().st_mode & 0o077 == 0
