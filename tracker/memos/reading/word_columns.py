"""The columns of a Word file's table: what its rows say by them, and how they are numbered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from tracker.memos.reading import vocabulary as say_of
from tracker.memos.reading.word_grid import Cell, Grid, GridRow

_MOST = 0.6
_SPOKEN_FROM = 25

# 'certain': only what can be nothing else is a number; 'bare': '12 Title' is numbered; 'odd': '2.1 Title'.
TypedNumbers = Literal["certain", "bare", "odd"]


@dataclass(frozen=True)
class Columns:
    """Grid columns of a table of initiatives. `words` are the header words of title and status as printed."""

    title: int
    status: int
    number: int | None = None
    section: int | None = None
    words: tuple[str, str] | None = None
    status_span: int = 1

    def status_of(self, row: GridRow) -> Cell | None:
        """The cell of the status; where the header's cell stands over several, these as one."""
        return row.over(self.status, self.status + self.status_span)

    def heads(self, row: GridRow) -> bool:
        """Whether a row holds the words of the columns."""
        return is_header(row) or self.words == (row.text_at(self.title), row.text_at(self.status))

    @property
    def used(self) -> set[int]:
        stated = range(self.status, self.status + self.status_span)
        named = (self.title, self.number, self.section)
        return {*stated, *(column for column in named if column is not None)}


def is_header(row: GridRow) -> bool:
    """Whether a row holds the words of the columns: 'Nr. | Indsats | Status' and the like."""
    texts = [cell.text for cell in row.filled]
    if texts and all(cell.paragraphs[0].style.name == "memo table header" for cell in row.filled):
        return True
    if len(texts) < 2 or any(len(text) > say_of.HEADER_LENGTH for text in texts):
        return False
    if row_number(row, None) is not None:
        return False
    known = sum(say_of.is_header_word(text) for text in texts)
    return (
        known * 2 >= len(texts)
        and any(say_of.is_title_word(text) or say_of.is_status_word(text) for text in texts)
    ) or (row.marked_header and all(len(text.split()) <= 4 for text in texts))


def row_number(row: GridRow, columns: Columns | None, *, expected: int | None = None) -> int | None:
    """The number of an initiative's row: from its own column, automatic, or typed before the title."""
    if columns and columns.number is not None:
        cell = row.at(columns.number)
        found = cell_number(cell) if cell else None
        if found is not None:
            return found
    first = row.at(columns.title) if columns else (row.filled[0] if row.filled else None)
    if first is None or not first.text:
        return None
    return (
        label_number(first) or say_of.split_number(first.text, expected=expected)[0] or _bare(first, columns)
    )


def numbering_of(grid: Grid, columns: Columns, *, before: TypedNumbers = "certain") -> TypedNumbers:
    """How most rows of a table are numbered; `before` is how those of the table before it are."""
    rows = rows_below(grid, columns)
    rows = [row for row in rows if (status := columns.status_of(row)) and status.text] or rows
    odd = [printed for row in rows if (printed := odd_number_of(row, columns))]
    if len(odd) > _MOST * len(rows) and (len(rows) > 1 or before == "odd" or cannot_be_words(odd[0])):
        return "odd"
    texts = [title for row in rows if (title := row.text_at(columns.title))]
    if columns.number is not None or len(texts) < 2:
        return "certain"
    spaced = [number for text in texts if (number := say_of.spaced_number(text)) is not None]
    rising = sum(after > before for before, after in pairwise(spaced))
    if len(spaced) > _MOST * len(texts) and rising >= _MOST * (len(spaced) - 1):
        return "bare"
    return "certain"


def rows_below(grid: Grid, columns: Columns) -> list[GridRow]:
    """The rows that hold more than one cell of text and are no header."""
    return [row for row in grid.rows if len(row.filled) > 1 and not columns.heads(row)]


def odd_number_of(row: GridRow, columns: Columns) -> str:
    """The number with parts, as '2.1' or 'b)', of a row: typed or counted by Word; empty for none."""
    cell = row.at(columns.number)
    if cell is not None:
        shown = cell.text or (cell.label.text if cell.label else "")
        number, rest = say_of.odd_number(shown)
        return "" if rest else number
    title = row.at(columns.title)
    if title is None or not title.text:
        return ""
    if title.label and title.label.number is None and not title.label.bullet:
        return title.label.text
    number, rest = say_of.odd_number(title.text)
    return number if rest and not rest[0].islower() else ""


def cannot_be_words(number: str) -> bool:
    """Whether '2.1', '2a.' or 'b)' is a number even where it stands alone."""
    return number.endswith(")") or bool(re.fullmatch(r"\d+(?:\.\d+)+\.?|\d+[a-z]\.", number))


def _bare(cell: Cell, columns: Columns | None) -> int | None:
    return None if columns else say_of.bare_number(cell.text)


def cell_number(cell: Cell) -> int | None:
    return say_of.bare_number(cell.text) if cell.text else label_number(cell)


def label_number(cell: Cell) -> int | None:
    return cell.label.number if cell.label else None


def speaks(rows: Sequence[GridRow], columns: Columns) -> bool:
    """Whether most statuses of the rows hold words rather than sums, names or dates."""
    texts = [status.text for row in rows if (status := columns.status_of(row)) and status.text]
    long = [text for text in texts if len(text) >= _SPOKEN_FROM and letters_in(text) > len(text) // 2]
    return bool(texts) and len(long) * 2 >= len(texts)


def letters_in(text: str) -> int:
    return sum(character.isalpha() for character in text)
