"""Gives the rows of a text with columns side by side plain numbers, where theirs have parts as '2.1' has.

The page is then read by its geometry, which tells rows by plain numbers. Columns stay where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tracker.memos.reading import vocabulary
from tracker.memos.reading.lines import Line
from tracker.memos.reading.result import Doubt, LeftOut, Reading, say
from tracker.memos.reading.text_rows import Candidate
from tracker.memos.reading.text_sections import looks_like_name

_GAP = re.compile(r"(?<=\S)( +) {2}(?=\S)")


@dataclass(frozen=True)
class Recounted:
    """The text with plain numbers, and what was printed in their place."""

    text: str
    printed: tuple[LeftOut, ...]
    numbers: dict[int, str]

    def told(self, reading: Reading) -> Reading:
        """The reading with the printed numbers left out and a doubt that says so."""
        first = reading.memo.rows[0].number if reading.memo.rows else None
        reason = say("The number could not be read as one; the row was counted instead.")
        doubt = Doubt(first, self.numbers.get(first or 0, ""), reason)
        sources = tuple(
            replace(source, words=self._as_printed(row.number, source.words))
            for row, source in zip(reading.memo.rows, reading.sources, strict=False)
        )
        return replace(
            reading,
            left_out=(*reading.left_out, *self.printed),
            doubts=(doubt, *reading.doubts),
            sources=sources,
        )

    def _as_printed(self, number: int, words: str) -> str:
        plain = f"{number}."
        printed = self.numbers.get(number, plain)
        return f"{printed}{words.removeprefix(plain)}" if words.startswith(plain) else words


def recounted(text: str, lines: Sequence[Line], rows: Sequence[Candidate]) -> Recounted:
    """The text whose `rows` were counted, with '1.', '2.' … in place of what is printed before each."""
    pages = [page.split("\n") for page in text.split("\f")]
    places = [(page, at) for page, part in enumerate(pages) for at in range(len(part))]
    printed: list[LeftOut] = []

    def put(line: Line, old: str, new: str) -> None:
        page, at = places[line.number - 1]
        pages[page][at] = _in_place(pages[page][at], old, new)
        printed.append(
            LeftOut(old, say("page %(page)s, line %(number)s", page=line.page, number=line.number))
        )

    taken = set()
    for row in rows:
        put(lines[row.at], row.prefix, f"{row.number}.")
        taken.add(row.at)
    for at, line in enumerate(lines):
        name, number = vocabulary.plain_name(line.text)
        page, place = places[line.number - 1]
        if at in taken or not number or pages[page][place][:1] == " ":
            continue
        if vocabulary.names_administration(name) or (at + 1 in taken and looks_like_name(name)):
            put(line, number, "")
    numbers = {row.number: row.prefix for row in rows}
    return Recounted("\f".join("\n".join(page) for page in pages), tuple(printed), numbers)


def _in_place(line: str, old: str, new: str) -> str:
    """The line with its number changed and every later column where it was, as far as there is room."""
    before, _, after = line.partition(old)
    short = len(old) - len(new)
    if not new:
        return before + after.lstrip()
    gap = _GAP.search(after)
    if short > 0 and gap:
        return f"{before}{new}{after[: gap.start()]}{' ' * short}{after[gap.start() :]}"
    if short < 0 and gap:
        cut = min(-short, len(gap[1]))
        return f"{before}{new}{after[: gap.start()]}{after[gap.start() + cut :]}"
    return before + new + after
