"""Headers and names of sections in a text layer."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.memos.reading import vocabulary
from tracker.memos.reading.lines import Line, joined
from tracker.memos.reading.text_rows import Candidate

_MAX_NAME_LINES = 3
_HEADER_WORDS = 6
_SPLIT = re.compile(r"\s+(?=\S)")


@dataclass(frozen=True)
class Header:
    """The header words of a table: lines `start` to `after`, exclusive; `spare` is a word for the numbers."""

    start: int
    after: int
    words: tuple[str, str]
    spare: str = ""


@dataclass(frozen=True)
class Heading:
    """A section's name with its header words; `repeated` when it only repeats what stands above already."""

    start: int
    end: int
    name: str
    words: tuple[str, str] = ("Indsats", "Status")
    repeated: bool = False
    spare: str = ""


def find_headers(lines: Sequence[Line]) -> list[Header]:
    """Every place where the words of the columns stand, on one line or on a line each."""
    found = []
    at = 0
    while at < len(lines):
        header = _one_line(lines, at) or _lines_each(lines, at)
        if header:
            found.append(header)
        at = header.after if header else at + 1
    return found


def _one_line(lines: Sequence[Line], at: int) -> Header | None:
    words = _SPLIT.split(lines[at].text)
    if len(words) < 2 or len(words) > _HEADER_WORDS:
        return None
    spare = words.pop(0) if vocabulary.is_number_word(words[0]) else ""
    for cut in range(1, len(words)):
        left, right = " ".join(words[:cut]), " ".join(words[cut:])
        if _is_title(left) and vocabulary.is_status_word(words[cut]) and _is_words(right):
            return Header(at, at + 1, (left, right), spare)
    return None


def _lines_each(lines: Sequence[Line], at: int) -> Header | None:
    start = at
    if vocabulary.is_number_word(lines[at].text):
        at += 1
    if at + 1 >= len(lines):
        return None
    left, right = lines[at].text, lines[at + 1].text
    if _is_title(left) and vocabulary.is_status_word(right.split()[0]) and _is_words(right):
        return Header(start, at + 2, (left, right), lines[start].text if at > start else "")
    return None


def _is_title(text: str) -> bool:
    return (
        vocabulary.is_title_word(text) and _is_words(text) and text[:1].isupper() and len(text.split()) <= 2
    )


def _is_words(text: str) -> bool:
    return len(text.split()) <= 4 and not text.endswith((".", ",", ":"))


def find_headings(
    lines: Sequence[Line], headers: Sequence[Header], rows: Sequence[Candidate]
) -> list[Heading]:
    """Every section's name with its header, and names that stand alone right before a row."""
    starts = [row.at for row in rows]
    known_starts = set(starts)
    found: list[Heading] = []
    for header in headers:
        before = bisect_left(starts, header.start)
        begin = _name_start(lines, header.start, floor=starts[before - 1] + 1 if before else 0)
        name = joined(lines[begin : header.start])[0] if begin < header.start else ""
        known = found[-1].name if found else ""
        again = bool(before) and (header.after not in known_starts or not name or name == known)
        if again and name != known:
            begin = header.start
        spare = "" if again else header.spare
        found.append(Heading(begin, header.after, name, header.words, again, spare))
    header_starts = [header.start for header in headers]
    taken = {at for heading in found for at in range(heading.start, heading.end)}
    for row in rows:
        begin = _name_start(lines, row.at, floor=0)
        alone = row.at - 1 not in taken and begin < row.at
        if (
            alone
            and vocabulary.names_administration(joined(lines[begin : row.at])[0])
            and _stands_alone(lines, begin)
        ):
            above = bisect_left(header_starts, row.at)
            words = headers[above - 1].words if above else ("Indsats", "Status")
            found.append(Heading(begin, row.at, joined(lines[begin : row.at])[0], words))
    return sorted(found, key=lambda heading: heading.start)


def _stands_alone(lines: Sequence[Line], at: int) -> bool:
    before = lines[at - 1] if at else None
    return before is None or before.ends_sentence or (lines[at].gap > 0 and not before.divided)


def _name_start(lines: Sequence[Line], end: int, *, floor: int) -> int:
    """Where the name that ends right before `end` begins; `end` when there is none."""
    at = end
    while at > floor and end - at < _MAX_NAME_LINES:
        line = lines[at - 1]
        if (
            line.text.endswith((".", ":", ";", ","))
            or len(line.text) > vocabulary.NAME_LENGTH
            or line.is_bullet
        ):
            break
        at -= 1
        whole = line.text[:1].isupper() and not (at > floor and _runs_on(lines[at - 1]))
        if whole:
            name = joined(lines[at:end])[0]
            return at if vocabulary.names_administration(name) or end - at == 1 else end
    return end


def _runs_on(line: Line) -> bool:
    return line.text.endswith(("-", " og", " and", ","))
