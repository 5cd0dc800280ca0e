"""Tables as files: what is refused unread, and what a cell may hold."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from openpyxl import Workbook, load_workbook

from tracker.domain.errors import InvalidInput
from tracker.plans.sheets import SheetKind, read_table, write_tables
from tracker.plans.sheets.reading import MAX_FILE, MAX_ROWS
from tracker.plans.sheets.writing import LONGEST_CELL, Sheet, harmless


def _book() -> bytes:
    book, out = Workbook(), io.BytesIO()
    book.active.append(["Name", "E-mail"])
    book.active.append(["Nina", "nina@example.com"])
    book.save(out)
    return out.getvalue()


def _with(name: str, content: bytes) -> bytes:
    """The workbook with a part more, or another part of that name."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_book())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


_DECLARED = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><workbook>&b;</workbook>'
)
_DECLARED_WIDE = _DECLARED.decode().replace("1.0", "1.1").encode("utf-16")


def _entity() -> bytes:
    return _with("xl/workbook.xml", _DECLARED)


def _tags(name: str, number: int) -> bytes:
    """A part of many short tags, which take fifty times as much memory as they take on the disk."""
    return _with(name, b"<x>" + b"".join(b"<a%d/>" % (one % 97) for one in range(number)) + b"</x>")


REFUSED: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "empty": (lambda: b"", "a.csv", "The file is empty."),
    "blank": (lambda: b"\r\n;;;\r\n", "a.csv", "The file is empty."),
    "too large": (lambda: b"x" * (MAX_FILE + 1), "a.csv", "The file is too large"),
    "too many rows": (lambda: b"a;b\n" * (MAX_ROWS + 2), "a.csv", "more than 10000 rows"),
    "too long a cell": (lambda: b"Navn;E-mail\n" + b"x" * 3_000, "a.csv", "Row 2 has more text"),
    "macros by name": (_book, "a.xlsm", "can contain macros"),
    "macros within": (lambda: _with("xl/vbaProject.bin", b"x"), "a.xlsx", "can contain macros"),
    "old format": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, "a.xls", "old format"),
    "bomb": (lambda: _with("xl/media/x.bin", b"\0" * (40 * 1024 * 1024)), "a.xlsx", "far more than its size"),
    "small on the disk": (lambda: _tags("xl/styles.xml", 100_001), "a.xlsx", "far more than its size"),
    "by another name": (lambda: _tags("xl/theme.bin", 100_001), "a.xlsx", "far more than its size"),
    "a vast sheet": (
        lambda: _tags("xl/worksheets/sheet1.xml", 1_700_001),
        "a.xlsx",
        "far more than its size",
    ),
    "entities": (_entity, "a.xlsx", "damaged"),
    "entities by another name": (lambda: _with("xl/strings.bin", _DECLARED), "a.xlsx", "damaged"),
    "entities in UTF-16": (lambda: _with("xl/strings.bin", _DECLARED_WIDE), "a.xlsx", "damaged"),
    "not a workbook": (lambda: _zip("hello.txt"), "a.xlsx", "not an Excel workbook"),
    "cut off": (lambda: _book()[:400], "a.xlsx", "damaged"),
    "text called xlsx": (lambda: b"Navn;E-mail", "a.xlsx", "not what it holds"),
    "workbook called csv": (_book, "a.csv", "not what it holds"),
    "zeros": (lambda: b"Navn\0;E-mail", "a.csv", "neither an Excel workbook"),
}


def _zip(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize("what", list(REFUSED))
def test_what_cannot_be_a_table_is_refused_with_its_reason(what: str) -> None:
    content, name, why = REFUSED[what]
    with pytest.raises(InvalidInput) as refused:
        read_table(content(), name=name)
    assert why in str(refused.value)
    assert refused.value.field == "file"


def test_a_workbook_is_read_from_the_sheet_that_has_the_columns() -> None:
    book, out = Workbook(), io.BytesIO()
    book.active.append(["Something", "else"])
    second = book.create_sheet("People")
    second.append(["Name", "E-mail"])
    second.append([])
    second.append(["Nina", "nina@example.com"])
    book.save(out)
    table = read_table(out.getvalue(), name="a.xlsx", wanted=["e-mail"])
    assert table.rows == ((1, ("Name", "E-mail")), (3, ("Nina", "nina@example.com")))


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-5 %", "@SUM(1)", "\t=1", "\r=1", " =1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x"],
)
def test_no_text_becomes_a_formula_and_none_loses_a_sign(text: str) -> None:
    assert harmless(text) == f"'{text}"
    sheet = Sheet("Sheet", ["Text"], [[text]])
    read = read_table(write_tables([sheet], kind=SheetKind.csv), name="a.csv").rows[1][1][0]
    assert read.lstrip("'").strip() == text.strip()
    book = load_workbook(io.BytesIO(write_tables([sheet], kind=SheetKind.xlsx)))
    assert book.active["A2"].data_type == "s"


@pytest.mark.parametrize("kind", list(SheetKind))
def test_a_text_that_no_cell_can_hold_goes_on_in_the_next_with_a_notice(kind: SheetKind) -> None:
    text = "".join(chr(97 + n % 26) for n in range(40_000))
    sheet = Sheet("Sheet", ["Text", "More"], [[text, "x"]], notice="Goes on:")
    content = write_tables([sheet], kind=kind)
    if kind is SheetKind.xlsx:
        cells = [cell.value for cell in load_workbook(io.BytesIO(content)).active[2]]
    else:
        cells = content.decode("utf-8-sig").splitlines()[1].split(";")
    assert cells[1:3] == ["x", "Goes on:"]
    assert "".join([cells[0], *cells[3:]]) == text
    assert max(len(cell) for cell in cells) <= LONGEST_CELL


def test_what_a_spreadsheet_cannot_hold_is_cleaned() -> None:
    sheet = Sheet("Sheet", ["Text"], [["a\x0bb\x00c\ufffed\x1b"]])
    book = load_workbook(io.BytesIO(write_tables([sheet], kind=SheetKind.xlsx)))
    assert "\x00" not in book.active["A2"].value
