"""Whoever holds the database can change the journal; the verifier names the first bad row."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.audit.conftest import NOW, Journal
from tracker.audit.chain import Content, follow
from tracker.audit.heads import NAME
from tracker.audit.models import JournalEntry, JournalSeal
from tracker.audit.sealing import head
from tracker.audit.verifying import Trouble

pytestmark = pytest.mark.both_databases
COLUMNS = "at, actor_id, plan_id, fact, object_kind, object_id, details"
LATER = timedelta(hours=3)


@pytest.fixture
def sealed(journal: Journal) -> Journal:
    """Ten entries: four, and six more three hours later, sealed as they came."""
    journal.write(4)
    journal.seal()
    journal.write(6, at=NOW + LATER)
    journal.seal(after=LATER)
    assert journal.verify(after=LATER).sound
    return journal


def found(journal: Journal) -> tuple[Trouble | None, int | None]:
    verdict = journal.verify(after=2 * LATER)
    return verdict.trouble, verdict.sequence


@pytest.mark.parametrize(
    "change",
    [
        "fact = 'approved'",
        "actor_id = NULL",
        "actor_id = 8",
        "object_id = 99",
        "object_kind = 'round'",
        "plan_id = 2",
        "at = '2026-03-02 09:00:00.123457'",
        'details = \'{"state": "approved", "who": "Sørøn"}\'',
    ],
)
def test_an_edited_row(sealed: Journal, change: str) -> None:
    sealed.tamper(f"UPDATE journal_entry SET {change} WHERE id = 5")
    assert found(sealed) == (Trouble.edited, 5)


def test_a_removed_row(sealed: Journal) -> None:
    sealed.tamper("DELETE FROM journal_entry WHERE id = 5")
    assert found(sealed) == (Trouble.missing, 5)


def test_a_row_removed_with_its_seal(sealed: Journal) -> None:
    sealed.tamper("DELETE FROM journal_entry WHERE id = 5", "DELETE FROM journal_seal WHERE entry_id = 5")
    assert found(sealed) == (Trouble.seal_missing, 5)


def test_a_row_removed_with_its_seal_and_the_rest_moved_up(sealed: Journal) -> None:
    sealed.tamper("DELETE FROM journal_entry WHERE id = 5", "DELETE FROM journal_seal WHERE entry_id = 5")
    for sequence in range(6, 11):
        sealed.tamper(f"UPDATE journal_seal SET sequence = {sequence - 1} WHERE sequence = {sequence}")
    assert found(sealed) == (Trouble.edited, 5)


def test_two_rows_swapped(sealed: Journal) -> None:
    sealed.tamper(
        "UPDATE journal_entry SET id = 999 WHERE id = 5",
        "UPDATE journal_entry SET id = 5 WHERE id = 7",
        "UPDATE journal_entry SET id = 7 WHERE id = 999",
    )
    assert found(sealed) == (Trouble.edited, 5)


def test_two_seals_swapped(sealed: Journal) -> None:
    sealed.tamper(
        "UPDATE journal_seal SET sequence = 999 WHERE sequence = 5",
        "UPDATE journal_seal SET sequence = 5 WHERE sequence = 7",
        "UPDATE journal_seal SET sequence = 7 WHERE sequence = 999",
    )
    assert found(sealed) == (Trouble.edited, 5)


@pytest.mark.parametrize("table", ["journal_seal", "both"])
def test_a_tail_cut_off(sealed: Journal, table: str) -> None:
    """By the file of heads: the tables alone would be sound."""
    sealed.tamper("DELETE FROM journal_seal WHERE sequence > 8")
    if table == "both":
        sealed.tamper("DELETE FROM journal_entry WHERE id > 8")
    assert found(sealed) == (Trouble.cut, 9)


def test_everything_cut_off(sealed: Journal) -> None:
    sealed.tamper("DELETE FROM journal_seal", "DELETE FROM journal_entry")
    assert found(sealed) == (Trouble.cut, 1)


def test_a_tail_cut_off_and_grown_again(sealed: Journal) -> None:
    sealed.tamper("DELETE FROM journal_seal WHERE sequence > 8", "DELETE FROM journal_entry WHERE id > 8")
    sealed.write(9, at=NOW + LATER)
    sealed.seal(after=LATER)
    assert found(sealed) == (Trouble.rewritten, 10)


def test_a_chain_made_anew_after_an_edit(sealed: Journal) -> None:
    """By the file of heads: whoever edits can calculate as well."""
    sealed.tamper("UPDATE journal_entry SET fact = 'approved' WHERE id = 2")
    with sealed.sessions() as session:
        seals = session.query(JournalSeal).order_by(JournalSeal.sequence).all()
        previous, made = "0" * 64, []
        for one in seals:
            entry = session.get_one(JournalEntry, one.entry_id)
            content = Content(
                entry.id,
                entry.at,
                entry.actor_id,
                entry.plan_id,
                entry.fact,
                entry.object_kind,
                entry.object_id,
                entry.details,
            )
            previous = follow(previous, content, sequence=one.sequence, sealed_at=one.sealed_at)
            made.append(f"UPDATE journal_seal SET hash = '{previous}' WHERE sequence = {one.sequence}")
    sealed.tamper(*made)
    assert found(sealed) == (Trouble.rewritten, 4)


def test_a_row_entered_where_no_row_was(sealed: Journal) -> None:
    """Its number is from before what was sealed hours ago: it gets no seal, and is named."""
    sealed.tamper(
        f"INSERT INTO journal_entry (id, {COLUMNS}) SELECT 0, {COLUMNS} FROM journal_entry WHERE id = 1"
    )
    assert sealed.seal(after=LATER) == 0
    verdict = sealed.verify(after=LATER)
    assert (verdict.trouble, verdict.entry_id) == (Trouble.inserted, 0)


def test_a_row_that_nobody_seals(sealed: Journal) -> None:
    sealed.write(1, at=NOW + LATER)
    assert sealed.verify(after=LATER + timedelta(minutes=59)).sound
    verdict = sealed.verify(after=LATER + timedelta(minutes=61))
    assert (verdict.trouble, verdict.entry_id) == (Trouble.unsealed, 11)


def test_a_file_of_heads_that_knows_nothing_of_it(sealed: Journal) -> None:
    file = sealed.folder / NAME
    file.write_text(file.read_text().replace("mark", "another"))
    assert found(sealed) == (Trouble.unknown, None)


def test_without_the_file_it_says_that_nothing_was_compared(sealed: Journal) -> None:
    (sealed.folder / NAME).unlink()
    verdict = sealed.verify(after=LATER)
    assert (verdict.sound, verdict.noted) == (True, False)


def test_a_restored_backup_is_taken_when_a_person_says_so(sealed: Journal) -> None:
    sealed.tamper("DELETE FROM journal_seal WHERE sequence > 8", "DELETE FROM journal_entry WHERE id > 8")
    with sealed.sessions() as session:
        sealed.heads.accept(head(session), at=NOW)
    assert found(sealed) == (None, None)
    sealed.write(3, at=NOW + LATER)
    sealed.seal(after=LATER)
    assert sealed.verify(after=LATER).head.sequence == 11
    assert found(sealed) == (None, None)
    sealed.tamper("UPDATE journal_entry SET fact = 'approved' WHERE id = 3")
    assert found(sealed) == (Trouble.edited, 3)
