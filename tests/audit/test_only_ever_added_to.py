"""Rows of the journal can be added, and that is all."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.audit.conftest import Journal

REFUSED = [
    "UPDATE journal_entry SET fact = 'approved' WHERE object_id = 1",
    "UPDATE journal_seal SET hash = ''",
    "DELETE FROM journal_entry",
    "DELETE FROM journal_seal WHERE sequence = 3",
]
REPLACED = [
    "REPLACE INTO journal_entry (id, at, fact, object_kind, object_id, details) VALUES (1, 0, '', '', 1, 0)",
    "REPLACE INTO journal_seal SELECT sequence, entry_id, sealed_at, '' FROM journal_seal",
    "REPLACE INTO journal_seal SELECT 99, entry_id, sealed_at, '' FROM journal_seal WHERE sequence = 1",
]
EMPTIED = [
    "TRUNCATE journal_entry",
    "TRUNCATE journal_seal",
    "SET session_replication_role = replica; DELETE FROM journal_entry",
]


def refuses(journal: Journal, statement: str) -> None:
    journal.write(3)
    journal.seal()
    said = pytest.raises(IntegrityError, match="the journal is only ever added to")
    with said, journal.engine.begin() as connection:
        connection.execute(text(statement))
    assert (journal.verify().rows, journal.verify().sound) == (3, True)


@pytest.mark.both_databases
@pytest.mark.parametrize("statement", REFUSED)
def test_nothing_is_changed_or_removed(journal: Journal, statement: str) -> None:
    refuses(journal, statement)


@pytest.mark.parametrize("statement", REPLACED)
def test_nothing_is_replaced(journal: Journal, statement: str) -> None:
    refuses(journal, statement)


@pytest.mark.postgresql
@pytest.mark.parametrize("statement", EMPTIED)
def test_nothing_is_emptied_or_removed_as_a_replica_would(journal: Journal, statement: str) -> None:
    refuses(journal, statement)
