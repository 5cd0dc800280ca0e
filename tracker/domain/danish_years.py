"""Years alone and in ranges, decades, school years, the turn of the year, and months in figures."""

from __future__ import annotations

import re
from datetime import date

from tracker.domain.danish_date_words import (
    ALONE,
    DIGITS,
    END,
    LONE_YEAR,
    YEAR,
    Atom,
    Reader,
    days_of_month,
    fixed,
    full_year,
    months,
)


def _turn_of_year(match: re.Match[str], near: int) -> list[Atom]:
    year = full_year(match["year"], near) if match["year"] else int(match["next"]) - 1
    return fixed(match, "part", months(year, 12, 13))


def _school_year(match: re.Match[str], near: int) -> list[Atom]:
    """'skoleåret 2025/26', and both of 'skoleårene 2024/25 og 2025/26'."""
    first = full_year(match["year"], near)
    last = full_year(match["year2"], near) if match["year2"] else first
    if (int(match["until"]) - first - 1) % 100 or last < first:
        raise ValueError(match[0])
    return fixed(match, "year", (date(first, 8, 1), date(last + 1, 7, 31)), is_range=True)


def _numeric_month(match: re.Match[str], near: int) -> list[Atom]:
    year, month = int(match["year"]), int(match["m"])
    return fixed(match, "month", days_of_month(year, month))


def _years(match: re.Match[str], near: int) -> list[Atom]:
    """'2024-2026', '2024/25', and '2025-05' where the second number can be no year."""
    start, written = int(match["year"]), match["until"] or match["short"] or match["spaced"]
    end = int(written) if len(written) > 2 else start - start % 100 + int(written)
    if not start < end <= start + 50:
        return fixed(match, "month", days_of_month(start, _month_of(match)))
    return fixed(match, "year", (date(start, 1, 1), date(end, 12, 31)), is_range=True)


def _month_of(match: re.Match[str]) -> int:
    if not match["short"] or "-" not in match[0]:
        raise ValueError(match[0])
    return int(match["short"])


def _decade(match: re.Match[str], near: int) -> list[Atom]:
    start = full_year(match["decade"], near)
    return fixed(match, "year", (date(start, 1, 1), date(start + 9, 12, 31)), is_range=True)


def _year(match: re.Match[str], near: int) -> list[Atom]:
    return fixed(match, "year", months(int(match[0]), 1, 12), bare_year=True)


YEARS: tuple[Reader, ...] = (
    Reader(
        re.compile(
            rf"\b(?:skole|studie)år(?:et|ene)?\s+(?P<year>{YEAR}|\d\d)\s?[-–—/]\s?(?P<until>\d{{4}}|\d\d){END}"
            rf"(?:\s*(?:og|til|,|[-–])\s*(?P<year2>{YEAR}|\d\d)\s?[-–—/]\s?(?:\d{{4}}|\d\d){END})?"
        ),
        _school_year,
        ("skoleår", "studieår"),
    ),
    Reader(
        re.compile(
            rf"\bårsskiftet\s+(?:(?:i\s+|mellem\s+)?(?P<year>{YEAR}|\d\d)(?:\s?[-–—/]\s?|\s+(?:og|til)\s+)\d{{2,4}}{END}"
            rf"|til\s+(?P<next>{YEAR}))"
        ),
        _turn_of_year,
        ("årsskiftet",),
    ),
    Reader(
        re.compile(rf"{ALONE}(?P<m>0[1-9]|1[0-2])[/-](?P<year>{YEAR}){END}(?![/-])"),
        _numeric_month,
        DIGITS,
        figures=True,
        labels=True,
    ),
    Reader(
        re.compile(
            rf"{ALONE}(?P<year>{LONE_YEAR})(?:\s?[-–—/]\s?(?P<until>{LONE_YEAR})|[-–—/](?P<short>\d\d)"
            rf"|\s[-–—]\s(?P<spaced>\d\d)(?=\s*(?:[.,;:)]|$))){END}(?![/-]|[.,]\d)"
        ),
        _years,
        ("19", "20"),
        figures=True,
        labels=True,
    ),
    Reader(re.compile(r"(?<!\d)(?P<decade>(?:19|20)\d0|\d0)['’]?erne\b"), _decade, ("erne",)),
    Reader(re.compile(rf"{ALONE}{LONE_YEAR}{END}(?![%/]|-\w)"), _year, ("19", "20"), labels=True),
)
