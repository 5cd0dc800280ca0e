"""Reads a memo from a Word file: the table's cells, merged rows, lists, real footnotes."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace

from tracker.domain.memo import Memo, Table, TableKind
from tracker.domain.text import MARK, Footnote, mark_number
from tracker.memos.reading import vocabulary
from tracker.memos.reading.checks import doubts_of
from tracker.memos.reading.front import Front, FrontLine, read_front
from tracker.memos.reading.result import Doubt, LeftOut, Reading, Unreadable, say
from tracker.memos.reading.word_columns import Columns, numbering_of
from tracker.memos.reading.word_front import (
    Look,
    early_section,
    front_line,
    is_label,
    joined,
    look_of,
    tells_of_the_memo,
)
from tracker.memos.reading.word_grid import Grid
from tracker.memos.reading.word_names import Names
from tracker.memos.reading.word_package import Package, open_package
from tracker.memos.reading.word_paragraphs import Paragraph, WordText
from tracker.memos.reading.word_pieces import WordTable, is_caption, pieces_of
from tracker.memos.reading.word_rows import SectionReader

_TYPED_NOTE = re.compile(r"^([⁰¹²³⁴⁵⁶⁷⁸⁹]+)\s*(\S.*)$", re.DOTALL)
_PLAIN_NOTE = re.compile(r"^(\d{1,2})[.)]?\s+(\S.*)$", re.DOTALL)
_KINDS: tuple[TableKind, ...] = ("status", "unfunded", "new")


def read_docx(data: bytes) -> Reading:
    """Read a Word file. Raises Unreadable when it is damaged, unsafe or holds no table of initiatives."""
    package = open_package(data)
    document = _Document(WordText(package))
    pieces = pieces_of(package.body, document.word)
    document.looks = _looks_of_headings(pieces)
    for piece in pieces:
        document.take(piece)
    return document.reading(package)


@dataclass
class _Document:
    word: WordText
    before: list[Paragraph] = field(default_factory=list)
    readers: dict[TableKind, SectionReader] = field(default_factory=lambda: defaultdict(SectionReader))
    left_out: list[LeftOut] = field(default_factory=list)
    front: Front | None = None
    tail: list[Paragraph] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    kind: TableKind = "status"
    looks: set[Look] = field(default_factory=set)

    def take(self, piece: Paragraph | WordTable) -> None:
        if isinstance(piece, Paragraph):
            if piece.style.name.startswith(("toc ", "table of figures")):
                self._leave([piece])
            else:
                (self.before if self.front is None else self.tail).append(piece)
            return
        self.doubts += [piece.doubt] if piece.doubt else []
        if piece.columns is None:
            self._layout_table(piece.grid)
        elif self.front is None:
            self._first_table(piece.grid, piece.columns)
        else:
            self._next_table(piece.grid, piece.columns)

    def _layout_table(self, grid: Grid) -> None:
        """A table without initiatives: before the first one part of the head, else left out."""
        in_head = self.front is None and (not self.before or tells_of_the_memo(grid))
        for row in grid.rows:
            shown = [cell.text for cell in row.filled]
            if not shown:
                continue
            if in_head:
                paragraphs = [p for cell in row.filled for p in cell.paragraphs if p.lines]
                self.before += [joined(shown, row.place)] if is_label(shown) else paragraphs
            else:
                self.left_out.append(LeftOut(" | ".join(shown), row.place))

    def _first_table(self, grid: Grid, columns: Columns) -> None:
        heading_inside = _begins_with_heading(grid) or _begins_with_name(grid, columns)
        section, spare = (None, []) if heading_inside else early_section(self.before, self.looks)
        kept = [p for p in self.before if p not in spare and p is not section]
        named = heading_inside or bool(section)
        front = read_front([front_line(paragraph) for paragraph in kept], named=named)
        if section:
            front = replace(front, section=section.text)
        name, number = vocabulary.plain_name(front.section)
        self._leave(spare)
        if number:
            self.left_out.append(LeftOut(number, say("heading above a section")))
        front = replace(front, section=name)
        self.front = front
        self.kind = vocabulary.kind_of_table(front.caption, front.section)
        reader = self.readers[self.kind]
        reader.caption = front.caption
        reader.read(grid, columns, heading=front.section)

    def _next_table(self, grid: Grid, columns: Columns) -> None:
        above, self.tail = self.tail, []
        caption = next((p.text for p in reversed(above) if is_caption(p)), "")
        headings = [p for p in above if p.text != caption and (p.looks_like_heading or _names(p))]
        heading = headings[-1].text if headings else ""
        stated = vocabulary.kind_of_table(caption, *(p.text for p in headings))
        if caption or stated != "status":
            self.kind = stated
        if heading and not caption and vocabulary.kind_of_table(heading) != "status":
            # The heading names the table, not an administration.
            caption, heading = heading, ""
        start = self.next_number
        reader = self.readers[self.kind]
        reader.start = start
        if caption and not reader.caption:
            reader.caption = caption
        used = {reader.caption, heading}
        self._leave([p for p in above if p.text not in used])
        name, number = vocabulary.plain_name(heading)
        if number:
            self.left_out.append(LeftOut(number, say("heading above a section")))
        reader.read(grid, columns, heading=name)

    @property
    def next_number(self) -> int:
        """The number after the last row of any table."""
        return max((reader.next_number for reader in self.readers.values()), default=1)

    def _leave(self, paragraphs: list[Paragraph]) -> None:
        self.left_out += [LeftOut(p.printed, p.place) for p in paragraphs]

    def reading(self, package: Package) -> Reading:
        if self.front is None:
            raise Unreadable("The Word file has no table of initiatives and statuses.")
        furniture = _furniture(package, self.word.left_out)
        front = self.front.completed(furniture)
        if "status" not in self.readers:
            # Every memo has a table of statuses, whatever words its caption holds.
            self.readers = _as_status(self.readers)
        tables = tuple(
            Table(reader.caption, reader.closed(), kind)
            for kind in _KINDS
            if (reader := self.readers.get(kind)) and reader.sections
        )
        if not any(section.rows for table in tables for section in table.sections):
            raise Unreadable("The Word file has no table of initiatives and statuses.")
        notes, rest = _typed_notes(self.tail, self.word.footnotes(), tables)
        self._leave(rest)
        self.word.leave_unmarked_notes()
        memo = Memo(front.title, front.head, front.intro, tables, notes)
        left_out = (*front.left_out, *self.left_out, *self.word.left_out)
        doubts = self.doubts + [
            doubt for kind in _KINDS if kind in self.readers for doubt in self.readers[kind].doubts
        ]
        left_out += tuple(
            piece for kind in _KINDS if kind in self.readers for piece in self.readers[kind].left_out
        )
        sources = self.readers["status"].sources() if "status" in self.readers else ()
        return Reading(memo, left_out, tuple(_sorted([*doubts, *doubts_of(memo)])), sources)


def _as_status(readers: dict[TableKind, SectionReader]) -> dict[TableKind, SectionReader]:
    first = next(iter(readers))
    return {"status" if kind == first else kind: reader for kind, reader in readers.items()}


def _sorted(doubts: list[Doubt]) -> list[Doubt]:
    return sorted(doubts, key=lambda doubt: -1 if doubt.row is None else doubt.row)


def _begins_with_heading(grid: Grid) -> bool:
    first = next((row for row in grid.rows if row.filled), None)
    return first is not None and len(first.filled) == 1


def _begins_with_name(grid: Grid, columns: Columns) -> bool:
    """Whether a section's name stands above the first initiative or beside it."""
    names = Names.of(grid, columns, numbering_of(grid, columns), above=False)
    first = next((row for row in grid.rows if row.filled and not columns.heads(row)), None)
    if first is None:
        return False
    counted = vocabulary.spaced_number(first.text_at(columns.title)) is not None
    return bool(first.text_at(columns.section)) or names.name_in(first, counted=counted) is not None


