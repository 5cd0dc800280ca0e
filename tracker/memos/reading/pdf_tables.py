"""A table of a PDF through all its pages: its rows folded over page breaks, and the grid the rows make.

The grid is the one that a Word file's table gives, so that both are read by the same rules from there on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from tracker.memos.reading import vocabulary
from tracker.memos.reading.hyphens import divided
from tracker.memos.reading.pdf_joins import Flow
from tracker.memos.reading.pdf_lines import Line
from tracker.memos.reading.pdf_paragraphs import counted, paragraphs_of
from tracker.memos.reading.pdf_parts import SAME, Part, Piece, TableRow
from tracker.memos.reading.result import LeftOut, Sentence, say
from tracker.memos.reading.word_paragraphs import Paragraph
from tracker.memos.reading.word_tables import Cell, Columns, Grid, GridRow, columns_of, is_header, row_number

_WIDEST_PAD = 16.0
_FEW = 3
_MANY = 12
_MOSTLY = 0.8
_STRAIGHT = 1.2
_AGAIN = ("fortsat", "continued", "forts.")


@dataclass
class Table:
    """The parts of one table. `left_out` are header rows that pages repeat."""

    parts: list[Part]
    left_out: list[LeftOut] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)
    _lefts: list[float] = field(default_factory=list)
    _heading: tuple[str, ...] = ()
    _last: int | None = None

    def takes(self, part: Part) -> bool:
        """Whether a part on the next page belongs to this table: it has the same columns."""
        last = self.parts[-1]
        if abs(last.x0 - part.x0) > SAME or (last.ruled and abs(last.x1 - part.x1) > SAME):
            return False
        mine = {edge for one in self.parts[-2:] for edge in one.edges}
        return all(any(abs(edge - other) < SAME for other in mine) for edge in part.edges) or all(
            any(abs(edge - other) < SAME for other in part.edges) for edge in last.edges
        )

    def cells(self) -> list[tuple[list[Line], float]]:
        """The lines of each cell on each page, and where the lines of its column end."""
        rows = [row for part in self.parts for row in part.rows]
        limits = self._limits(rows)
        return [(piece.lines, limits[round(piece.x1)]) for row in rows for piece in row.filled]

    def grid(self, number: int, flow: Flow) -> Grid:
        """The whole table; `number` counts the tables of the document."""
        rows = self._folded()
        lefts = _clustered(piece.x0 for row in rows for piece in row.pieces)
        limits = self._limits(rows)
        flows = self._flows(rows, limits, flow)
        return Grid(
            tuple(
                self._grid_row(row, lefts, limits, flows, number=number, at=at)
                for at, row in enumerate(rows, start=1)
            )
        )

    def _grid_row(
        self,
        row: TableRow,
        lefts: Sequence[float],
        limits: dict[int, float],
        flows: dict[int, Flow],
        *,
        number: int,
        at: int,
    ) -> GridRow:
        cells = []
        for piece in row.pieces:
            start, span = _place_of(piece, lefts)
            edge = round(piece.x1)
            read = paragraphs_of(piece.lines, flow=flows[edge], limit=limits.get(edge, piece.x1))
            self.doubtful += read.doubtful
            cells.append(Cell(start, span, piece.continues, tuple(counted(read.found))))
        filled = row.filled
        bold = len(filled) > 1 and all(line.bold for piece in filled for line in piece.lines)
        place = say("page %(page)s, table %(table)s, row %(row)s", page=row.page, table=number, row=at)
        return GridRow(tuple(cells), bold and at <= _FEW, place)

    def _limits(self, rows: Sequence[TableRow]) -> dict[int, float]:
        """Where the lines of the cells end that end at an edge, by the edge."""
        pads: dict[int, float] = defaultdict(lambda: _WIDEST_PAD)
        ends: dict[int, float] = defaultdict(float)
        counts: dict[int, int] = defaultdict(int)
        ruled = self.parts[0].ruled
        for row in rows:
            for piece in row.pieces:
                edge = round(piece.x1)
                for line in piece.lines:
                    pads[edge] = min(pads[edge], max(line.x0 - piece.x0, 0.0))
                    if not ruled or line.x1 <= piece.x1:
                        ends[edge] = max(ends[edge], line.x1)
                    counts[edge] += 1
        if not ruled:
            return dict(ends)
        return {edge: max(edge - pads[edge], ends[edge]) for edge in counts}

    def _flows(self, rows: Sequence[TableRow], limits: dict[int, float], flow: Flow) -> dict[int, Flow]:
        """How lines follow each other in the columns, by the edge at which they end."""
        columns: dict[int, list[Piece]] = defaultdict(list)
        for row in rows:
            for piece in row.pieces:
                columns[round(piece.x1)].append(piece)
        return {
            edge: replace(
                flow,
                straight=_is_straight(pieces, limits.get(edge, 0.0)),
                kept=max((line.x1 for one in pieces for line in one.lines if line.trails), default=0.0),
            )
            for edge, pieces in columns.items()
        }

    def _folded(self) -> list[TableRow]:
        """The rows, those that run over a page as one, repeated headers taken out."""
        every = [row for part in self.parts for row in part.rows]
        self._lefts = _clustered(piece.x0 for row in every for piece in row.pieces)
        columns = columns_of(Grid(tuple(_bare_row(row, self._lefts) for row in every)))
        counted = [self._number_of(row) is not None for row in every[:200] if len(row.filled) > 1]
        numbered = sum(counted) * 3 >= len(counted)
        rows: list[TableRow] = []
        for at, part in enumerate(self.parts):
            shown = [row for row in part.rows if row.filled]
            if at == 0:
                opening = _opening(shown)
            else:
                again = self._repeated(shown, opening, rows)
                for row in shown[:again]:
                    self.left_out.append(LeftOut(" | ".join(row.texts), _again(row.page)))
                shown = shown[again:]
                if shown and rows and self._goes_on(rows[-1], shown[0], columns, numbered=numbered):
                    _append(rows[-1], shown.pop(0))
            for row in shown:
                self._count(row)
            rows += shown
        return rows

    def _count(self, row: TableRow) -> None:
        """Note a row's heading or number, by which the first row of the next page is judged."""
        if len(row.filled) == 1:
            self._heading = row.texts
        self._last = self._number_of(row) or self._last

    def _repeated(
        self, shown: Sequence[TableRow], opening: Sequence[tuple[str, ...]], before: Sequence[TableRow]
    ) -> int:
        """How many rows at a page's top only say again what the table's head says."""
        count = 0
        for at, row in enumerate(shown[: len(opening) + 1]):
            texts = row.texts
            # What stands above the header once more on a later page is repeated by the program, a name too.
            again = texts in opening and (len(texts) > 1 or texts != self._heading)
            if len(texts) == 1 and self._heading and _says_again(texts[0], self._heading[0]):
                # The same name twice in a row would be two sections, were no rows between.
                again = texts != self._heading or len(before[-1].filled) > 1
            if not again:
                break
            count = at + 1
        return count

    def _goes_on(self, above: TableRow, row: TableRow, columns: Columns | None, *, numbered: bool) -> bool:
        """Whether a page's first row is the rest of the last page's last."""
        if columns is None or (len(row.pieces) == 1 and len(above.pieces) > 1) or len(above.pieces) == 1:
            return False
        if is_header(_bare_row(row, self._lefts)) or _names(row, above):
            return False
        return self._number_of(row) is None and _reads_on(above, row, numbered=numbered)

    def _number_of(self, row: TableRow) -> int | None:
        """The number that a row begins with: never in the column most at the right."""
        bare = _bare_row(row, self._lefts)
        first = next((cell for cell in bare.cells if cell.text), None)
        if first is None or first.start > max(len(self._lefts) - 2, 0):
            return None
        return row_number(bare, None, expected=None if self._last is None else self._last + 1)


