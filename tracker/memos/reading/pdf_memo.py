"""Puts a memo together from the sheets of a PDF: what stands before the tables, the tables, what follows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from tracker.domain.memo import Memo, Row, Section, TableKind
from tracker.domain.memo import Table as MemoTable
from tracker.domain.text import Footnote, marks_in
from tracker.memos.reading import vocabulary
from tracker.memos.reading.checks import doubts_of
from tracker.memos.reading.front import Front, FrontLine, read_front
from tracker.memos.reading.pdf_furniture import DRAFT, Furniture, Sheet, usual_size
from tracker.memos.reading.pdf_joins import Flow
from tracker.memos.reading.pdf_lines import Line, beside
from tracker.memos.reading.pdf_paragraphs import paragraphs_of
from tracker.memos.reading.pdf_parts import Part
from tracker.memos.reading.pdf_tables import Table
from tracker.memos.reading.result import Doubt, LeftOut, Reading, say
from tracker.memos.reading.text_blocks import with_marks
from tracker.memos.reading.word_paragraphs import Paragraph
from tracker.memos.reading.word_rows import SectionReader
from tracker.memos.reading.word_tables import Grid, columns_of

_KINDS: tuple[TableKind, ...] = ("status", "unfunded", "new")
_APART = 1.6
_LABEL = 30
_LARGER = 1.12
_PADDING = 6.0
_NOTICE = re.compile(
    rf"{DRAFT.pattern}|ikke (?:det endelige|godkendt)|not (?:the final|approved)", re.IGNORECASE
)
_FEW_LINES = 40


@dataclass
class Text:
    """Lines between two tables, from above."""

    lines: list[Line] = field(default_factory=list)


def contents_of(sheets: Sequence[Sheet]) -> list[Text | Table]:
    """Texts and tables in printed order; a table that goes on over pages is one."""
    found: list[Text | Table] = []
    for sheet in sheets:
        items: list[tuple[float, Part | Line]] = [(part.y0, part) for part in sheet.parts]
        items += [(line.base, line) for row in sheet.rows() for line in _printed(row)]
        for _, item in sorted(items, key=lambda one: one[0]):
            last = found[-1] if found else None
            if isinstance(item, Line):
                if not isinstance(last, Text):
                    last = Text()
                    found.append(last)
                last.lines.append(item)
            elif isinstance(last, Table) and last.parts[-1].page != item.page and last.takes(item):
                last.parts.append(item)
            else:
                found.append(Table([item]))
    return found


def _printed(row: Sequence[Line]) -> list[Line]:
    """A printed line's pieces, those that stand near each other as one."""
    lines = list(row[:1])
    for before, line in pairwise(row):
        label = lines[-1].text.endswith(":") and len(lines[-1].text) <= _LABEL
        if label or line.x0 - before.x1 <= _APART * max(before.size, line.size):
            lines[-1] = beside(lines[-1], line)
        else:
            lines.append(line)
    return lines


