"""What all Danish date words are made of: month names, how a year is written, and the windows they mean.

`danish_days` reads days with these, `danish_periods` parts of a year and `danish_years` years. Every pattern
is matched against text in lower case.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

Window = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Atom:
    """One date word group. `window` gives its interval in a year; `year` is None when none is written."""

    span: tuple[int, int]
    precision: str
    window: Callable[[int], Window]
    year: int | None
    bare_year: bool = False
    # "2024-26" is a range by itself: "fra" before it says where it begins, not that it has no end.
    is_range: bool = False
    # A bare "jan" or "sommer" is a date only where a year or a neighbour says so.
    weak: bool = False

    def dates(self) -> Window:
        assert self.year is not None
        return self.window(self.year)


@dataclass(frozen=True, slots=True)
class Reader:
    """A pattern, and what it makes of a match. `read` gets the year that two digits lie close to.

    It raises ValueError for what looks like a date and is none; nobody reads those words again. The pattern
    is tried only where one of `needs` and one of `also` occur, and with `figures` only where a sign joins two
    figures. `labels`: such digits also stand in case numbers and the like.
    """

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], int], list[Atom]]
    needs: tuple[str, ...]
    also: tuple[str, ...] = ("",)
    figures: bool = False
    labels: bool = False


MONTHS = [
    "januar",
    "februar",
    "marts",
    "april",
    "maj",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "december",
]
MONTH_STARTS = tuple(name[:3] for name in MONTHS)
DIGITS = tuple("0123456789")

# A footnote mark may follow a date directly; no other letter or digit may.
END = r"(?![^\W\u00b9\u00b2\u00b3\u2070-\u2079])"
_COUNTED = (
    r"\s*(?:kr\b|t\.?\s?kr\b|kroner|mio\b|mia\b|pct\b|procent|%|stk\b|person|menneske|københavner|elev|borger|deltager"
    r"|medarbejder|ansat|skole|klasse|spil|time|unge\b|børn|voksne|ældre|kvinder|mænd|besøg|visning|husstand"
    r"|virksomhed|underskrift|familie|boliger|lærer|frivillig|henvendelse|ansøg|pladser|eksemplarer|følgere"
    r"|abonnent|sag(?:er)?\b|svar\b|kilometer|km\b|meter\b|kg\b|ton\b|liter\b|m2\b|m²|foldere\b|plakater\b)"
)
_FOUR = rf"20\d\d(?!\d|[.,]\d|{_COUNTED})"
# Beside a day or a month a year may lie further back than where it stands alone.
YEAR = rf"(?:1[89]\d\d(?!\d|[.,]\d|{_COUNTED})|{_FOUR})"
LONE_YEAR = rf"(?:19[5-9]\d(?!\d|[.,]\d|{_COUNTED})|{_FOUR})"
_WRITTEN = rf"(?P<year>{YEAR}|['’]\d\d(?!\d))"
OF = r"\s+(?:(?:af|i|for)\s+)?(?:år(?:et)?\s+)?"
MAYBE_YEAR = rf"(?:(?:{OF}|(?P<paren>\s*\()){_WRITTEN}(?(paren)\)))?"
MAYBE_YEAR_AFTER_SIGN = rf"(?:(?:{OF}|,\s*|[/-]|(?P<paren>\s*\()){_WRITTEN}(?(paren)\)))?"
MONTH = rf"(?:{'|'.join(MONTHS)}|(?:jan|feb|mar|apr|jun|jul|aug|sept|sep|okt|nov|dec)\b\.?){END}"
ALONE = r"(?<![\w.,/§-])"
ORDINALS = {"første": 1, "anden": 2, "andet": 2, "tredje": 3, "fjerde": 4, "sidste": 0}


def days_of_month(year: int, month: int, first: int = 1, last: int = 31) -> Window:
    """Days of a month, cut off at its end. ValueError for a month that there is not."""
    following = date(year + month // 12, month % 12 + 1, 1)
    end = min(date(year, month, 1) + timedelta(days=last - 1), following - timedelta(days=1))
    return date(year, month, first), end


def months(year: int, first: int, last: int) -> Window:
    """From the first day of a month to the last day of another; month 13 is next January, 0 last December."""
    return (
        days_of_month(year + (first - 1) // 12, (first - 1) % 12 + 1)[0],
        days_of_month(year + (last - 1) // 12, (last - 1) % 12 + 1)[1],
    )


def month_number(word: str) -> int:
    return MONTH_STARTS.index(word[:3]) + 1


def full_year(written: str, near: int) -> int:
    """'2026', and the year that '26' or "'26" means: the closest to `near`."""
    if len(written) == 4:
        return int(written)
    two = int(written[-2:])
    return min((near - near % 100 + shift + two for shift in (-100, 0, 100)), key=lambda one: abs(one - near))


def year_of(match: re.Match[str], near: int) -> int | None:
    """The year that the match has as `year`, if it has one."""
    return full_year(match["year"], near) if match["year"] else None


def fixed(match: re.Match[str], precision: str, window: Window, **more: bool) -> list[Atom]:
    """One atom of a year that is written."""
    return [Atom(match.span(), precision, lambda _: window, window[0].year, **more)]
