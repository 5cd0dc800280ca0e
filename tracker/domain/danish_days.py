"""Days as Danes write them: "3. april 2025", "d. 3/4-25", "3.4.2025", "den tredje april", "3.-5. april"."""

from __future__ import annotations

import re
from datetime import date

from tracker.domain.danish_date_words import (
    DIGITS,
    END,
    MAYBE_YEAR,
    MONTH,
    MONTH_STARTS,
    YEAR,
    Atom,
    Reader,
    fixed,
    full_year,
    month_number,
    year_of,
)

WEEKDAY = r"(?:man|tirs|ons|tors|fre|lør|søn)dag"
ON = rf"(?:{WEEKDAY}\s+)?(?:den\s+|d\.\s*)?"
# Two digits are taken for a year only where it is one that people write about now.
# "4.3.12" is a chapter where 2012 is long ago, "24.12.98" is a day all the same.
_NEAR = 10
_HEADING = re.compile(r"\s+[^\W\d]")
_OLD = r"\d\d[./]\d\d[./-]\d\d"
_WORDS = [
    *("første", "anden", "tredje", "fjerde", "femte", "sjette", "syvende", "ottende", "niende", "tiende"),
    *("ellevte", "tolvte", "trettende", "fjortende", "femtende", "sekstende", "syttende", "attende"),
    *("nittende", "tyvende"),
    *(f"{one}ogtyvende" for one in ("en", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni")),
    *("tredivte", "enogtredivte"),
]


def _day(year: int, month: int, day: int) -> tuple[date, date]:
    one = date(year, month, day)
    return one, one


def _one(span: tuple[int, int], day: int, month: int, year: int | None) -> Atom:
    """A day; ValueError for one that its year, or where none is written every year, does not have."""
    _day(year or 2024, month, day)
    return Atom(span, "day", lambda in_year: _day(in_year, month, day), year)


def _iso(match: re.Match[str], near: int) -> list[Atom]:
    day = date(int(match["y"]), int(match["m"]), int(match["d"]))
    return fixed(match, "day", (day, day))


def _numeric(match: re.Match[str], near: int) -> list[Atom]:
    """'3.4.2025', and both days of '3.-5.4.2025' or '28/4-3/5 2025'."""
    year = full_year(match["year"], near)
    if len(match["year"]) == 2 and abs(year - near) > _NEAR and not re.fullmatch(_OLD, match[0]):
        raise ValueError(match[0])
    if len(match["year"]) == 2 and _HEADING.match(match.string, match.end()) and match.start() == 0:
        raise ValueError(match[0])
    month = int(match["m"] or match["m2"] or match["m3"])
    last = _one((match.start("d"), match.end()), int(match["d"]), month, year)
    if not match["d0"]:
        return [last]
    month_before = int(match["m0"]) if match["m0"] else month
    span = match.start("d0"), match.end("from")
    return [_one(span, int(match["d0"]), month_before, None), last]


def _without_year(match: re.Match[str], near: int) -> list[Atom]:
    return [_one((match.start("d"), match.end()), int(match["d"]), int(match["m"] or match["m2"]), None)]


def _named(match: re.Match[str], near: int) -> list[Atom]:
    """'3. april 2024', and each day of '3.-5. marts' or '3., 7. og 9. marts'."""
    month, year = month_number(match["month"]), year_of(match, near)
    found: list[Atom] = []
    for number in re.finditer(r"\d{1,2}\.?", match["earlier"]):
        start = match.start("earlier") + number.start()
        found.append(_one((start, start + len(number[0])), int(number[0].rstrip(".")), month, None))
    found.append(_one((match.start("day"), match.end()), int(match["day"]), month, year))
    for atom in found:
        atom.window(year or 2024)
    return found


def _in_words(match: re.Match[str], near: int) -> list[Atom]:
    span = match.start("word"), match.end()
    day = _WORDS.index(match["word"]) + 1
    return [_one(span, day, month_number(match["month"]), year_of(match, near))]


_JOINT = r"(?:\.\s*(?:,|[-–—/]|(?:frem\s+)?til(?:\s+og\s+med)?|og|samt|eller)|\s?[-–—])"
# "Den 3 og 5 marts" needs no stops, "hold 3 og 5 marts" is another thing.
_PLAIN = r"(?:(?<=\bden\s)|(?<=\bd\.\s))\d{1,2}\s+(?:og|til)\s+"
_EARLIER = rf"(?P<earlier>(?:{_PLAIN}{ON})?(?:\d{{1,2}}{_JOINT}\s*{ON}){{0,9}})"
_FROM = (
    r"(?:(?P<from>(?P<d0>\d{1,2})(?:[./](?P<m0>\d{1,2})\.?|\.)?)"
    rf"(?:\s?[-–—]\s?|(?:(?<=\.)|(?<=/\d)|(?<=/\d\d))\s+(?:til|og|samt)\s+){ON})?"
)
_LONG = (
    r"(?P<d>\d{1,2})(?:\.\s?(?P<m>\d{1,2})\.\s?|/(?P<m2>\d{1,2})(?:\s?-\s?|/|\.|\s(?:i\s|\()?)|-(?P<m3>\d{1,2})-)"
    rf"(?P<year>{YEAR})"
)
_SHORT = r"(?P<d>\d{1,2})(?:\.(?P<m>\d{1,2})\.|/(?P<m2>\d{1,2})[-/]|-(?P<m3>\d\d)-)(?P<year>\d\d)"
_NOT_AFTER = r"(?<![\w./§,])(?<!(?<!\d{3})(?<![./-]\d)\d-)"
_NOT_BEFORE = rf"{END}(?!/\d|-\d(?!\d?[./])|[.,:]\d)"

ISO = Reader(
    re.compile(
        r"(?<![\w.,/§-])(?P<y>(?:19|20)\d\d)(?P<sep>[-/.])(?P<m>\d\d)(?P=sep)(?P<d>\d\d)(?!\d|[-_]\w|\.\d)"
    ),
    _iso,
    ("19", "20"),
    figures=True,
    labels=True,
)
DAYS: tuple[Reader, ...] = (
    Reader(
        re.compile(rf"{_NOT_AFTER}{_FROM}{_LONG}{_NOT_BEFORE}"),
        _numeric,
        ("18", "19", "20"),
        figures=True,
        labels=True,
    ),
    Reader(
        re.compile(rf"{_NOT_AFTER}{_FROM}{_SHORT}{_NOT_BEFORE}"), _numeric, DIGITS, figures=True, labels=True
    ),
    Reader(
        re.compile(
            rf"(?:\bden|\bd\.|\b{WEEKDAY})\s*"
            rf"(?P<d>\d{{1,2}})(?:/(?P<m>\d{{1,2}})|\.(?P<m2>\d{{1,2}})\.?){END}(?!/|[-.,:]\w|\s?%)"
        ),
        _without_year,
        DIGITS,
        figures=True,
    ),
    Reader(
        re.compile(
            rf"(?<![\w,/])(?<!(?<!\d{{3}})\d[-–]){_EARLIER}(?P<day>\d{{1,2}})\s?\.?\s*(?P<month>{MONTH}){MAYBE_YEAR}"
        ),
        _named,
        MONTH_STARTS,
    ),
    Reader(
        re.compile(
            rf"\bden\s+(?P<word>{'|'.join(sorted(_WORDS, key=len, reverse=True))})\s+"
            rf"(?P<month>{MONTH}){MAYBE_YEAR}"
        ),
        _in_words,
        MONTH_STARTS,
    ),
)
