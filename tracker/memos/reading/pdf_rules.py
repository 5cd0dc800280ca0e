"""Finds tables on a page by their rules: strokes that touch make a table, the strips between them rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.memos.reading.pdf_source import Page, Rule, Word

_NEAR = 2.0
_TOUCH = 3.5
_MOST_RULES = 1_500
_WIDE = 0.4
_HALF = 0.5
LOWEST_STRIP = 4.0
_SHORT = (0.08, 0.45)
_WIDEST_PAD = 16.0
_BESIDE = 4.0
_FAR = 12.0


@dataclass
class Region:
    """A table's part on one page; `uprights` are the places of its upright rules, edges included.

    `columns` are the places between columns as other parts of the table, on earlier pages, show them.
    """

    x0: float
    y0: float
    x1: float
    y1: float
    levels: list[Rule]
    uprights: list[Rule]
    columns: tuple[float, ...] = ()

    @property
    def parted(self) -> bool:
        """Whether a rule stands between its edges, not only around it."""
        return bool(self._inner())

    @property
    def well_parted(self) -> bool:
        """Whether rules stand between its columns for a good part of its height, not only in its header."""
        heights: dict[int, float] = defaultdict(float)
        for rule in self._inner():
            heights[round(rule.x0)] += rule.y1 - rule.y0
        return max(heights.values(), default=0.0) > _HALF * (self.y1 - self.y0)

    @property
    def inner(self) -> tuple[float, ...]:
        """The places of the rules between its columns."""
        return tuple(places((rule.x0 for rule in self._inner()), LOWEST_STRIP))

    def is_above(self, other: Region) -> bool:
        """Whether another region is as wide and stands at the same place."""
        return abs(self.x0 - other.x0) < _TOUCH and abs(self.x1 - other.x1) < _TOUCH

    def _inner(self) -> list[Rule]:
        return [rule for rule in self.uprights if self.x0 + _TOUCH < rule.x0 < self.x1 - _TOUCH]

    def holds(self, word: Word) -> bool:
        inside = self.y0 - 1 <= word.base - 0.3 * word.size <= self.y1 + 1
        return inside and self.x0 - 2 <= word.middle <= self.x1 + 2


def regions_of(page: Page) -> list[Region]:
    """The tables of a page from above; single strokes, as above footnotes, are none."""
    levels = _merged([rule for rule in page.rules if rule.level], upright=False)
    uprights = _merged([rule for rule in page.rules if not rule.level], upright=True)
    if len(levels) + len(uprights) > _MOST_RULES:
        return []  # a drawing
    found = [_region(group) for group in _touching(levels, uprights)]
    for region in found:
        if region is not None:
            _take_inner(region, uprights)
    found += _ruled_only_between_rows(levels, found)
    return sorted((region for region in found if region is not None), key=lambda region: region.y0)


def wide_levels(page: Page) -> list[float]:
    """The heights of the level rules that part rows: those across a good part of the page."""
    levels = [rule for rule in page.rules if rule.level]
    if len(levels) > _MOST_RULES:
        return []
    merged = _merged(levels, upright=False)
    return [rule.y0 for rule in merged if rule.x1 - rule.x0 > _WIDE * page.width]


def note_rule(page: Page) -> float | None:
    """The height of the short stroke above a page's footnotes: alone, at the left margin, below the text."""
    levels = _merged([rule for rule in page.rules if rule.level], upright=False)
    if not page.words or len(levels) > _MOST_RULES:
        return None
    margin = min(word.x0 for word in page.words)
    lowest = max((rule.y1 for rule in page.rules if not rule.level), default=0.0)
    for rule in reversed(levels):
        short = _SHORT[0] * page.width < rule.x1 - rule.x0 < _SHORT[1] * page.width
        if short and rule.y0 > lowest + 1 and abs(rule.x0 - margin) < _WIDEST_PAD:
            return None if _underlines(rule, page.words) else rule.y0
    return None


def _underlines(rule: Rule, words: Sequence[Word]) -> bool:
    return any(
        word.x0 < rule.x1 and rule.x0 < word.x1 and -1 < rule.y0 - word.base < 0.3 * word.size
        for word in words
    )


