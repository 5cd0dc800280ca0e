"""What only Word has: tracked changes, controls, text boxes, counted numbers, fields, merged cells, notes.

Each case is a file written tag by tag, and the sections that a reader of the printed page would see.
"""

from __future__ import annotations

import pytest

from tests.memos.reading.word_cases import TITLE
from tests.memos.reading.word_cases_more import MORE
from tests.memos.reading.word_cases_other import OTHER
from tests.memos.reading.word_cases_tables import TABLES
from tests.memos.reading.word_cases_text import TEXT
from tracker.memos.reading import read_bytes
from tracker.memos.reading.lost_words import lost_words
from tracker.memos.reading.source_words import source_words

CASES = TEXT | TABLES | MORE | OTHER


@pytest.mark.parametrize("said", CASES)
def test_what_word_shows_is_what_is_read(said: str) -> None:
    case = CASES[said]
    reading = read_bytes(case.data, name="memo.docx")
    read = [
        (section.name, [(row.number, row.title, row.text) for row in section.rows])
        for section in reading.memo.sections
    ]
    unsettled = {number for _, rows in case.sections for number, _, text in rows if text is None}
    shown = [
        (name, [(number, title, None if number in unsettled else text) for number, title, text in rows])
        for name, rows in read
    ]
    assert shown == case.sections
    assert reading.memo.title == TITLE
    assert set(case.left_out) <= {piece.text for piece in reading.left_out}
    if case.notes is not None:
        assert [(note.number, note.text) for note in reading.memo.footnotes] == case.notes
    assert lost_words(source_words(case.data, name="memo.docx"), reading) == ()
