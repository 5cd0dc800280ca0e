"""Finds tables without rules between their columns, by where on the pages the words stand.

The header's words say where columns are, else the places at which lines begin again and again. A row begins
at a level rule where rows have them, else at its number, else below a space that no column fills.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import pairwise

from tracker.memos.reading import vocabulary
from tracker.memos.reading.hyphens import divided, join
from tracker.memos.reading.pdf_furniture import Sheet
from tracker.memos.reading.pdf_joins import Flow
from tracker.memos.reading.pdf_lines import Line, beside
from tracker.memos.reading.pdf_parts import Part, Piece, TableRow
from tracker.memos.reading.pdf_printed import (
    NEAR,
    Printed,
    by_header,
    by_places,
    further,
    is_header_line,
    number_of,
)
from tracker.memos.reading.text_sections import looks_like_name

_CROSSES = 6.0
_HEADING = 150
_LINES = 3
_STRETCHED = 4.0
_NUMBER = 4
_MOST = 0.6


def add_tables(sheets: Sequence[Sheet]) -> bool:
    """Put the tables without upright rules into the sheets, their lines out of the loose ones.

    False when no columns can be found.
    """
    rows = [Printed(sheet, row) for sheet in sheets for row in sheet.rows()]
    header = next((row for row in rows if is_header_line(row)), None)
    lefts = by_header(header, rows) if header else by_places(rows)
    if len(lefts) < 2:
        return False
    finder = _Finder(lefts, rows, {header.texts, *further(rows)} if header else set())
    finder.find()
    return finder.count > 0


@dataclass
class _Finder:
    lefts: list[float]
    rows: Sequence[Printed]
    headers: set[tuple[str, ...]]
    count: int = 0
    parts: list[Part] = field(default_factory=list)
    starts: set[int] = field(default_factory=set)
    ruled: bool = False
    bold_titles: bool = False
    title: int = 0
    tails: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        inside = not self.headers
        for row in self.rows:
            heads = row.texts in self.headers
            inside = inside or heads
            if inside:
                self._whole(row)
            if heads:
                self.headers.add(row.texts)
        for row, below in pairwise(self.rows):
            if row.texts in self.headers:
                self.tails.setdefault(row.texts, below.texts)
        self.right = max((piece.x1 for row in self.rows for piece in row.pieces), default=0.0)
        columns = [[p for row in self.rows for p in row.pieces if self._column(p) == at] for at in (0, -1)]
        self.leading = Flow.of((lines, self.right) for lines in columns).leading
        self.starts = self._starts()
        begun = [self.rows[at] for at in self.starts if len(self.rows[at].pieces) > 1]
        titles = [next((p for p in row.pieces if len(p.text) > _NUMBER), row.pieces[0]) for row in begun]
        self.bold_titles = sum(title.bold for title in titles) > _MOST * len(titles)
        numbers = sum(vocabulary.bare_number(row.pieces[0].text) is not None for row in begun)
        self.title = int(numbers > _MOST * len(begun) and len(self.lefts) > 2)

    def _whole(self, row: Printed) -> None:
        """Put the words of a line together that was stretched to its column's width."""
        pieces = row.pieces[:1]
        for before, piece in pairwise(row.pieces):
            near = piece.x0 - before.x1 < _STRETCHED * piece.size
            if near and self._column(before) == self._column(piece) == self._column(pieces[-1]):
                pieces[-1] = beside(pieces[-1], piece)
            else:
                pieces.append(piece)
        if len(pieces) < len(row.pieces):
            gone = {id(piece) for piece in row.pieces}
            row.sheet.loose = [*(line for line in row.sheet.loose if id(line) not in gone), *pieces]
            row.pieces = pieces

    def _column(self, piece: Line) -> int:
        return max((at for at, left in enumerate(self.lefts) if piece.x0 >= left - NEAR), default=0)

    def _crosses(self, row: Printed) -> bool:
        """Whether a piece of the line runs over the place where the next column begins."""
        for piece in row.pieces:
            after = self._column(piece) + 1
            if after < len(self.lefts) and piece.x1 > self.lefts[after] + _CROSSES:
                return True
        return False

    def _starts(self) -> set[int]:
        """The lines at which a row of the table begins, by their place among all lines."""
        numbered = set(self._numbered())
        ruled = {
            at
            for at, row in enumerate(self.rows[1:], start=1)
            if self.rows[at - 1].sheet is row.sheet
            and any(self.rows[at - 1].base < level < row.base for level in row.sheet.levels)
        }
        # Each number below a rule of its own; it need not stand in the first line below it.
        parted = {max((rule for rule in ruled if rule <= at), default=-1) for at in numbered}
        if len(ruled) >= 2 and len(parted) >= 0.8 * len(numbered):
            self.ruled = True
            return ruled
        if len(numbered) >= 2:
            return numbered
        spaced = {
            at
            for at, row in enumerate(self.rows[1:], start=1)
            if self.rows[at - 1].sheet is row.sheet
            and row.base - self.rows[at - 1].base > (self.leading + 0.3) * row.size
            and self._column(row.pieces[0]) == 0
        }
        return spaced | numbered

    def _numbered(self) -> Iterator[int]:
        expected: int | None = None
        begun = not self.headers
        for at, row in enumerate(self.rows):
            first = row.pieces[0]
            begun = begun or row.texts in self.headers
            column = self._column(first)
            if not begun or self._crosses(row) or column > max(len(self.lefts) - 2, 0):
                continue
            number = number_of(first.text, expected or 1)
            again = number == 1 and (expected or 0) > 1 and at > 0 and self._is_heading(at - 1)
            follows = expected is None or number in (expected, expected + 1)
            if number is not None and (follows or again):
                expected = number + 1
                yield at

    def _is_heading(self, at: int) -> bool:
        """Whether a line may be a section's name: alone in its line, and it looks or reads like one."""
        row = self.rows[at]
        if len(row.pieces) > 1 or len(row.text) > _HEADING or self._column(row.pieces[0]) > self.title:
            return False
        before = self.rows[at - 1] if at else None
        after = self.rows[at + 1] if at + 1 < len(self.rows) else None
        leads = after is not None and after.texts in self.headers and looks_like_name(row.text)
        # Where titles are bold too, bold print sets no name apart.
        bold = row.bold and not self.bold_titles
        named = (
            bold
            or leads
            or self._is_row(at)
            or self._opens_table(at)
            or vocabulary.names_administration(row.text)
        )
        if vocabulary.is_caption(row.text) or row.text[:1].islower() or not named:
            return False
        apart = before is None or before.sheet is not row.sheet
        apart = apart or (before is not None and row.base - before.base > (self.leading + 0.2) * row.size)
        follows = after is not None and (after.texts in self.headers or at + 1 in self.starts)
        return (apart and bold) or follows or self._crosses(row)

    def _is_row(self, at: int) -> bool:
        """Whether a line is all that stands between two level rules, as a name in a merged row does."""
        alone = self.ruled and {at, at + 1} <= self.starts
        return alone and looks_like_name(self.rows[at].text)

    def _opens_table(self, at: int) -> bool:
        """Whether a line of names alone stands between a header and the first row below it."""
        between = at > 0 and self.rows[at - 1].texts in self.headers and at + 1 in self.starts
        text = self.rows[at].text
        return between and looks_like_name(text) and not vocabulary.is_header_word(text)

    def _goes_on(self, at: int) -> bool:
        """Whether a line only goes on with the name or header right above it, which had no room for it."""
        before, row = self.rows[at - 1], self.rows[at]
        close = before.sheet is row.sheet and row.base - before.base <= (self.leading + 0.3) * row.size
        if at and close and self._divides_name(at - 1):
            return True
        if not (at and close and row.bold and before.bold) or at in self.starts:
            return False
        if before.texts in self.headers:
            return (
                not self._opens_table(at)
                and not vocabulary.names_administration(row.text)
                and len(row.pieces) <= len(before.pieces)
            )
        alone = len(row.pieces) == len(before.pieces) == 1 and not self._crosses(before)
        return alone and self._column(row.pieces[0]) <= self.title

    def _divides_name(self, at: int) -> bool:
        """Whether an administration's name is divided at a line's end and goes on in the next line."""
        pair = self.rows[at : at + 2]
        if len(pair) < 2 or not divided(pair[0].text) or any(len(row.pieces) > 1 for row in pair):
            return False
        aside = any(self._column(row.pieces[0]) > self.title for row in pair)
        return not aside and vocabulary.names_administration(join(pair[0].text, pair[1].text).text)

    def _heads(self, at: int) -> bool:
        """Whether a name begins with a line, though it may stand on several."""
        if self._divides_name(at):
            return True
        end = at
        while end + 1 < len(self.rows) and end - at < _LINES and self._goes_on(end + 1):
            end += 1
        bold = self.rows[at].bold and not self.bold_titles
        return self._is_heading(at) or (end > at and bold and self._is_heading(end))

    def find(self) -> None:
        """Give every line of a table to a row of it."""
        inside, headed = False, False
        for at, row in enumerate(self.rows):
            if headed and self._goes_on(at):
                self._add(row, spanning=len(self.parts[-1].rows[-1].pieces) == 1, fresh=False, more=True)
                continue
            headed = False
            if len(row.pieces) == 1 and (vocabulary.is_closing(row.text) or vocabulary.is_caption(row.text)):
                inside = False
            elif row.texts in self.headers:
                inside = headed = True
                self._add(row, spanning=False, fresh=True)
            elif (inside or self._leads(at)) and self._heads(at):
                inside = headed = True
                self._add(row, spanning=True, fresh=True)
            elif at in self.starts and not self._crosses(row) and (inside or not self.headers or self.count):
                inside = True
                self.count += 1
                self._add(row, spanning=False, fresh=True)
            elif inside and self._ends(at):
                inside = False
            elif inside:
                self._add(row, spanning=self._crosses(row), fresh=self._crosses(row))

    def _leads(self, at: int) -> bool:
        """Whether a table's header or first row stands right below a line."""
        after = self.rows[at + 1] if at + 1 < len(self.rows) else None
        return after is not None and after.texts in self.headers

    def _ends(self, at: int) -> bool:
        """Whether running text begins here, as below a table."""
        row = self.rows[at]
        return self._crosses(row) and (len(row.text) > 60 or row.text.endswith("."))

    def _add(self, row: Printed, *, spanning: bool, fresh: bool, more: bool = False) -> None:
        part = self.parts[-1] if self.parts else None
        if part is None or part.page != row.sheet.number or part.y1 < self._above(row):
            part = Part(row.sheet.number, self.lefts[0], row.base - row.size, self.right, row.base, [], False)
            self.parts.append(part)
            row.sheet.parts.append(part)
            row.sheet.parts.sort(key=lambda one: one.y0)
            fresh = True
        part.y1 = row.base
        gone = {id(piece) for piece in row.pieces}
        row.sheet.loose = [line for line in row.sheet.loose if id(line) not in gone]
        if spanning and more and not fresh:
            part.rows[-1].pieces[0].lines.append(reduce(beside, row.pieces))
            return
        if spanning:
            whole = reduce(beside, row.pieces)
            part.rows.append(TableRow([Piece(self.lefts[0], self.right, [whole])], row.sheet.number))
            return
        if fresh or (not more and (len(part.rows[-1].pieces) == 1 or part.rows[-1].texts in self.headers)):
            edges = [*self.lefts, self.right]
            pieces = [Piece(left, right) for left, right in pairwise(edges)]
            part.rows.append(TableRow(pieces, row.sheet.number))
        for at, piece in enumerate(part.rows[-1].pieces):
            own = [one for one in row.pieces if self._column(one) == at]
            if own:
                piece.lines.append(reduce(beside, own))

    def _above(self, row: Printed) -> float:
        """The lowest loose line above a row: a part that ends above it has ended."""
        return max((line.base for line in row.sheet.loose if line.base < row.base - 1.5), default=0.0)
