"""The body of a Word file as paragraphs and tables, and which tables hold the initiatives."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace

from tracker.memos.reading import vocabulary
from tracker.memos.reading.result import Doubt, say
from tracker.memos.reading.word_cards import upright
from tracker.memos.reading.word_elements import block_elements, row_cells, table_rows
from tracker.memos.reading.word_grid import Grid, read_grid
from tracker.memos.reading.word_package import Element, W
from tracker.memos.reading.word_paragraphs import Paragraph, WordText
from tracker.memos.reading.word_related import related_columns
from tracker.memos.reading.word_tables import Columns, columns_of, is_header, row_number

_REPEATED_FROM = 2


@dataclass(frozen=True)
class WordTable:
    """`columns` is None for a table without initiatives; `doubt` says what about that is a guess."""

    grid: Grid
    columns: Columns | None
    doubt: Doubt | None = None


@dataclass(frozen=True)
class _Said:
    """The numbers and titles of a table's rows, and how much is said of them."""

    rows: frozenset[tuple[int | None, str]]
    length: int

    @property
    def titles(self) -> set[str]:
        return {title for _, title in self.rows}

    def repeats(self, other: _Said) -> bool:
        """Whether the other table has all these rows as well, and says more of them."""
        if len(self.rows) < _REPEATED_FROM or self.length >= other.length:
            return False
        counted = all(number is not None for number, _ in self.rows | other.rows)
        return self.rows <= other.rows if counted else self.titles <= other.titles


def pieces_of(body: Element, word: WordText) -> list[Paragraph | WordTable]:
    """The paragraphs with text and the tables, in order; a caption below its table is put above it."""
    found: list[Paragraph | Grid] = []
    for element in _unframed(body, word):
        if element.tag == f"{W}p":
            found += [paragraph for paragraph in word.paragraph(element) if paragraph.lines]
        else:
            number = sum(isinstance(piece, Grid) for piece in found) + 1
            found.append(upright(read_grid(element, word, number=number)))
    tables = iter(_tables(found))
    return _captioned([next(tables) if isinstance(piece, Grid) else piece for piece in found])


def _unframed(parent: Element, word: WordText) -> Iterator[Element]:
    """Paragraphs and tables; a table that only frames one of initiatives is passed through."""
    for element in block_elements(parent):
        if element.tag == f"{W}tbl" and _is_frame(element, word):
            for row in table_rows(element):
                for cell in row_cells(row):
                    yield from _unframed(cell, word)
        else:
            yield element


def _is_frame(table: Element, word: WordText) -> bool:
    inside = [inner for inner in table.iter(f"{W}tbl") if inner is not table]
    if not inside:
        return False
    # Read on trial: neither labels nor notes may be counted by it.
    trial = WordText(replace(word.package, numbering=deepcopy(word.package.numbering)))
    if columns_of(read_grid(table, trial, number=0)) is not None and len(list(table_rows(table))) > 1:
        return False
    return any(columns_of(read_grid(inner, trial, number=0)) is not None for inner in inside)


def _tables(pieces: list[Paragraph | Grid]) -> list[WordTable]:
    grids = [piece for piece in pieces if isinstance(piece, Grid)]
    columns, doubts = related_columns(pieces)
    said = [_said(grid, of) if of else None for grid, of in zip(grids, columns, strict=True)]
    tables = []
    for at, (grid, of) in enumerate(zip(grids, columns, strict=True)):
        own = said[at]
        others = [other for place, other in enumerate(said) if other and place != at]
        if own and any(own.repeats(other) for other in others):
            words = next((row.filled[0].text for row in grid.rows if row.filled), "")
            reason = say("This table has the same initiatives as another one and was left out.")
            tables.append(WordTable(grid, None, Doubt(None, words[:200], reason)))
        else:
            tables.append(WordTable(grid, of, doubts.get(at)))
    return tables


def _said(grid: Grid, columns: Columns) -> _Said:
    rows, length = set(), 0
    for row in grid.rows:
        status = columns.status_of(row)
        if len(row.filled) > 1 and not is_header(row):
            number = row_number(row, columns)
            title = vocabulary.split_number(row.text_at(columns.title), expected=number)[1]
            rows.add((number, title.casefold()))
            length += len(status.text) if status else 0
    return _Said(frozenset(rows), length)


def _captioned(pieces: list[Paragraph | WordTable]) -> list[Paragraph | WordTable]:
    """Where the first table of initiatives has its caption below it, every caption is put above."""
    at = next((at for at, piece in enumerate(pieces) if isinstance(piece, WordTable) and piece.columns), None)
    if at is None or not _is_caption(pieces, at + 1) or any(_is_caption(pieces, at - n) for n in (1, 2, 3)):
        return pieces
    pieces = list(pieces)
    for place, piece in enumerate(pieces[:-1]):
        if isinstance(piece, WordTable) and _is_caption(pieces, place + 1):
            pieces[place], pieces[place + 1] = pieces[place + 1], piece
    return pieces


def _is_caption(pieces: list[Paragraph | WordTable], at: int) -> bool:
    piece = pieces[at] if 0 <= at < len(pieces) else None
    return isinstance(piece, Paragraph) and is_caption(piece)


def is_caption(paragraph: Paragraph) -> bool:
    return vocabulary.is_caption(paragraph.text) or paragraph.style.name in {"caption", "billedtekst"}
