"""Dates in Danish prose: what was written, and the interval that it can mean.

A fuzzy date is an interval, never a made-up day. Conventions (both ends inclusive): of a year, primo is
January to March, medio 16 May to 15 August, ultimo October to December; of a month, primo is day 1-10,
medio 11-20, ultimo 21 to the end; spring is March to May and so on, and the winter of 2024 begins in
December 2024. "Inden udgangen af 2025" is the year. A date without a year has no interval at all.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tracker.domain.danish_atoms import atoms, composed
from tracker.domain.danish_date_words import MONTHS, Atom, Window
from tracker.domain.danish_days import ON
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


_RANGE_GAP = re.compile(
    rf"\s*[-–—]\s*(?:{ON})?|\s+(?:og\s+)?(?:frem\s+)?(?:til|indtil|t\.?o\.?m\.?)(?:\s+og\s+med)?\s+(?:i\s+)?{ON}"
    rf"|\s+med\s+\w*frist(?:en)?\s+{ON}",
    re.IGNORECASE,
)
_AND_GAP = re.compile(
    rf"(?P<comma>\s*,\s*)(?:(?:i\s+)?{ON})"
    rf"|(?:\s*,\s*og\s+|\s*[/&+]\s*|\s+(?:og|samt|eller|hhv\.|henholdsvis)\s+)(?:igen\s+|i\s+)?{ON}",
    re.IGNORECASE,
)
_BETWEEN = re.compile(rf"\bmellem\s+{ON}$", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"\b(?:i|til|fra\.?|inden|siden|senest|per|pr\.|efter|før|over|mod|omkring|løbet\s+af)\s+$", re.IGNORECASE
)
_BEGINS = (
    r"gælder|gældende|løber|kører|starter|begynder|tilbydes|indføres|åbner|åbnes|udbydes|kraft|virkning|effekt"
    r"|gennemføres|implementeres|iværksættes|igangsættes|etableres|forankres|forlænges|videreføres|udvides|finansieres"
    r"|ansættes|kan|vil|skal|bliver|der|fast|permanent|først|allerede|tidligst"
)
_SINCE = re.compile(
    rf"(?:\b(?P<since>[Ss]iden|[Ff]ra\s+og\s+med)|(?:^(?:[-•▪*]\s+)?|[.:!?]\s+)(?P<start>[Ff]ra)"
    rf"|\b(?:{_BEGINS})\s+(?P<verb>fra)\.?)\s+(?:i\s+)?{ON}$"
)
_ONWARDS = re.compile(
    r"\s+og\s+(?:frem|fremefter|fremover|fremad)\b|\s+(?:og\s+)?(?:frem\s+)?til\s+(?:i\s+dag\b|nu\b|dato\b|d\.d\.)"
    r"|\s?[-–](?=\s*\))"
)
# Years are not carried into the next line, and a day takes one only from what lies within a month.
_LINE = re.compile(r"[^\n\v]+")
_A_MONTH = timedelta(days=31)
_LONGEST_GAP = 60


@dataclass(slots=True)
class _Part:
    """Atoms that have become one interval: `window` is None while no year is known."""

    span: tuple[int, int]
    precision: str
    window: Window | None
    atom: Atom
    # Of several words: a range by itself, whatever stands before it.
    joined: bool = False


def find(text: str, *, year: int | None = None) -> tuple[Phrase, ...]:
    """The date phrases of a text, in order, without overlap.

    A missing year is never made up from `year`: that only decides what two digits mean ("24.12.26").
    """
    letters, places = composed(text)
    found: list[Phrase] = []
    for line in _LINE.finditer(letters):
        for interval, (start, end) in _in_line(line[0], year or 2026):
            span = places[line.start() + start], places[line.start() + end]
            found.append(Phrase(interval, span, text[slice(*span)]))
    return tuple(found)


def _in_line(line: str, near: int) -> Iterator[tuple[Interval, tuple[int, int]]]:
    found = atoms(line, near)
    position = 0
    while position < len(found):
        end = position + 1
        while end < len(found) and _gap(line, found[end - 1], found[end]):
            end += 1
        yield from _phrases(line, found[position:end])
        position = end


def _gap(text: str, left: Atom, right: Atom) -> str | None:
    """How two neighbours hang together: 'range', 'and', 'comma', or not at all."""
    between = text[left.span[1] : right.span[0]]
    if len(between) > _LONGEST_GAP:
        return None
    if _RANGE_GAP.fullmatch(between):
        return "range"
    if found := _AND_GAP.fullmatch(between):
        start = left.span[0]
        if between.strip().startswith("og") and _BETWEEN.search(text, max(0, start - 60), start):
            return "range"
        return "comma" if found["comma"] else "and"
    return None


def _phrases(text: str, chain: list[Atom]) -> Iterator[tuple[Interval, tuple[int, int]]]:
    gaps = [_gap(text, left, right) for left, right in itertools.pairwise(chain)]
    _share_years(chain, gaps)
    parts: list[_Part | None] = [_part(chain[0])]
    for atom, gap in zip(chain[1:], gaps, strict=True):
        left, right = parts[-1], _part(atom)
        if not (gap and left and right and _joined(left, right, is_range=gap == "range")):
            parts.append(right)
    meant = any(_is_meant(text, atom) for atom in chain)
    return (_phrase(text, part) for part in parts if part and (part.window or part.joined or meant))


def _share_years(chain: list[Atom], gaps: list[str | None]) -> None:
    """'3. april og 7. oktober 2024': a year that is written once holds for the neighbours before it.

    In a range it also holds for the end that follows. A range runs forward: '20. december til 18. februar
    2025' begins in 2024. In a list, '12. december og 5. februar 2026' says nothing of December's year.
    """
    for i in range(len(chain) - 2, -1, -1):
        left, right = chain[i], chain[i + 1]
        if (
            left.year is None
            and _lends(right, left)
            and not (gaps[i] == "comma" and left.precision != right.precision)
        ):
            assert right.year is not None
            chain[i] = replace(left, year=right.year)
            if _starts_after(chain[i], right):
                chain[i] = replace(left, year=right.year - 1) if gaps[i] == "range" else left
    for i, gap in enumerate(gaps):
        left, right = chain[i], chain[i + 1]
        if gap == "range" and right.year is None and _lends(left, right):
            assert left.year is not None
            chain[i + 1] = replace(right, year=left.year)
            if _starts_after(left, chain[i + 1]):
                chain[i + 1] = replace(right, year=left.year + 1)


def _lends(lender: Atom, taker: Atom) -> bool:
    """Whether a neighbour's year holds for words without one: a day takes it from a day or a month alone."""
    if lender.year is None or lender.bare_year or lender.is_range:
        return False
    window = _window(lender)
    return window is not None and (taker.precision != "day" or window[1] - window[0] <= _A_MONTH)


