"""Reads a memo from the bare text of a PDF: numbers find the rows, widths and words the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from tracker.domain.memo import Memo, Row, Section, Table, TableKind
from tracker.domain.text import Block
from tracker.memos.reading import vocabulary
from tracker.memos.reading.checks import doubts_of
from tracker.memos.reading.front import Front, FrontLine, read_front
from tracker.memos.reading.limits import decode
from tracker.memos.reading.lines import Line, Source, is_laid_out, joined, percentile, read_lines, width
from tracker.memos.reading.result import Doubt, LeftOut, Reading, SourceWords, Unreadable, say
from tracker.memos.reading.text_blocks import blocks_of, paragraphs_of, with_marks
from tracker.memos.reading.text_notes import Sorted, take_notes
from tracker.memos.reading.text_order import in_rows
from tracker.memos.reading.text_recount import recounted
from tracker.memos.reading.text_rows import Candidate, find_rows
from tracker.memos.reading.text_sections import (
    DEFAULT_WORDS,
    Caption,
    Heading,
    find_captions,
    find_headers,
    find_headings,
    find_plain_headers,
)
from tracker.memos.reading.titles import Column, Split, split

_MIN_ROWS = 4
_WORDS = 80
_WIDEST = 0.97


def read_text(data: bytes) -> Reading:
    """Read a text layer. Raises Unreadable when it is no text or holds no numbered initiatives."""
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n")
    source = read_lines(text)
    if is_laid_out(text):
        reading = _laid_out(text, source)
        if reading:
            return reading
    sorted_lines = take_notes(source.lines)
    lines = sorted_lines.lines
    headers = find_headers(lines)
    rows = find_rows(lines, {header.after for header in headers} | named_at(lines))
    if not rows:
        raise Unreadable("The text holds no numbered initiatives.")
    ordered = in_rows(lines, rows, headed=bool(headers))
    if ordered:
        lines, spare = ordered
        headers = find_headers(lines)
        rows = find_rows(lines, {header.after for header in headers} | named_at(lines))
        sorted_lines = replace(sorted_lines, lines=lines, furniture=(*sorted_lines.furniture, *spare))
    headers = headers or find_plain_headers(lines, rows)
    widest = percentile([width(line.text) for line in lines[rows[0].at :]], _WIDEST)
    headings = find_headings(lines, headers, rows, widest)
    captions = find_captions(lines, rows, headings)
    return _TextReader(source, sorted_lines, rows, headings, captions).reading()


def _laid_out(text: str, source: Source) -> Reading | None:
    from tracker.memos.reading.text_layout import read_laid_out

    rows = find_rows(source.lines, named_at(source.lines))
    if not (rows and rows[0].counted):
        return read_laid_out(text, source)
    plain = recounted(text, source.lines, rows)
    reading = read_laid_out(plain.text, read_lines(plain.text))
    return plain.told(reading) if reading else None


def named_at(lines: Sequence[Line]) -> set[int]:
    """The indexes of the lines that follow upon an administration's name."""
    return {at for at, line in enumerate(lines, start=1) if vocabulary.names_administration(line.text)}


@dataclass
class _OpenSection:
    name: str
    words: tuple[str, str] = DEFAULT_WORDS
    rows: list[tuple[Candidate, int]] = field(default_factory=list)


@dataclass
class _OpenTable:
    caption: str
    sections: list[_OpenSection] = field(default_factory=list)


