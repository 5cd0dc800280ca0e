"""Tells which column each part of a line stands in, in a text whose columns are put apart by blanks.

Programs put the same column at another place on each page, and even in each row, so that only the lines near
each other say where a column begins; how many there are is what the header says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tracker.memos.reading import vocabulary

_GAP = re.compile(r"(?<=\S) {2,}(?=\S)")
_BULLET = re.compile(r"^(?:[^\w\s(\"”»“'’]|o|\d{1,2}[.)])$")
_NEAR = 3
_TOO_LONG = 10
# Stands behind words for as long as it is known that their end is a guess.
_UNSURE = "\0"
_FAR = 80
_CLOSE = 9
_INDENT = 3
_HEADER = 45

Starts = tuple[int, ...]


@dataclass(frozen=True)
class Placed:
    """A part of a line: its column, counted from 0, and how far it is set in there."""

    column: int
    offset: int
    text: str
    sure: bool = True


Piece = tuple[int, str]


def pages_of(pages: Sequence[Sequence[str]]) -> list[list[list[Placed]]]:
    """The lines of every page as parts with columns; empty when nothing tells how many columns there are."""
    cut = [[_pieces(text) for text in page] for page in pages]
    count = _count([pieces for page in cut for pieces in page])
    if count < 2:
        return []
    cut = [[_with_number(pieces, count) for pieces in page] for page in cut]
    widest = max((len(text) for page in cut for pieces in page for _, text in pieces[1:]), default=0)
    found: list[list[list[Placed]]] = []
    inside = False
    named = any(_is_table_header(pieces) for page in cut for pieces in page)
    for page in cut:
        anchors = _anchors(page, count)
        first = next(
            (at for at, pieces in enumerate(page) if _opens(pieces, anchors[at], named=named)), len(page)
        )
        before = 0 if inside else first
        inside = inside or first < len(page)
        if before:
            rest = [_placed(pieces, anchors, at, count) for at, pieces in enumerate(page) if at >= before]
            found.append(
                [[Placed(0, 0, text) for _, text in _one(pieces)] for pieces in page[:before]] + rest
            )
        elif not any(anchors):
            found.append([_lone(pieces, count, page, widest) for pieces in page])
        else:
            found.append([_placed(pieces, anchors, at, count) for at, pieces in enumerate(page)])
    return found


def _pieces(text: str) -> list[Piece]:
    """The parts of a line between blanks, each with its place; a bullet stays with its words."""
    found: list[Piece] = []
    start = len(text) - len(text.lstrip())
    for blank in [*_GAP.finditer(text), None]:
        part = text[start : blank.start() if blank else len(text)].strip()
        if (
            part
            and found
            and _BULLET.match(found[-1][1])
            and (found[-1][0] > _INDENT or not found[-1][1][0].isdigit())
        ):
            found[-1] = (found[-1][0], f"{found[-1][1]} {part}")
        elif part:
            found.append((start, part))
        start = blank.end() if blank else start
    return found


def _with_number(pieces: list[Piece], count: int) -> list[Piece]:
    """A header's pieces, the word for the numbers apart from the next, which stands close to it."""
    if len(pieces) != count - 1 or len(pieces) < 2 or not _is_header(pieces):
        return pieces
    start, text = pieces[0]
    word, _, rest = text.partition(" ")
    if not rest or not vocabulary.is_number_word(word):
        return pieces
    return [(start, word), (start + len(word) + 1, rest.strip()), *pieces[1:]]


def _count(lines: Sequence[Sequence[Piece]]) -> int:
    """How many columns there are: as the header says, else as many as most lines with several parts have."""
    for pieces in lines:
        if _is_table_header(pieces):
            # "Nr. Indsats" may stand so close that they look like one.
            first = pieces[0][1].split()
            return len(pieces) + (len(first) > 1 and vocabulary.is_number_word(first[0]))
    counted = Counter(len(pieces) for pieces in lines if len(pieces) > 1)
    return counted.most_common(1)[0][0] if counted.total() > _NEAR else 1


def _is_table_header(pieces: Sequence[Piece]) -> bool:
    texts = [text for _, text in pieces]
    worded = all(len(text) <= _HEADER and text[:1].isupper() and not text.endswith(".") for text in texts)
    titles = [
        text.split(maxsplit=1)[-1] if vocabulary.is_number_word(text.split()[0]) else text
        for text in texts[:-1]
    ]
    return (
        worded
        and len(texts) > 1
        and vocabulary.is_status_word(texts[-1])
        and any(vocabulary.is_title_word(text) for text in titles)
    )


def _opens(pieces: Sequence[Piece], starts: Starts, *, named: bool) -> bool:
    """Whether a table begins with a line: with its header if one is known, else where columns begin."""
    return _is_table_header(pieces) if named else bool(starts)


