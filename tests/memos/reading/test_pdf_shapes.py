"""Memos of one content, set in many shapes: with rules or without, in columns, over pages, with furniture."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.memos.reading.pdf_files import Shape, sample, typeset
from tracker.memos.reading import Reading, read_bytes
from tracker.memos.reading.lost_words import lost_words
from tracker.memos.reading.pdf_lines import Line
from tracker.memos.reading.pdf_parts import numbered_starts
from tracker.memos.reading.source_words import source_words

SHAPES = {
    "inner rules, page numbers": Shape(rules="inner", footer="number", number="{}. "),
    "rules between rows alone": Shape(rules="level", footer="of", colophon="Fortroligt"),
    "rules between columns alone": Shape(rules="columns"),
    "no rules at all": Shape(rules="none", running="Status 2027"),
    "no rules, a table for each administration": Shape(
        rules="none", sections="above", again=True, footer="of", spacing=0.6
    ),
    "a table for each administration, its header on each page": Shape(
        sections="above", again=True, running="Status på planen", footer="number"
    ),
    "numbers in a column": Shape(number="column", widths=(0, 2, 3), header=("Tiltag", "Fremdrift")),
    "numbers in a column without rules": Shape(
        number="column", widths=(0, 2, 3), rules="none", header=("Initiativ", "Opfølgning")
    ),
    "four columns across the page": Shape(
        number="column", widths=(0, 3, 2, 4), extra=("Ansvarlig", "Team Trivsel"), landscape=True
    ),
    "narrow columns, divided words, bare numbers": Shape(hyphenate=True, widths=(1, 2), number="{} "),
    "both edges straight": Shape(justify=True, hyphenate=True, header=("Aktivitet", "Status 2027")),
    "close lines, dashes, another font": Shape(
        spacing=0.6, inset=2, bullet="–", font="DejaVu Sans Mono", size=8
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_the_memo_comes_back_whole(name: str) -> None:
    shape = SHAPES[name]
    memo = sample(header=shape.header)
    pdf = typeset(memo, shape)
    reading = read_bytes(pdf, name="memo.pdf")
    assert reading.memo == memo
    assert lost_words(source_words(pdf, name="memo.pdf"), reading) == ()
    for text in (shape.running, shape.colophon, shape.extra[0] if shape.extra else ""):
        assert not text or text in left(reading)


def left(reading: Reading) -> list[str]:
    return [piece.text for piece in reading.left_out]


def test_a_draft_is_read_past_its_watermark() -> None:
    memo = sample(rows=5)
    reading = read_bytes(typeset(memo, Shape(watermark="KLADDE", footer="of")), name="memo.pdf")
    assert reading.memo == memo
    assert [str(piece.place) for piece in reading.left_out if piece.text == "KLADDE"] == [
        "page 1, watermark",
        "page 2, watermark",
    ]


def test_an_edition_that_begins_at_thirty() -> None:
    memo = sample(rows=6, first=30)
    reading = read_bytes(typeset(memo, Shape()), name="memo.pdf")
    assert reading.memo == memo


def test_a_memo_without_footnotes_and_intro() -> None:
    full = sample(rows=4)
    tables = tuple(
        replace(table, sections=tuple(replace(s, rows=s.rows[:1]) for s in table.sections[:1]))
        for table in full.tables
    )
    memo = replace(full, intro=(), tables=tables, footnotes=())
    assert read_bytes(typeset(memo, Shape()), name="memo.pdf").memo == memo


def test_a_line_of_a_title_that_begins_with_the_next_number_begins_no_row() -> None:
    lines = [
        Line(1, text, 60.0, 200.0, 100.0 + 12 * at, 10.0, False, 12.0)
        for at, text in enumerate(["2. Samtaler om nr.", "3) og om punkt", "3. Åbne haller"])
    ]
    assert [line.text for line in numbered_starts(lines)] == ["2. Samtaler om nr.", "3. Åbne haller"]
