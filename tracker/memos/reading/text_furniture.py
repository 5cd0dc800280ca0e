"""Page furniture of a text layer: page numbers, running heads and feet, with or without form feeds.

Only what repeats or counts on is taken for furniture, so that a lone number in a table stays.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from tracker.memos.reading import vocabulary
from tracker.memos.reading.lines import Line
from tracker.memos.reading.text_sections import find_headers, looks_like_name

_SAID = re.compile(r"^(?:side|page|s\.) ?(\d{1,4})(?: ?(?:af|of|/|\|) ?(\d{1,4}))?$", re.IGNORECASE)
_OF_MANY = re.compile(r"^(\d{1,4}) ?(?:af|of|/|\|) ?(\d{1,4})$", re.IGNORECASE)
_DASHED = re.compile(r"^[-–—] ?(\d{1,4}) ?[-–—]$")
_PLAIN = re.compile(r"^(\d{1,4})$")
_APART = 12
_EDGE = 2
_FRONT = 12


def furniture_of(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines that belong to the page and not to the memo, in order."""
    numbers = _page_numbers(lines)
    taken = {line.number for line in numbers}
    for line in _running(lines, numbers):
        taken.add(line.number)
    return tuple(line for line in lines if line.number in taken)


def without(lines: Sequence[Line], furniture: Sequence[Line]) -> list[Line]:
    """The other lines; the first after a page's edge begins a page, though no form feed says so."""
    taken = {line.number for line in furniture}
    numbers = {line.number for line in furniture if _number(line.text) is not None}
    kept: list[Line] = []
    begins, added = False, 0
    for line in lines:
        begins = begins or line.page_start or line.number in numbers
        if line.number in taken:
            continue
        begins = begins and bool(kept)
        added += begins and not line.page_start and bool(kept) and kept[-1].page == line.page + added
        kept.append(replace(line, page_start=begins or line.page_start, page=line.page + added))
        begins = False
    return kept


def _number(text: str) -> int | None:
    found = _SAID.match(text) or _OF_MANY.match(text) or _DASHED.match(text) or _PLAIN.match(text)
    return int(found[1]) if found else None


def _page_numbers(lines: Sequence[Line]) -> list[Line]:
    found = [line for line in lines if _SAID.match(line.text)]
    for form in (_OF_MANY, _DASHED):
        alike = [line for line in lines if form.match(line.text)]
        found += _counting(alike) if len(alike) > 1 else _at_edges(lines, alike)
    return found + (_plain_on_pages(lines) or _plain_in_gaps(lines))


def _counting(lines: Sequence[Line]) -> list[Line]:
    """Those of some lines whose numbers rise by one."""
    numbered = [(line, _number(line.text) or 0) for line in lines]
    steps = {line.number for pair in pairwise(numbered) if pair[1][1] == pair[0][1] + 1 for line, _ in pair}
    return [line for line in lines if line.number in steps]


def _at_edges(lines: Sequence[Line], some: Sequence[Line]) -> list[Line]:
    edges = {line.number for page in _pages(lines) for line in (*page[:1], *page[-1:])}
    return [line for line in some if line.number in edges]


def _pages(lines: Sequence[Line]) -> list[list[Line]]:
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    return list(pages.values())


def _plain_on_pages(lines: Sequence[Line]) -> list[Line]:
    """Bare numbers at the edges of pages that are the page's own, or off by the same on all."""
    pages = _pages(lines)
    if len(pages) < 2:
        return []
    edges = [line for page in pages for line in (*page[:1], *page[-1:]) if _PLAIN.match(line.text)]
    off = Counter(int(line.text) - line.page for line in edges)
    usual, times = off.most_common(1)[0] if off else (0, 0)
    return [line for line in edges if int(line.text) - line.page == usual] if times > 1 or usual == 0 else []


def _plain_in_gaps(lines: Sequence[Line]) -> list[Line]:
    """Bare numbers that count on, each after a blank line and far from the last: pages without form feeds."""
    if len(_pages(lines)) > 1:
        return []
    alone = [line for line in lines if _PLAIN.match(line.text)]
    if not alone or any(line.gap == 0 for line in alone):
        return []
    far = all(after.number - before.number >= _APART for before, after in pairwise(alone))
    rising = [int(line.text) for line in alone]
    counts = rising == list(range(rising[0], rising[0] + len(rising)))
    return alone if far and counts and len(alone) > 1 and rising[0] < 3 and alone[0].number > _APART else []


def _running(lines: Sequence[Line], numbers: Sequence[Line]) -> list[Line]:
    """Lines at the edges of pages that stand so on other pages, or repeat a line of the memo's front."""
    kept = without(lines, numbers)
    pages = _pages(kept)
    if len(pages) < 2:
        return []
    front = {line.text for line in pages[0][:_FRONT]}
    tops = {page[0].text for page in pages[1:]}
    headers = _headers(kept)
    table = headers | _names(kept, headers)
    edges = [*_places(pages[1:], top=True), *_places(pages, top=False)]
    seen = Counter((place, _alike(line.text)) for place, line in edges)
    enough = 2 if len(pages) <= 3 else max(3, len(pages) // 2)
    found = []
    for place, line in edges:
        often = seen[place, _alike(line.text)] >= enough and line.number not in table
        copied = place == 0 and tops == {line.text} and line.text in front and line.number not in headers
        if (often or copied) and len(_letters(line.text)) > 2 and not line.is_bullet:
            found.append(line)
    return found


def _places(pages: Sequence[Sequence[Line]], *, top: bool) -> list[tuple[int, Line]]:
    """The first or last lines of pages, each with its place: 0, 1 from above, -1, -2 from below."""
    places = range(_EDGE) if top else range(-1, -_EDGE - 1, -1)
    return [(place, page[place]) for page in pages for place in places if len(page) > 2 * _EDGE]


def _headers(lines: Sequence[Line]) -> set[int]:
    """Numbers of the lines that name columns, which the memo keeps."""
    return {line.number for header in find_headers(lines) for line in lines[header.start : header.after]}


def _names(lines: Sequence[Line], headers: set[int]) -> set[int]:
    """Numbers of the lines that name the administration of what follows."""
    return {
        line.number
        for line, after in pairwise(lines)
        if vocabulary.names_administration(line.text)
        and (after.number in headers or after.text[:1].isdigit())
    } | {
        # The word above the titles, where those above the statuses stand further down.
        after.number
        for line, after in pairwise(lines)
        if vocabulary.is_title_word(after.text)
        and looks_like_name(line.text)
        and len(after.text.split()) == 1
    }


def _alike(text: str) -> str:
    """The text with a page's number in it made alike; what begins with a number is an item or a note."""
    return text if text[:1].isdigit() else re.sub(r"\d+", "#", text)


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalpha())