@dataclass
class Assembly:
    """Reads the sheets of a PDF whose furniture and notes were taken out.

    `rough`: the sheets are made of a text layer, and places on them are not exact.
    """

    sheets: Sequence[Sheet]
    furniture: Furniture
    rough: bool = False
    readers: dict[TableKind, SectionReader] = field(default_factory=lambda: defaultdict(SectionReader))
    left_out: list[LeftOut] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)
    before: list[Paragraph] = field(default_factory=list)
    tail: list[Paragraph] = field(default_factory=list)
    front: Front | None = None
    kind: TableKind = "status"
    tables: int = 0
    # A header whose rows a name without rules parts from it.
    header: Table | None = None

    def __post_init__(self) -> None:
        self.contents = contents_of(self.sheets)
        loose = [text.lines for text in self.contents if isinstance(text, Text)]
        self.limit = max(
            [line.x1 for lines in loose for line in lines]
            # The text is as wide as the tables are, but for the padding of their cells.
            + [part.x1 - _PADDING * part.ruled for sheet in self.sheets for part in sheet.parts],
            default=0.0,
        )
        self.loose_flow = Flow.of((lines, max(line.x1 for line in lines)) for lines in loose)
        tables = [item for item in self.contents if isinstance(item, Table)]
        self.flow = Flow.of(cell for table in tables for cell in table.cells())
        if sum(len(lines) for lines in loose) < _FEW_LINES:
            # Too few to tell how the program breaks lines; it breaks them as it does in the tables.
            trailing, always = self.flow.trailing, self.flow.always
            self.loose_flow = replace(self.loose_flow, trailing=trailing, always=always)
        if self.rough:
            self.flow, self.loose_flow = (
                replace(flow, rough=True, trailing=False) for flow in (self.flow, self.loose_flow)
            )
        self.size = usual_size(self.sheets)

    def take_all(self) -> bool:
        """Read everything in order; False when no table of initiatives is among it."""
        for item in self.contents:
            if isinstance(item, Text):
                read = paragraphs_of(item.lines, flow=self.loose_flow, limit=self.limit, usual_size=self.size)
                (self.before if self.front is None else self.tail).extend(read.found)
                self.doubtful += read.doubtful
            else:
                self._table(item)
        self._leave_header()
        return any(section.rows for reader in self.readers.values() for section in reader.sections)

    def _table(self, table: Table) -> None:
        if self.header is not None:
            if self.header.takes(table.parts[0]):
                table = Table([*self.header.parts, *table.parts])
            else:
                self._leave_header()
            self.header = None
        self.tables += 1
        grid = table.grid(self.tables, self.flow)
        columns = columns_of(grid)
        if columns is not None and all(columns.heads(row) for row in grid.rows if row.filled):
            self.header = table
            return
        self.doubtful += table.doubtful
        self.left_out += table.left_out
        if columns is None:
            self._layout_table(grid)
            return
        heading = self._first(grid) if self.front is None else self._next()
        self.readers[self.kind].read(grid, columns, heading=heading)

    def _leave_header(self) -> None:
        """Leave out a header without rows."""
        rows = [row for part in self.header.parts for row in part.rows] if self.header else []
        self.left_out += [
            LeftOut(" | ".join(row.texts), say("page %(page)s", page=row.page)) for row in rows if row.filled
        ]

    def _layout_table(self, grid: Grid) -> None:
        """A table without initiatives: before the first one part of the head, else left out."""
        notice = len(grid.rows) == 1 and grid.width == 1 and bool(_NOTICE.search(grid.rows[0].text_at(0)))
        for row in grid.rows:
            shown = [cell.text for cell in row.filled]
            if notice:
                self.left_out += [LeftOut(p.printed, p.place) for p in row.cells[0].paragraphs]
            if not shown or notice:
                continue
            if self.front is not None:
                self.left_out.append(LeftOut(" | ".join(shown), row.place))
            elif len(shown) == 2 and len(shown[0]) <= _LABEL and not shown[0].endswith("."):
                text = f"{shown[0].rstrip(' :')}: {shown[1]}"
                self.before.append(Paragraph((text,), row.place))
            else:
                self.before += [p for cell in row.filled for p in cell.paragraphs]

    def _first(self, grid: Grid) -> str:
        first = next((row for row in grid.rows if row.filled), None)
        named = first is not None and len(first.filled) == 1
        self.front = read_front(_front_lines(self.before, self.size), named=named)
        self.kind = vocabulary.kind_of_table(self.front.caption, self.front.section)
        self.readers[self.kind].caption = self.front.caption
        return self.front.section

    def _next(self) -> str:
        """The heading above a further table; its caption and kind are noted."""
        above, self.tail = self.tail, []
        caption = next((p.text for p in reversed(above) if vocabulary.is_caption(p.text)), "")
        headings = [p for p in above if p.text != caption and _heads(p)]
        heading = headings[-1].text if headings else ""
        stated = vocabulary.kind_of_table(caption, *(p.text for p in headings))
        if caption or stated != "status":
            self.kind = stated
        if heading and not caption and vocabulary.kind_of_table(heading) != "status":
            # The heading names the table, not an administration.
            caption, heading = heading, ""
        reader = self.readers[self.kind]
        if caption and not reader.caption:
            reader.caption = caption
        used = {reader.caption, heading}
        self.left_out += [LeftOut(p.printed, p.place) for p in above if p.text not in used]
        return heading

    def reading(self) -> Reading:
        """The memo, once everything was taken."""
        lines = [FrontLine(line.printed, place) for line, place in self.furniture.lines]
        front = self.front or read_front(_front_lines(self.before, self.size), named=False)
        readers = [(kind, self.readers[kind]) for kind in _KINDS if kind in self.readers]
        if any(line.text == front.title for line in lines):
            # Below the title a page may say whose table goes on there: that is not who sends the memo.
            names = {section.name for _, reader in readers for section in reader.sections}
            lines = [line for line in lines if line.text not in names]
        head = front.completed(lines).head
        tables = tuple(
            MemoTable(reader.caption, reader.closed(), kind) for kind, reader in readers if reader.sections
        )
        tables = _marked(tables, self.furniture.notes)
        memo = Memo(front.title, head, front.intro, tables, tuple(self.furniture.notes))
        left_out = [*front.left_out, *self.left_out, *self.furniture.left_out]
        left_out += [LeftOut(p.printed, p.place) for p in self.tail]
        left_out += [piece for _, reader in readers for piece in reader.left_out]
        left_out += [
            LeftOut(reader.caption, say("caption of a table without rows"))
            for _, reader in readers
            if reader.caption and not reader.sections
        ]
        doubts = [*self.doubts, *(doubt for _, reader in readers for doubt in reader.doubts)]
        doubts += [*_join_doubts(self.doubtful + self.furniture.doubtful, memo), *doubts_of(memo)]
        sources = self.readers["status"].sources() if "status" in self.readers else ()
        ordered = sorted(doubts, key=lambda doubt: -1 if doubt.row is None else doubt.row)
        return Reading(memo, tuple(left_out), tuple(ordered), sources)


