"""Tables as files for others to open. A cell is text or a number; a text is never taken for a formula.

Excel's own limit is 32,767 characters a cell: a longer text goes on in the next cells of its row.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO

from tracker.domain.text import clean

LONGEST_CELL = 32_767
_RISKY = frozenset("=+-@\t\r\n")
Cell = str | int | None


class SheetKind(StrEnum):
    csv = "csv"
    xlsx = "xlsx"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with a name of at most 31 characters; `notice` says in the last column that a text goes on."""

    name: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notice: str = ""


def write_tables(sheets: Sequence[Sheet], *, kind: SheetKind) -> bytes:
    """The tables as a workbook with a sheet for each; as CSV the first of them alone.

    CSV is UTF-8 with its mark and has semicolons, as a Danish Excel opens it.
    """
    if kind is SheetKind.csv:
        return _csv(sheets[0])
    from tracker.plans.sheets.excel_writing import write_workbook

    return write_workbook([whole(one) for one in sheets])


def _csv(sheet: Sheet) -> bytes:
    out = StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    divided = whole(sheet)
    writer.writerow([harmless(one) for one in divided.headers])
    writer.writerows([harmless(cell) for cell in row] for row in divided.rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def harmless(cell: Cell) -> Cell:
    """A text that a spreadsheet shows and never computes: before a sign that begins a formula stands `'`.

    Full-width signs count, since some programs fold them. `-5 %` keeps its minus behind the apostrophe.
    """
    if not isinstance(cell, str):
        return cell
    bare = cell.lstrip()
    first = unicodedata.normalize("NFKC", bare[:1]) if bare else ""
    return f"'{cell}" if first[:1] in _RISKY or cell[:1] in _RISKY else cell


def whole(sheet: Sheet) -> Sheet:
    """The same table with every text divided that no cell can hold, and the notice where one is."""
    rows = [[clean(cell) if isinstance(cell, str) else cell for cell in row] for row in sheet.rows]
    if all(len(cell) <= LONGEST_CELL for row in rows for cell in row if isinstance(cell, str)):
        return Sheet(sheet.name, sheet.headers, rows, sheet.notice)
    divided: list[list[Cell]] = []
    for row in rows:
        more: list[Cell] = []
        kept: list[Cell] = []
        for cell in row:
            pieces = _pieces(cell)
            kept.append(pieces[0])
            more += pieces[1:]
        divided.append([*kept, *([sheet.notice, *more] if more else [])])
    return Sheet(sheet.name, sheet.headers, divided, sheet.notice)


def _pieces(cell: Cell) -> list[Cell]:
    # One short of the limit: the apostrophe of a harmless text needs its place.
    size = LONGEST_CELL - 1
    if not isinstance(cell, str) or len(cell) <= LONGEST_CELL:
        return [cell]
    return [cell[start : start + size] for start in range(0, len(cell), size)]
