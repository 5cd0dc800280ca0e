"""Takes out of the pages of a PDF what belongs to the page and not to the memo, and the footnotes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tracker.domain.text import Footnote
from tracker.memos.reading import vocabulary
from tracker.memos.reading.pdf_lines import Line
from tracker.memos.reading.pdf_parts import Part
from tracker.memos.reading.result import LeftOut, Sentence, say

_OF = r"(?: ?(?:af|of|ud af|/|\|) ?\d{1,4})?"
_NUMBER = re.compile(rf"^[-–|]? ?(\d{{1,4}}){_OF} ?[-–|]?$")
_SAID_NUMBER = re.compile(rf"^[-–|]? ?(?:side|page|s\.|p\.) ?\d{{1,4}}{_OF} ?[-–|]?$", re.IGNORECASE)
DRAFT = re.compile(r"kladde|udkast|draft|fortrolig", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
NOTE = re.compile(r"^(?:([⁰¹²³⁴⁵⁶⁷⁸⁹]+)|(\d{1,3})[.)]?(?= )) ?(\S.*)$", re.DOTALL)
_SAME_PLACE = 4.0
_EDGE = 0.16
_REPEATED = 0.4
_FRAME = 2.5
_APART = 1.6
SMALLER = 0.4
_FEW_WORDS = 4


@dataclass
class Sheet:
    """One page: its tables' parts, and all other lines in pieces that stand apart.

    `levels` are the heights of wide level rules, `note_rule` that of the stroke above the footnotes; `framed`
    says that a table stands in a frame whose columns hardly any rule parts.
    """

    number: int
    width: float
    height: float
    loose: list[Line]
    parts: list[Part]
    turned: tuple[str, ...] = ()
    levels: tuple[float, ...] = ()
    note_rule: float | None = None
    framed: bool = False

    def rows(self) -> list[list[Line]]:
        """The loose lines, those that stand beside each other together."""
        found: list[list[Line]] = []
        for line in sorted(self.loose, key=lambda one: (one.base, one.x0)):
            if found and line.base - found[-1][0].base <= 1.5:
                found[-1].append(line)
            else:
                found.append([line])
        return found


@dataclass
class Furniture:
    """What was taken: `lines` once for each page, and the memo's footnotes."""

    lines: list[tuple[Line, Sentence]] = field(default_factory=list)
    notes: list[Footnote] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)

    @property
    def left_out(self) -> list[LeftOut]:
        return [LeftOut(line.printed, place) for line, place in self.lines]


def take_furniture(sheets: Sequence[Sheet]) -> Furniture:
    """Remove running heads and feet, page numbers and watermarks from the sheets, and hand them back."""
    found = Furniture()
    tops, feet = _margins(sheets)
    for sheet in sheets:
        rows = sheet.rows()
        head = _leading(rows, sheet, sheets, tops, top=True)
        foot = _leading(rows[head:][::-1], sheet, sheets, feet, top=False)
        taken = [*rows[:head], *rows[len(rows) - foot :]]
        for at, row in enumerate(taken):
            place = _place(sheet.number, top=at < head)
            found.lines += [(line, place) for line in row]
        gone = {id(line) for row in taken for line in row}
        sheet.loose = [line for line in sheet.loose if id(line) not in gone]
        for word in sheet.turned:
            line = Line(sheet.number, word, 0, 0, 0, 0, False, 0)
            found.lines.append((line, say("page %(page)s, watermark", page=sheet.number)))
    return found


def _place(page: int, *, top: bool) -> Sentence:
    return (
        say("page %(page)s, page header", page=page) if top else say("page %(page)s, page footer", page=page)
    )


Slot = tuple[int, str]


def _margins(sheets: Sequence[Sheet]) -> tuple[Counter[Slot], Counter[Slot]]:
    """How often a text, its digits apart, stands at a height; the empty text counts the height alone."""
    tops: Counter[Slot] = Counter()
    feet: Counter[Slot] = Counter()
    for sheet in sheets:
        for row in sheet.rows():
            for slots, top in ((tops, True), (feet, False)):
                if _is_outside(row, sheet, top=top):
                    place = _height(row, sheet, top=top)
                    slots[place, _said(row, sheet)] += 1
                    if sheet.number > 1:
                        slots[place, ""] += 1
    return tops, feet


def _is_outside(row: Sequence[Line], sheet: Sheet, *, top: bool) -> bool:
    """Whether a row stands above all tables of its page, or below them, near enough to the edge."""
    base = row[0].base
    if sheet.parts:
        first, last = sheet.parts[0], sheet.parts[-1]
        return base <= first.y0 + 1 if top else base >= last.y1 - 1
    return base < _EDGE * sheet.height if top else base > (1 - _EDGE) * sheet.height


def _height(row: Sequence[Line], sheet: Sheet, *, top: bool) -> int:
    return round((row[0].base if top else sheet.height - row[0].base) / _SAME_PLACE)


