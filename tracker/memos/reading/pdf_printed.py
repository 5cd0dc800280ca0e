"""The printed lines of pages without rules, and where on them the columns of a table begin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tracker.memos.reading import vocabulary
from tracker.memos.reading.pdf_furniture import Sheet
from tracker.memos.reading.pdf_lines import Line
from tracker.memos.reading.result import say
from tracker.memos.reading.word_paragraphs import Paragraph
from tracker.memos.reading.word_tables import Cell, GridRow, is_header

NEAR = 3.0
_LEAST = 3
_SHARE = 0.2


@dataclass
class Printed:
    """One printed line across the page: its pieces from the left."""

    sheet: Sheet
    pieces: list[Line]

    @property
    def base(self) -> float:
        return self.pieces[0].base

    @property
    def size(self) -> float:
        return max(piece.size for piece in self.pieces)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(piece.text for piece in self.pieces)

    @property
    def text(self) -> str:
        return " ".join(piece.printed for piece in self.pieces)

    @property
    def bold(self) -> bool:
        return all(piece.bold for piece in self.pieces)


def further(rows: Sequence[Printed]) -> Iterator[tuple[str, ...]]:
    """The words of headers that stand right above a row's number or an administration's name."""
    for row, below in pairwise(rows):
        worded = all(text[:1].isupper() and not text.endswith((".", ",")) for text in row.texts)
        follows = vocabulary.names_administration(below.text) or number_of(below.texts[0], 1) is not None
        if worded and follows and is_header_line(row):
            yield row.texts


def is_header_line(row: Printed) -> bool:
    if len(row.pieces) < 2:
        return False
    place = say("page %(page)s", page=row.sheet.number)
    cells = [Cell(at, 1, False, (Paragraph((text,), place),)) for at, text in enumerate(row.texts)]
    return is_header(GridRow(tuple(cells), marked_header=False, place=place))


def by_header(header: Printed, rows: Sequence[Printed]) -> list[float]:
    """Where the columns begin: below each header word, at the place where most lines begin."""
    below = rows[rows.index(header) + 1 :]
    begun = Counter(round(piece.x0) for row in below for piece in row.pieces)
    lefts: list[float] = []
    before = float("-inf")
    # A header word begins with a capital; others are words of one that was stretched to its column.
    for word in [piece for piece in header.pieces if not piece.starts_low]:
        places = [place for place in begun if before < place <= word.x1]
        best = max(places, key=lambda place: begun[place], default=None)
        left = word.x0 if best is None or begun[best] < _LEAST else min(float(best), word.x0 + NEAR)
        if lefts and left - lefts[-1] < NEAR:
            left = word.x0
        lefts.append(left)
        before = word.x1
    numbers = [
        piece.x0
        for row in below
        for piece in row.pieces[:1]
        if vocabulary.bare_number(piece.text) is not None and piece.x1 < lefts[0] - NEAR
    ]
    return [min(numbers), *lefts] if len(numbers) >= _LEAST else lefts


def by_places(rows: Sequence[Printed]) -> list[float]:
    """Where lines begin beside each other again and again, the first of them with numbers in sequence."""
    wide = [row for row in rows if len(row.pieces) > 1]
    if len(wide) < _LEAST:
        return []
    begun: Counter[float] = Counter()
    for row in wide:
        for piece in row.pieces:
            place = next((one for one in begun if abs(one - piece.x0) <= NEAR), piece.x0)
            begun[place] += 1
    lefts = sorted(place for place, times in begun.items() if times >= max(_LEAST, _SHARE * len(wide)))
    expected: int | None = None
    numbered = 0
    for row in wide:
        number = number_of(row.pieces[0].text, expected)
        if number is not None and (expected is None or number == expected):
            numbered, expected = numbered + 1, number + 1
    return lefts if numbered >= _LEAST - 1 else []


def number_of(text: str, expected: int | None) -> int | None:
    bare = vocabulary.bare_number(text)
    return bare if bare is not None else vocabulary.split_number(text, expected=expected)[0]
