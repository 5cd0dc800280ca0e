"""Excel workbooks from tables: texts are written as texts, whatever they begin with."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from xlsxwriter import Workbook

from tracker.plans.sheets.writing import Sheet

_WIDEST = 60


def write_workbook(sheets: Sequence[Sheet]) -> bytes:
    """A workbook with a sheet for each table, its first row frozen. No text becomes a formula or a link."""
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, options | {"strings_to_numbers": False}) as book:
        bold = book.add_format({"bold": True})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name[:31])
            page.freeze_panes(1, 0)
            for column, header in enumerate(sheet.headers):
                texts = [str(row[column] or "") for row in sheet.rows if column < len(row)]
                width = max([len(header), *(len(text) for text in texts)], default=8)
                page.set_column(column, column, min(width + 2, _WIDEST))
                page.write_string(0, column, header, bold)
            for number, row in enumerate(sheet.rows, start=1):
                for column, cell in enumerate(row):
                    if isinstance(cell, int):
                        page.write_number(number, column, cell)
                    elif cell:
                        page.write_string(number, column, cell)
    return out.getvalue()
