"""Footnotes and page furniture, taken out of a text layer before its rows are read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.domain.text import Footnote, mark_number
from tracker.memos.reading import vocabulary
from tracker.memos.reading.lines import Line, joined
from tracker.memos.reading.text_furniture import furniture_of, without

_NOTE = re.compile(r"^(?:(\d{1,2})|([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})) ?(?=[A-ZÆØÅ”\"“»])(.*)$")
_NUMBERED = re.compile(r"^(?:nr\.? ?)?\d{1,4}[.):]?(?:\s|$)", re.IGNORECASE)
# A mark is a digit glued to a word, to a stop after one, or to a year.
_GLUED = r"(?:[a-zæøåé”\"’)]\.?|[a-zæøåé][,;:]|\b(?:19|20)\d\d){}(?![\w%])"


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
    at = last = 0
    while at < len(kept):
        after_note = bool(notes) and at == last and not kept[at].page_start
        end = _note_end(kept, at, rest, len(notes) + 1, apart=kept[at].gap > 0 or after_note)
        if end == at:
            rest.append(kept[at])
            at += 1
            continue
        text, words = joined(kept[at:end])
        notes.append(Footnote(len(notes) + 1, re.sub(r"^[\d⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2} ?", "", text)))
        doubtful += words
        at = last = end
    return Sorted(tuple(rest), tuple(notes), tuple(doubtful), furniture)


def _note_end(lines: Sequence[Line], at: int, before: Sequence[Line], number: int, *, apart: bool) -> int:
    """Where a note that begins at `at` ends; `at` itself when none begins there.

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
        again = _NOTE.match(lines[end].text)
        if again and again[1] == str(number + 1):
            break
        if lines[end - 1].ends_sentence and (lines[end].starts_low or _begins_row(lines[end].text)):
            break  # the text above the note goes on, or the next row begins
        end += 1
    return end


def _begins_row(text: str) -> bool:
    return bool(_NUMBERED.match(text) or vocabulary.odd_number(text)[0])
