"""Reads a memo from a PDF by the geometry of its pages: rules, places of words, sizes of letters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise

from tracker.domain.text import MARK, mark_number
from tracker.memos.reading.pdf_columns import add_tables
from tracker.memos.reading.pdf_fallback import read_without_tables
from tracker.memos.reading.pdf_furniture import Sheet, take_furniture
from tracker.memos.reading.pdf_lines import Line, lines_of
from tracker.memos.reading.pdf_memo import Assembly
from tracker.memos.reading.pdf_notes import take_notes
from tracker.memos.reading.pdf_parts import Part, part_of
from tracker.memos.reading.pdf_rules import Region, note_rule, regions_of, wide_levels
from tracker.memos.reading.pdf_source import Page, Word, read_pages
from tracker.memos.reading.result import Reading, Unreadable

_APART = 0.6
_WIDE_GAP = 1.2
_LEAST = 3
_LAST = 8


def read_pdf(data: bytes) -> Reading:
    """Read a PDF. Raises Unreadable, with one sentence, when it is damaged, protected, a scan or no memo."""
    known: list[Region] = []
    sheets = [sheet_of(page, known=known) for page in read_pages(data)]
    framed = any(sheet.framed for sheet in sheets)
    reading = _read(sheets)
    if not framed:
        return reading
    try:
        other = _read([sheet_of(page, by_words=True) for page in read_pages(data)])
    except Unreadable:
        return reading
    return max(reading, other, key=_found)


def _read(sheets: Sequence[Sheet]) -> Reading:
    furniture = take_furniture(sheets)
    take_notes(sheets, _marks(sheets), furniture)
    assembly = Assembly(sheets, furniture)
    if assembly.take_all():
        return assembly.reading()
    if add_tables(sheets):
        assembly = Assembly(sheets, furniture)
        if assembly.take_all():
            return assembly.reading()
    return read_without_tables(sheets, furniture)


def _found(reading: Reading) -> tuple[int, int]:
    """How many rows a reading has that say something, and how many sections with a name."""
    sections = [section for table in reading.memo.tables for section in table.sections]
    told = [row for section in sections for row in section.rows if row.title and row.blocks]
    return len(told), sum(bool(section.name and section.rows) for section in sections)


def sheet_of(page: Page, *, by_words: bool = False, known: list[Region] | None = None) -> Sheet:
    """A page's tables with rules between their columns, and its other lines; `by_words`: all as lines.

    `known` gathers the tables whose columns rules part, for parts of them on later pages that have none.
    """
    known = [] if known is None else known
    regions = [] if by_words else [region for region in regions_of(page) if region.uprights]
    parts: list[Part] = []
    rest = list(page.words)
    framed = False
    for region in regions:
        inside = [word for word in rest if region.holds(word)]
        if not inside:
            continue
        region.columns = next((one.inner for one in reversed(known) if region.is_above(one)), ())
        if region.well_parted:
            known.append(region)
            del known[:-_LAST]
        blind = not region.well_parted and _has_columns(inside, page.number)
        framed = framed or blind
        if region.parted or region.columns or not blind:
            rest = [word for word in rest if not region.holds(word)]
            parts.append(part_of(region, inside, page.number))
    loose = lines_of(rest, page.number, apart=_APART)
    levels = tuple(wide_levels(page))
    return Sheet(
        page.number, page.width, page.height, loose, parts, page.turned, levels, note_rule(page), framed
    )


def _has_columns(words: list[Word], page: int) -> bool:
    """Whether words inside a frame stand in columns that no rule parts."""
    lines = lines_of(words, page, apart=_WIDE_GAP)
    begun = Counter(round(line.x0) for line in lines)
    columns = [place for place, times in begun.items() if times >= _LEAST]
    beside = sum(before.base == line.base for before, line in pairwise(lines))
    return len(columns) > 1 and beside >= _LEAST


def _marks(sheets: Iterable[Sheet]) -> set[int]:
    """The numbers of the footnote marks in the text: those behind a word, not those before a note."""
    lines: Iterable[Line] = chain.from_iterable(
        chain(
            sheet.loose,
            (line for part in sheet.parts for row in part.rows for p in row.pieces for line in p.lines),
        )
        for sheet in sheets
    )
    return {
        mark_number(found[0]) for line in lines for found in MARK.finditer(line.text) if found.start() > 0
    }
