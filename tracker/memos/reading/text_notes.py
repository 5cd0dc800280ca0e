"""Footnotes and page furniture, taken out of a text layer before its rows are read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tracker.domain.text import Footnote, mark_number
from tracker.memos.reading.lines import Line, joined

_NOTE = re.compile(r"^(?:(\d{1,2})|([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})) ?(?=[A-ZÆØÅ”\"“»])(.*)$")
_GLUED = r"[a-zæøåé”\"’)]{}(?![\w%])"
_PAGE_NUMBER = re.compile(r"^(?:side |page |s\. ?)?\d{1,4}(?: ?(?:af|of|/) ?\d{1,4})?$", re.IGNORECASE)
_SAID_PAGE = re.compile(r"^(?:side|page) \d{1,4}(?: ?(?:af|of|/) ?\d{1,4})?$", re.IGNORECASE)
_REPEATED = 3
_EDGE = 2


@dataclass(frozen=True)
class Sorted:
    """The lines that remain, the notes, and the lines that belong to the page and not to the memo."""

    lines: tuple[Line, ...]
    notes: tuple[Footnote, ...]
    doubtful: tuple[str, ...]
    furniture: tuple[Line, ...]


def take_notes(lines: Sequence[Line]) -> Sorted:
    """Take page numbers, running heads and footnotes out. A note needs a mark glued to a word before it."""
    furniture = _furniture(lines)
    kept = [line for line in lines if line.number not in furniture]
    kept = _restarted(kept, lines)
    notes: list[Footnote] = []
    doubtful: list[str] = []
    rest: list[Line] = []
    at = 0
    while at < len(kept):
        end = _note_end(kept, at, rest, len(notes) + 1)
        if end == at:
            rest.append(kept[at])
            at += 1
            continue
        text, words = joined(kept[at:end])
        notes.append(Footnote(len(notes) + 1, re.sub(r"^[\d⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2} ?", "", text)))
        doubtful += words
        at = end
    taken = tuple(line for line in lines if line.number in furniture)
    return Sorted(tuple(rest), tuple(notes), tuple(doubtful), taken)


def _note_end(lines: Sequence[Line], at: int, before: Sequence[Line], number: int) -> int:
    """Where a note that begins at `at` ends; `at` itself when none begins there."""
    found = _NOTE.match(lines[at].text)
    if not found or (int(found[1]) if found[1] else mark_number(found[2])) != number or lines[at].gap == 0:
        return at
    glued = re.compile(_GLUED.replace("{}", str(number)))
    if found[1] and not any(glued.search(line.text) for line in before):
        return at
    end = at + 1
    while end < len(lines) and not lines[end].page_start and lines[end].gap == 0:
        again = _NOTE.match(lines[end].text)
        if again and again[1] == str(number + 1):
            break
        if lines[end - 1].ends_sentence and lines[end].starts_low:
            break  # the text above the note goes on
        end += 1
    return end


def _furniture(lines: Sequence[Line]) -> set[int]:
    """Numbers of the lines that stand at a page's edge and are page numbers, or the same on several pages."""
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    edges = (
        [line for page in pages.values() for line in {*page[:_EDGE], *page[-_EDGE:]}]
        if len(pages) > 1
        else []
    )
    seen = Counter(line.text for line in edges)
    found = {line.number for line in lines if _SAID_PAGE.match(line.text)}
    for line in edges:
        repeated = seen[line.text] >= max(_REPEATED, len(pages) // 2)
        if repeated or (
            _PAGE_NUMBER.match(line.text) and line.text.strip().isdecimal() and int(line.text) == line.page
        ):
            found.add(line.number)
    return found


def _restarted(kept: Sequence[Line], lines: Sequence[Line]) -> list[Line]:
    """Where a page's first line was furniture, the next line begins the page."""
    starts = {line.page for line in lines if line.page_start}
    seen: set[int] = set()
    found = []
    for line in kept:
        opens = line.page in starts and line.page not in seen
        seen.add(line.page)
        if opens and not line.page_start:
            line = replace(line, page_start=True)  # noqa: PLW2901
        found.append(line)
    return found
