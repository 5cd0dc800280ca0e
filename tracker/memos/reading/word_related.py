"""Tables of a Word file that are read as another one: its header words once more, or none and its shape."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tracker.memos.reading import vocabulary
from tracker.memos.reading.result import Doubt, say
from tracker.memos.reading.word_columns import (
    Columns,
    is_header,
    odd_number_of,
    row_number,
    rows_below,
    speaks,
)
from tracker.memos.reading.word_grid import Grid, GridRow
from tracker.memos.reading.word_paragraphs import Paragraph
from tracker.memos.reading.word_tables import columns_by_shape, columns_of

_HEADER_WITHIN = 4
_ANNEX = re.compile(r"(?:bilag|appendi\w*|annex|appendix)\b", re.IGNORECASE)


def related_columns(
    pieces: Sequence[Paragraph | Grid],
) -> tuple[list[Columns | None], dict[int, Doubt]]:
    """The columns of each table, in order, None where it holds no initiatives; doubts by a table's place."""
    grids = [piece for piece in pieces if isinstance(piece, Grid)]
    columns = [columns_of(grid) for grid in grids]
    for least in (3, 2):
        if not any(columns):
            columns = [columns_by_shape(grid, least=least) for grid in grids]
    columns = [of or _by_equal_header(grid, grids, columns) for grid, of in zip(grids, columns, strict=True)]
    doubts: dict[int, Doubt] = {}
    above = _above(pieces)
    for at in range(1, len(grids)):
        before = columns[at - 1]
        own = columns[at]
        if before is None or (own is not None and own.words is not None):
            continue
        told = _goes_on(grids[at], grids[at - 1], before, above[at])
        if told is not None:
            columns[at] = before
            doubts |= {} if told else {at: _doubt(grids[at])}
    return columns, doubts


def _by_equal_header(grid: Grid, grids: Sequence[Grid], columns: Sequence[Columns | None]) -> Columns | None:
    """The columns of another table whose header row this one has as well."""
    firsts = [_look(row) for row in [row for row in grid.rows if row.filled][:_HEADER_WITHIN]]
    for other, of in zip(grids, columns, strict=True):
        if of is not None and of.words is not None:
            header = next((row for row in other.rows if len(row.filled) > 1 and of.heads(row)), None)
            if header is not None and _look(header) in firsts:
                return of
    return None


def _look(row: GridRow) -> tuple[tuple[int, str], ...]:
    return tuple((cell.start, cell.text) for cell in row.filled)


def _above(pieces: Sequence[Paragraph | Grid]) -> list[list[Paragraph]]:
    """The paragraphs that stand between each table and the one before it."""
    found: list[list[Paragraph]] = [[]]
    for piece in pieces:
        if isinstance(piece, Grid):
            found.append([])
        else:
            found[-1].append(piece)
    return found


def _goes_on(grid: Grid, other: Grid, columns: Columns, above: Sequence[Paragraph]) -> bool | None:
    """Whether a table without header words goes on with the rows of the one before it.

    True where a name or numbers say so, False where only its shape does, None where it does not.
    """
    rows = rows_below(grid, columns)
    if not rows or grid.width != other.width or any(is_header(row) for row in grid.rows):
        return None
    if any(_ANNEX.match(paragraph.text) for paragraph in above):
        return None
    if not all(row.text_at(columns.title) for row in rows if row_number(row, columns) is None):
        return None
    numbered = [row for row in rows if row_number(row, columns) is not None or odd_number_of(row, columns)]
    if len(numbered) * 2 > len(rows):
        return True
    if above and _names_section(above[-1]):
        return True
    return False if speaks(rows, columns) else None


def _names_section(paragraph: Paragraph) -> bool:
    return paragraph.outline is not None or vocabulary.names_administration(
        vocabulary.plain_name(paragraph.text)[0]
    )


def _doubt(grid: Grid) -> Doubt:
    words = next((row.filled[0].text for row in grid.rows if row.filled), "")
    reason = say("This table has no header; its columns were taken to be those of the table before it.")
    return Doubt(None, words[:200], reason)
