"""Dates in Danish prose: what was written, and the interval that it can mean.

A fuzzy date is an interval, never a made-up day. Conventions (both ends inclusive): of a year, primo is
January to March, medio 16 May to 15 August, ultimo October to December; of a month, primo is day 1-10,
medio 11-20, ultimo 21 to the end; spring is March to May and so on, and the winter of 2024 begins in
December 2024. "Inden udgangen af 2025" is the year. A date without a year has no interval at all.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tracker.domain.danish_date_words import MONTHS, Atom, Window, atoms
from tracker.domain.errors import InvalidInput

# From the finest to the coarsest. A week counts as a part.
PRECISIONS = ("day", "part", "month", "season", "quarter", "half", "year")
DAY_NO_YEAR = "day-no-year"


@dataclass(frozen=True, slots=True)
class Interval:
    """Inclusive ends. `last` is None while the end is open, both are None when the year is missing.

    `precision` is one of PRECISIONS or DAY_NO_YEAR; of two ends it is the coarser one's.
    """

    first: date | None
    last: date | None
    precision: str
    open_end: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """A date as it was written: `words` is `text[span[0]:span[1]]`."""

    interval: Interval
    span: tuple[int, int]
    words: str


_ON = r"(?:i\s+|den\s+|d\.\s*)?"
_RANGE_GAP = re.compile(
    rf"\s*[-–—]\s*|\s+(?:og\s+)?(?:frem\s+)?(?:til|indtil)(?:\s+og\s+med)?\s+{_ON}|\s+med\s+\w*frist(?:en)?\s+{_ON}",
    re.IGNORECASE,
)
_AND_GAP = re.compile(
    rf"(?:\s*,\s*(?:og\s+)?|\s*/\s*|\s+(?:og|samt|eller)\s+)(?:igen\s+)?{_ON}", re.IGNORECASE
)
_BETWEEN = re.compile(r"\bmellem\s+(?:den\s+|d\.\s*)?$", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"\b(?:i|til|fra\.?|inden|siden|senest|ultimo|medio|primo|per|pr\.)\s+$", re.IGNORECASE
)
_SINCE = re.compile(
    rf"(?:\b(?P<since>[Ss]iden|[Ff]ra\s+og\s+med)|(?:^|[.:!?]\s+|\n)(?P<start>Fra)"
    r"|\b(?:gælder|gældende|løber|kører|starter|begynder|tilbydes|indføres|kraft|virkning)\s+(?P<verb>fra)\.?)"
    rf"\s+{_ON}$"
)
_ONWARDS = re.compile(r"\s+og\s+(?:frem|fremefter|fremover|fremad)\b")


@dataclass(slots=True)
class _Part:
    """Atoms that have become one interval: `window` is None while no year is known."""

    span: tuple[int, int]
    precision: str
    window: Window | None
    atom: Atom
    joined: bool = False


def find(text: str, *, year: int | None = None) -> tuple[Phrase, ...]:
    """The date phrases of a text, in order, without overlap.

    A missing year is never made up from `year`: that only decides what two digits mean ("24.12.26").
    """
    found = atoms(text, year or 2026)
    phrases: list[Phrase] = []
    position = 0
    while position < len(found):
        end = position + 1
        while end < len(found) and _gap(text, found[end - 1], found[end]):
            end += 1
        phrases.extend(_phrases(text, found[position:end]))
        position = end
    return tuple(phrases)


def _gap(text: str, left: Atom, right: Atom) -> str | None:
    """How two neighbours hang together: 'range', 'and', or not at all."""
    between = text[left.span[1] : right.span[0]]
    if _RANGE_GAP.fullmatch(between):
        return "range"
    if _AND_GAP.fullmatch(between):
        start = left.span[0]
        is_range = between.strip().startswith("og") and _BETWEEN.search(text, max(0, start - 60), start)
        return "range" if is_range else "and"
    return None


def _phrases(text: str, chain: list[Atom]) -> list[Phrase]:
    gaps = [_gap(text, left, right) for left, right in itertools.pairwise(chain)]
    _share_years(chain, gaps)
    parts = [_part(chain[0])]
    for atom, gap in zip(chain[1:], gaps, strict=True):
        part = _part(atom)
        if not (gap and _joined(parts[-1], part, is_range=gap == "range")):
            parts.append(part)
    return [_phrase(text, part) for part in parts if part.window or part.joined or _is_meant(text, part.atom)]


def _share_years(chain: list[Atom], gaps: list[str | None]) -> None:
    """'3. april og 7. oktober 2024': a year that is written once holds for the neighbours before it.

    In a range it also holds for the end that follows. A range runs forward: '20. december til 18. februar
    2025' begins in 2024.
    """
    for i in range(len(chain) - 2, -1, -1):
        left, right = chain[i], chain[i + 1]
        if left.year is None and right.year is not None and not right.bare_year:
            chain[i] = replace(left, year=right.year)
            if gaps[i] == "range" and chain[i].dates()[0] > right.dates()[1]:
                chain[i] = replace(left, year=right.year - 1)
    for i, gap in enumerate(gaps):
        left, right = chain[i], chain[i + 1]
        if gap == "range" and right.year is None and left.year is not None and not left.bare_year:
            chain[i + 1] = replace(right, year=left.year)
            if chain[i + 1].dates()[1] < left.dates()[0]:
                chain[i + 1] = replace(right, year=left.year + 1)


def _part(atom: Atom) -> _Part:
    try:
        window = atom.dates() if atom.year is not None else None
    except ValueError:  # the 29th of February of a year that has none
        window = None
    is_range = atom.precision == "year" and not atom.bare_year
    return _Part(atom.span, atom.precision, window, atom, joined=is_range)


def _joined(left: _Part, right: _Part, *, is_range: bool) -> bool:
    """Draw `right` into `left` when the two are one interval."""
    if left.window and right.window:
        follows = right.window[0] == left.window[1] + timedelta(days=1)
        fits = (
            right.window[1] >= left.window[0]
            if is_range
            else follows and "day" not in {left.precision, right.precision}
        )
        if not fits:
            return False
        left.window = (left.window[0], right.window[1])
    elif left.window or right.window or not is_range:
        return False
    left.span = (left.span[0], right.span[1])
    left.precision = max(left.precision, right.precision, key=PRECISIONS.index)
    left.joined = True
    return True


def _is_meant(text: str, atom: Atom) -> bool:
    """Whether words without a year are a date: not so "Maj", "om sommeren" or "marts" by itself."""
    if atom.precision not in {"month", "season"}:
        return True
    return not atom.weak and _PREPOSITION.search(text, max(0, atom.span[0] - 60), atom.span[0]) is not None


def _phrase(text: str, part: _Part) -> Phrase:
    start, end = part.span
    if part.window is None:
        return Phrase(Interval(None, None, DAY_NO_YEAR), part.span, text[start:end])
    first, last = part.window
    since, onwards = _SINCE.search(text, max(0, start - 60), start), _ONWARDS.match(text, end)
    if part.joined or not (since or onwards):
        return Phrase(Interval(first, last, part.precision), part.span, text[start:end])
    if since:
        start = max(since.start(name) for name in ("since", "start", "verb"))
    end = onwards.end() if onwards else end
    return Phrase(Interval(first, None, part.precision, open_end=True), (start, end), text[start:end])


_LEADING = re.compile(
    r"(?:(?:den|d\.|fra\.?|i|ca\.)\s+|(?:inden|senest)\s+(?!udgangen|slutningen|ved|med))*", re.IGNORECASE
)
_SPACED = re.compile(r"(\d{1,2})\s+(\d{1,2})\s+(\d{4})")
_ENGLISH = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]


def parse_date_input(text: str, *, today: date) -> Interval:
    """What a person typed into a date field, in Danish or with English month names.

    Raises InvalidInput with field 'date' for anything that is not exactly one date or one range, and for
    a date without a year. `today` only decides what two digits mean.
    """
    typed = " ".join(text.split()).rstrip(".")
    for english, danish in zip(_ENGLISH, MONTHS, strict=True):
        typed = re.sub(rf"\b{english}\b", danish, typed, flags=re.IGNORECASE)
    if spaced := _SPACED.fullmatch(typed):
        typed = ".".join(spaced.groups())
    typed = typed[_LEADING.match(typed).end() :]  # type: ignore[union-attr]
    phrases = find(typed, year=today.year)
    if not typed:
        raise InvalidInput("date", "Write a date.")
    if len(phrases) != 1 or phrases[0].span != (0, len(typed)):
        raise InvalidInput("date", "Write a date such as 24.12.2026, december 2026 or ultimo 2026.")
    if phrases[0].interval.precision == DAY_NO_YEAR:
        raise InvalidInput("date", "Write the year as well.")
    return phrases[0].interval
