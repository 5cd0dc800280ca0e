"""B9 and B10: the memo in Word and in PDF, each beside the least that gives the same rows.

The floor of B9 is hand-written XML of the same cells, zipped; of B10 the same table in bare Typst, without
design and without a standard. Time is the least processor time of several runs, all threads counted;
peak memory is the high-water mark of a process of its own.

Run: `python -m benchmarks.memo`.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import typst

from tracker.domain.memo import Memo, Row, Section, Table
from tracker.domain.text import Block, Footnote
from tracker.memos.writing import Letterhead, write_docx, write_pdf

Work = Callable[[Memo], bytes]

CREATED = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)
LETTERHEAD = Letterhead("Eksempelby Kommune")
SECTIONS = 7
SENTENCE = "Planen følges, og der er holdt møder med skoler, klubber & foreninger om næste skridt. "


@dataclass(frozen=True)
class Result:
    """One line of the table. `ours` and `floor` are in the unit that `name` states."""

    name: str
    ours: float
    floor: float
    ratio: float
    goal: str
    ok: bool


def b9() -> list[Result]:
    """Word: 42, 1,000 and 10,000 rows; time as a ratio to the floor, growth, and peak memory."""
    results, seconds = [], {}
    for count, runs in ((42, 9), (1_000, 7), (10_000, 5)):
        ours, floor = side_by_side(word, bare_word, count=count, runs=runs)
        seconds[count] = ours
        goal, ok = ("<= 3 x", ours / floor <= 3) if count == 10_000 else ("-", True)
        results.append(Result(f"B9 Word, {count:,} rows, s", ours, floor, ours / floor, goal, ok))
    growth = seconds[10_000] / seconds[1_000]
    linear = Result("B9 Word, 10,000 rows over 1,000", growth, 10, growth / 10, "<= 13", growth <= 13)
    ours, floor = peak("word", 10_000), peak("bare", 10_000)
    memory = Result("B9 Word, 10,000 rows, peak MB", ours, floor, ours / floor, "<= 120 MB", ours <= 120)
    return [*results, linear, memory]


def b10() -> list[Result]:
    """PDF: 42 and 1,000 rows; time and peak memory as ratios to bare Typst."""
    results = []
    for count, runs in ((42, 9), (1_000, 4)):
        ours, floor = side_by_side(pdf, bare_pdf, count=count, runs=runs)
        ratio = ours / floor
        results.append(
            Result(f"B10 PDF/UA-1, {count:,} rows, s", ours, floor, ratio, "<= 1.5 x", ratio <= 1.5)
        )
    ours, floor = peak("pdf", 1_000), peak("bare pdf", 1_000)
    ratio = ours / floor
    memory = Result("B10 PDF/UA-1, 1,000 rows, peak MB", ours, floor, ratio, "<= 1.2 x", ratio <= 1.2)
    return [*results, memory]


def memo_of(count: int, *, run: int = 0) -> Memo:
    """A memo of seven sections with rows of the usual kind: some 450 characters, each fifth with a list.

    Two runs share no title and no text.
    """
    rows = [
        Row(
            number,
            f"Indsats {number} med en titel, som fylder det sædvanlige, nemlig {run} linjer",
            text_of(number, run),
        )
        for number in range(1, count + 1)
    ]
    size = -(-count // SECTIONS)
    sections = tuple(
        Section(f"Forvaltning {place + 1}", tuple(rows[place * size : (place + 1) * size]))
        for place in range(SECTIONS)
    )
    return Memo(
        "Årlig status", tables=(Table("Tabel 1. Indsatser.", sections),), footnotes=(Footnote(1, "En note."),)
    )


def text_of(number: int, run: int) -> tuple[Block, ...]:
    if number % 5:
        return (Block("paragraph", f"{run}.{number}: {SENTENCE * 5}".strip()),)
    bullets = tuple(Block("bullet", f"{run}.{number}: {SENTENCE}".strip()) for _ in range(3))
    return (Block("paragraph", f"{run}.{number}: {SENTENCE * 2}¹".strip()), *bullets)


def word(memo: Memo) -> bytes:
    return write_docx(memo, letterhead=LETTERHEAD, created=CREATED)


def pdf(memo: Memo) -> bytes:
    return write_pdf(memo, letterhead=LETTERHEAD, created=CREATED)


def bare_word(memo: Memo) -> bytes:
    """The floor of B9: each text escaped into a run, a paragraph and a cell, the whole zipped at once."""
    parts = ['<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>']
    for section in memo.sections:
        parts.append(f"<w:p><w:r><w:t>{escape(section.name)}</w:t></w:r></w:p><w:tbl>")
        for row in section.rows:
            title = f"<w:p><w:r><w:t>{row.number}. {escape(row.title)}</w:t></w:r></w:p>"
            text = "".join(f"<w:p><w:r><w:t>{escape(block.text)}</w:t></w:r></w:p>" for block in row.blocks)
            parts.append(f"<w:tr><w:tc>{title}</w:tc><w:tc>{text}</w:tc></w:tr>")
        parts.append("</w:tbl>")
    parts.append("<w:sectPr/></w:body></w:document>")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", "".join(parts))
    return file.getvalue()


BARE_PDF = b"""
#let memo = json(bytes(sys.inputs.memo))
#set document(title: "Memo")
#set text(font: "Libertinus Serif", size: 10pt, lang: "da", hyphenate: false)
#set page(paper: "a4", margin: 2cm, numbering: "1")
#for s in memo {
  heading(level: 1, s.name)
  table(columns: (35%, 65%), table.header[Indsats][Status], ..s.cells.flatten())
}
"""


def bare_pdf(memo: Memo) -> bytes:
    """The floor of B10: the same cells as text in a plain Typst table, no design and no standard."""
    data = [
        {
            "name": section.name,
            "cells": [(f"{row.number}. {row.title}", row.text) for row in section.rows],
        }
        for section in memo.sections
    ]
    made = typst.compile(BARE_PDF, ignore_system_fonts=True, sys_inputs={"memo": json.dumps(data)})
    assert isinstance(made, bytes)
    return made


def side_by_side(work: Work, floor: Work, *, count: int, runs: int) -> tuple[float, float]:
    """The least processor time of each, in seconds, taken in turns so that both meet the same machine.

    Typst remembers what it has set, so every run gets words that have not been seen.
    """
    times: dict[Work, list[float]] = {work: [], floor: []}
    for run in range(runs):
        for place, one in enumerate((work, floor)):
            memo = memo_of(count, run=2 * run + place)
            begun = time.process_time()
            one(memo)
            times[one].append(time.process_time() - begun)
    return min(times[work]), min(times[floor])


def peak(work: str, count: int) -> float:
    """Peak memory in MB of a process that does nothing else: interpreter, imports and the rows included."""
    command = [sys.executable, "-m", "benchmarks.memo", "--peak", work, str(count)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def print_peak(work: str, count: int) -> None:
    """What `peak` runs in a process of its own."""
    works = {"word": word, "bare": bare_word, "pdf": pdf, "bare pdf": bare_pdf}
    works[work](memo_of(count))
    status = Path("/proc/self/status").read_text("ascii")  # getrusage would count the parent's memory too
    print(int(status.partition("VmHWM:")[2].split()[0]) / 1024)


def main() -> int:
    """Print the table; 1 when a goal is missed."""
    results = [*b9(), *b10()]
    print(f"{'':44}{'ours':>9}{'floor':>9}{'ratio':>8}  goal")
    for one in results:
        verdict = "" if one.ok else "  MISSED"
        print(f"{one.name:44}{one.ours:9.3f}{one.floor:9.3f}{one.ratio:8.2f}  {one.goal}{verdict}")
    return 0 if all(one.ok for one in results) else 1


if __name__ == "__main__":
    if "--peak" in sys.argv:
        print_peak(sys.argv[2], int(sys.argv[3]))
    else:
        sys.exit(main())
