"""Footnote numbers: a row's own in the editing form, the memo's in print.

A superscript number that belongs to no note (m², 10³) is text. No note may get its number, since text and
reference could not be told apart afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

from tracker.domain.memo import Memo, Row
from tracker.domain.text import Block, Footnote, StatusText, marks_in, renumber


def superscripts(blocks: Iterable[Block], notes: Iterable[Footnote]) -> set[int]:
    """The superscript numbers of a text that are no references to its notes."""
    return set(marks_in(blocks)) - {note.number for note in notes}


def free_numbers(taken: set[int]) -> Iterator[int]:
    """1, 2, 3, … without those that are taken."""
    return (number for number in count(1) if number not in taken)


def own_text(row: Row, memo: Memo) -> StatusText:
    """A printed row as a text of its own: its footnotes, and no others, numbered from 1."""
    texts = {note.number: note.text for note in reversed(memo.footnotes)}
    used = [number for number in marks_in(row.blocks) if number in texts]
    free = free_numbers(superscripts(row.blocks, memo.footnotes))
    numbers = dict(zip(used, free, strict=False))
    notes = tuple(Footnote(numbers[number], texts[number]) for number in used)
    return StatusText(renumber(row.blocks, numbers), notes)
