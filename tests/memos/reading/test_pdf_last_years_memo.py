"""The real memo of 2025 as PDF, against the reading that people checked by hand."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tracker.memos.reading import Reading, read
from tracker.memos.reading.lost_words import lost_words
from tracker.memos.reading.source_words import source_words

NAME = "aarlig-status-2025"


@pytest.fixture(scope="module")
def gold(seed: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((seed / f"{NAME}.rows.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def timed(seed: Path) -> tuple[Reading, float]:
    begun = processor_time()
    return read(seed / f"{NAME}.pdf"), processor_time() - begun


def processor_time() -> float:
    """What this process and those it has started and ended have used, in seconds."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


@pytest.fixture(scope="module")
def reading(timed: tuple[Reading, float]) -> Reading:
    return timed[0]


def test_rows_sections_and_header_words_are_as_printed(reading: Reading, gold: dict[str, Any]) -> None:
    assert [(section.name, [row.number for row in section.rows]) for section in reading.memo.sections] == [
        (administration["name"], administration["initiatives"]) for administration in gold["administrations"]
    ]
    printed = [tuple(a["header_row_in_source"].replace("|", " ").split()) for a in gold["administrations"]]
    assert [section.header for section in reading.memo.sections] == printed


def test_every_title_is_as_printed(reading: Reading, gold: dict[str, Any]) -> None:
    titles = [row["title"] for row in gold["initiatives"]]
    assert [row.title for row in reading.memo.rows] == titles


def test_every_status_is_as_printed(reading: Reading, gold: dict[str, Any]) -> None:
    """Line by line; a second blank that the typesetter dropped where it broke the line cannot come back."""
    assert [in_lines(row.text) for row in reading.memo.rows] == [
        in_lines(row["status"]) for row in gold["initiatives"]
    ]


def in_lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.split("\n")]


def test_footnotes_head_title_intro_and_caption_are_as_printed(
    reading: Reading, gold: dict[str, Any]
) -> None:
    memo, printed = reading.memo, gold["memo"]
    notes = [note for row in gold["initiatives"] for note in row["footnotes"]]
    assert [(str(note.number), note.text) for note in memo.footnotes] == [
        (note["marker"], note["text"]) for note in notes
    ]
    assert (memo.title, list(memo.intro), memo.caption) == (
        printed["title"],
        printed["intro"],
        printed["table_caption"],
    )
    assert (memo.head.office, memo.head.administration) == (
        printed["issuer_office"],
        printed["administration"],
    )


def test_no_word_is_lost_and_doubts_are_few(reading: Reading, seed: Path) -> None:
    path = seed / f"{NAME}.pdf"
    assert lost_words(source_words(path.read_bytes(), name=path.name), reading) == ()
    assert reading.left_out == ()
    assert len(reading.doubts) <= 12


def test_it_is_read_in_a_few_seconds(timed: tuple[Reading, float]) -> None:
    assert timed[1] < 5
