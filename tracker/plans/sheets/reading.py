"""A table from a file that somebody hands over: CSV in any of the usual dresses, or Excel without macros."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from tracker.domain.errors import InvalidInput
from tracker.domain.text import clean

MAX_FILE = 10 * 1024 * 1024
MAX_ROWS = 10_000
MAX_COLUMNS = 40
MAX_CELL = 2_000
FIELD = "file"
# What stands in a cell that holds a formula: nobody computes it, so its row cannot be read.
FORMULA = "\0formula"

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MACROS = {".xlsm", ".xltm", ".xlsb", ".xlam", ".xls"}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts, each with the number it has in the file, counted from 1; empty rows are left out."""

    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_table(data: bytes, *, name: str, wanted: Iterable[str] = ()) -> Table:
    """The table of a file; of several sheets the first that has one of the `wanted` words in its first row.

    Raises InvalidInput on `file` with the sentence that says why it cannot be read.
    """
    if not data:
        raise InvalidInput(FIELD, "The file is empty.")
    if len(data) > MAX_FILE:
        raise InvalidInput(FIELD, "The file is too large: at most %(limit)s MB can be read.", limit=10)
    extension = Path(name).suffix.lower()
    if extension in _MACROS or data.startswith(_OLE):
        raise InvalidInput(
            FIELD,
            "The file can contain macros, is protected or is in an old format. Save it as .xlsx or .csv.",
        )
    is_workbook = data.startswith(_ZIP)
    if is_workbook != (extension == ".xlsx") and extension in {".xlsx", ".csv", ".txt"}:
        raise InvalidInput(
            FIELD,
            "The file is called %(extension)s, but that is not what it holds; it may be damaged or misnamed.",
            extension=extension,
        )
    if is_workbook:
        from tracker.plans.sheets.excel import read_workbook

        return _tidy(read_workbook(data, wanted=frozenset(wanted)))
    return _tidy(_separated(_decoded(data)))


def _decoded(data: bytes) -> str:
    """Text from UTF-8, UTF-16 with its mark, or Windows-1252."""
    encodings = ["utf-16"] if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InvalidInput(FIELD, "The file is neither an Excel workbook (.xlsx) nor a table as text (.csv).")


def _separated(text: str) -> list[list[str]]:
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        separator, text = first.strip()[4], rest
    else:
        separator = max(";,\t", key=first.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=separator):
            rows.append(row)
            if len(rows) > MAX_ROWS + 1:
                raise too_many()
    except csv.Error as error:
        raise InvalidInput(FIELD, "The file is damaged and cannot be read as a table.") from error
    return rows


def too_many() -> InvalidInput:
    return InvalidInput(FIELD, "The file has more than %(limit)s rows. Divide it.", limit=MAX_ROWS)


def _tidy(rows: Sequence[Sequence[str]]) -> Table:
    kept = []
    for number, row in enumerate(rows, start=1):
        if any(len(cell) > MAX_CELL for cell in row) or len(row) > MAX_COLUMNS * 5:
            raise InvalidInput(FIELD, "Row %(row)s has more text than a cell can hold here.", row=number)
        cells = [cell if cell == FORMULA else _plain(cell) for cell in row[:MAX_COLUMNS]]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            kept.append((number, tuple(cells)))
    if not kept:
        raise InvalidInput(FIELD, "The file is empty.")
    return Table(tuple(kept))


def _plain(cell: str) -> str:
    """The cell on one line; without the apostrophe that keeps a text from being a formula."""
    text = " ".join(clean(cell).split())
    return text[1:] if text.startswith("'") and text[1:2] in {"=", "+", "-", "@"} else text
