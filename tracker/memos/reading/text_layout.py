"""Reads a text layer whose columns stand side by side, put apart by blanks, as a page.

What a program has set beside each other with blanks is a picture of the page: words are given places on it,
and the page is read by the geometry of its words, as a PDF without rules is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tracker.domain.memo import Memo
from tracker.domain.text import clean_piece
from tracker.memos.reading.lines import Line, Source, percentile, width
from tracker.memos.reading.lost_words import lost_words
from tracker.memos.reading.pdf_columns import add_tables
from tracker.memos.reading.pdf_furniture import Furniture, Sheet
from tracker.memos.reading.pdf_lines import line_of, lines_of
from tracker.memos.reading.pdf_memo import Assembly
from tracker.memos.reading.pdf_source import Word
from tracker.memos.reading.result import Doubt, Reading, say
from tracker.memos.reading.source_words import source_words
from tracker.memos.reading.text_columns import Placed, pages_of
from tracker.memos.reading.text_notes import take_notes
from tracker.memos.reading.text_sections import looks_like_name

_NUMBER = re.compile(r"^(?:\w+\.? )?\d{1,4}[.):]*\s+")
_LETTER = 6.0
_SIZE = 10.0
_STEP = 12.0
_APART = 0.6
_FULL = 0.96
_BETWEEN = 3


def read_laid_out(text: str, source: Source) -> Reading | None:
    """The memo of a text with columns side by side; None when no table of initiatives is found in it."""
    raw = [line.expandtabs().rstrip() for page in text.split("\f") for line in page.split("\n")]
    taken = take_notes(source.lines)
    furniture = Furniture(notes=list(taken.notes), doubtful=list(taken.doubtful))
    for line in taken.furniture:
        place = say("page %(page)s, line %(number)s", page=line.page, number=line.number)
        words = list(_words([Placed(0, 0, line.text)], 0, [0.0], [0.0]))
        furniture.lines.append((line_of(words, line.page), place))
    sheets, unsure = _sheets(raw, taken.lines)
    if not sheets or not add_tables(sheets):
        return None
    assembly = Assembly(sheets, furniture, rough=True)
    if not assembly.take_all():
        return None
    reading = assembly.reading()
    if not _is_whole(reading.memo) or lost_words(source_words(text.encode(), name="memo.txt"), reading):
        return None
    return replace(reading, doubts=(*reading.doubts, *_guessed(reading.memo, unsure)))


def _guessed(memo: Memo, unsure: Sequence[str]) -> Iterator[Doubt]:
    """A doubt for each row whose title holds words that nothing but their place parts from the status."""
    for row in memo.rows:
        if any(words in row.title for words in unsure):
            yield Doubt(row.number, row.title, say("Where the title ends is a guess."))


def _is_whole(memo: Memo) -> bool:
    """Whether most rows have a status, without which the columns were not the table's."""
    return sum(bool(row.blocks) for row in memo.rows) * 2 > len(memo.rows)


def _sheets(raw: Sequence[str], lines: Sequence[Line]) -> tuple[list[Sheet], list[str]]:
    """The pages with their words in columns, if the text has any; and words whose column is a guess."""
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    placed = pages_of([[raw[line.number - 1] for line in some] for some in pages.values()])
    lefts, limits = _measured([pieces for page in placed for pieces in page])
    sheets = []
    for (page, some), shown in zip(pages.items(), placed, strict=False):
        first = some[0].number
        words = [
            word
            for line, pieces in zip(some, shown, strict=True)
            for word in _words(pieces, line.number - first + 1, lefts, limits)
        ]
        wide = max((word.x1 for word in words), default=0.0)
        high = (some[-1].number - first + 3) * _STEP
        sheets.append(Sheet(page, wide, high, lines_of(words, page, apart=_APART), []))
    every = [pieces for page in placed for pieces in page]
    unsure = {_NUMBER.sub("", piece.text) for pieces in every for piece in pieces if not piece.sure}
    # A name that stands alone in the first column looks like the end of the title above it.
    unsure |= {pieces[0].text for pieces in every if len(pieces) == 1 and looks_like_name(pieces[0].text)}
    return sheets, sorted(unsure)


def _measured(lines: Sequence[Sequence[Placed]]) -> tuple[list[float], list[float]]:
    """Where each column begins on the page that is made, and how wide its full lines are, in letters."""
    count = 1 + max((piece.column for pieces in lines for piece in pieces), default=0)
    lefts, limits = [0.0], []
    for column in range(count):
        inside = [
            piece.offset + min(width(piece.text), len(piece.text))
            for pieces in lines
            for piece in pieces
            if piece.column == column and (len(pieces) > 1 or column)
        ]
        limits.append(percentile(inside, _FULL) if column == count - 1 else 0.0)
        lefts.append(lefts[-1] + max(inside, default=0.0) + _BETWEEN)
    return lefts, limits


def _words(
    pieces: Sequence[Placed], row: int, lefts: Sequence[float], limits: Sequence[float]
) -> Iterator[Word]:
    """The words of a printed line with their places; within a piece letters have their usual widths."""
    for piece in pieces:
        x = (lefts[piece.column] + piece.offset) * _LETTER
        own = width(piece.text)
        room = limits[piece.column] - piece.offset
        scale = min(1.0, len(piece.text) / own, room / own if room > 0 else 1.0)
        blanks = [len(blank) for blank in re.findall(r" +", piece.text)]
        for at, word in enumerate(piece.text.split()):
            end = x + width(word) * _LETTER * scale
            before = blanks[at - 1] if at else 0
            yield Word(clean_piece(word), x, end, row * _STEP, _SIZE, bold=False, blanks=before)
            x = end + width(" ") * _LETTER * scale
