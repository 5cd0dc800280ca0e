"""The words that a Danish date is made of: "3. april", "ultimo", "efteråret 2025", "2. halvår", "2024-26".

`atoms` finds them one by one; `tracker.domain.danish_dates` joins them to phrases.
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
    # A bare "marts" or "foråret" is a date only where a preposition or a neighbour says so.
    weak: bool = False

    def dates(self) -> Window:
        assert self.year is not None
        return self.window(self.year)


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
_SEASONS = {"forår": 3, "sommer": 6, "efterår": 9, "vinter": 12}
_ORDINALS = {"første": 1, "anden": 2, "andet": 2, "tredje": 3, "fjerde": 4, "sidste": 0}

_NTH = "|".join(_ORDINALS)
_YEAR = r"(?:19[5-9]\d|20\d\d)(?!\d|[.,]\d)"
_FULL_MONTH = "|".join(MONTHS)
_MONTH = rf"(?:{_FULL_MONTH}|(?:jan|feb|mar|apr|jun|jul|aug|sept|sep|okt|nov|dec)\b\.?)(?![\wæøå])"
_OF = r"\s+(?:(?:af|i)\s+)?"
_MAYBE_YEAR = rf"(?:(?:{_OF}|,\s*)(?P<year>{_YEAR}))?"
_BY = r"(?P<by>(?:inden|senest\s+(?:ved|med)|frem\s+til|indtil)\s+)?"
_PART = (
    r"(?P<part>primo|medio|ultimo|start(?:en)?|begyndelsen|midten|slut(?:ningen)?|udgangen"
    r"|(?:første|anden|sidste)\s+halvdel)"
)
_UNIT = r"\s*(?:kr\b|kroner|mio|mia|pct|procent|%|stk|personer|elever|borgere|deltagere|medarbejdere|ansatte"
_UNIT += r"|skoler|spil|timer|unge|børn|besøgende|visninger|husstande|virksomheder|underskrifter)"
_NO_DATE_BEFORE = re.compile(
    r"(?:\b(?:budget(?:tet|aftale\w*)?|ofs|overførselssag\w*|finanslov\w*|fl|agenda|vision|sagsnr\.?|nr\.?)"
    r"|§)\s*$",
    re.IGNORECASE,
)


def _days_of_month(year: int, month: int, first: int = 1, last: int = 31) -> Window:
    following = date(year + month // 12, month % 12 + 1, 1)
    end = min(date(year, month, 1) + timedelta(days=last - 1), following - timedelta(days=1))
    return date(year, month, first), end


def _months(year: int, first: int, last: int) -> Window:
    """From the first day of a month to the last day of another; month 13 is next January."""
    return (
        _days_of_month(year + (first - 1) // 12, (first - 1) % 12 + 1)[0],
        _days_of_month(year + (last - 1) // 12, (last - 1) % 12 + 1)[1],
    )


def _month_number(word: str) -> int:
    return next(n for n, name in enumerate(MONTHS, 1) if name.startswith(word.lower().rstrip(".")[:3]))


def _part_of_year(year: int, part: str) -> Window:
    if part == "primo":
        return _months(year, 1, 3)
    if part == "medio":
        return date(year, 5, 16), date(year, 8, 15)
    return _months(year, 10, 12)


def _part_kind(word: str) -> str:
    word = word.lower()
    if word.startswith(("primo", "start", "begynd")):
        return "primo"
    return "medio" if word.startswith(("medio", "midt")) else "ultimo"


def _year_of(match: re.Match[str]) -> int | None:
    written = match["year"]
    return int(written) if written else None


def _fixed(match: re.Match[str], precision: str, window: Window, *, bare_year: bool = False) -> list[Atom]:
    return [Atom(match.span(), precision, lambda _: window, window[0].year, bare_year)]


def _iso(match: re.Match[str], near: int) -> list[Atom]:
    day = date.fromisoformat(match[0])
    return _fixed(match, "day", (day, day))


def _numeric(match: re.Match[str], near: int) -> list[Atom]:
    written = match["y4"] or match["y2"]
    year = (
        int(written)
        if len(written) > 2
        else min(
            (near - near % 100 + shift + int(written) for shift in (-100, 0, 100)),
            key=lambda one: abs(one - near),
        )
    )
    day = date(year, int(match["m"] or match["m2"] or match["m3"]), int(match["d"]))
    return _fixed(match, "day", (day, day))


def _slash(match: re.Match[str], near: int) -> list[Atom]:
    day, month = int(match["d"]), int(match["m"])
    date(2024, month, day)
    return [Atom(match.span(), "day", lambda year: (date(year, month, day),) * 2, None)]


def _named_days(match: re.Match[str], near: int) -> list[Atom]:
    """'3. april 2024', and each day of '3.-5. marts' or '3., 7. og 9. marts'."""
    month, year = _month_number(match["month"]), _year_of(match)
    found: list[Atom] = []
    for number in re.finditer(r"\d{1,2}\.?", match["earlier"]):
        start = match.start("earlier") + number.start()
        found.append(_one_day((start, start + len(number[0])), int(number[0].rstrip(".")), month, None))
    found.append(_one_day((match.start("day"), match.end()), int(match["day"]), month, year))
    for atom in found:
        atom.window(year or 2024)  # the 31st of April is no date
    return found


def _one_day(span: tuple[int, int], day: int, month: int, year: int | None) -> Atom:
    return Atom(span, "day", lambda in_year: (date(in_year, month, day),) * 2, year)


def _part_of_month(match: re.Match[str], near: int) -> list[Atom]:
    month, word = _month_number(match["month"]), match["part"].lower()
    by_the_end = bool(match["by"]) and _part_kind(word) == "ultimo"
    if word.endswith("halvdel"):
        first, last = (1, 15) if word.startswith("første") else (16, 31)
    else:
        first, last = {"primo": (1, 10), "medio": (11, 20), "ultimo": (21, 31)}[_part_kind(word)]
    first, last = (1, 31) if by_the_end else (first, last)
    precision = "month" if by_the_end else "part"
    return [Atom(match.span(), precision, lambda y: _days_of_month(y, month, first, last), _year_of(match))]


def _part(match: re.Match[str], near: int) -> list[Atom]:
    year, word = int(match["year"]), match["part"].lower()
    if word.endswith("halvdel"):
        return _fixed(match, "half", _months(year, 1, 6) if word[0] == "f" else _months(year, 7, 12))
    if match["by"] and _part_kind(word) == "ultimo":
        return _fixed(match, "year", _months(year, 1, 12))
    return _fixed(match, "part", _part_of_year(year, _part_kind(word)))


def _turn_of_year(match: re.Match[str], near: int) -> list[Atom]:
    return _fixed(match, "part", _months(int(match["year"]), 12, 13))


def _school_year(match: re.Match[str], near: int) -> list[Atom]:
    first = int(match["year"])
    return _fixed(match, "year", (date(first, 8, 1), date(first + 1, 7, 31)))


def _season(match: re.Match[str], near: int) -> list[Atom]:
    first = _SEASONS[match["season"].lower()]
    return [
        Atom(
            match.span(),
            "season",
            lambda year: _months(year, first, first + 2),
            _year_of(match),
            weak=not match["definite"] or not match["season"][0].islower(),
        )
    ]


def _piece(match: re.Match[str], near: int) -> list[Atom]:
    """Quarters and half-years: '1. kvartal 2026', 'andet halvår af 2026', 'Q3 2026'."""
    length, precision = (6, "half") if match["half"] else (3, "quarter")
    last = _ordinal(match["number"] or match["q"], 12 // length)
    first = _ordinal(match["from"], 12 // length) if match["from"] else last
    if first > last or (match["and"] and match["and"].lower() == "og" and first + 1 != last):
        raise ValueError(match[0])

    def window(year: int) -> Window:
        return _months(year, (first - 1) * length + 1, last * length)

    return [Atom(match.span(), precision, window, _year_of(match))]


def _ordinal(word: str, count: int) -> int:
    """'2.', 'andet' and 'sidste' of `count`; ValueError beyond it."""
    word = word.lower().rstrip(".")
    number = (_ORDINALS[word] if word in _ORDINALS else int(word)) or count
    if number > count:
        raise ValueError(word)
    return number


def _week(match: re.Match[str], near: int) -> list[Atom]:
    first, last = int(match["week"]), int(match["until"] or match["week"])
    if not 1 <= first <= last <= 53:
        raise ValueError(match[0])

    def window(year: int) -> Window:
        return date.fromisocalendar(year, first, 1), date.fromisocalendar(year, last, 7)

    return [Atom(match.span(), "part", window, _year_of(match))]


def _month(match: re.Match[str], near: int) -> list[Atom]:
    month = _month_number(match["month"])
    spelt_out = match["month"] in MONTHS
    return [
        Atom(match.span(), "month", lambda y: _days_of_month(y, month), _year_of(match), weak=not spelt_out)
    ]


def _years(match: re.Match[str], near: int) -> list[Atom]:
    start, written = int(match["year"]), match["until"] or match["short"]
    end = int(written) if len(written) > 2 else start - start % 100 + int(written)
    if not start < end <= start + 50:
        raise ValueError(match[0])
    return _fixed(match, "year", (date(start, 1, 1), date(end, 12, 31)))


def _year(match: re.Match[str], near: int) -> list[Atom]:
    return _fixed(match, "year", _months(int(match[0]), 1, 12), bare_year=True)


_Reader = Callable[[re.Match[str], int], list[Atom]]
_EARLIER_DAYS = (
    r"(?P<earlier>(?:\d{1,2}(?:\.\s*(?:,|[-–]|til|og|samt|eller)|[-–])\s*(?:den\s+|d\.\s*)?){0,9})"
)
_ALONE = r"(?<![\w.,/§-])"
# Tried in this order; what one of them has read, or refused as impossible, is not read again.
_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), reader)
    for pattern, reader in (
        (rf"{_ALONE}(?:19|20)\d\d-\d\d-\d\d(?![\w-])", _iso),
        (
            (
                r"(?<![\w./])(?P<d>\d{1,2})(?:\.\s?(?P<m>\d{1,2})\.\s?|/(?P<m2>\d{1,2})(?:\s?[-/.]\s?|\s)"
                rf"|-(?P<m3>\d{{1,2}})-)(?:(?P<y4>{_YEAR})|(?P<y2>\d\d))(?![\w/]|[.,]\d)"
            ),
            _numeric,
        ),
        (r"(?:\bden|\bd\.)\s*(?P<d>\d{1,2})/(?P<m>\d{1,2})(?![\w/])", _slash),
        (
            rf"(?<![\w,/-]){_EARLIER_DAYS}(?P<day>\d{{1,2}})\.?\s*(?P<month>{_MONTH}){_MAYBE_YEAR}",
            _named_days,
        ),
        (rf"\b{_BY}{_PART}\s+(?:(?:af|i)\s+)?(?P<month>{_MONTH}){_MAYBE_YEAR}", _part_of_month),
        (rf"\b{_BY}{_PART}\s+(?:(?:af|i)\s+)?(?:år(?:et)?\s+)?(?P<year>{_YEAR})(?![-–/]\d)", _part),
        (rf"\bskoleåret\s+(?P<year>{_YEAR})\s?[-–/]\s?\d{{2,4}}\b", _school_year),
        (rf"\bårsskiftet\s+(?:i\s+)?(?P<year>{_YEAR})\s?[-–/]\s?\d{{2,4}}\b", _turn_of_year),
        (
            (
                rf"\b(?P<season>forår|sommer|efterår|vinter)(?P<definite>en|et)?"
                rf"(?:{_OF}(?P<year>{_YEAR})(?:[/–-](?:20)?\d\d\b)?|\b)"
            ),
            _season,
        ),
        (
            (
                rf"(?:\b(?:(?P<from>[1-4]\.?|{_NTH})\s*(?P<and>[-–]|og|til)\s*)?"
                rf"(?P<number>[1-4]\.|{_NTH})\s*(?:(?P<half>halvår)|kvartal)\b"
                rf"|\bQ(?P<q>[1-4])\b){_MAYBE_YEAR}"
            ),
            _piece,
        ),
        (
            rf"\buge\s+(?P<week>\d{{1,2}})(?:\s?(?:[-–]|til|og)\s?(?P<until>\d{{1,2}}))?(?!\d){_MAYBE_YEAR}",
            _week,
        ),
        (rf"(?<![\w.])(?P<month>{_MONTH}){_MAYBE_YEAR}", _month),
        (
            (
                rf"{_ALONE}(?P<year>{_YEAR})(?:\s?[-–/]\s?(?P<until>{_YEAR})|[-–/](?P<short>\d\d))"
                r"(?![\w/-]|[.,]\d)"
            ),
            _years,
        ),
        (rf"{_ALONE}{_YEAR}(?![\w%/]|-\w)(?!{_UNIT})", _year),
    )
)


def atoms(text: str, near: int) -> list[Atom]:
    """The date words of a text, in order. A year of two digits is the one closest to `near`."""
    taken = bytearray(len(text))
    found: list[Atom] = []
    for pattern, reader in _READERS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(taken[start:end]):
                continue
            try:
                atoms = reader(match, near)
            except ValueError:
                atoms = []
            taken[start:end] = b"\x01" * (end - start)
            if not (reader in {_year, _years} and _NO_DATE_BEFORE.search(text, max(0, start - 40), start)):
                found.extend(atoms)
    return sorted(found, key=lambda atom: atom.span)
