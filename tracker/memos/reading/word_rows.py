"""The rows of a Word file's tables as sections of initiatives."""

from __future__ import annotations

from dataclasses import dataclass, field

from tracker.domain.memo import Section
from tracker.memos.reading import vocabulary
from tracker.memos.reading.result import Doubt, LeftOut, Sentence, SourceWords, say
from tracker.memos.reading.word_columns import (
    Columns,
    TypedNumbers,
    cannot_be_words,
    numbering_of,
    row_number,
)
from tracker.memos.reading.word_grid import Grid, GridRow
from tracker.memos.reading.word_names import Names, goes_on, is_remark
from tracker.memos.reading.word_sections import OpenRow, OpenSection, blocks_of, words_of

_PART_OF_HEADER = 25
_HEADER_WITHIN = 4


@dataclass
class SectionReader:
    """Reads the tables of one kind, one after another; sections and numbers run on through them.

    `start` is the number that follows those of the tables before it.
    """

    left_out: list[LeftOut] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    sections: list[OpenSection] = field(default_factory=list)
    caption: str = ""
    start: int = 1
    _numbering: TypedNumbers = "certain"
    _words: tuple[str, str] | None = None
    _ignored: dict[int, str] = field(default_factory=dict)
    _uncounted: bool = False
    _under_header: bool = False
    _fresh: bool = True

    def read(self, grid: Grid, columns: Columns, *, heading: str) -> None:
        """One table. `heading` is the section's name as it stands above the table, or empty."""
        self._words = None
        self._ignored = {}
        self._fresh = True
        self._numbering = numbering_of(grid, columns, before=self._numbering)
        names = Names.of(grid, columns, self._numbering, above=bool(heading))
        if self.sections and self.sections[-1].rows and goes_on(heading, self.sections[-1].name):
            self.left_out.append(LeftOut(heading, say("heading above a section")))
        elif heading or not self.sections:
            self.sections.append(OpenSection(heading, from_above=True))
        above = _above_header(grid, columns)
        for row in grid.rows:
            if row in above:
                self.left_out.append(LeftOut(" | ".join(cell.text for cell in row.filled), row.place))
            else:
                self._row(row, columns, names)
        self.sections = [section for section in self.sections if section.name or section.rows]
        for section in self.sections:
            section.from_above = False

    def closed(self) -> tuple[Section, ...]:
        return tuple(section.closed() for section in self.sections)

    def sources(self) -> tuple[SourceWords, ...]:
        """The words of the cells that each row was read from, in the order of the rows."""
        return tuple(row.source() for section in self.sections for row in section.rows)

    @property
    def _last(self) -> OpenRow | None:
        return self.sections[-1].rows[-1] if self.sections and self.sections[-1].rows else None

    @property
    def next_number(self) -> int:
        """The number after the last row's."""
        numbers = [row.number for section in self.sections for row in section.rows[-1:]]
        return numbers[-1] + 1 if numbers else 1

    def _begin(self, name: str) -> None:
        current = self.sections[-1] if self.sections else None
        if current and current.rows and goes_on(name, current.name):
            self.left_out.append(LeftOut(name, say("heading above a section")))
            return
        told = current is not None and (current.from_above or not current.header or self._titled(current))
        header = None
        if current and not current.rows and told:
            # Two headings with no row between: the first speaks of the table, not of its rows.
            self._spare_heading(current.name)
            header = self.sections.pop().header
        self.sections.append(OpenSection(name, header))

    def _titled(self, first: OpenSection) -> bool:
        """Whether the table begins with a line that names the table rather than a section."""
        return self._fresh and not vocabulary.names_administration(first.name)

    def _spare_heading(self, text: str) -> None:
        if text and not self.caption:
            self.caption = text
        elif text:
            self.left_out.append(LeftOut(text, say("heading above a section")))

    def _row(self, row: GridRow, columns: Columns, names: Names) -> None:
        if not row.filled and row_number(row, columns) is None:
            return
        under, self._under_header = self._under_header, False
        if columns.heads(row):
            self._header(row, columns)
            return
        if under and self._parts_header(row, columns):
            for cell in row.filled:
                self._leave(cell.text, row)
            return
        number = self._number(row, columns)
        if self._lone_cell(row, names, counted=number is not None):
            return
        if number is None and self._continues(row, columns):
            self._continue(row, columns)
            return
        self._initiative(row, columns, number)

    def _number(self, row: GridRow, columns: Columns) -> int | None:
        expected = [self.next_number]
        if self._numbering == "bare" and (own := vocabulary.spaced_number(row.text_at(columns.title))):
            expected.append(own)
        elif not self.sections[-1].rows and len(row.filled) > 1:
            expected += [1] if self._last is None and self.start == 1 else [self.start, 1]
        found = (row_number(row, columns, expected=number) for number in expected)
        number = next((number for number in found if number is not None), None)
        # Among 1a, 1b and 2 the rows are counted.
        return None if self._numbering == "odd" and number != self.next_number else number

    def _header(self, row: GridRow, columns: Columns) -> None:
        words = (row.text_at(columns.title), row.text_at(columns.status))
        self._ignored = {cell.start: cell.text for cell in row.filled if cell.start not in columns.used}
        current = self.sections[-1]
        known = [*(words if all(words) else ()), *(current.header or ())] if not current.rows else []
        for cell in row.filled:
            if cell.text not in known:
                self.left_out.append(LeftOut(cell.text, row.place))
        self._words = words if all(words) else self._words
        self._under_header = True
        if self._words and not current.rows:
            current.header = self._words

    @staticmethod
    def _parts_header(row: GridRow, columns: Columns) -> bool:
        """Whether a row right below the header divides it, as '2025 | 2026' below 'Status'."""
        return columns.status_span > 1 and all(
            cell.start >= columns.status and len(cell.text) <= _PART_OF_HEADER for cell in row.filled
        )

    def _lone_cell(self, row: GridRow, names: Names, *, counted: bool) -> bool:
        """A row with one cell of text: a section's name, or a remark. False when it is neither."""
        named = names.name_in(row, counted=counted)
        if named is not None:
            self._leave(named[1], row)
            self._begin(named[0])
            return True
        if len(row.filled) != 1 or counted:
            return False
        cell = row.filled[0]
        if is_remark(cell) and (cell.span >= names.width or len(row.cells) == 1):
            self.left_out.append(LeftOut(cell.text, row.place))
            self._doubt(None, cell.text, say("This row of the table is no initiative and was left out."))
            return True
        return False

    def _continues(self, row: GridRow, columns: Columns) -> bool:
        title, status = row.at(columns.title), columns.status_of(row)
        stated = status is not None and bool(status.text)
        return self._last is not None and stated and (title is None or not title.text)

    def _continue(self, row: GridRow, columns: Columns) -> None:
        last = self._last
        status = columns.status_of(row)
        if last is None or status is None:
            return
        last.blocks += blocks_of(status.paragraphs)
        last.words += words_of(row)
        title = row.at(columns.title)
        if title is None or not title.continues:
            reason = say("The row goes on in a table row without a number; the two were joined.")
            self._doubt(last.number, status.text, reason)
        self._leave_others(row, columns, last.number)

    def _initiative(self, row: GridRow, columns: Columns, number: int | None) -> None:
        self._section_by_column(row, columns)
        self._fresh = False
        cell, status = row.at(columns.title), columns.status_of(row)
        title = self._title(row, columns, number)
        if number is None:
            number = self.next_number
            self._count_silently(title)
        elif self._last and number != self._last.number + 1:
            reason = say(
                "Number %(number)s follows number %(before)s.", number=number, before=self._last.number
            )
            self._doubt(number, title, reason)
        blocks = [] if status is None or status is cell else blocks_of(status.paragraphs)
        if not blocks:
            self._doubt(number, title, say("The initiative has no status text."))
        self.sections[-1].rows.append(OpenRow(number, title, blocks, row.place, words_of(row)))
        if self.sections[-1].header is None:
            self.sections[-1].header = self._words
        self._leave_others(row, columns, number)

    def _title(self, row: GridRow, columns: Columns, number: int | None) -> str:
        """The title without its number; what is printed with the number and is none of it is left out."""
        title, shown = row.text_at(columns.title), row.text_at(columns.number)
        if columns.number is not None and vocabulary.bare_number(shown) is not None:
            self._leave(vocabulary.number_prefix(shown), row)
            return title
        if shown:
            self._leave(shown, row)
            self._doubt_odd(shown)
        typed, rest = vocabulary.split_number(title, expected=number)
        if typed is not None and typed == number:
            self._leave(vocabulary.number_prefix(title), row)
            return rest
        if typed is not None and self._numbering == "odd":
            odd = title.removesuffix(rest).strip()
        else:
            odd, rest = vocabulary.odd_number(title)
        if odd and rest and (self._numbering == "odd" or (number is None and cannot_be_words(odd))):
            self._leave(odd, row)
            self._doubt_odd(odd)
            return rest
        return title

    def _leave(self, text: str, row: GridRow) -> None:
        if text:
            self.left_out.append(LeftOut(text, row.place))

    def _doubt_odd(self, words: str) -> None:
        if not self._uncounted:
            reason = say("The number could not be read as one; the row was counted instead.")
            self._doubt(self.next_number, words, reason)
        self._uncounted = True

    def _section_by_column(self, row: GridRow, columns: Columns) -> None:
        name = row.text_at(columns.section)
        current = self.sections[-1]
        if not name:
            return
        if name == current.name:
            if current.rows:
                self._leave(name, row)
            return
        if current.rows:
            self.sections.append(OpenSection(name))
        elif current.name:
            self._begin(name)
        else:
            current.name = name

    def _count_silently(self, title: str) -> None:
        if not self._uncounted:
            reason = say("The rows carry no number from here on; they were counted in printed order.")
            self._doubt(self.next_number, title, reason)
        self._uncounted = True

    def _leave_others(self, row: GridRow, columns: Columns, number: int) -> None:
        used = [row.at(column) for column in columns.used]
        for cell in row.filled:
            if not any(cell is other for other in used):
                word = self._ignored.get(cell.start, str(cell.start + 1))
                place = say("%(row)s, column “%(column)s”", row=str(row.place), column=word)
                self.left_out.append(LeftOut(cell.text, place))
                reason = say("The column “%(column)s” has no room in the memo.", column=word)
                self._doubt(number, cell.text, reason)

    def _doubt(self, row: int | None, words: str, reason: Sentence) -> None:
        self.doubts.append(Doubt(row, words[:200], reason))


def _above_header(grid: Grid, columns: Columns) -> list[GridRow]:
    """Rows of several cells above the header: those of another table that Word has run into this one."""
    filled = [row for row in grid.rows if row.filled][:_HEADER_WITHIN]
    header = next((at for at, row in enumerate(filled) if columns.heads(row)), 0)
    return [row for row in filled[:header] if len(row.filled) > 1 and row_number(row, columns) is None]
