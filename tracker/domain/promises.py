"""What a status text announces for a time to come, so that it can be asked about the year after."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from tracker.domain.danish_dates import find
from tracker.domain.proofreading import PROMISE, SENTENCE_END
from tracker.domain.text import parse

LONGEST = 400
# A forecast for a far year is nobody's promise.
_YEARS_AHEAD = 5
_TOLD = re.compile(r"\b(?:er|har|blev|blevet|var|havde|fik|kunne|skulle|\w{3,}ede)\b", re.IGNORECASE)

Days = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class Promised:
    """A sentence that announces something, and the days it can be meant for.

    `last` is None while the end is open; both are None when the sentence has no year.
    """

    words: str
    first: date | None
    last: date | None


def promises_in(text: str, *, year: int) -> tuple[Promised, ...]:
    """The sentences of a text about `year` that announce something for that year or later, each once.

    A sentence announces when it has a word such as "forventes" and a date that is not past when the year
    begins, or has no year; when it names a time after that year; and when it tells in the present of
    something that begins in the year's last three months, for those are not over when a status is written.
    Of several dates the one that lies furthest ahead counts. Nothing else is taken for a promise: a question
    about what nobody promised costs more trust than one that is not asked.
    """
    found: dict[str, Promised] = {}
    for block in parse(text).blocks:
        if block.kind == "heading":
            continue
        for sentence in sentences(block.text):
            if when := _announced_for(sentence, year):
                words = sentence if len(sentence) <= LONGEST else sentence[: LONGEST - 1] + "…"
                found.setdefault(words, Promised(words, *when))
    return tuple(found.values())


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph, without the white space around them."""
    ends = [found.start() + 1 for found in SENTENCE_END.finditer(text)]
    edges = [0, *ends, len(text)]
    return [text[start:end].strip() for start, end in pairwise(edges)]


def _announced_for(sentence: str, year: int) -> Days | None:
    """The days that a sentence announces something for; None when it announces nothing."""
    intervals = [phrase.interval for phrase in find(sentence, year=year)]
    dated = [
        (one.first, one.last)
        for one in intervals
        if one.first is not None
        and one.first.year <= year + _YEARS_AHEAD
        and (one.last is None or one.last >= date(year, 1, 1))
    ]
    furthest = max(dated, key=lambda when: (when[1] or date.max, when[0]), default=None)
    if PROMISE.search(sentence):
        return furthest or ((None, None) if any(one.first is None for one in intervals) else None)
    later = [when for when in dated if when[0] > date(year, 12, 31)]
    if not later and not _TOLD.search(sentence):
        later = [when for when in dated if when[0] >= date(year, 10, 1)]
    return furthest if later else None
