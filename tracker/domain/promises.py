"""What a status text announces for a time to come, so that it can be asked about the year after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from tracker.domain.danish_dates import find
from tracker.domain.proofreading import PROMISE, SENTENCE_END
from tracker.domain.text import parse

LONGEST = 400


@dataclass(frozen=True, slots=True)
class Promised:
    """A sentence that announces something, and the days it can be meant for; `last` is None while open."""

    words: str
    first: date | None
    last: date | None


def promises_in(text: str, *, year: int) -> tuple[Promised, ...]:
    """The sentences of a text about `year` that announce something for that year or later, each once.

    A sentence announces when it has a word such as "forventes" and a date that is not past when the year
    begins; of several dates the one that lies furthest ahead counts. Nothing else is taken for a promise:
    a question about what nobody promised costs more trust than one that is not asked.
    """
    found: dict[str, Promised] = {}
    for block in parse(text).blocks:
        if block.kind == "heading":
            continue
        for sentence in sentences(block.text):
            if PROMISE.search(sentence) and (when := _furthest(sentence, year)):
                words = sentence if len(sentence) <= LONGEST else sentence[: LONGEST - 1] + "…"
                found.setdefault(words, Promised(words, *when))
    return tuple(found.values())


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph, without the white space around them."""
    ends = [found.start() + 1 for found in SENTENCE_END.finditer(text)]
    edges = [0, *ends, len(text)]
    return [text[start:end].strip() for start, end in pairwise(edges)]


def _furthest(sentence: str, year: int) -> tuple[date | None, date | None] | None:
    """The date phrase that lies furthest ahead; None when none lies ahead."""
    ahead = [
        (phrase.interval.first, phrase.interval.last)
        for phrase in find(sentence, year=year)
        if phrase.interval.first is not None
        and (phrase.interval.last is None or phrase.interval.last >= date(year, 1, 1))
    ]
    return max(ahead, key=lambda when: (when[1] or date.max, when[0]), default=None)