@dataclass
class _TextReader:
    source: Source
    sorted: Sorted
    rows: list[Candidate]
    headings: list[Heading]
    captions: list[Caption]
    doubts: list[Doubt] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    sources: list[SourceWords] = field(default_factory=list)

    @cached_property
    def repeated(self) -> dict[int, int]:
        """Where each repeated header begins, and the line after it; headers in a row count as one."""
        found: dict[int, int] = {}
        for heading in reversed(self.headings):
            if heading.repeated:
                found[heading.start] = found.get(heading.end, heading.end)
        return found

    @property
    def lines(self) -> tuple[Line, ...]:
        return self.sorted.lines

    def reading(self) -> Reading:
        for line in self.sorted.furniture:
            self.left_out.append(_left(line))
        for words in self.sorted.doubtful:
            self._doubt_join(None, words)
        front = self._front()
        column = self._columns()
        wanted = [note.number for note in self.sorted.notes]
        tables = [
            self._table(kind, table, column, wanted) for kind, table in self._tables(front.caption).items()
        ]
        memo = Memo(front.title, front.head, front.intro, tuple(tables), self.sorted.notes)
        doubts = sorted(
            [*self.doubts, *doubts_of(memo)], key=lambda doubt: -1 if doubt.row is None else doubt.row
        )
        sources = tuple(self.sources[: len(memo.rows)])
        return Reading(memo, (*front.left_out, *self.left_out), tuple(doubts), sources)

    def _front(self) -> Front:
        first = min([self.rows[0].at, *(heading.start for heading in self.headings)])
        before = self.lines[:first]
        widest = percentile([width(line.text) for line in before], _WIDEST)
        groups, texts = paragraphs_of(self.source, before, widest)
        front_lines = [
            FrontLine(text, say("line %(number)s", number=group[0].number))
            for group, text in zip(groups, texts, strict=True)
        ]
        for group in groups:
            for words in joined(group)[1]:
                self._doubt_join(None, words)
        return read_front(front_lines, named=True)

    def _tables(self, caption: str) -> dict[TableKind, _OpenTable]:
        """Tables with sections and rows, each row with the index of the line after its last."""
        ends = self._ends()
        table = _OpenTable(caption)
        found: dict[TableKind, _OpenTable] = {"status": table}
        for heading in self.headings:
            self._leave_of(heading, ends)
        named = [heading for heading in self.headings if not heading.repeated]
        captions = list(self.captions)
        for row in self.rows:
            while captions and captions[0].start < row.at:
                further = captions.pop(0)
                table = found.setdefault(further.kind, _OpenTable(""))
                table.sections.append(_OpenSection(""))
                self._caption(table, further)
            while named and named[0].start < row.at:
                heading = named.pop(0)
                table.sections.append(_OpenSection(heading.name, heading.words))
                if heading.guessed:
                    reason = say("Whether this line names an administration is a guess.")
                    self.doubts.append(Doubt(row.number, heading.name, reason))
            if not table.sections:
                table.sections.append(_OpenSection(""))
            table.sections[-1].rows.append((row, ends[row.at]))
        return found

    def _ends(self) -> dict[int, int]:
        """For every row, name and caption the line after its last."""
        starts = [row.at for row in self.rows] + [caption.start for caption in self.captions]
        starts = sorted(starts + [heading.start for heading in self.headings if not heading.repeated])
        return dict(zip(starts, [*starts[1:], self._closing()], strict=True))

    def _closing(self) -> int:
        """Where what follows the last row begins: a greeting, or what is enclosed."""
        last = self.rows[-1].at + 1
        for at in range(last, len(self.lines)):
            if vocabulary.is_closing(self.lines[at].text):
                self._leave(at, len(self.lines))
                return at
        return len(self.lines)

    def _leave_of(self, heading: Heading, ends: dict[int, int]) -> None:
        if heading.repeated:
            self._leave(heading.start, heading.end)
        elif heading.end < ends[heading.start]:
            self._leave(heading.end, ends[heading.start])
        if heading.spare:
            place = say("line %(number)s", number=self.lines[heading.start].number)
            self.left_out.append(LeftOut(heading.spare, place))

    def _caption(self, table: _OpenTable, caption: Caption) -> None:
        if table.caption:
            self._leave(caption.start, caption.end)
        else:
            table.caption = caption.text

    def _table(self, kind: TableKind, table: _OpenTable, column: Column, wanted: list[int]) -> Table:
        sections = tuple(
            Section(
                section.name,
                tuple(self._row(row, end, column, wanted) for row, end in section.rows),
                section.words,
            )
            for section in table.sections
            if section.name or section.rows
        )
        return Table(table.caption, sections, kind)

    def _lines_of(self, row: Candidate, end: int) -> list[Line]:
        """The row's lines without its number and without headers that a new page repeated in it."""
        lines: list[Line] = []
        at = row.at
        while at < end:
            after_header = at in self.repeated
            at = self.repeated.get(at, at)
            if at < end:
                lines.append(replace(self.lines[at], page_start=True) if after_header else self.lines[at])
            at += 1
        first = replace(lines[0], text=row.rest)
        return [first, *lines[1:]] if row.rest else lines[1:]

    def _leave(self, start: int, end: int) -> None:
        self.left_out += [_left(line) for line in self.lines[start:end]]

    def _columns(self) -> Column:
        """Printed widths of the columns: every row's first line is of the title, its last of the status."""
        firsts = [width(self.lines[self._first_words(row)].text) for row in self.rows]
        bounds = [row.at for row in self.rows]
        inner = [width(line.text) for line in self.lines[bounds[0] :]]
        if len(self.rows) < _MIN_ROWS:
            return Column(max(firsts), percentile(inner, _WIDEST))
        return Column(percentile(firsts, 0.9), percentile(inner, _WIDEST))

    def _first_words(self, row: Candidate) -> int:
        """The line where the title begins: the next one where the number has a line of its own."""
        return row.at if row.rest else min(row.at + 1, len(self.lines) - 1)

    def _row(self, row: Candidate, end: int, column: Column, wanted: list[int]) -> Row:
        first = self.lines[row.at]
        place = say("page %(page)s, line %(number)s", page=first.page, number=first.number)
        raw = "\n".join(line.text for line in self.lines[row.at : end])
        self.sources.append(SourceWords(raw, place))
        if row.prefix:
            self.left_out.append(LeftOut(row.prefix, place))
        if row.counted and row.number == 1:
            reason = say("The number could not be read as one; the row was counted instead.")
            self.doubts.append(Doubt(row.number, row.prefix, reason))
        lines = self._lines_of(row, end)
        if not lines:
            self.doubts.append(Doubt(row.number, "", say("The initiative has no status text.")))
            return Row(row.number, "", ())
        parts = split(self.source, lines, column)
        title, doubtful = joined(parts.title)
        titled = with_marks([Block("paragraph", title)], wanted)[0].text
        self._doubt_title(row.number, titled, parts)
        status = blocks_of(self.source, parts.status, column.status)
        self._doubt_status(row.number, status.blocks, parts)
        for words in (*doubtful, *status.doubtful):
            self._doubt_join(row.number, words)
        return Row(row.number, titled, with_marks(status.blocks, wanted))

    def _doubt_title(self, number: int, title: str, parts: Split) -> None:
        if not parts.status:
            self.doubts.append(Doubt(number, title, say("The initiative has no status text.")))
        elif parts.interleaved:
            reason = say("Title and status both run over the page here; where each goes on is a guess.")
            self.doubts.append(Doubt(number, title, reason))
        elif not parts.sure:
            self.doubts.append(Doubt(number, title, say("Where the title ends is a guess.")))

    def _doubt_status(self, number: int, status: Sequence[Block], parts: Split) -> None:
        if parts.guessed and status:
            reason = say("Which lines of the page belong to this initiative is a guess.")
            self.doubts.append(Doubt(number, status[0].text[:_WORDS], reason))

    def _doubt_join(self, number: int | None, words: str) -> None:
        reason = say("The word was divided at a line's end; whether it was joined rightly is uncertain.")
        self.doubts.append(Doubt(number, words, reason))


def _left(line: Line) -> LeftOut:
    return LeftOut(line.text, say("page %(page)s, line %(number)s", page=line.page, number=line.number))
