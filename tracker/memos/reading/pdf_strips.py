"""The rows of a ruled table on one page: the strips between its rules, and the boxes of their cells."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tracker.memos.reading.pdf_rules import LOWEST_STRIP, Region, places
from tracker.memos.reading.pdf_source import Word

_COVERED = 0.5
_GAP = 0.6
_PAD = 8.0


@dataclass
class Box:
    """A cell's part in one strip. `open_above` says that no rule parts it from the strip above."""

    x0: float
    x1: float
    open_above: bool = False
    words: list[Word] = field(default_factory=list)


@dataclass
class Strip:
    """What stands between two level rules."""

    y0: float
    y1: float
    boxes: list[Box]


def strips_of(region: Region, words: Sequence[Word]) -> list[Strip]:
    """The strips of a table with its words in their boxes."""
    # Where an upright rule ends, a cell begins or ends, though no level rule may stand there.
    ends = [end for rule in region.uprights for end in (rule.y0, rule.y1)]
    edges = places([*(rule.y0 for rule in region.levels), *ends, region.y0, region.y1], LOWEST_STRIP)
    strips = [Strip(top, bottom, _boxes(region, top, bottom)) for top, bottom in pairwise(edges)]
    if not strips:
        return []
    tops = [strip.y0 for strip in strips]
    held: list[list[Word]] = [[] for _ in strips]
    for word in words:
        held[max(bisect_left(tops, word.base - 0.3 * word.size) - 1, 0)].append(word)
    for strip, inside in zip(strips, held, strict=True):
        if len(strip.boxes) == 1 and (region.parted or region.columns):
            strip.boxes = _boxes_by_words(region, strip, inside)
        _give(strip.boxes, inside, region)
    return strips


def _give(boxes: Sequence[Box], words: Sequence[Word], region: Region) -> None:
    for word in words:
        middle = min(max(word.middle, region.x0), region.x1)
        box = next((one for one in boxes if one.x0 <= middle <= one.x1), boxes[0])
        box.words.append(word)


def _boxes_by_words(region: Region, strip: Strip, words: Sequence[Word]) -> list[Box]:
    """The boxes of a strip without rules between columns, where its words keep to those of other strips."""
    inner = [x for x in region.inner or region.columns if _keep_off(x, words)]
    edges = [strip.boxes[0].x0, *inner, strip.boxes[0].x1]
    above = strip.boxes[0].open_above
    return [Box(left, right, open_above=above) for left, right in pairwise(edges)]


def _keep_off(x: float, words: Sequence[Word]) -> bool:
    """Whether words stand on both sides of a place, on each line well off it, or all of them right of it."""
    left = [word for word in words if word.middle < x]
    right = [word for word in words if word.middle >= x]
    if not right:
        return False
    start = min(word.x0 for word in right)
    if not left:
        lines = {word.base for word in right}
        return 0 <= start - x < _PAD and (len(lines) > 1 or not right[0].bold)
    return start - max(word.x1 for word in left) > _GAP * words[0].size


def _boxes(region: Region, top: float, bottom: float) -> list[Box]:
    inner = [
        rule.x0
        for rule in region.uprights
        if min(rule.y1, bottom) - max(rule.y0, top) > _COVERED * (bottom - top)
    ]
    edges = places([region.x0, *inner, region.x1], LOWEST_STRIP)
    return [
        Box(left, right, open_above=top > region.y0 + 1 and not _is_ruled(region, left, right, top))
        for left, right in pairwise(edges)
    ]


def _is_ruled(region: Region, left: float, right: float, y: float) -> bool:
    covered = sum(
        max(0.0, min(rule.x1, right) - max(rule.x0, left))
        for rule in region.levels
        if abs(rule.y0 - y) < LOWEST_STRIP
    )
    return covered > _COVERED * (right - left)