def _front_lines(paragraphs: Sequence[Paragraph], usual: float) -> list[FrontLine]:
    """The paragraphs above the first table; the one in the largest print is the title."""
    captions = (at for at, p in enumerate(paragraphs) if vocabulary.is_caption(p.text))
    titles = [
        p
        for p in paragraphs[: next(captions, None)]
        if len(p.text.split()) > 2
        and p.size > 2 * _LARGER * usual
        and not vocabulary.names_administration(p.text)
    ]
    title = max(titles, key=lambda paragraph: paragraph.size, default=None)
    return [
        FrontLine(
            text=paragraph.printed,
            place=paragraph.place,
            level=-1 if paragraph is title else None,
            bold=paragraph.bold,
            size=paragraph.size,
        )
        for paragraph in paragraphs
    ]


def _heads(paragraph: Paragraph) -> bool:
    return paragraph.looks_like_heading or vocabulary.names_administration(paragraph.text)


def _marked(tables: tuple[MemoTable, ...], notes: Sequence[Footnote]) -> tuple[MemoTable, ...]:
    """Marks that are printed as plain digits behind a word, where a note would have none otherwise."""
    rows = [row for table in tables for section in table.sections for row in section.rows]
    used = {number for row in rows for number in marks_in(row.blocks)}
    wanted = [note.number for note in notes if note.number not in used]
    if not wanted:
        return tables
    return tuple(
        replace(table, sections=tuple(_marked_section(section, wanted) for section in table.sections))
        for table in tables
    )


def _marked_section(section: Section, wanted: list[int]) -> Section:
    return replace(section, rows=tuple(_marked_row(row, wanted) for row in section.rows))


def _marked_row(row: Row, wanted: list[int]) -> Row:
    return replace(row, blocks=with_marks(row.blocks, wanted))


def _join_doubts(words: Sequence[str], memo: Memo) -> Iterator[Doubt]:
    """Doubtful joins, each with the row in which the word stands; both come in printed order."""
    rows = [row for table in memo.tables for section in table.sections for row in section.rows]
    at = 0
    reason = say("The word was divided at a line's end; whether it was joined rightly is uncertain.")
    for word in words:
        places = [*range(at, len(rows)), *range(at)]
        found = next((i for i in places[:200] if word in rows[i].title or word in rows[i].text), None)
        at = at if found is None else found
        yield Doubt(None if found is None else rows[found].number, word, reason)