def _merged(rules: Iterable[Rule], *, upright: bool) -> list[Rule]:
    """Strokes of one line as one."""
    turned = [Rule(r.y0, r.x0, r.y1, r.x1) if upright else r for r in rules]
    rows: list[list[Rule]] = []
    for rule in sorted(turned, key=lambda one: (one.y0, one.x0)):
        if rows and rule.y0 - rows[-1][0].y0 <= _NEAR:
            rows[-1].append(rule)
        else:
            rows.append([rule])
    found: list[Rule] = []
    for row in rows:
        begun: list[Rule] = []
        y = row[0].y0
        for rule in sorted(row, key=lambda one: one.x0):
            if begun and rule.x0 <= begun[-1].x1 + _TOUCH:
                begun[-1] = Rule(begun[-1].x0, y, max(begun[-1].x1, rule.x1), y)
            else:
                begun.append(Rule(rule.x0, y, rule.x1, y))
        found += begun
    return [Rule(r.y0, r.x0, r.y1, r.x1) for r in found] if upright else found


def _touching(levels: Sequence[Rule], uprights: Sequence[Rule]) -> list[list[Rule]]:
    """Groups of strokes that touch each other."""
    rules = [*levels, *uprights]
    group = list(range(len(rules)))

    def root(at: int) -> int:
        while group[at] != at:
            group[at] = group[group[at]]
            at = group[at]
        return at

    for i, level in enumerate(levels):
        for j, upright in enumerate(uprights, start=len(levels)):
            across = level.x0 - _TOUCH <= upright.x0 <= level.x1 + _TOUCH
            if across and upright.y0 - _TOUCH <= level.y0 <= upright.y1 + _TOUCH:
                group[root(i)] = root(j)
    found: dict[int, list[Rule]] = {}
    for at, rule in enumerate(rules):
        found.setdefault(root(at), []).append(rule)
    return list(found.values())


def _region(group: Sequence[Rule]) -> Region | None:
    levels = [rule for rule in group if rule.level]
    uprights = [rule for rule in group if not rule.level]
    uprights = [rule for rule in uprights if not _marks_a_change(rule, uprights)]
    if not uprights or len(levels) + len(uprights) < (2 if _parts(levels, uprights) else 3):
        return None
    if len(places((rule.x0 for rule in uprights), LOWEST_STRIP)) < 2 and not _parts(levels, uprights):
        return None  # a stroke beside rows that were changed
    group = [*levels, *uprights]
    box = (
        min(rule.x0 for rule in group), min(rule.y0 for rule in group),
        max(rule.x1 for rule in group), max(rule.y1 for rule in group),
    )  # fmt: skip
    if box[3] - box[1] < 2 * LOWEST_STRIP:
        return None
    return Region(*box, levels, uprights)


def _marks_a_change(rule: Rule, others: Iterable[Rule]) -> bool:
    """Whether a short stroke stands right beside a table's edge, as beside lines that were changed."""
    return any(
        other is not rule
        and abs(other.x0 - rule.x0) < _BESIDE
        and other.y1 - other.y0 > 2 * (rule.y1 - rule.y0)
        and other.y0 - 1 <= rule.y0
        and rule.y1 <= other.y1 + 1
        for other in others
    )


def _parts(levels: Iterable[Rule], uprights: Iterable[Rule]) -> bool:
    """Whether a level rule goes on well to both sides of an upright one."""
    return any(level.x0 + _FAR < one.x0 < level.x1 - _FAR for level in levels for one in uprights)


def _take_inner(region: Region, uprights: Sequence[Rule]) -> None:
    """Rules between columns that touch no other rule belong to the table that they stand in."""
    region.uprights += [
        rule
        for rule in uprights
        if region.x0 + _TOUCH < rule.x0 < region.x1 - _TOUCH
        and region.y0 - _TOUCH <= rule.y0
        and rule.y1 <= region.y1 + _TOUCH
        and rule not in region.uprights
    ]


def _ruled_only_between_rows(levels: Sequence[Rule], taken: Sequence[Region | None]) -> list[Region]:
    """Tables that have level rules alone, all of one width."""
    free = [
        rule
        for rule in levels
        if not any(region and region.y0 - 1 <= rule.y0 <= region.y1 + 1 for region in taken)
    ]
    groups: list[list[Rule]] = []
    for rule in free:
        last = groups[-1][-1] if groups else None
        if last and abs(last.x0 - rule.x0) < _TOUCH and abs(last.x1 - rule.x1) < _TOUCH:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return [
        Region(group[0].x0, group[0].y0, group[0].x1, group[-1].y0, group, [])
        for group in groups
        if len(group) > 1 and group[-1].y0 - group[0].y0 > 2 * LOWEST_STRIP
    ]


def places(values: Iterable[float], least: float) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] >= least:
            found.append(value)
    return found
