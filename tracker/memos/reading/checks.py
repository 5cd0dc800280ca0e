"""Doubts that can be seen in the memo itself, whatever it was read from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tracker.domain.memo import Memo, Row
from tracker.domain.text import Block, marks_in
from tracker.memos.reading.result import Doubt, say

_HEADING_LENGTH = 80
_ENDS = (".", ":", ";", ",", "!", "?", "”", '"', ")")


def doubts_of(memo: Memo) -> tuple[Doubt, ...]:
    """What a person should look at: names, numbers and notes that are missing, possible sub-headings."""
    return (*_whole(memo), *_notes(memo), *(doubt for row in _all_rows(memo) for doubt in _headings(row)))


def _all_rows(memo: Memo) -> Iterator[Row]:
    return (row for table in memo.tables for section in table.sections for row in section.rows)


def _whole(memo: Memo) -> Iterator[Doubt]:
    if not memo.title:
        yield Doubt(None, "", say("The memo's title was not found."))
    for table in memo.tables:
        for section in table.sections:
            if not section.name and section.rows:
                words = section.rows[0].title[:200]
                yield Doubt(section.rows[0].number, words, say("No administration stands above this row."))
        counted = Counter(row.number for section in table.sections for row in section.rows)
        for number, times in counted.items():
            if times > 1:
                yield Doubt(number, str(number), say("The number stands before %(times)s rows.", times=times))


def _notes(memo: Memo) -> Iterator[Doubt]:
    known = {note.number for note in memo.footnotes}
    used: set[int] = set()
    for row in _all_rows(memo):
        for number in marks_in([Block("paragraph", row.title), *row.blocks]):
            used.add(number)
            if number not in known:
                yield Doubt(row.number, str(number), say("There is no note for mark %(mark)s.", mark=number))
    front = [
        Block("paragraph", text) for text in (memo.title, *memo.intro, *(t.caption for t in memo.tables))
    ]
    used |= set(marks_in(front))
    for note in memo.footnotes:
        if note.number not in used:
            yield Doubt(None, note.text[:200], say("No mark was found for note %(mark)s.", mark=note.number))


def _headings(row: Row) -> Iterator[Doubt]:
    """A short line without a stop before a longer paragraph; a plain line is all the source shows."""
    for block, after in zip(row.blocks, row.blocks[1:], strict=False):
        short = block.kind == "paragraph" and len(block.text) <= _HEADING_LENGTH
        if (
            short
            and not block.text.endswith(_ENDS)
            and after.kind == "paragraph"
            and len(after.text) > len(block.text)
        ):
            yield Doubt(row.number, block.text, say("This line may be a sub-heading."))
