"""Memos of the kind that nobody has seen: made from a seed, set in many ways, read back whole."""

from __future__ import annotations

import pytest

from tests.memos.reading.kinds import kind_of_memo, memo_of
from tests.memos.reading.kinds_word import word_file
from tracker.memos.reading import read_bytes
from tracker.memos.reading.lost_words import lost_words
from tracker.memos.reading.source_words import source_words


@pytest.mark.parametrize("first", range(0, 40, 10))
def test_any_word_memo_is_read_back_as_it_was_meant(first: int) -> None:
    for seed in range(first, first + 10):
        memo, kind = memo_of(seed), kind_of_memo(seed)
        data = word_file(memo, kind, seed=seed)
        reading = read_bytes(data, name="memo.docx")
        assert reading.memo == memo, f"seed {seed}, {kind}"
        assert lost_words(source_words(data, name="memo.docx"), reading) == (), f"seed {seed}, {kind}"
