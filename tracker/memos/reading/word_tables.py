"""Tables of a Word file: which column holds what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from tracker.memos.reading import vocabulary as say_of
from tracker.memos.reading.word_columns import (
    Columns,
    cell_number,
    is_header,
    label_number,
    letters_in,
    row_number,
    speaks,
)
from tracker.memos.reading.word_grid import Cell, Grid, GridRow

__all__ = [
    "Cell",
    "Columns",
    "Grid",
    "GridRow",
    "columns_by_shape",
    "columns_of",
    "is_header",
    "row_number",
]

_HEADER_WITHIN = 4
_MOST = 0.6
_SIGN = 20
_SPOKEN = 3
_SENTENCE = 40
_WORDS = 40


def columns_of(grid: Grid) -> Columns | None:
    """Which column is which; None when the table is no table of initiatives."""
    header = next((row for row in _first_filled(grid) if is_header(row)), None)
    if header is not None:
        return _by_words(header, grid)
    numbered = [row for row in grid.rows if len(row.filled) >= 2 and row_number(row, None) is not None]
    return _by_content(numbered, grid) if numbered else None


def columns_by_shape(grid: Grid, *, least: int = 3) -> Columns | None:
    """The columns of a table whose header words are on no list: short words above, sentences below them.

    `least`: the rows that it must have, with the header's.
    """
    filled = [row for row in grid.rows if len(row.filled) > 1]
    if len(filled) < least or not _could_be_words(filled[0]):
        return None
    starts = [cell.start for cell in filled[0].filled]
    lengths = _lengths(grid, starts)
    status = max(starts[1:], key=lambda start: lengths[start])
    if status == starts[0] or lengths[status] < _SENTENCE * (len(filled) - 1):
        return None
    number = _unnamed_number_column(grid, {status}, filled[0])
    section = _section_column(grid, {status, number}, filled[0])
    title = next((start for start in starts if start not in {status, number, section}), None)
    if title is None:
        return None
    return _under_words(Columns(title, status, number, section), filled[0])


def _first_filled(grid: Grid) -> Sequence[GridRow]:
    return [row for row in grid.rows if row.filled][:_HEADER_WITHIN]


def _by_words(header: GridRow, grid: Grid) -> Columns | None:
    words = [(cell.start, cell.text) for cell in header.filled]
    number = next((start for start, text in words if say_of.is_number_word(text)), None)
    section = next((start for start, text in words if say_of.is_section_word(text)), None)
    rest = [(start, text) for start, text in words if start not in {number, section}]
    stated = [start for start, text in rest if say_of.is_status_word(text)]
    plain = [start for start, text in rest if say_of.is_plain_status(text) and start in stated]
    titles = [start for start, text in rest if say_of.is_title_word(text)]
    lengths = _lengths(grid, [start for start, _ in rest])
    offered = [start for start in titles if start not in plain]
    # Where aims stand beside actions, the rows are what is numbered.
    title = max(offered, key=lambda start: _typed_numbers(grid, start), default=None)
    status = next((start for start in reversed(plain or stated) if start != title), None)
    if status in plain:
        # A colour or one word under "Status" has its words in another column.
        status = _spoken(status, [start for start in stated if start != title], lengths, len(grid.rows))
    if title is None:
        title = next((start for start, _ in rest if start != status), None)
    if status is None:
        status = max(
            (start for start, _ in rest if start != title), key=lambda start: lengths[start], default=None
        )
    if title is None or status is None:
        return None
    if number is None and _typed_numbers(grid, status) > _typed_numbers(grid, title):
        title, status = status, title
    shown = dict(words)
    below = [row for row in grid.rows if row is not header and len(row.filled) > 1]
    if not say_of.is_status_word(shown[status]) and not speaks(below, Columns(title, status)):
        return None
    over = header.at(status)
    span = over.span if over else 1
    heads = (shown[title], shown[status])
    if number is None:
        number, title = _beside(grid, title, header)
    if number is None:
        taken = {title, section, *range(status, status + span)}
        number = _unnamed_number_column(grid, taken, header)
    if section is None and not _has_names(grid):
        section = _section_column(grid, {title, number, *range(status, status + span)}, header)
    return Columns(title, status, number, section, heads, span)


def _beside(grid: Grid, title: int, header: GridRow) -> tuple[int | None, int]:
    """Where one header cell stands over a number and a title: the columns of both."""
    over = header.at(title)
    if over is None or over.span < 2:
        return None, title
    rows = [row for row in grid.rows if row is not header and len(row.filled) > 1]
    below = [(row.at(title), row) for row in rows]
    cut = [(cell, row) for cell, row in below if cell and cell.span < over.span]
    numbers = [cell for cell, _ in cut if cell_number(cell) is not None]
    if not numbers or len(numbers) * 2 <= len(below):
        return None, title
    return title, title + numbers[0].span


def _has_names(grid: Grid) -> bool:
    return any(len(row.filled) == 1 and say_of.names_administration(row.filled[0].text) for row in grid.rows)


def _section_column(grid: Grid, taken: set[int | None], header: GridRow) -> int | None:
    """A column whose cells are names of administrations, or whose header word says that they are."""
    for cell in header.filled:
        if cell.start not in taken and say_of.is_section_word(cell.text):
            return cell.start
    for cell in header.cells:
        if cell.start not in taken and cell.span == 1:
            rows = [row for row in grid.rows if row is not header and len(row.filled) > 1]
            texts = [text for row in rows if (text := row.text_at(cell.start))]
            if texts and sum(map(say_of.names_administration, texts)) >= _MOST * len(texts):
                return cell.start
    return None


def _spoken(status: int, stated: Sequence[int], lengths: dict[int, int], rows: int) -> int:
    longest = max(stated, key=lambda start: lengths[start])
    signs = lengths[status] < _SIGN * rows and lengths[longest] > _SPOKEN * lengths[status]
    return longest if signs else status


def _typed_numbers(grid: Grid, column: int) -> int:
    """How many rows are numbered in a column, with words after the number."""
    cells = [cell for row in grid.rows if len(row.filled) > 1 and (cell := row.at(column)) and cell.text]
    return sum(bool(label_number(cell) or say_of.split_number(cell.text)[0] is not None) for cell in cells)


def _unnamed_number_column(grid: Grid, taken: set[int | None], header: GridRow) -> int | None:
    for column in range(grid.width):
        if column not in taken:
            cells = [
                cell
                for row in grid.rows
                if (cell := row.at(column)) and cell.start == column and cell.span == 1
                if len(row.filled) > 1 or not row.filled
            ]
            odd = [cell for cell in cells if cell.text and say_of.odd_number(cell.text) == (cell.text, "")]
            if len(odd) > _MOST * len(cells):
                return column
            numbers = [number for cell in cells if (number := cell_number(cell)) is not None]
            counting = sum(after == before + 1 for before, after in pairwise(numbers))
            if header.text_at(column) and counting < _MOST * (len(numbers) - 1):
                continue
            if numbers and len(numbers) * 2 > len(cells) - 2:
                return column
    return None


def _by_content(rows: Sequence[GridRow], grid: Grid) -> Columns | None:
    starts = sorted({cell.start for row in rows for cell in row.filled})
    number = next(
        (start for start in starts if all(cell_number(cell) is not None for cell in _column(rows, start))),
        None,
    )
    header = _unknown_words(grid)
    section = _section_column(grid, {number}, header or rows[0])
    rest = [start for start in starts if start not in {number, section}]
    if len(rest) < 2:
        return None
    title = rest[0]
    status = max(rest[1:], key=lambda start: sum(len(row.text_at(start)) for row in rows))
    texts = [text for row in rows if (text := row.text_at(status))]
    if sum(letters_in(text) * 2 > len(text) for text in texts) * 2 < len(texts):
        # Sums and years beside numbered lines: an account.
        return None
    return _under_words(Columns(title, status, number, section), header)


def _unknown_words(grid: Grid) -> GridRow | None:
    """The header whose words are on no list: short ones without a number above rows that have one."""
    first = next((row for row in grid.rows if len(row.filled) > 1), None)
    told = first is not None and row_number(first, None) is None and _could_be_words(first)
    return first if told else None


def _under_words(columns: Columns, header: GridRow | None) -> Columns:
    """The columns with the words of their header, and the status as wide as its word stands."""
    over = header.at(columns.status) if header else None
    if header is None or over is None or not over.text or not header.text_at(columns.title):
        return columns
    return replace(
        columns, status=over.start, status_span=over.span, words=(header.text_at(columns.title), over.text)
    )


def _could_be_words(row: GridRow) -> bool:
    return not any(cell.text.endswith(".") or len(cell.text) > _WORDS for cell in row.filled)


def _column(rows: Sequence[GridRow], start: int) -> list[Cell]:
    return [cell for row in rows if (cell := row.at(start)) is not None]


def _lengths(grid: Grid, starts: Sequence[int]) -> dict[int, int]:
    return {start: sum(len(row.text_at(start)) for row in grid.rows) for start in starts}
