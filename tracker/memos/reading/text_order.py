"""Puts a text layer in the order of its rows, where a program has printed each page column by column.

On such a page the titles of several rows stand below each other, and all their statuses after them. Titles
are told by their numbers; where one status ends and the next begins nothing says, so that it is weighed: by
lines that end early, by sentences that end, and by the words that a title and a status share.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tracker.memos.reading import vocabulary
from tracker.memos.reading.lines import Line, fits, percentile, width
from tracker.memos.reading.text_rows import Candidate
from tracker.memos.reading.text_sections import looks_like_name

_FEWEST = 3
_SHARE = 0.3
_SURE = 0.6
_WORD = re.compile(r"[^\W\d_]{5,}")
_STEM = 6
_SEEN = 5
_MOST = 5.0
_FULL = 0.9
_NEVER = -1000.0
_HEADER_WORDS = 5


@dataclass
class _Block:
    """What belongs together of the first column: a row's title, or a name with its header word."""

    start: int
    end: int
    row: bool
    below: list[int] = field(default_factory=list)


def in_rows(
    lines: Sequence[Line], rows: Sequence[Candidate], *, headed: bool
) -> tuple[tuple[Line, ...], tuple[Line, ...]] | None:
    """The lines with each status behind its title, and headers that pages repeat; None when they stand so.

    `headed`: the words of the two columns stand together, which speaks for that.
    """
    blocks = _blocks(lines, rows)
    starts = {block.start for block in blocks}
    close = sum(block.row and block.end in starts for block in blocks)
    inside = sum(block.end - block.start for block in blocks)
    outside = len(lines) - blocks[0].start - inside
    if close < max(_FEWEST, (_SURE if headed else _SHARE) * len(rows)) or outside < inside:
        return None
    taken = {at for block in blocks for at in range(block.start, block.end)}
    rest = [at for at in range(blocks[0].start, len(lines)) if at not in taken]
    rest = _with_headers(lines, blocks, rest)
    known = {lines[at].text for block in blocks if not block.row for at in (block.end - 1, *block.below)}
    spare = [at for at in rest if lines[at].text in known]
    _share_out(lines, blocks, [at for at in rest if at not in spare])
    found = list(lines[: blocks[0].start])
    for block in blocks:
        found += lines[block.start : block.end]
        below = [lines[at] for at in block.below]
        if below and block.row:
            below[0] = replace(below[0], begins_status=True)
        found += below
    return tuple(found), tuple(lines[at] for at in spare)


def _blocks(lines: Sequence[Line], rows: Sequence[Candidate]) -> list[_Block]:
    starts = {row.at for row in rows}
    found: list[_Block] = []
    for row in rows:
        end = row.at + 1
        while end < len(lines) and end not in starts and not _parted(lines, end):
            end += 1
        head = row.at
        floor = found[-1].end if found else 0
        if head > floor and _is_title_header(lines[head - 1]):
            head -= 1
            while head > floor and row.at - head < _FEWEST and _is_name(lines, head - 1):
                head -= 1
            found.append(_Block(head, row.at, row=False))
        found.append(_Block(row.at, end, row=True))
    return found


def _parted(lines: Sequence[Line], at: int) -> bool:
    line = lines[at]
    return (
        line.gap > 0
        or line.page_start
        or _is_title_header(line)
        or (vocabulary.names_administration(line.text) and not line.starts_low)
    )


def _is_title_header(line: Line) -> bool:
    return vocabulary.is_title_word(line.text) and len(line.text.split()) <= 2 and line.text[:1].isupper()


def _is_name(lines: Sequence[Line], at: int) -> bool:
    text = lines[at].text
    return vocabulary.names_administration(text) or (
        looks_like_name(text) and (lines[at].gap > 0 or lines[at].page_start)
    )


def _with_headers(lines: Sequence[Line], blocks: Sequence[_Block], rest: list[int]) -> list[int]:
    """Give each header the word that stands above its statuses; what remains."""
    left = list(rest)
    for block in blocks:
        if block.row:
            continue
        own = next((at for at in left if at > block.start and _is_status_header(lines[at])), None)
        if own is not None and lines[own].page == lines[block.start].page:
            block.below.append(own)
            left.remove(own)
    return left


def _is_status_header(line: Line) -> bool:
    words = line.text.split()
    short = len(words) <= _HEADER_WORDS and not line.text.endswith((".", ",", ":"))
    return short and line.text[:1].isupper() and vocabulary.is_status_word(words[0])


def _share_out(lines: Sequence[Line], blocks: Sequence[_Block], rest: Sequence[int]) -> None:
    """Give each row the lines of its status, page by page."""
    column = percentile([width(lines[at].text) for at in rest], _FULL)
    last: _Block | None = None
    for page in sorted({line.page for line in lines}):
        rows = [block for block in blocks if block.row and lines[block.start].page == page]
        some = [at for at in rest if lines[at].page == page]
        places = _places(lines, rows, some, column, fresh=last is None)
        if last is not None:
            last.below += some[: places[0] if places else len(some)]
        for block, start, end in zip(rows, places, [*places[1:], len(some)], strict=False):
            block.below += some[start:end]
        if rows and not places:
            rows[0].below += [] if last is not None else some
        last = rows[-1] if rows else last


def _places(
    lines: Sequence[Line], rows: Sequence[_Block], some: Sequence[int], column: float, *, fresh: bool
) -> list[int]:
    """The places among some lines at which the statuses of some rows begin; empty when they are too few."""
    if len(some) < len(rows) or not rows:
        return []
    stems = [_stems(lines[at].text) for at in some]
    often = Counter(stem for one in stems for stem in one)
    best = [_NEVER] * (len(some) + 1)
    back: list[list[int]] = []
    for index, block in enumerate(rows):
        title = set().union(*(_stems(line.text) for line in lines[block.start : block.end]))
        scores = [_NEVER] * (len(some) + 1)
        steps = [0] * (len(some) + 1)
        highest, where = (0.0, -1) if index == 0 else (_NEVER, -1)
        for at in range(len(some)):
            own = _begins(lines, some, at, column)
            shared = title & set().union(*stems[at : at + _SEEN])
            own += min(sum(4.0 / (1 + often[stem]) for stem in shared), _MOST)
            if index == 0:
                own += 4.0 if at == 0 and fresh else 0.0
            scores[at], steps[at] = own + highest, where
            if index and best[at] > highest:
                highest, where = best[at], at
        back.append(steps)
        best = scores
    at = max(range(len(some)), key=lambda one: best[one])
    found = [at]
    for steps in reversed(back[1:]):
        at = steps[at]
        found.append(at)
    return found[::-1]


def _begins(lines: Sequence[Line], some: Sequence[int], at: int, column: float) -> float:
    """How well a status may begin with a line."""
    line = lines[some[at]]
    if line.starts_low or line.is_bullet:
        return -6.0
    if at == 0:
        return 0.5
    before = lines[some[at - 1]]
    if before.divided:
        return -9.0
    roomy = fits(before, line, column)
    return (1.0 if before.ends_sentence else -3.0) + (2.0 if roomy else -1.0) + (2.0 if line.gap else 0.0)


def _stems(text: str) -> set[str]:
    return {word[:_STEM].lower() for word in _WORD.findall(text)}
