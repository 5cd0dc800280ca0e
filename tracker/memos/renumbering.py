"""Footnotes through a memo some of whose texts a person has written anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from tracker.domain.memo import Memo, Row, Section, Table
from tracker.domain.text import Block, Footnote, StatusText, marks_in, renumber
from tracker.memos.notes import free_numbers, superscripts


@dataclass(frozen=True)
class Written:
    """What a person wrote, with notes of its own, in the place of some rows that were read."""

    text: StatusText
    read: tuple[Row, ...]


def with_notes(memo: Memo, written: Sequence[Written | None], *, before: Memo) -> Memo:
    """`memo` with these texts, one for each of `memo.rows` or None as it is, and every note numbered anew.

    A note that a new text repeats word for word is the same note; one that nobody refers to any more goes,
    one that nobody referred to `before` stays, last.
    """
    return _Renumbering(memo, written, before).memo()


@dataclass
class _Renumbering:
    read: Memo
    written: Sequence[Written | None]
    before: Memo
    numbers: dict[int, int] = field(default_factory=dict)
    notes: list[Footnote] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.texts = {note.number: note.text for note in reversed(self.read.footnotes)}
        self.next = iter(self.written)
        self.free = free_numbers(set(self._superscripts()))

    def memo(self) -> Memo:
        read = self.read
        loose = set(self.texts) - set(marks_in(_every_block(self.before)))
        made = replace(
            read,
            title=self._line(read.title),
            intro=tuple(self._line(text) for text in read.intro),
            tables=tuple(self._table(table) for table in read.tables),
        )
        for number in sorted(loose):
            self._number(number)
        return replace(made, footnotes=tuple(self.notes))

    def _table(self, table: Table) -> Table:
        caption = self._line(table.caption)
        return replace(table, caption=caption, sections=tuple(self._section(one) for one in table.sections))

    def _section(self, section: Section) -> Section:
        ours = any(section is one for one in self.read.sections)
        rows = (self._row(row, next(self.next) if ours else None) for row in section.rows)
        return replace(section, rows=tuple(rows))

    def _row(self, row: Row, written: Written | None) -> Row:
        title = self._line(row.title)
        blocks = self._blocks(row.blocks) if written is None else self._own(written)
        return Row(row.number, title, blocks)

    def _own(self, written: Written) -> tuple[Block, ...]:
        """The blocks of a text with notes of its own."""
        marks = marks_in(block for row in written.read for block in row.blocks)
        known = {self.texts[number]: number for number in marks if number in self.texts}
        text = written.text
        own = {note.number: note.text for note in reversed(text.footnotes)}
        order = dict.fromkeys([*(n for n in marks_in(text.blocks) if n in own), *sorted(own)])
        return renumber(text.blocks, {n: self._number(known.get(own[n]), own[n]) for n in order})

    def _line(self, text: str) -> str:
        return self._blocks((Block("paragraph", text),))[0].text

    def _blocks(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        used = [number for number in marks_in(blocks) if number in self.texts]
        return renumber(blocks, {number: self._number(number) for number in used})

    def _number(self, number: int | None, text: str = "") -> int:
        """The number of a note that was read, or the next one for a new `text`."""
        if number is not None and number in self.numbers:
            return self.numbers[number]
        given = next(self.free)
        self.notes.append(Footnote(given, text or self.texts[number or 0]))
        if number is not None:
            self.numbers[number] = given
        return given

    def _superscripts(self) -> Iterable[int]:
        yield from superscripts(_every_block(self.read), self.read.footnotes)
        for one in self.written:
            if one is not None:
                yield from superscripts(one.text.blocks, one.text.footnotes)


def _every_block(memo: Memo) -> Iterable[Block]:
    yield from (Block("paragraph", text) for text in (memo.title, *memo.intro))
    for table in memo.tables:
        yield Block("paragraph", table.caption)
        for section in table.sections:
            for row in section.rows:
                yield Block("paragraph", row.title)
                yield from row.blocks


def joined(first: StatusText, second: StatusText) -> StatusText:
    """Two texts as one, the second's notes numbered after the first's."""
    taken = {note.number for note in first.footnotes} | superscripts(first.blocks, first.footnotes)
    free = free_numbers(taken | superscripts(second.blocks, second.footnotes))
    numbers = {note.number: next(free) for note in second.footnotes}
    notes = tuple(Footnote(numbers[note.number], note.text) for note in second.footnotes)
    return StatusText((*first.blocks, *renumber(second.blocks, numbers)), (*first.footnotes, *notes))
