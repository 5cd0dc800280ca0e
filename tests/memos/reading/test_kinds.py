"""Memos of the kind that nobody has seen: made from a seed, set in many ways, read back whole."""

from __future__ import annotations

import pytest

from tests.memos.reading.kinds import kind_of_memo, memo_of
from tests.memos.reading.kinds_text import print_of, text_layer
from tests.memos.reading.kinds_word import word_file
from tracker.domain.memo import Memo
from tracker.memos.reading import Reading, read_bytes
from tracker.memos.reading.lost_words import lost_words
from tracker.memos.reading.source_words import source_words


@pytest.mark.parametrize("first", [0, 10, 20])
def test_any_word_memo_is_read_back_as_it_was_meant(first: int) -> None:
    for seed in range(first, first + 10):
        memo, kind = memo_of(seed), kind_of_memo(seed)
        data = word_file(memo, kind, seed=seed)
        reading = read_bytes(data, name="memo.docx")
        assert reading.memo == memo, f"seed {seed}, {kind}"
        assert lost_words(source_words(data, name="memo.docx"), reading) == (), f"seed {seed}, {kind}"


def test_any_text_layer_gives_every_row_and_administration_and_says_where_a_title_is_a_guess() -> None:
    exact = rows = 0
    for seed in range(50):
        memo, kind, look = memo_of(seed), kind_of_memo(seed), print_of(seed)
        data = text_layer(memo, kind, look, seed=seed).encode()
        reading = read_bytes(data, name="memo.txt")
        said = f"seed {seed}, {kind}, {look}"
        assert outline(reading.memo) == outline(memo), said
        assert lost_words(source_words(data, name="memo.txt"), reading) == (), said
        assert not unflagged(reading, memo), said
        exact += sum(row.title == gold.title for row, gold in zip(reading.memo.rows, memo.rows, strict=True))
        rows += len(memo.rows)
    assert exact >= 0.95 * rows


def outline(memo: Memo) -> list[list[tuple[str, list[int]]]]:
    """The names of all sections of all tables, with the numbers of their rows."""
    return [
        [(section.name, [row.number for row in section.rows]) for section in table.sections]
        for table in memo.tables
    ]


def unflagged(reading: Reading, memo: Memo) -> list[int]:
    """The numbers of wrong titles that no doubt about the row names."""
    named = {(doubt.row, doubt.words) for doubt in reading.doubts}
    return [
        row.number
        for row, gold in zip(reading.memo.rows, memo.rows, strict=True)
        if row.title != gold.title and (row.number, row.title) not in named
    ]
