"""The dates that a status text names, each with what a deadline made of it would be about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from tracker.domain.danish_dates import DAY_NO_YEAR, Phrase, find
from tracker.domain.errors import InvalidInput
from tracker.domain.promises import sentences
from tracker.domain.text import parse

LONGEST_TITLE = 100
_SHORTEST_CLAUSE = 25
_JOINING = re.compile(r"^(?:som|at|men|og|der|hvor)\s+", re.IGNORECASE)
_COMMITTEE = r"udvalg(?:et|ets|smøde\w*)?\b|borgerrepræsentation|\bforelæg|(?-i:\b(?:BR|ØU|[A-ZÆØÅ]{2}U)\b)"
_DELIVERY = (
    r"\bforvente|\bfærdig|\blevere|\baflevere|\budkommer|\budgive|offentliggør|publicer|tilgængelig|lancer"
    r"|\båbner|\brapport|evaluering|\bforeligge|\bindfør|\betabler|\btages i brug|\btilbyde"
)
# The words that stand closest to the date decide, and of several that are as close the first of these.
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("application_round", r"\bansøg|\bpulje|\bkan søges\b|\bindkald\w* af"),
        ("campaign_window", r"kampagne|\bplakat|\bannonce|\bstreamer"),
        ("other", r"undersøgelse|\bmåling|\btrivselsmåling|\bspørgeskema|\bsurvey\b|\banalyse"),
        ("committee_meeting", _COMMITTEE),
        ("delivery", _DELIVERY),
        ("milestone", r"kurs|workshop|\bforløb|\barrangement|\bopstart|\bstarter|\bbegynder"),
    )
)
_SINCE = re.compile(
    r"^(?:siden|fra\s+og\s+med|fra\.?)\s+(?:den\s+|d\.\s*)?|\s+og\s+(?:frem|til).*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Announced:
    """A date in a sentence: `words` is `sentence[span[0]:span[1]]`.

    Both ends are None where no year is written. With `open_end` the interval is that of the beginning.
    `kind` and `title` are what a deadline could be called; a person decides.
    """

    sentence: str
    span: tuple[int, int]
    words: str
    first: date | None
    last: date | None
    precision: str
    open_end: bool
    kind: str
    title: str

    def is_ahead(self, today: date) -> bool:
        """Whether it is still to come or still lasts; never for what has no year."""
        end = self.first if self.open_end else self.last
        return end is not None and end >= today


def announced_in(text: str, *, year: int) -> Iterator[Announced]:
    """Every date that a status text about `year` names, in order; headings name none."""
    for block in parse(text).blocks:
        if block.kind != "heading":
            for sentence in sentences(block.text):
                yield from (_announced(sentence, phrase) for phrase in find(sentence, year=year))


def with_year(announced: Announced, year: int) -> Announced:
    """The same date in a year that a person gives. Raises InvalidInput on `year` when there is none."""
    start = announced.span[0]
    ends = [phrase.span[1] for phrase in find(announced.sentence) if phrase.span[1] >= announced.span[1]]
    # "3. og 4. maj" has its month only in the second: the year is written where the month is.
    for written in (announced.sentence[start:end].rstrip(".") for end in ends):
        for found in (*find(f"{written} {year}")[:1], *find(f"{written}.{year}")[:1]):
            interval = found.interval
            if found.span[0] == 0 and interval.first is not None:
                return replace(
                    announced, first=interval.first, last=interval.last, precision=interval.precision
                )
    raise InvalidInput("year", "There is no such date in that year.")


def _announced(sentence: str, phrase: Phrase) -> Announced:
    interval = phrase.interval
    first, last = interval.first, interval.last
    if interval.open_end:
        beginning = find(_SINCE.sub("", phrase.words))
        last = beginning[0].interval.last if beginning else first
    return Announced(
        sentence=sentence,
        span=phrase.span,
        words=phrase.words,
        first=first,
        last=last,
        precision="" if interval.precision == DAY_NO_YEAR else interval.precision,
        open_end=interval.open_end,
        kind=_kind(sentence, phrase.span),
        title=_title(sentence, phrase.span),
    )


def _clause(sentence: str, span: tuple[int, int]) -> str:
    """The part of the sentence, between commas, that has the date in it."""
    start = max((found.end() for found in re.finditer(r"[,;:]\s+", sentence[: span[0]])), default=0)
    stop = re.search(r"[,;:]\s", sentence[span[1] :])
    return sentence[start : span[1] + stop.start() if stop else len(sentence)]


def _kind(sentence: str, span: tuple[int, int]) -> str:
    words = sentence[slice(*span)]
    for part in (_clause(sentence, span), sentence):
        start = part.find(words)
        near = [
            (max(found.start() - start - len(words), start - found.end(), 0), place, kind)
            for place, (kind, pattern) in enumerate(_KINDS)
            for found in pattern.finditer(part)
        ]
        if near:
            return min(near)[2]
    return "other"


def _title(sentence: str, span: tuple[int, int]) -> str:
    """The clause that has the date in it, or the sentence where that says too little."""
    clause = _clause(sentence, span)
    words = _JOINING.sub("", clause) if len(clause) >= _SHORTEST_CLAUSE else sentence
    words = " ".join(words.split()).rstrip(" .;:,")
    if len(words) > LONGEST_TITLE:
        words = words[: LONGEST_TITLE - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
    return words[:1].upper() + words[1:]
