"""`memo measure FILE GOLD`: what a reader got right, what it lost, and whether a doubt says so."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.memos.reading.word_files import add_table, footnote_reference, new, saved
from tracker.cli.memo import measure_memo
from tracker.domain.memo import Memo, Row, Section, Table
from tracker.domain.text import Block
from tracker.memos.reading import LeftOut, Reading, Sentence
from tracker.memos.reading.lost_words import lost_words


def initiative(number: int, title: str, status: str, **other: object) -> dict[str, object]:
    return {
        "number": number,
        "title": title,
        "status": status,
        "administration": "Skoleforvaltningen",
        **other,
    }


GOOD = [
    initiative(1, "Mentorer", "Tolv¹ mentorer.", footnotes=[{"marker": "1", "text": "Talt i maj."}]),
    initiative(2, "Haller", "Åbne."),
]


@pytest.fixture
def memo_file(tmp_path: Path) -> Path:
    document = new("Kontor for Trivsel", "Dato: 3. marts 2026", "Sagsnr. 2026-12")
    rows = [
        ["Skoleforvaltningen"],
        ["Indsats", "Status"],
        ["Nr. 1: Mentorer", "Tolv"],
        ["Nr. 2: Haller", "Åbne."],
    ]
    cell = add_table(document, rows).cell(2, 1).paragraphs[0]
    footnote_reference(cell, 2)
    cell.add_run(" mentorer.")
    document.add_paragraph("Med venlig hilsen")
    path = tmp_path / "memo.docx"
    path.write_bytes(saved(document, notes=["Talt i maj."]))
    return path


def measured(memo_file: Path, *initiatives: dict[str, object], options: Sequence[str] = ()) -> Result:
    gold = memo_file.with_name("memo.rows.json")
    gold.write_text(json.dumps({"initiatives": initiatives}), "utf-8")
    return CliRunner().invoke(measure_memo, [str(memo_file), str(gold), *options])


def test_a_memo_read_as_checked_is_good(memo_file: Path) -> None:
    result = measured(memo_file, *GOOD)
    assert result.output.split("\n")[:7] == [
        "format         docx",
        "rows           2 of 2",
        "sections       1 of 1",
        "titles exact   2 of 2",
        "texts exact    2 of 2",
        "footnotes      1 of 1",
        "words lost     0",
    ]
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("gold", "said"),
    [
        ([GOOD[0], initiative(2, "Haller i byen", "Åbne.")], "wrong title in row 2, NOT DOUBTED"),
        ([GOOD[0], initiative(2, "Haller", "Lukkede.")], "wrong text in row 2, NOT DOUBTED"),
        ([*GOOD, initiative(3, "Møder", "Fire.")], "rows           2 of 3"),
        ([GOOD[0]], "rows           1 of 1, 1 more"),
        ([GOOD[0], {**GOOD[1], "administration": "Teknikforvaltningen"}], "sections       0 of 2"),
        ([{**GOOD[0], "footnotes": [{"marker": "1", "text": "Talt."}]}, GOOD[1]], "footnotes      0 of 1"),
    ],
)
def test_what_differs_is_named_and_the_exit_code_is_one(
    memo_file: Path, gold: list[dict[str, object]], said: str
) -> None:
    result = measured(memo_file, *gold)
    assert said in result.output.split("\n")
    assert result.exit_code == 1


def test_the_json_holds_the_same(memo_file: Path) -> None:
    found = json.loads(measured(memo_file, *GOOD, options=["--json"]).output)
    assert (found["good"], found["rows"], found["words_lost"]) == (True, {"found": 2, "wanted": 2}, [])


def test_a_gold_file_that_is_none_gives_one_sentence(memo_file: Path) -> None:
    result = CliRunner().invoke(measure_memo, [str(memo_file), str(memo_file)])
    assert (result.exit_code, result.output) == (1, "Error: “memo.docx” is no checked reading of a memo.\n")


@pytest.mark.parametrize(
    ("source", "status", "lost"),
    [
        ("Der er tolv klubber.", "Der er tolv klubber.", ()),
        ("Der er tolv klubber.", "Der er klubber.", ("tolv",)),
        ("Der er, der er.", "Der er, der.", ("er.",)),
        ("I klub- berne og i klubber", "I klubberne og i klubber", ()),
        ("I klub\u2010 berne", "I klubberne", ()),
        ("En MED- dag", "En MED-dag", ()),
        ("sund- heds- tilbud", "sundhedstilbud", ()),
        ("Til In- en anden tegrationen", "Til Integrationen en anden", ()),
        ("Til In- en anden tegrationen", "Til In- en anden", ("tegrationen",)),
        ("Ind- satser og satser", "Indsatser og satser", ()),
        ("målt1 to gange", "målt¹ to gange", ()),
        ("målt to gange", "målt¹ to gange", ()),
        ("12.Møder i maj", "12 Møder i maj", ()),
        ("• et kursus – to", "- et kursus – to", ()),
        ("Side 1", "", ()),
    ],
)
def test_a_word_is_lost_when_it_stands_nowhere(source: str, status: str, lost: tuple[str, ...]) -> None:
    row = Row(0, "", (Block("paragraph", status),))
    memo = Memo("", tables=(Table("", (Section("", (row,), ("", "")),)),))
    reading = Reading(memo, (LeftOut("Side 1", Sentence("page foot")),))
    assert lost_words([word for word in source.split() if any(map(str.isalnum, word))], reading) == lost
