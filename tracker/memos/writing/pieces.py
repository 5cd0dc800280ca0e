"""A line of text as what is printed: characters that a document can hold, and footnote references."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from tracker.domain.memo import Memo
from tracker.domain.text import MARK, Block, Footnote, mark, mark_number

Piece = str | int

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# XML 1.0, production 2 (Char), says which characters a document can hold; the same are kept for PDF and HTML.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """The text without characters that no document can hold; every line end is a line feed."""
    if text.isprintable():  # nearly every text, and some fifty times as fast as looking for the others
        return text
    text = _LINE_ENDS.sub("\n", text)
    return _IMPOSSIBLE.sub("", text).replace("\t", " ")


def pieces(text: str, notes: frozenset[int]) -> list[Piece]:
    """Printable text cut at its footnote marks: strings, and the numbers of notes that exist.

    A superscript number without a note (m², 10³) stays text.
    """
    text = printable(text)
    if not may_refer(text, first_digits(notes)):
        return [text] if text else []
    found: list[Piece] = []
    end = 0
    for match in MARK.finditer(text):
        number = mark_number(match[0])
        if number not in notes or mark(number) != match[0]:
            continue
        if match.start() > end:
            found.append(text[end : match.start()])
        found.append(number)
        end = match.end()
    if end < len(text):
        found.append(text[end:])
    return found


def may_refer(text: str, digits: str) -> bool:
    """Whether the text has one of the digits with which marks begin. Quick, since every text is asked."""
    for digit in digits:  # noqa: SIM110 - as a generator this takes twice the time
        if digit in text:
            return True
    return False


@lru_cache(maxsize=64)
def first_digits(notes: frozenset[int]) -> str:
    """The digits with which the marks of these notes begin."""
    return "".join(sorted({mark(number)[0] for number in notes}))


def note_texts(memo: Memo) -> dict[int, str]:
    """The footnotes by number; of two with the same number the first."""
    texts: dict[int, str] = {}
    for note in memo.footnotes:
        texts.setdefault(note.number, note.text)
    return texts


def referred(memo: Memo) -> tuple[int, ...]:
    """The numbers of the footnotes that the memo's text refers to, in order of first reference."""
    notes = frozenset(note_texts(memo))
    digits = first_digits(notes)
    found: dict[int, None] = {}
    for text in _texts(memo) if notes else ():
        if may_refer(text, digits):
            found.update(dict.fromkeys(piece for piece in pieces(text, notes) if isinstance(piece, int)))
            if len(found) == len(notes):
                break
    return tuple(found)


def loose_notes(memo: Memo, order: tuple[int, ...]) -> tuple[Footnote, ...]:
    """The footnotes that no mark points to: printed at the end, so that nothing is lost.

    `order` is what `referred(memo)` gave.
    """
    seen = set(order)
    loose = []
    for note in memo.footnotes:
        if note.number not in seen:
            loose.append(note)
        seen.discard(note.number)
    return tuple(loose)


def _texts(memo: Memo) -> list[str]:
    """Every text that may carry footnote marks, in printed order."""
    texts = [*memo.intro]
    for table in memo.tables:
        texts.append(table.caption)
        for section in table.sections:
            for row in section.rows:
                texts.append(row.title)
                for block in row.blocks:
                    texts.append(block.text)  # noqa: PERF401 - quicker than a list for each row
    return texts


def groups(blocks: tuple[Block, ...]) -> Iterator[tuple[Block, ...]]:
    """The blocks with what belongs to one list together; a numbered list ends where its numbers jump."""
    current: list[Block] = []
    for block in blocks:
        if current and not continues(current[-1], block):
            yield tuple(current)
            current = []
        current.append(block)
    if current:
        yield tuple(current)


def continues(previous: Block, block: Block) -> bool:
    """Whether the block goes on with the list that the previous one belongs to."""
    if block.kind != previous.kind or block.kind not in {"bullet", "number"}:
        return False
    return block.kind == "bullet" or block.number == (previous.number or 0) + 1
