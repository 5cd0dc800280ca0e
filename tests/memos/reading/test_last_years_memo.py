"""The real memo of 2025, as Word and as a text layer, against the reading that people checked by hand."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tracker.memos.reading import Reading, read, to_json
from tracker.memos.reading.hyphens import knows

NAME = "aarlig-status-2025"


@pytest.fixture(scope="module")
def gold(seed: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((seed / f"{NAME}.rows.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="module", params=["docx", "txt"])
def reading(request: pytest.FixtureRequest, seed: Path) -> Reading:
    return read(seed / f"{NAME}.{request.param}")


@pytest.fixture(scope="module")
def text_reading(seed: Path) -> Reading:
    return read(seed / f"{NAME}.txt")


def test_every_number_and_title_is_as_printed(reading: Reading, gold: dict[str, Any]) -> None:
    assert [(row.number, row.title) for row in reading.memo.rows] == [
        (row["number"], row["title"]) for row in gold["initiatives"]
    ]


def test_every_status_is_as_printed(reading: Reading, gold: dict[str, Any]) -> None:
    assert [row.text for row in reading.memo.rows] == [row["status"] for row in gold["initiatives"]]


def test_every_row_stands_under_its_administration(reading: Reading, gold: dict[str, Any]) -> None:
    assert [(section.name, [row.number for row in section.rows]) for section in reading.memo.sections] == [
        (administration["name"], administration["initiatives"]) for administration in gold["administrations"]
    ]


def test_header_words_are_as_printed(reading: Reading, gold: dict[str, Any]) -> None:
    printed = [tuple(a["header_row_in_source"].replace("|", " ").split()) for a in gold["administrations"]]
    assert [section.header for section in reading.memo.sections] == printed


def test_footnotes_are_read_and_their_marks_stand_in_the_text(reading: Reading, gold: dict[str, Any]) -> None:
    notes = [note for row in gold["initiatives"] for note in row["footnotes"]]
    assert [(str(note.number), note.text) for note in reading.memo.footnotes] == [
        (note["marker"], note["text"]) for note in notes
    ]
    assert not [doubt for doubt in reading.doubts if "note" in str(doubt.reason)]


def test_head_title_intro_and_caption_are_as_printed(reading: Reading, gold: dict[str, Any]) -> None:
    memo, printed = reading.memo, gold["memo"]
    assert memo.title == printed["title"]
    assert list(memo.intro) == printed["intro"]
    assert memo.caption == printed["table_caption"]
    assert (memo.head.office, memo.head.administration) == (
        printed["issuer_office"],
        printed["administration"],
    )
    assert (memo.head.date, memo.head.case_number, memo.head.recipients) == ("", "", "")


def test_nothing_is_left_out(reading: Reading) -> None:
    assert reading.left_out == ()


def test_no_character_of_the_text_layer_is_lost(text_reading: Reading, seed: Path) -> None:
    """Every letter and digit of the source is in the reading, as often."""
    source = (seed / f"{NAME}.txt").read_text("utf-8")
    memo = text_reading.memo
    pieces = [memo.title, *memo.intro, memo.caption, memo.head.office, memo.head.administration]
    for section in memo.sections:
        pieces += [section.name, *section.header]
        pieces += [f"{row.number} {row.title} {row.text}" for row in section.rows]
    pieces += [f"{note.number} {note.text}" for note in memo.footnotes]
    pieces += [piece.text for piece in text_reading.left_out]
    assert letters(" ".join(pieces)) == letters(source)


def letters(text: str) -> Counter[str]:
    plain = text.translate(str.maketrans("¹²³", "123"))
    return Counter(character for character in plain if character.isalnum())


def test_the_row_that_interleaves_at_a_page_break_is_doubted(text_reading: Reading) -> None:
    assert 24 in [doubt.row for doubt in text_reading.doubts if "run over the page" in str(doubt.reason)]


def test_doubts_are_few(reading: Reading) -> None:
    assert len(reading.doubts) <= 12


def test_doubtful_joins_are_words_that_no_list_knows(text_reading: Reading) -> None:
    joins = [doubt.words for doubt in text_reading.doubts if "divided" in str(doubt.reason)]
    assert joins
    assert not [word for word in joins if knows(word)]


def test_the_json_says_the_same(reading: Reading, gold: dict[str, Any]) -> None:
    printed = json.loads(json.dumps(to_json(reading)))
    rows = [row for section in printed["sections"] for row in section["rows"]]
    assert [row["text"] for row in rows] == [row["status"] for row in gold["initiatives"]]
    assert set(printed) == {
        "title", "head", "intro", "caption", "sections", "other_tables", "footnotes", "left_out", "doubts",
    }  # fmt: skip


def test_the_word_file_is_read_in_less_than_a_second(seed: Path) -> None:
    begun = time.process_time()
    read(seed / f"{NAME}.docx")
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    "change", ["no blanks at line ends", "form feeds and single spacing", "windows-1252"]
)
def test_the_same_text_saved_by_another_program(
    seed: Path, gold: dict[str, Any], tmp_path: Path, change: str
) -> None:
    text = (seed / f"{NAME}.txt").read_text("utf-8")
    lines = text.split("\n")
    path = tmp_path / "memo.txt"
    if change == "windows-1252":
        path.write_bytes(text.replace("▪", "•").replace("\u202f", " ").encode("cp1252"))
    elif change == "no blanks at line ends":
        path.write_text("\n".join(line.rstrip() for line in lines), "utf-8")
    else:
        path.write_text("\n".join(with_form_feeds(lines)), "utf-8")
    reading = read(path)
    doubted = {doubt.row for doubt in reading.doubts}
    assert [row.number for row in reading.memo.rows] == list(range(1, 43))
    titles = [row["title"] for row in gold["initiatives"]]
    assert [
        r.number
        for r, title in zip(reading.memo.rows, titles, strict=True)
        if r.title != title and r.number not in doubted
    ] == []
    wrong = [
        r.number
        for r, g in zip(reading.memo.rows, gold["initiatives"], strict=True)
        if r.text.split() != g["status"].split()
    ]
    assert [number for number in wrong if number not in doubted] == []


def with_form_feeds(lines: list[str]) -> list[str]:
    found = []
    for before, line in zip(["", *lines], lines, strict=False):
        page = line.startswith(" ") and line.strip() and before.strip()
        if line:
            found.append(f"\f{line.strip()}" if page else line.rstrip())
    return found
