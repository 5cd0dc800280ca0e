"""Footnotes and page furniture, taken out of a text layer before its rows are read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass

from tracker.domain.text import Footnote, mark_number
from tracker.memos.reading import vocabulary
from tracker.memos.reading.lines import Line, joined
from tracker.memos.reading.text_furniture import furniture_of, without

_NOTE = re.compile(r"^(?:(\d{1,2})|([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})) ?(?=[A-ZÆØÅ”\"“»])(.*)$")
_NUMBERED = re.compile(r"^(?:nr\.? ?)?\d{1,4}[.):]?(?:\s|$)", re.IGNORECASE)
# A mark is a digit glued to a word, to a stop after one, or to a year.
_GLUED = r"(?:[a-zæøåé”\"’)]\.?|[a-zæøåé][,;:]|\b(?:19|20)\d\d){}(?![\w%])"
_FRONT = 12


@dataclass(frozen=True)
class Sorted:
    """The lines that remain, the notes, and the lines that belong to the page and not to the memo."""

    lines: tuple[Line, ...]
    notes: tuple[Footnote, ...]
    doubtful: tuple[str, ...]
    furniture: tuple[Line, ...]


def take_notes(lines: Sequence[Line]) -> Sorted:
    """Take page numbers, running heads and footnotes out. A note needs a mark glued to a word before it."""
    furniture = furniture_of(lines)
    kept = without(lines, furniture)
    notes: list[Footnote] = []
    doubtful: list[str] = []
    rest: list[Line] = []
    again = {text for text, count in Counter(line.text for line in lines).items() if count > 1}
    at = last = 0
    while at < len(kept):
        after_note = bool(notes) and at == last and not kept[at].page_start
        apart = kept[at].gap > 0 or after_note
        end = _note_end(kept, at, rest, len(notes) + 1, again=again, apart=apart)
        if end == at:
            rest.append(kept[at])
            at += 1
            continue
        text, words = joined(kept[at:end])
        notes.append(Footnote(len(notes) + 1, re.sub(r"^[\d⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2} ?", "", text)))
        doubtful += words
        if end < len(kept) and _is_running_head(kept[end], lines):
            furniture = (*furniture, kept[end])
            end += 1
        at = last = end
    return Sorted(tuple(rest), tuple(notes), tuple(doubtful), furniture)


def _is_running_head(line: Line, lines: Sequence[Line]) -> bool:
    """Whether a line below a note only repeats what the first page begins with: its office or title."""
    front = [other.text for other in lines[:_FRONT] if other.number < line.number]
    plain = not (vocabulary.names_administration(line.text) or vocabulary.is_header_word(line.text))
    return line.text in front and (plain or line.text == front[0])


def _note_end(
    lines: Sequence[Line],
    at: int,
    before: Sequence[Line],
    number: int,
    *,
    again: Container[str],
    apart: bool,
) -> int:
    """Where a note that begins at `at` ends; `at` itself when none begins there.

    `again`: the lines that stand in the text more than once, as header words and running heads do;
    `apart`: a blank line or another note stands right before it.
    """
    found = _NOTE.match(lines[at].text)
    if not found or (int(found[1]) if found[1] else mark_number(found[2])) != number or not apart:
        return at
    glued = re.compile(_GLUED.replace("{}", str(number)))
    if found[1] and not any(glued.search(line.text) for line in before):
        return at
    end = at + 1
    while end < len(lines) and not lines[end].page_start and lines[end].gap == 0:
        following = _NOTE.match(lines[end].text)
        if following and following[1] == str(number + 1):
            break
        if lines[end - 1].ends_sentence and _leads_on(lines[end], again):
            break
        end += 1
    return end


def _leads_on(line: Line, again: Container[str]) -> bool:
    """Whether the text above a note goes on with a line, or the next page or row begins with it."""
    return line.starts_low or line.is_bullet or line.text in again or _begins_row(line.text)


def _begins_row(text: str) -> bool:
    return bool(_NUMBERED.match(text) or vocabulary.odd_number(text)[0])
