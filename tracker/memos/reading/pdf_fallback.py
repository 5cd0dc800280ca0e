"""Reads a PDF in which no table is found from its text alone, as a text layer is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tracker.memos.reading.pdf_furniture import Furniture, Sheet
from tracker.memos.reading.pdf_lines import Line
from tracker.memos.reading.result import Doubt, Reading, Unreadable, say


def read_without_tables(sheets: Sequence[Sheet], furniture: Furniture) -> Reading:
    """Raises Unreadable when the text holds no numbered initiatives either."""
    from tracker.memos.reading.text_layer import read_text

    pages = ["\n".join(_texts(sheet)) for sheet in sheets]
    notes = [f"{note.number} {note.text}" for note in furniture.notes]
    try:
        reading = read_text("\n\n".join(["\f".join(pages), *notes]).encode())
    except Unreadable as error:
        raise Unreadable("The PDF holds no table of initiatives and statuses.") from error
    reason = say(
        "No table was found on the pages; the memo was read from the text alone, "
        "and where a title ends is a guess."
    )
    left_out = (*reading.left_out, *furniture.left_out)
    return replace(reading, left_out=left_out, doubts=(Doubt(None, "", reason), *reading.doubts))


def _texts(sheet: Sheet) -> Iterator[str]:
    """The lines of a page from above; those of a table's cells cell by cell, as text layers have them."""
    items: list[tuple[float, list[Line]]] = [(row[0].base, row) for row in sheet.rows()]
    for part in sheet.parts:
        lines = [line for row in part.rows for piece in row.pieces for line in piece.lines]
        items.append((part.y0, lines))
    before: Line | None = None
    for _, lines in sorted(items, key=lambda one: one[0]):
        for line in lines:
            if before and line.base - before.base > 1.7 * line.size:
                yield ""
            yield line.printed
            before = line
