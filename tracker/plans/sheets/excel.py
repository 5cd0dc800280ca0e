"""Excel workbooks, read as what they are: files from strangers. No macro, no entity, no formula is run."""

from __future__ import annotations

import warnings
import zipfile
from datetime import date, datetime
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from tracker.domain.errors import InvalidInput
from tracker.plans.sheets.reading import FIELD, FORMULA, MAX_COLUMNS, MAX_ROWS, too_many

MAX_UNPACKED = 60 * 1024 * 1024
# A hundred bytes in memory for each tag, however short it is: ten thousand rows of forty cells, and their
# strings, are below the first; what is beside them is read as a whole, and is small.
MAX_TAGS = 1_700_000
MAX_TAGS_BESIDE = 100_000
MAX_PARTS = 2_000
MAX_RATIO = 250
RATIO_FROM = 1024 * 1024
# Rows may be far apart; beyond this nobody has written by hand.
_LAST_ROW = 100_000
_BEFORE = b"\xef\xbb\xbf\xff\xfe \t\r\n"
_FAR_MORE = "The file unpacks to far more than its size and is not opened."
_DAMAGED = "The Excel file is damaged and cannot be opened."


def read_workbook(data: bytes, *, wanted: frozenset[str]) -> list[list[str]]:
    """The rows of the first sheet that has one of the `wanted` words in its first row, or of the first.

    Raises InvalidInput on `file`.
    """
    _check(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl leaves out: styles, pictures, validations
            book = load_workbook(BytesIO(data), read_only=True, data_only=False, keep_links=False)
            try:
                sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "reset_dimensions")]
                chosen = next((one for one in sheets if wanted & _words(_rows(one, 1))), None)
                chosen = chosen or next(iter(sheets), None)
                return _rows(chosen, _LAST_ROW) if chosen is not None else []
            finally:
                book.close()
    except InvalidInput:
        raise
    except (InvalidFileException, KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        raise InvalidInput(FIELD, _DAMAGED) from error
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, SyntaxError, OverflowError) as error:
        raise InvalidInput(FIELD, _DAMAGED) from error


def _words(rows: list[list[str]]) -> frozenset[str]:
    return frozenset(cell.strip().casefold() for row in rows for cell in row)


def _rows(sheet: Any, last: int) -> list[list[str]]:
    sheet.reset_dimensions()
    rows: list[list[str]] = []
    filled = 0
    for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), start=1):
        if number > last:
            if last == _LAST_ROW:
                raise too_many()
            break
        cells = [_text(cell) for cell in row]
        filled += any(cells)
        if filled > MAX_ROWS + 1:
            raise too_many()
        rows.append(cells)
    return rows


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return FORMULA
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _check(data: bytes) -> None:
    """Refuse what is no workbook, carries macros or entities, or unpacks to far more than its size."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            _check_sizes(parts)
            names = {part.filename.replace("\\", "/").lower() for part in parts}
            if any(part.flag_bits & 0x1 for part in parts):
                raise InvalidInput(FIELD, "The file is protected by a password; save it without one.")
            if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
                raise InvalidInput(FIELD, "The file is not an Excel workbook (.xlsx).")
            beginnings = _beginnings(archive, parts)
            _check_tags(archive, [part for part in parts if part.filename in beginnings])
    except (zipfile.BadZipFile, NotImplementedError, ValueError, RuntimeError, OSError, EOFError) as error:
        raise InvalidInput(FIELD, _DAMAGED) from error
    if any(name.endswith("vbaproject.bin") for name in names) or any(
        b"macroEnabled" in text for text in beginnings.values()
    ):
        raise InvalidInput(
            FIELD,
            "The file can contain macros, is protected or is in an old format. Save it as .xlsx or .csv.",
        )
    if any(b"<!" in text.replace(b"<!--", b"") for text in beginnings.values()):
        raise InvalidInput(FIELD, _DAMAGED)


def _beginnings(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    """How each part that can be read as XML begins, whatever it is called: a workbook may name its parts."""
    found = {part.filename: _beginning(archive, part) for part in parts}
    return {name: text for name, text in found.items() if _is_xml(name) or text.lstrip(_BEFORE)[:1] == b"<"}


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))


def _check_tags(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Refuse what is small on the disk and vast in memory, before anything is parsed."""
    left = MAX_TAGS
    for part in parts:
        with archive.open(part) as stream:
            tags = sum(chunk.count(b"<") for chunk in iter(lambda: stream.read(1024 * 1024), b""))
        name = part.filename.lower()
        left -= tags
        if left < 0 or (
            tags > MAX_TAGS_BESIDE and not name.startswith(("xl/worksheets/", "xl/sharedstrings"))
        ):
            raise InvalidInput(FIELD, _FAR_MORE)


def _beginning(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """The first bytes of a part, without the zeros of UTF-16: an entity stands before everything else."""
    with archive.open(part) as stream:
        return stream.read(64 * 1024).replace(b"\0", b"")


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    bomb = (
        len(parts) > MAX_PARTS
        or sum(part.file_size for part in parts) > MAX_UNPACKED
        or any(
            part.file_size > RATIO_FROM and part.file_size > MAX_RATIO * max(part.compress_size, 1)
            for part in parts
        )
    )
    if bomb:
        raise InvalidInput(FIELD, _FAR_MORE)
