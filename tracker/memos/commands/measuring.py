"""Measures a reader: what it made of a file against the reading that people have checked by hand.

The checked reading is a JSON file: `initiatives`, a list of `number`, `title`, `status`, and where they are
known `administration` and `footnotes` (a list of `marker` and `text`); `administrations`, a list of `name`
and `initiatives` (numbers), may say the sections instead. Everything else in it is passed over.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import click

from tracker.domain.errors import DomainError
from tracker.domain.memo import Memo, Row
from tracker.domain.text import MARK, mark_number, marks_in
from tracker.memos.reading import Doubt, Reading, Unreadable, read_bytes
from tracker.memos.reading.limits import kind_of, load
from tracker.memos.reading.lost_words import lost_words
from tracker.memos.reading.source_words import source_words


class Unmeasurable(DomainError):  # noqa: N818 - named as the sentence reads
    """The checked reading is no such file. Carries the one sentence that says why."""


@dataclass(frozen=True)
class Count:
    """How many of the `wanted` were read as they should be."""

    found: int
    wanted: int

    @property
    def all(self) -> bool:
        return self.found == self.wanted


@dataclass(frozen=True)
class Wrong:
    """A title or text that differs; `flagged` says that a doubt points at it."""

    row: int
    part: Literal["title", "text"]
    wanted: str
    read: str
    flagged: bool


@dataclass(frozen=True)
class Measured:
    """`extra_rows` were read and are none; `words_lost` are neither in the memo nor left out."""

    format: str
    rows: Count
    extra_rows: int
    sections: Count
    titles: Count
    texts: Count
    footnotes: Count
    words_lost: tuple[str, ...]
    doubts: int
    left_out: int
    wrong: tuple[Wrong, ...]

    @property
    def good(self) -> bool:
        """Whether nothing is worse than a wrong title or text that a doubt points at."""
        whole = self.rows.all and self.sections.all and self.footnotes.all and not self.extra_rows
        return whole and not self.words_lost and all(wrong.flagged for wrong in self.wrong)

    def to_json(self) -> dict[str, object]:
        """The same as plain values, with `good`."""
        return {**asdict(self), "good": self.good}


@dataclass(frozen=True)
class _Wanted:
    number: int
    title: str
    text: str
    section: str
    notes: tuple[tuple[int, str], ...]


def show(file: Path, gold: Path, *, as_json: bool) -> tuple[str, bool]:
    """What `measure` found, printed, and whether it is good.

    Raises click.ClickException with one sentence when one of the two files cannot be used.
    """
    try:
        measured = measure(file, gold)
    except (Unreadable, Unmeasurable) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        return json.dumps(measured.to_json(), ensure_ascii=False, indent=2), measured.good
    return report(measured), measured.good


def measure(file: Path, gold: Path) -> Measured:
    """Read a file and compare. Raises Unreadable for the file, Unmeasurable for the checked reading."""
    data = load(file)
    wanted = _wanted(gold)
    reading = read_bytes(data, name=file.name)
    lost = lost_words(source_words(data, name=file.name), reading)
    return compare(reading, wanted, format_=kind_of(data, name=file.name), lost=lost)


def compare(reading: Reading, wanted: Sequence[_Wanted], *, format_: str, lost: tuple[str, ...]) -> Measured:
    """What differs between a reading and the checked rows."""
    memo = reading.memo
    pairs = _paired(memo.rows, wanted)
    said = _one_blank if format_ == "pdf" else str
    wrong = [found for row, gold in pairs for found in _differences(row, gold, reading.doubts, said)]
    parts = Counter(difference.part for difference in wrong)
    return Measured(
        format=format_,
        rows=Count(len(pairs), len(wanted)),
        extra_rows=len(memo.rows) - len(pairs),
        sections=_sections(memo, wanted),
        titles=Count(len(pairs) - parts["title"], len(wanted)),
        texts=Count(len(pairs) - parts["text"], len(wanted)),
        footnotes=_footnotes(memo, pairs, wanted),
        words_lost=lost,
        doubts=len(reading.doubts),
        left_out=len(reading.left_out),
        wrong=tuple(wrong),
    )


def _paired(rows: Sequence[Row], wanted: Sequence[_Wanted]) -> list[tuple[Row, _Wanted]]:
    """Rows with the same number; where numbers begin again, the first with the first and so on."""
    by_key: dict[tuple[int, int], Row] = {}
    seen: Counter[int] = Counter()
    for row in rows:
        by_key[row.number, seen[row.number]] = row
        seen[row.number] += 1
    counted: Counter[int] = Counter()
    pairs = []
    for gold in wanted:
        row_read = by_key.get((gold.number, counted[gold.number]))
        counted[gold.number] += 1
        if row_read is not None:
            pairs.append((row_read, gold))
    return pairs


def _one_blank(text: str) -> str:
    """A page shows a gap between two words, not how many blanks it was typed with."""
    return re.sub(" +", " ", text)


def _differences(row: Row, gold: _Wanted, doubts: Sequence[Doubt], said: Callable[[str], str]) -> list[Wrong]:
    own = [doubt for doubt in doubts if doubt.row == row.number]
    found = []
    if said(row.title) != said(gold.title):
        flagged = any(_points_at(doubt, row.title) for doubt in own)
        found.append(Wrong(row.number, "title", gold.title, row.title, flagged))
    if said(row.text) != said(gold.text):
        # A doubt about the title's end is one about the text's beginning.
        flagged = any(_points_at(doubt, row.title) or _points_at(doubt, row.text) for doubt in own)
        found.append(Wrong(row.number, "text", gold.text, row.text, flagged))
    return found


def _points_at(doubt: Doubt, text: str) -> bool:
    """Whether the doubt's words stand in the text; a doubt without words speaks of the whole row."""
    words = MARK.sub("", doubt.words).strip()
    return not words or words in MARK.sub("", text)