def _is_straight(column: Sequence[Piece], limit: float) -> bool:
    """Whether lines are stretched to one edge; told by lines that had no room for more."""
    pairs = (pair for piece in column for pair in pairwise(piece.lines))
    broken = [before for before, line in pairs if limit - before.x1 < line.first]
    full = sum(limit - line.x1 < _STRAIGHT for line in broken)
    return len(broken) >= _MANY and full > _MOSTLY * len(broken)


def _opening(rows: Sequence[TableRow]) -> list[tuple[str, ...]]:
    """The rows at a table's top up to its header row."""
    lefts = _clustered(piece.x0 for row in rows for piece in row.pieces)
    for at, row in enumerate(rows[:_FEW]):
        bold = len(row.filled) > 1 and all(line.bold for piece in row.filled for line in piece.lines)
        if bold or is_header(_bare_row(row, lefts)):
            return [one.texts for one in rows[: at + 1]]
    return []


def _says_again(text: str, heading: str) -> bool:
    rest = text.removeprefix(heading).strip(" ,–-()").lower()
    return text.startswith(heading) and (not rest or rest in _AGAIN)


def _again(page: int) -> Sentence:
    return say("page %(page)s, the table's header again", page=page)


def _names(row: TableRow, above: TableRow) -> bool:
    """Whether a row's only cell names a section, though the row is not merged."""
    if len(row.filled) != 1 or len(above.filled) < 2:
        return False
    bold = all(line.bold for line in row.filled[0].lines)
    plain = not all(line.bold for line in above.filled[0].lines)
    text = row.texts[0]
    return (bold and plain and len(text) <= vocabulary.NAME_LENGTH and not text.endswith(".")) or (
        row.filled[0].x0 <= above.filled[0].x0 + SAME and vocabulary.names_administration(text)
    )


def _reads_on(above: TableRow, row: TableRow, *, numbered: bool) -> bool:
    """Whether the words of two rows are one row's, seen by what stands in their cells."""
    if numbered or len(row.filled) < len(above.filled):
        return True
    for piece in row.filled:
        before = next((one for one in above.filled if abs(one.x0 - piece.x0) < SAME), None)
        if before and (divided(before.lines[-1].text) or piece.lines[0].starts_low):
            return True
    return False


def _append(above: TableRow, row: TableRow) -> None:
    for piece in row.pieces:
        before = next((one for one in above.pieces if abs(one.x0 - piece.x0) < SAME), None)
        if before is not None:
            before.lines.extend(piece.lines)
        elif piece.lines:
            above.pieces.append(replace(piece))
    above.pieces.sort(key=lambda piece: piece.x0)


def _bare_row(row: TableRow, lefts: Sequence[float]) -> GridRow:
    """A row with the words of each cell as one paragraph."""
    cells = []
    for piece in row.pieces:
        paragraphs = (Paragraph((piece.text,), say("page %(page)s", page=row.page)),) if piece.lines else ()
        start, span = _place_of(piece, lefts)
        cells.append(Cell(start, span, piece.continues, paragraphs))
    return GridRow(tuple(cells), marked_header=False, place=say("page %(page)s", page=row.page))


def _clustered(values: Iterable[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(set(values)):
        if not found or value - found[-1] > SAME:
            found.append(value)
    return found


def _place_of(piece: Piece, lefts: Sequence[float]) -> tuple[int, int]:
    """The grid column in which a cell begins, and how many it covers."""
    start = min(range(len(lefts)), key=lambda at: abs(lefts[at] - piece.x0)) if lefts else 0
    end = next((at for at, left in enumerate(lefts) if left > piece.x1 - SAME), len(lefts))
    return start, max(end - start, 1)