def _starts_after(left: Atom, right: Atom) -> bool:
    first, second = _window(left), _window(right)
    return first is not None and second is not None and first[0] > second[1]


def _window(atom: Atom) -> Window | None:
    """The atom's interval in its year; None where that year has no such day or week."""
    try:
        return atom.dates()
    except ValueError:
        return None


def _part(atom: Atom) -> _Part | None:
    """None for a day that its year does not have: that is no date at all."""
    window = _window(atom) if atom.year is not None else None
    if atom.year is not None and window is None:
        return None
    return _Part(atom.span, atom.precision, window, atom)


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
    if atom.weak:
        return False
    if atom.precision not in {"month", "season"}:
        return True
    if text[slice(*atom.span)] == text.strip(" ."):
        return True
    if text[atom.span[0]].isupper():
        return False
    return _PREPOSITION.search(text, max(0, atom.span[0] - 60), atom.span[0]) is not None


def _phrase(text: str, part: _Part) -> tuple[Interval, tuple[int, int]]:
    start, end = part.span
    if part.window is None:
        return Interval(None, None, DAY_NO_YEAR), part.span
    first, last = part.window
    since, onwards = _SINCE.search(text, max(0, start - 60), start), _ONWARDS.match(text, end)
    if since and part.atom.is_range and not since["since"]:
        since = None
    if part.joined:
        since = None
    if not (since or onwards):
        return Interval(first, last, part.precision), part.span
    if since:
        start = max(since.start(name) for name in ("since", "start", "verb"))
    return Interval(first, None, part.precision, open_end=True), (start, onwards.end() if onwards else end)


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