def _anchors(page: Sequence[Sequence[Piece]], count: int) -> list[Starts]:
    """For each line the places at which its columns begin, as far as the line itself and its like say."""
    starts = [{start for start, _ in pieces if start > _INDENT} for pieces in page]
    found: list[Starts] = []
    for at, pieces in enumerate(page):
        own = tuple(start for start, _ in pieces[1:])
        near = [
            one
            for other in range(max(0, at - 2), min(len(page), at + 3))
            if other != at
            for one in starts[other]
        ]
        shared = all(any(abs(one - start) <= 1 for one in near) for start in own)
        found.append(own if len(pieces) == count and (shared or _is_header(pieces)) else ())
    return found


def _is_header(pieces: Sequence[Piece]) -> bool:
    return vocabulary.is_status_word(pieces[-1][1]) and len(pieces[-1][1]) <= _HEADER


def _lone(pieces: Sequence[Piece], count: int, page: Sequence[Sequence[Piece]], widest: int) -> list[Placed]:
    """A line of a page without columns: in the last of them if the page is as narrow, else across all."""
    indent = min((start for one in page for start, _ in one), default=0)
    ends = [start - indent + len(text) for one in page for start, text in one]
    narrow = indent > _TOO_LONG or (len(page) > 1 and max(ends, default=0) <= widest + _TOO_LONG)
    column = count - 1 if narrow else 0
    return [Placed(column, min(start - indent, _INDENT), text) for start, text in _one(pieces)]


def _one(pieces: Sequence[Piece]) -> Iterator[Piece]:
    if pieces:
        yield pieces[0][0], "  ".join(text for _, text in pieces)


def _nearest(anchors: Sequence[Starts], at: int, *, far: int = _FAR) -> Iterator[Starts]:
    """The anchors of the lines around, the nearest first."""
    for distance in range(far):
        for other in (at + distance, at - distance):
            if 0 <= other < len(anchors) and anchors[other]:
                yield anchors[other]


def _placed(pieces: Sequence[Piece], anchors: Sequence[Starts], at: int, count: int) -> list[Placed]:
    own = anchors[at]
    if own:
        return [
            Placed(column, 0 if column else min(start, _INDENT), text)
            for column, (start, text) in enumerate(pieces)
        ]
    around = list(dict.fromkeys(_nearest(anchors, at)))
    close = list(dict.fromkeys(_nearest(anchors, at, far=_CLOSE)))
    parts = _cut(pieces, close or around[:1], count)
    found: list[Placed] = []
    for start, text in parts:
        column = _column(start, around, count)
        least = found[-1].column if found else 0
        if found and (column is None or column <= least):
            # A gap inside a cell, as justified text has.
            found[-1] = Placed(least, found[-1].offset, f"{found[-1].text} {text}")
        else:
            column = count - 1 if column is None else column
            base = around[0][column - 1] if column else 0
            found.append(Placed(column, min(max(start - base, 0), _INDENT) if column else 0, text))
    return [
        replace(piece, text=piece.text.replace(_UNSURE, ""), sure=_UNSURE not in piece.text)
        for piece in found
    ]


def _column(start: int, around: Sequence[Starts], count: int) -> int | None:
    """The column of a part that begins at a place; None when no line around says so."""
    if start <= _INDENT:
        return 0
    for starts in around:
        near = min(range(len(starts)), key=lambda one: abs(starts[one] - start))
        if abs(starts[near] - start) <= 1:
            return near + 1
    starts = around[0]
    near = min(range(len(starts)), key=lambda one: abs(starts[one] - start))
    if abs(starts[near] - start) <= _NEAR or start > starts[-1]:
        return near + 1 if start <= starts[-1] + _NEAR else count - 1
    return None


def _cut(pieces: Sequence[Piece], close: Sequence[Starts], count: int) -> list[Piece]:
    """The parts, one that runs over a column's beginning cut there: a single blank may be all between two."""
    found: list[Piece] = []
    for start, text in pieces:
        at = next((one - start for starts in close for one in starts if _may_cut(text, one - start)), 0)
        named = vocabulary.names_administration(text) or vocabulary.is_caption(text)
        if at and len(pieces) < count and not named:
            found += [(start, text[:at].strip()), (start + at, text[at:])]
        elif not named and (at := _near_cut(text, close[0][0] if close and start <= _INDENT else 0)):
            found += [(start, text[:at].strip() + _UNSURE), (close[0][0], text[at:])]
        else:
            found.append((start, text))
    return found


def _may_cut(text: str, at: int) -> bool:
    return 1 < at < len(text) and text[at - 1] == " " and text[at] != " "


def _near_cut(text: str, at: int) -> int:
    """Where a line that is far too long for its column may be cut: at the blank nearest to the next column.

    Words that fill their cell push the next cell's words aside. 0 for a line that is not cut.
    """
    if not at or len(text) < at + _TOO_LONG:
        return 0
    blanks = [found.end() for found in re.finditer(" ", text) if abs(found.end() - at) <= _NEAR + 1]
    return min(blanks, key=lambda one: abs(one - at), default=0)