def _looks_of_headings(pieces: list[Paragraph | WordTable]) -> set[Look]:
    """How the headings above the tables of initiatives are set, those above the first one apart."""
    looks: set[Look] = set()
    above: list[Paragraph] | None = None
    for piece in pieces:
        if isinstance(piece, WordTable):
            if piece.columns is not None:
                looks |= {look_of(paragraph) for paragraph in above or [] if paragraph.looks_like_heading}
                above = []
        elif above is not None:
            above.append(piece)
    return looks


def _names(paragraph: Paragraph) -> bool:
    return vocabulary.names_administration(vocabulary.plain_name(paragraph.text)[0])


def _furniture(package: Package, left_out: list[LeftOut]) -> list[FrontLine]:
    """The lines of page headers and footers, each once."""
    seen: dict[str, FrontLine] = {}
    for name, root in package.furniture.items():
        place = say("page header") if "header" in name else say("page footer")
        for paragraph in WordText(package, left_out).paragraphs(root):
            if paragraph.lines:
                seen.setdefault(paragraph.text, FrontLine(paragraph.text, place, style=paragraph.style.name))
    return list(seen.values())


def _typed_notes(
    tail: list[Paragraph], real: tuple[Footnote, ...], tables: tuple[Table, ...]
) -> tuple[tuple[Footnote, ...], list[Paragraph]]:
    """Notes typed as paragraphs after the last table, and the paragraphs that are no notes."""
    blocks = [
        block
        for table in tables
        for section in table.sections
        for row in section.rows
        for block in row.blocks
    ]
    wanted = {mark_number(found) for block in blocks for found in MARK.findall(block.text)}
    known = {note.number for note in real}
    notes, rest = list(real), []
    for paragraph in tail:
        found = _TYPED_NOTE.match(paragraph.text) or _PLAIN_NOTE.match(paragraph.printed)
        number = mark_number(found[1]) if found else None
        if found and number in wanted and number not in known:
            notes.append(Footnote(mark_number(found[1]), found[2]))
            known.add(mark_number(found[1]))
        else:
            rest.append(paragraph)
    return tuple(sorted(notes, key=lambda note: note.number)), rest
