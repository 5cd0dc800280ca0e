"""The grid of a Word file's table: rows of cells with their places, merged cells once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from tracker.memos.reading.result import Sentence, say
from tracker.memos.reading.word_elements import row_cells, table_rows
from tracker.memos.reading.word_numbering import Label
from tracker.memos.reading.word_package import Element, W, switch, value_of
from tracker.memos.reading.word_paragraphs import Paragraph, WordText

_MAX_SPAN = 64


@dataclass(frozen=True)
class Cell:
    """`start` and `span` count grid columns; `continues` says that it goes on from the row above."""

    start: int
    span: int
    continues: bool
    paragraphs: tuple[Paragraph, ...]

    @property
    def text(self) -> str:
        return " ".join(paragraph.text for paragraph in self.paragraphs if paragraph.lines)

    @property
    def label(self) -> Label | None:
        """The automatic label of the first paragraph that has text, or of the first at all."""
        with_text = [paragraph for paragraph in self.paragraphs if paragraph.lines] or list(self.paragraphs)
        return with_text[0].label if with_text else None

    @property
    def bold(self) -> bool:
        shown = [paragraph for paragraph in self.paragraphs if paragraph.lines]
        return bool(shown) and all(paragraph.bold or paragraph.outline is not None for paragraph in shown)


@dataclass(frozen=True)
class GridRow:
    cells: tuple[Cell, ...]
    marked_header: bool
    place: Sentence

    @property
    def filled(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.text)

    def at(self, column: int | None) -> Cell | None:
        """The cell that covers a grid column."""
        if column is None:
            return None
        return next((cell for cell in self.cells if cell.start <= column < cell.start + cell.span), None)

    def text_at(self, column: int | None) -> str:
        cell = self.at(column)
        return cell.text if cell else ""

    def over(self, first: int, after: int) -> Cell | None:
        """The cells from one grid column to before another, as one."""
        cells = [cell for cell in self.cells if cell.start < after and cell.start + cell.span > first]
        if len(cells) < 2:
            return cells[0] if cells else None
        paragraphs = tuple(paragraph for cell in cells for paragraph in cell.paragraphs)
        start, last = cells[0].start, cells[-1]
        return Cell(start, last.start + last.span - start, cells[0].continues, paragraphs)


@dataclass(frozen=True)
class Grid:
    rows: tuple[GridRow, ...]

    @cached_property
    def width(self) -> int:
        return max((cell.start + cell.span for row in self.rows for cell in row.cells), default=0)


def read_grid(table: Element, word: WordText, *, number: int) -> Grid:
    """Every cell of a table, merged cells once; `number` is the table's number in the document."""
    rows = []
    places = {row: index for index, row in enumerate(table_rows(table), start=1)}
    for row in word.rows(table, say("table %(table)s", table=number)):
        place = say("table %(table)s, row %(row)s", table=number, row=places[row])
        header = bool(switch(row.find(f"{W}trPr/{W}tblHeader")))
        rows.append(GridRow(tuple(_read_cells(row, word)), header, place))
    return Grid(tuple(rows))


def _read_cells(row: Element, word: WordText) -> list[Cell]:
    cells: list[Cell] = []
    start = _number(value_of(row.find(f"{W}trPr/{W}gridBefore")), 0)
    for element in row_cells(row):
        properties = element.find(f"{W}tcPr")
        span, merge = 1, None
        if properties is not None:
            span = _number(value_of(properties.find(f"{W}gridSpan")), 1) or 1
            merge = properties.find(f"{W}vMerge")
            if properties.find(f"{W}cellDel") is not None:
                word.leave(element, say("deleted cell"))
                continue
            across = properties.find(f"{W}hMerge")
            if cells and across is not None and across.get(f"{W}val", "continue") == "continue":
                # The older way of merging: the cells stay, and the first takes their room.
                more = tuple(word.paragraphs(element))
                cells[-1] = replace(
                    cells[-1], span=cells[-1].span + span, paragraphs=(*cells[-1].paragraphs, *more)
                )
                start += span
                continue
        continues = merge is not None and merge.get(f"{W}val", "continue") == "continue"
        cells.append(Cell(start, span, continues, tuple(word.paragraphs(element))))
        start += span
    return cells


def _number(text: str, default: int) -> int:
    return min(int(text), _MAX_SPAN) if text.isdecimal() else default
