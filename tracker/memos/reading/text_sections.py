"""Headers, captions and names of sections in a text layer."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.domain.memo import TableKind
from tracker.memos.reading import vocabulary
from tracker.memos.reading.lines import Line, fits, has_verb, joined
from tracker.memos.reading.text_rows import Candidate
from tracker.memos.reading.titles import ends_joining

DEFAULT_WORDS = ("Indsats", "Status")
_MAX_NAME_LINES = 3
_MAX_CAPTION_LINES = 8
_HEADER_WORDS = 7
_NAME_WORDS = 8
_ROOM = 6
_SPLIT = re.compile(r"\s+(?=\S)")
_SMALL = {"og", "for", "i", "af", "på", "under", "and", "of", "the", "samt", "&", "/", "-", "–"}


@dataclass(frozen=True)
class Header:
    """The header words of a table: lines `start` to `after`, exclusive; `spare` is a word for the numbers."""

    start: int
    after: int
    words: tuple[str, str]
    spare: str = ""


@dataclass(frozen=True)
class Heading:
    """A section's name with its header words; `repeated` when it only repeats what stands above already.

    `guessed`: nothing but its look says that the line is a name.
    """

    start: int
    end: int
    name: str
    words: tuple[str, str] = DEFAULT_WORDS
    repeated: bool = False
    spare: str = ""
    guessed: bool = False


@dataclass(frozen=True)
class Caption:
    """The caption of a further table: lines `start` to `end`, exclusive."""

    start: int
    end: int
    text: str
    kind: TableKind


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


def find_plain_headers(lines: Sequence[Line], rows: Sequence[Candidate]) -> list[Header]:
    """Header words on no list: what stands right above the first row, and again further on."""
    first = rows[0].at
    for at in (first - 1, first - 2):
        header = _by_place(lines, at) if at >= 0 else None
        if header:
            texts = [line.text for line in lines[header.start : header.after]]
            starts = [
                index
                for index in range(len(lines) - len(texts) + 1)
                if [line.text for line in lines[index : index + len(texts)]] == texts
            ]
            return [Header(at, at + len(texts), header.words, header.spare) for at in starts]
    return []


def _by_place(lines: Sequence[Line], at: int) -> Header | None:
    words = _SPLIT.split(lines[at].text)
    if len(words) > _HEADER_WORDS or lines[at].text.endswith((".", ":", ",")):
        return None
    start = at
    spare = words.pop(0) if len(words) > 1 and vocabulary.is_number_word(words[0]) else ""
    if vocabulary.is_title_word(words[0]):
        cut = next((cut for cut in range(1, len(words)) if words[cut][:1].isupper()), 0)
        if cut:
            return Header(at, at + 1, (" ".join(words[:cut]), " ".join(words[cut:])), spare)
    if at and not spare and vocabulary.is_title_word(lines[at - 1].text) and _is_title(lines[at - 1].text):
        numbered = at > 1 and vocabulary.is_number_word(lines[at - 2].text)
        start = at - 1 - numbered
        spare = lines[start].text if numbered else ""
        return Header(start, at + 1, (lines[at - 1].text, lines[at].text), spare)
    return None


def _one_line(lines: Sequence[Line], at: int) -> Header | None:
    words = _SPLIT.split(lines[at].text)
    if len(words) < 2 or len(words) > _HEADER_WORDS:
        return None
    spare = words.pop(0) if vocabulary.is_number_word(words[0]) else ""
    for cut in range(1, len(words)):
        left, right = " ".join(words[:cut]), " ".join(words[cut:])
        if _is_title(left) and _is_status(right) and _is_words(right):
            return Header(at, at + 1, (left, right), spare)
    return None


def _lines_each(lines: Sequence[Line], at: int) -> Header | None:
    start = at
    if vocabulary.is_number_word(lines[at].text):
        at += 1
    if at + 1 >= len(lines):
        return None
    left, right = lines[at].text, lines[at + 1].text
    if _is_title(left) and _is_status(right) and _is_words(right):
        return Header(start, at + 2, (left, right), lines[start].text if at > start else "")
    return None


def _is_title(text: str) -> bool:
    return (
        vocabulary.is_title_word(text) and _is_words(text) and text[:1].isupper() and len(text.split()) <= 2
    )


def _is_status(text: str) -> bool:
    """Whether a status's header word opens the text, or a question does: 'Hvad er der sket?'"""
    return vocabulary.is_status_word(text.split(maxsplit=1)[0]) or (
        vocabulary.is_status_word(text) and text[:1].isupper() and text.endswith("?")
    )


def _is_words(text: str) -> bool:
    # "Status pr. 1. oktober" has five words.
    return len(text.split()) <= 5 and not text.endswith((".", ",", ":"))