def _said(row: Sequence[Line], sheet: Sheet) -> str:
    """A row's text with numbers made alike, but for one before a note, which is not the page's."""
    text = " ".join(line.text for line in row)
    found = NOTE.match(text)
    ruled = sheet.note_rule is not None and row[0].base > sheet.note_rule
    note = found and len(text.split()) > _FEW_WORDS and ruled
    own = found and found[2] and (note or int(found[2]) != sheet.number)
    return text if own else _DIGITS.sub("#", text)


def _letters(row: Sequence[Line]) -> str:
    return "".join(line.text for line in row).replace(" ", "")


def _leading(
    rows: Sequence[Sequence[Line]], sheet: Sheet, sheets: Sequence[Sheet], slots: Counter[Slot], *, top: bool
) -> int:
    """How many of the rows, from the page's edge on, belong to the page."""
    for at, row in enumerate(rows):
        if not _is_outside(row, sheet, top=top):
            return at
        # A footer stands apart from the notes above it, whose last lines end at one height too.
        inner = rows[at + 1] if at + 1 < len(rows) else None
        apart = inner is None or abs(inner[0].base - row[0].base) > _APART * row[0].size
        note = not top and (not apart or _may_be_note(row, sheet))
        if not _belongs(row, sheet, sheets, slots, top=top, note=note):
            return at
    return len(rows)


def _may_be_note(row: Sequence[Line], sheet: Sheet) -> bool:
    """Whether a row stands below the stroke above footnotes, or begins as a note does."""
    ruled = sheet.note_rule is not None and row[0].base > sheet.note_rule
    numbered = NOTE.match(row[0].text)
    return ruled or bool(numbered and (numbered[1] or len(row[0].text.split()) > _FEW_WORDS))


def _belongs(
    row: Sequence[Line],
    sheet: Sheet,
    sheets: Sequence[Sheet],
    slots: Counter[Slot],
    *,
    top: bool,
    note: bool,
) -> bool:
    """`note` says that the row may be a footnote's, so that only its words can tell."""
    place, said = _height(row, sheet, top=top), _said(row, sheet)
    if _is_page_number(row, sheet) or (top and DRAFT.fullmatch(_letters(row))):
        return True
    if len(sheets) < 2:
        return False
    near = (place - 1, place, place + 1)
    if sum(slots[one, said] for one in near) >= max(2, _REPEATED * (len(sheets) - 1)):
        return True
    if sheet.number == 1 or note or _heads_a_table(row, sheet):
        return False
    beyond = _beyond_frame(row, sheet, sheets, top=top)
    often = sum(slots[one, ""] for one in near) >= max(2, 0.6 * (len(sheets) - 1))
    return beyond and (often or top)


def _heads_a_table(row: Sequence[Line], sheet: Sheet) -> bool:
    """Whether a row above a page's table says what the table is, in print no smaller than the table's."""
    text = " ".join(line.text for line in row)
    if not sheet.parts or not names_a_table(text):
        return False
    return row[0].size > usual_size([sheet]) - SMALLER


def names_a_table(text: str) -> bool:
    return vocabulary.is_caption(text) or vocabulary.names_administration(text)


def _is_page_number(row: Sequence[Line], sheet: Sheet) -> bool:
    """Whether a row at the page's edge is its number, or says it among other words."""
    if 0.1 * sheet.height <= row[0].base <= 0.9 * sheet.height:
        return False
    if any(_SAID_NUMBER.match(line.text) for line in row):
        return True
    found = _NUMBER.match(" ".join(line.text for line in row))
    return bool(found and int(found[1]) == sheet.number)


def _beyond_frame(row: Sequence[Line], sheet: Sheet, sheets: Sequence[Sheet], *, top: bool) -> bool:
    """Whether a row stands where no page has text of its own."""
    if not top:
        lowest = max((part.y1 for one in sheets for part in one.parts[-1:]), default=sheet.height)
        return row[0].base > lowest + _FRAME
    tables = [part.y0 for one in sheets for part in one.parts[:1]]
    if not tables:
        return False  # Without tables only the first page would tell, and its first line may stand lower.
    first = sheets[0].rows()
    # Compared by the letters' tops, since the first page often begins with a title in larger print.
    return _top(row[0]) < min(tables + [_top(line) for line in (first or [[]])[0]]) - _FRAME


def _top(line: Line) -> float:
    return line.base - line.size


def usual_size(sheets: Sequence[Sheet]) -> float:
    """The size in which most letters of the pages are set."""
    counted: Counter[float] = Counter()
    for sheet in sheets:
        for line in sheet.loose:
            counted[line.size] += len(line.text)
        for part in sheet.parts:
            for row in part.rows:
                for piece in row.pieces:
                    for line in piece.lines:
                        counted[line.size] += len(line.text)
    return max(counted, key=lambda one: counted[one], default=0.0)
