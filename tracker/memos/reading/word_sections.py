"""Sections and rows of a Word file's tables while they are read, and the blocks of a cell."""

from __future__ import annotations

from dataclasses import dataclass, field

from tracker.domain.memo import Row, Section
from tracker.domain.text import Block
from tracker.memos.reading.result import Sentence, SourceWords
from tracker.memos.reading.word_grid import GridRow
from tracker.memos.reading.word_paragraphs import Paragraph

_DEFAULT_HEADER = ("Indsats", "Status")


@dataclass
class OpenRow:
    number: int
    title: str
    blocks: list[Block]
    place: Sentence
    words: list[str] = field(default_factory=list)

    def closed(self) -> Row:
        return Row(self.number, self.title, tuple(self.blocks))

    def source(self) -> SourceWords:
        return SourceWords("\n".join(self.words), self.place)


@dataclass
class OpenSection:
    name: str
    header: tuple[str, str] | None = None
    from_above: bool = False
    rows: list[OpenRow] = field(default_factory=list)

    def closed(self) -> Section:
        return Section(self.name, tuple(row.closed() for row in self.rows), self.header or _DEFAULT_HEADER)


def blocks_of(paragraphs: tuple[Paragraph, ...]) -> list[Block]:
    """The blocks of a cell. A bold line that stands last or alone heads nothing and is a paragraph."""
    shown = [paragraph for paragraph in paragraphs if paragraph.lines]
    blocks = [block for paragraph in shown for block in paragraph.blocks()]
    if blocks and blocks[-1].kind == "heading" and shown[-1].outline is None:
        blocks[-1] = Block("paragraph", blocks[-1].text)
    return blocks


def words_of(row: GridRow) -> list[str]:
    """The lines of a row's cells as they are printed, from left to right."""
    return [paragraph.printed for cell in row.filled for paragraph in cell.paragraphs if paragraph.lines]
