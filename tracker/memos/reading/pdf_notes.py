"""The footnotes of a PDF, taken from its pages' feet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from tracker.domain.text import Footnote, mark_number
from tracker.memos.reading import vocabulary
from tracker.memos.reading.pdf_furniture import NOTE, SMALLER, Furniture, Sheet, names_a_table, usual_size
from tracker.memos.reading.pdf_joins import joined
from tracker.memos.reading.pdf_lines import Line, beside

_RAISED = re.compile(r"^([⁰¹²³⁴⁵⁶⁷⁸⁹]+)() ?(\S.*)$", re.DOTALL)


def take_notes(sheets: Sequence[Sheet], marks: set[int], furniture: Furniture) -> None:
    """Remove footnotes from the pages' feet; `marks` are the numbers that stand raised in the text.

    A note begins with the number of a mark and runs on to the next note or the page's end, and at the
    foot of the next page if that begins with no number and the table goes on above it.
    """
    texts: dict[int, list[Line]] = {}
    open_note: int | None = None
    size = usual_size(sheets)
    raised = False
    any_rule = any(sheet.note_rule is not None for sheet in sheets)
    for sheet in sheets:
        rows = [_whole(row) for row in sheet.rows()]
        lowest = sheet.parts[-1].y1 if sheet.parts else 0.0
        start = _below_rule(rows, sheet.note_rule, marks - set(texts), open_note)
        ruled = start is not None
        if start is None:
            start = _first_note(rows, lowest, size, marks - set(texts))
        raised = raised or (start is not None and bool(_RAISED.match(rows[start].text)))
        ruled_alike = sheet.note_rule is not None or not any_rule
        if (
            start is None
            and open_note is not None
            and ruled_alike
            and _runs_on(rows, lowest, texts[open_note])
        ):
            start = next(at for at, line in enumerate(rows) if line.base > lowest)
        if start is None:
            open_note = None
            continue
        end = len(rows) if ruled else _end_of_notes(rows, start, size)
        for line in rows[start:end]:
            found = (_RAISED if raised else NOTE).match(line.text)
            number = _note_number(found) if found else 0
            follows = raised or open_note is None or number == open_note + 1
            if found and follows and number in marks and number not in texts:
                texts[number] = [_without_number(line, found[3])]
                open_note = number
            elif open_note is not None:
                texts[open_note].append(line)
        top, bottom = rows[start].base - 1.5, rows[end - 1].base + 1.5
        sheet.loose = [line for line in sheet.loose if not top < line.base < bottom]
    for number, lines in sorted(texts.items()):
        text, doubtful = joined([line for line in lines if line.text])
        furniture.notes.append(Footnote(number, text))
        furniture.doubtful += doubtful


def _whole(row: Sequence[Line]) -> Line:
    return reduce(beside, row)


def _without_number(line: Line, rest: str) -> Line:
    return replace(line, text=rest)


def _note_number(found: re.Match[str]) -> int:
    return mark_number(found[1]) if found[1] else int(found[2])


def _first_note(rows: Sequence[Line], lowest: float, size: float, wanted: set[int]) -> int | None:
    """Where the notes of a page begin: below its tables, or in smaller print at its foot."""
    for form in (_RAISED, NOTE):
        for at, line in enumerate(rows):
            found = form.match(line.text) if line.base > lowest else None
            if not found or _note_number(found) not in wanted:
                continue
            small = all(below.size < size - SMALLER for below in rows[at:])
            if small or lowest > 0 or (found[1] and line.size <= size):
                return at
    return None


def _below_rule(
    rows: Sequence[Line], rule: float | None, wanted: set[int], open_note: int | None
) -> int | None:
    """Where the notes of a page begin that a stroke parts from its text; the first may go on there."""
    at = next((at for at, line in enumerate(rows) if rule is not None and line.base > rule), None)
    if at is None:
        return None
    found = NOTE.match(rows[at].text)
    begins = found is not None and _note_number(found) in wanted
    return at if begins or open_note is not None else None


def _end_of_notes(rows: Sequence[Line], start: int, size: float) -> int:
    """Where notes end that are typed below the table in the size of the text; others end with the page."""
    if rows[start].size < size - SMALLER:
        return len(rows)
    widest = max(line.x1 for line in rows)
    for at in range(start + 1, len(rows)):
        before, line = rows[at - 1], rows[at]
        apart = line.base - before.base > 1.8 * line.size
        roomy = widest - before.x1 > line.first + 0.3 * line.size
        ended = apart or roomy or line.size > before.size + SMALLER or vocabulary.is_closing(line.text)
        if ended and not NOTE.match(line.text):
            return at
    return len(rows)


def _runs_on(rows: Sequence[Line], lowest: float, note: Sequence[Line]) -> bool:
    below = [line for line in rows if line.base > lowest]
    if not below or lowest <= 0 or vocabulary.is_closing(below[0].text) or names_a_table(below[0].text):
        return False
    return all(abs(line.size - note[-1].size) < 0.3 for line in below)