def _sections(memo: Memo, wanted: Sequence[_Wanted]) -> Count:
    gold: list[tuple[str, list[int]]] = []
    for row in wanted:
        if not gold or gold[-1][0] != row.section:
            gold.append((row.section, []))
        gold[-1][1].append(row.number)
    read = [(section.name, [row.number for row in section.rows]) for section in memo.sections]
    return Count(sum(section in read for section in gold), len(gold))


def _footnotes(memo: Memo, pairs: Sequence[tuple[Row, _Wanted]], wanted: Sequence[_Wanted]) -> Count:
    texts = {note.number: note.text for note in memo.footnotes}
    found = 0
    for row, gold in pairs:
        marks = marks_in(row.blocks) + [mark_number(sign) for sign in MARK.findall(row.title)]
        found += sum(number in marks and texts.get(number) == text for number, text in gold.notes)
    return Count(found, sum(len(gold.notes) for gold in wanted))


def _wanted(path: Path) -> list[_Wanted]:
    try:
        gold = json.loads(path.read_text("utf-8"))
        under = {
            number: str(section["name"])
            for section in gold.get("administrations", [])
            for number in section.get("initiatives", [])
        }
        return [_one(row, under) for row in gold["initiatives"]]
    except OSError as error:
        raise Unmeasurable("There is no file called “%(name)s”.", name=path.name) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unmeasurable("“%(name)s” is no checked reading of a memo.", name=path.name) from error


def _one(row: dict[str, Any], under: dict[int, str]) -> _Wanted:
    number = int(row["number"])
    notes = tuple((int(note["marker"]), str(note["text"])) for note in row.get("footnotes", []))
    section = str(row.get("administration") or under.get(number, ""))
    return _Wanted(number, str(row["title"]), str(row["status"]), section, notes)


def report(measured: Measured) -> str:
    """The figures and every difference, as lines for a person."""
    lines = [
        f"format         {measured.format}",
        f"rows           {_of(measured.rows)}"
        + (f", {measured.extra_rows} more" * bool(measured.extra_rows)),
        f"sections       {_of(measured.sections)}",
        f"titles exact   {_of(measured.titles)}",
        f"texts exact    {_of(measured.texts)}",
        f"footnotes      {_of(measured.footnotes)}",
        f"words lost     {len(measured.words_lost)}",
        f"doubts         {measured.doubts}",
        f"left out       {measured.left_out}",
    ]
    for wrong in measured.wrong:
        lines.append(
            f"wrong {wrong.part} in row {wrong.row}, {'doubted' if wrong.flagged else 'NOT DOUBTED'}"
        )
        lines += [
            f"  wanted: {_near(wrong.wanted, wrong.read)}",
            f"  read:   {_near(wrong.read, wrong.wanted)}",
        ]
    lines += [f"lost: {word}" for word in measured.words_lost]
    return "\n".join(lines)


def _of(count: Count) -> str:
    return f"{count.found} of {count.wanted}"


def _near(text: str, other: str) -> str:
    """The text from shortly before its first difference to the other."""
    same = next((at for at, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), None)
    begin = max((min(len(text), len(other)) if same is None else same) - 30, 0)
    return ("… " if begin else "") + text[begin : begin + 80].replace("\n", " ⏎ ")
