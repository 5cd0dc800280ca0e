"""A table's part on one page: rows of cells with their lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tracker.memos.reading import vocabulary
from tracker.memos.reading.pdf_joins import joined
from tracker.memos.reading.pdf_lines import Line, lines_of
from tracker.memos.reading.pdf_rules import Region
from tracker.memos.reading.pdf_source import Word
from tracker.memos.reading.pdf_strips import strips_of

SAME = 5.0  # edges nearer than this are one
_FEW = 3
_PART = 0.7
_NUMBERED = re.compile(r"(\D*)\d+(\W?)")


@dataclass
class Piece:
    """A cell's part in one row of a page."""

    x0: float
    x1: float
    lines: list[Line] = field(default_factory=list)
    continues: bool = False

    @property
    def text(self) -> str:
        return joined(self.lines)[0] if self.lines else ""


@dataclass
class TableRow:
    pieces: list[Piece]
    page: int

    @property
    def filled(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.lines]

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(piece.text for piece in self.filled)


@dataclass
class Part:
    """A table's part on one page. `ruled` says that its columns are parted by rules."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float
    rows: list[TableRow]
    ruled: bool = True

    @property
    def edges(self) -> set[float]:
        return {piece.x0 for row in self.rows for piece in row.pieces}


def part_of(region: Region, words: Sequence[Word], page: int) -> Part:
    """A ruled region with its words as rows of cells."""
    rows: list[TableRow] = []
    for strip in strips_of(region, words):
        row = TableRow([Piece(b.x0, b.x1, continues=b.open_above) for b in strip.boxes], page)
        for piece, box in zip(row.pieces, strip.boxes, strict=True):
            lines = lines_of(box.words, page)
            above = _above(rows, piece) if piece.continues else None
            (above or piece).lines.extend(lines)
        rows.append(row)
    uncut = len(rows) <= _FEW
    found = [part for row in rows for part in _split(row, uncut=uncut)]
    return Part(page, region.x0, region.y0, region.x1, region.y1, found)


def _above(rows: Sequence[TableRow], piece: Piece) -> Piece | None:
    """The cell from which a merged cell goes on."""
    for row in reversed(rows):
        other = next((one for one in row.pieces if abs(one.x0 - piece.x0) < SAME), None)
        if other is None or abs(other.x1 - piece.x1) > SAME:
            return None
        if not other.continues:
            return other
    return None


def _split(row: TableRow, *, uncut: bool) -> list[TableRow]:
    """A strip that holds several initiatives, as where no rules stand between the rows.

    `uncut` says that the page's table has hardly any rules between rows.
    """
    if len(row.pieces) < 2:
        return [row]
    below = _below_header(row)
    if below is not None:
        head, rest = cut(row, [below])
        return [head, *_split(rest, uncut=uncut)]
    # The last column is a status, and its numbers are a list's.
    for piece in row.pieces[: min(2, len(row.pieces) - 1)]:
        starts = numbered_starts(piece.lines)
        if len(starts) == 1 and _is_centred(piece, row):
            break
        if len(starts) >= (1 if uncut else 2):
            top = starts[0].base - 0.6 * starts[0].size
            above = any(line.base < top for one in row.pieces for line in one.lines)
            return cut(row, [line.base - 0.6 * line.size for line in starts[0 if above else 1 :]])
        if starts:
            break
    return [row]


def _is_centred(piece: Piece, row: TableRow) -> bool:
    """Whether the lines of a cell are set in the middle of its row's height."""
    tallest = max(row.filled, key=lambda one: one.lines[-1].base - one.lines[0].base)
    middles = [(one.lines[0].base + one.lines[-1].base) / 2 for one in (piece, tallest)]
    apart = piece.lines[0].base - tallest.lines[0].base > 0.3 * piece.lines[0].size
    return tallest is not piece and apart and abs(middles[0] - middles[1]) < 0.5 * piece.lines[0].size


def _below_header(row: TableRow) -> float | None:
    """Where a header ends that is the first line of a strip, as no rule parts it from the row below."""
    first = min((line.base for piece in row.filled for line in piece.lines), default=0.0)
    heads = [(piece, piece.lines[0]) for piece in row.filled if abs(piece.lines[0].base - first) < SAME]
    if len(heads) < 2 or all(len(piece.lines) == 1 for piece in row.filled):
        return None
    short = all(line.x1 - piece.x0 < _PART * (piece.x1 - piece.x0) for piece, line in heads)
    worded = all(vocabulary.is_header_word(line.text) for _, line in heads)
    return first + SAME if short and worded else None


def numbered_starts(lines: Sequence[Line]) -> list[Line]:
    """The lines that begin with a number one above the last, all at one left edge."""
    starts: list[Line] = []
    number: int | None = None
    left = min((line.x0 for line in lines), default=0.0)
    for line in lines:
        found = vocabulary.bare_number(line.text)
        if found is None:
            found = vocabulary.split_number(line.text, expected=None if number is None else number + 1)[0]
        follows = number is None or (found == number + 1 and _form(line) == _form(starts[0]))
        if found is not None and line.x0 - left < SAME and follows:
            starts.append(line)
            number = found
    return starts


def _form(line: Line) -> str:
    """How a line prints its number: what stands before the digits and the sign behind them."""
    found = _NUMBERED.match(line.text)
    return f"{found[1]}#{found[2]}" if found else ""


def cut(row: TableRow, places: Sequence[float]) -> list[TableRow]:
    """A row cut at some heights of the page."""
    rows = [
        TableRow([Piece(p.x0, p.x1, continues=p.continues and not at) for p in row.pieces], row.page)
        for at in range(len(places) + 1)
    ]
    for column, piece in enumerate(row.pieces):
        for line in piece.lines:
            at = sum(line.base > place for place in places)
            rows[at].pieces[column].lines.append(line)
    return rows