def find_captions(
    lines: Sequence[Line], rows: Sequence[Candidate], headings: Sequence[Heading]
) -> list[Caption]:
    """The captions of the tables after the first, each from its line to the next heading or row."""
    starts = sorted([row.at for row in rows] + [heading.start for heading in headings])
    found = []
    for at in range(rows[0].at + 1, len(lines)):
        if not vocabulary.is_caption(lines[at].text) or lines[at - 1].divided:
            continue
        following = bisect_left(starts, at)
        end = starts[following] if following < len(starts) else at
        if at < end <= at + _MAX_CAPTION_LINES:
            text = joined(lines[at:end])[0]
            found.append(Caption(at, end, text, vocabulary.kind_of_table(text)))
    return found


def find_headings(
    lines: Sequence[Line], headers: Sequence[Header], rows: Sequence[Candidate], column: float = 0.0
) -> list[Heading]:
    """Every section's name with its header, and names that stand alone right before a row.

    `column` is the printed width of the statuses, 0 when it is not known.
    """
    found = list(_above_headers(lines, headers, rows))
    header_starts = [header.start for header in headers]
    header_ends = {header.after for header in headers}
    taken = {at for heading in found for at in range(heading.start, heading.end)}
    for index, row in enumerate(rows):
        floor = rows[index - 1].at + 1 if index else 0
        begin = _name_start(lines, row.at, floor=floor)
        if row.at - 1 in taken or begin >= row.at:
            continue
        name, number = _plain_name(joined(lines[begin : row.at])[0])
        named = vocabulary.names_administration(name)
        alone = _stands_alone(lines, begin, column)
        sure = named and alone
        after_header = begin in header_ends or begin - 1 in taken
        looks = begin == row.at - 1 and looks_like_name(name) and (alone or _may_end(lines[begin - 1]))
        guessed = named or looks or (begin == row.at - 1 and after_header)
        if vocabulary.is_caption(name) or not (sure or guessed):
            continue
        above = bisect_left(header_starts, row.at)
        words = headers[above - 1].words if above else DEFAULT_WORDS
        # Below a header that only a new page repeats, the rest of a title may stand.
        guess = not sure and not (after_header and not _tops_page(lines, begin))
        found.append(Heading(begin, row.at, name, words, spare=number, guessed=guess))
    return sorted(found, key=lambda heading: heading.start)


def _above_headers(
    lines: Sequence[Line], headers: Sequence[Header], rows: Sequence[Candidate]
) -> Iterator[Heading]:
    starts = [row.at for row in rows]
    known_starts = set(starts)
    known = ""
    ends = _chained(headers)
    after = 0
    for header in headers:
        before = bisect_left(starts, header.start)
        floor = max(starts[before - 1] + 1 if before else 0, after)
        begin = _name_start(lines, header.start, floor=floor)
        after = header.after
        name, number = _plain_name(joined(lines[begin : header.start])[0] if begin < header.start else "")
        if vocabulary.is_caption(name):
            begin, name, number = header.start, "", ""
        again = bool(before) and (ends[header.start] not in known_starts or not name or name == known)
        if again and name != known:
            begin = header.start
        spare = "" if again else f"{number} {header.spare}".strip()
        yield Heading(begin, header.after, name, header.words, again, spare)
        known = name


def _chained(headers: Sequence[Header]) -> dict[int, int]:
    """For each header the end of those that follow it at once, as where a page repeats it."""
    ends: dict[int, int] = {}
    for header in reversed(headers):
        ends[header.start] = ends.get(header.after, header.after)
    return ends


def _stands_alone(lines: Sequence[Line], at: int, column: float) -> bool:
    """Whether what stands before ended with a sentence, or was ended on purpose."""
    before = lines[at - 1] if at else None
    if before is None or before.ends_sentence or (lines[at].gap > before.gap and not before.divided):
        return True
    return column > 0 and fits(before, lines[at], column, margin=_ROOM)


def _may_end(line: Line) -> bool:
    """Whether a line may be the last of a paragraph that lacks its stop."""
    return not (line.divided or line.text.endswith((",", "(", "/")) or ends_joining(line.text))


def looks_like_name(text: str) -> bool:
    """Whether a line is of names alone: 'Teknik og Miljø'."""
    words = re.split(r"[\s,]+", text)
    big = all(word[:1].isupper() or word in _SMALL for word in words)
    return big and len(words) <= _NAME_WORDS and not has_verb(text) and words[-1] not in _SMALL


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
        whole = _plain_name(line.text)[0][:1].isupper() and not (at > floor and _runs_on(lines[at - 1]))
        if whole:
            name = joined(lines[at:end])[0]
            named = vocabulary.names_administration(_plain_name(name)[0])
            return at if named or end - at == 1 else end
    return end


def _tops_page(lines: Sequence[Line], at: int) -> bool:
    return any(line.page_start for line in lines[max(at - _MAX_NAME_LINES, 0) : at + 1])


def _plain_name(text: str) -> tuple[str, str]:
    """A name and the number printed before it; what is no name keeps its number."""
    name, number = vocabulary.plain_name(text)
    told = vocabulary.names_administration(name) or looks_like_name(name)
    return (name, number) if told else (text, "")


def _runs_on(line: Line) -> bool:
    return line.divided or line.text.endswith((" og", " and", ","))
