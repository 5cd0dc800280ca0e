"""Which rows of a Word file's table name a section rather than tell of an initiative."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from tracker.memos.reading import vocabulary
from tracker.memos.reading.word_columns import Columns, TypedNumbers, odd_number_of, row_number, rows_below
from tracker.memos.reading.word_grid import Cell, Grid, GridRow

_LONGEST = 150
_WORDS = 8
_MOST = 0.6
_AGAIN = re.compile(r"[\s,–-]*\(?(?:fortsat|forts\.?|continued)\)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Names:
    """How a table sets the names of its sections, told from all its rows.

    `merged`: a name stands in a cell over the whole table; `above`: one stands above the table;
    `numbered`: the rows of initiatives carry numbers; `bold`: their titles are in bold; `bare`: rows of one
    cell with no row of an initiative below them.
    """

    columns: Columns
    numbering: TypedNumbers
    width: int
    merged: bool
    above: bool
    numbered: bool
    bold: bool
    bare: tuple[GridRow, ...] = ()

    @classmethod
    def of(cls, grid: Grid, columns: Columns, numbering: TypedNumbers, *, above: bool) -> Names:
        rows = rows_below(grid, columns)
        numbers = [row for row in rows if row_number(row, columns) is not None or odd_number_of(row, columns)]
        titles = [cell for row in rows if (cell := row.at(columns.title)) and cell.text]
        lone = [row.filled[0] for row in grid.rows if len(row.filled) == 1]
        return cls(
            columns=columns,
            numbering=numbering,
            width=grid.width,
            merged=any(cell.span >= max(grid.width, 2) for cell in lone),
            above=above,
            numbered=numbering == "bare" or len(numbers) > _MOST * len(rows),
            bold=len(titles) > 1 and sum(cell.bold for cell in titles) >= _MOST * len(titles),
            bare=tuple(_bare([row for row in grid.rows if row.filled and not columns.heads(row)])),
        )

    def name_in(self, row: GridRow, *, counted: bool) -> tuple[str, str] | None:
        """The name that a row holds and the number printed before it; None for a row that is no name.

        `counted`: the row begins with the number that the next initiative should have.
        """
        if len(row.filled) == 2:
            return self._beside_its_number(row)
        if len(row.filled) != 1 or is_remark(row.filled[0]):
            return None
        cell = row.filled[0]
        name, number = self._without_number(row, cell)
        if number or (cell.label and cell.label.number is not None):
            told = vocabulary.names_administration(name) or self.numbering == "odd"
            whole = self._is_whole(row) or (self.numbering == "odd" and self._stands_first(cell))
            return (name, number) if told and whole else None
        if cell.label and cell.label.text and self.numbering == "odd" and cell.span >= self.width:
            return name, ""
        if counted or row_number(row, self.columns) is not None or odd_number_of(row, self.columns):
            return None
        if self._is_whole(row):
            return name, ""
        untitled = not self.numbered and row in self.bare and not vocabulary.names_administration(name)
        return (name, "") if self._is_set_apart(cell) and not untitled else None

    def _without_number(self, row: GridRow, cell: Cell) -> tuple[str, str]:
        number, name = vocabulary.split_number(cell.text)
        if number is None and self.numbering == "odd" and self._is_whole(row):
            odd, name = vocabulary.odd_number(cell.text)
            number = 0 if odd and name else None
        if number is None or not name:
            return cell.text, ""
        return name, cell.text.removesuffix(name).strip()

    def _beside_its_number(self, row: GridRow) -> tuple[str, str] | None:
        """'2 | Name | ' above rows that are numbered 2.1, 2.2."""
        number, title = row.text_at(self.columns.number), row.text_at(self.columns.title)
        status = self.columns.status_of(row)
        if self.numbering != "odd" or self.columns.number is None or (status is not None and status.text):
            return None
        return (title, number) if title and vocabulary.bare_number(number) is not None else None

    def _is_whole(self, row: GridRow) -> bool:
        cell = row.filled[0]
        return cell.span >= self.width or (len(row.cells) == 1 and cell.start <= self.columns.title)

    def _stands_first(self, cell: Cell) -> bool:
        return cell.start <= self.columns.title and not cell.continues

    def _is_set_apart(self, cell: Cell) -> bool:
        """Whether a cell that is not merged names a section: by its words, its place or its look."""
        if not self._stands_first(cell) or cell.start == self.columns.section:
            return False
        if vocabulary.names_administration(cell.text) or cell.start == self.columns.number:
            return True
        if cell.text.endswith("."):
            return False
        elsewhere = self.merged or self.above
        if self.numbered and (not elsewhere or (cell.bold and not self.bold)):
            return True
        return cell.bold and not self.bold and not elsewhere


def _bare(rows: Sequence[GridRow]) -> Iterator[GridRow]:
    for row, after in zip_longest(rows, rows[1:]):
        if len(row.filled) > 1:
            continue
        # A name in bold may stand above an initiative in plain type that has no status.
        if after is None or (len(after.filled) == 1 and after.filled[0].bold == row.filled[0].bold):
            yield row


def goes_on(name: str, before: str) -> bool:
    """Whether a name is that of the section before it once more, as on a new page: 'Name (fortsat)'."""
    return bool(before) and _AGAIN.sub("", name) == _AGAIN.sub("", before)


def is_remark(cell: Cell) -> bool:
    """Whether a cell that stands alone in its row says too much for a name."""
    return len(cell.text) > _LONGEST or (cell.text.endswith(".") and len(cell.text.split()) > _WORDS)
