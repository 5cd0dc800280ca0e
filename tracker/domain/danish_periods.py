"""Parts of a year: months, primo and ultimo, weeks, seasons, quarters and half-years."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from itertools import pairwise

from tracker.domain.danish_date_words import (
    END,
    MAYBE_YEAR,
    MAYBE_YEAR_AFTER_SIGN,
    MONTH,
    MONTH_STARTS,
    ORDINALS,
    YEAR,
    Atom,
    Reader,
    Window,
    days_of_month,
    full_year,
    month_number,
    months,
    year_of,
)

_SEASONS = {"forår": 3, "sommer": 6, "efterår": 9, "vinter": 12}

_BEFORE = ("inden", "senest")
_NTH = "|".join(ORDINALS)
_BY = r"(?P<by>(?:inden|senest(?:\s+(?:ved|med|i))?|(?:frem\s+)?til|indtil)\s+)?"
_PART = (
    r"(?:(?P<early>primo|medio)\s?(?:[/–-]|eller)\s?)?"
    r"(?P<part>primo|prim\.|medio|med\.|ultimo|ult\.|(?<!med )start|starten|begyndelsen|midten"
    rf"|midt(?=\s+(?:i\b|{MONTH}))"
    r"|slut|slutningen|udgangen|udløbet|sidst(?=\s+(?:i|på)\b)|(?:først|tidligt|sent)(?=\s+på\b)|tidligt?e?"
    r"|sent?e?|(?:første|sidste)\s+(?:del|måneder)|(?:første|anden|sidste|[12]\.)\s+halvdel)"
)
_OF_YEAR = r"\s+(?:(?:af|i|på)\s+)?(?:år(?:et)?\s+)?"
# "start i 2026" says when something begins, "starten af 2026" names a part of the year.
_OF_PART = rf"(?:(?<=start)(?!\s+i\b)|(?<=slut)(?!\s+i\b)|(?<!start)(?<!slut)){_OF_YEAR}"
_SEASON = r"(?P<season>forår|sommer|efterår|vinter)(?P<definite>en|et)?"
_UNIT = r"(?P<unit>halvår|kvartal|kvt\b\.?|kv\b\.?|tertial)(?:et)?"
_NUMBERED = rf"(?P<number>[1-4]\.|(?:{_NTH})\b)\s*{_UNIT}{END}"


def _part_kind(word: str) -> str:
    if word.startswith(("prim", "start", "begynd", "tidlig", "først")):
        return "primo"
    return "medio" if word.startswith(("med", "midt")) else "ultimo"


def _part_of_month(match: re.Match[str], near: int) -> list[Atom]:
    month, word = month_number(match["month"]), match["part"]
    by_the_end = _is_by_the_end(match)
    if word.endswith("halvdel"):
        first, last = (1, 15) if word[0] in "f1" else (16, 31)
    else:
        days = {"primo": (1, 10), "medio": (11, 20), "ultimo": (21, 31)}
        first, last = days[match["early"] or _part_kind(word)][0], days[_part_kind(word)][1]
    first, last = (1, 31) if by_the_end else (first, last)
    precision = "month" if by_the_end else "part"
    return _atom(match, precision, lambda y: days_of_month(y, month, first, last), year_of(match, near))


def _is_by_the_end(match: re.Match[str]) -> bool:
    """'Inden udgangen af' leaves the whole time until then; 'senest ultimo' is ultimo."""
    by, part = match["by"], match["part"]
    # "Sat til slutningen af 2025" says when, "til udgangen af 2025" how long.
    ends = ("udgangen", "udløbet") if by and by.startswith("til") else ("udgangen", "slutningen", "udløbet")
    return bool(by) and part.startswith(ends)


def _atom(
    match: re.Match[str], precision: str, window: Callable[[int], Window], year: int | None, **more: bool
) -> list[Atom]:
    kept = _is_by_the_end(match) and match["by"].startswith(_BEFORE)
    start = match.start() if kept else match.start("early" if match["early"] else "part")
    return [Atom((start, match.end()), precision, window, year, **more)]


def _part_of_year(match: re.Match[str], near: int) -> list[Atom]:
    year, word = int(match["year"]), match["part"]
    if word.endswith("halvdel"):
        return _atom(match, "half", lambda y: months(y, 1, 6) if word[0] in "f1" else months(y, 7, 12), year)
    if _is_by_the_end(match):
        return _atom(match, "year", lambda y: months(y, 1, 12), year)
    early, late = match["early"] or _part_kind(word), _part_kind(word)
    return _atom(match, "part", lambda y: (_convention(y, early)[0], _convention(y, late)[1]), year)


def _convention(year: int, part: str) -> Window:
    if part == "medio":
        return date(year, 5, 16), date(year, 8, 15)
    return months(year, 1, 3) if part == "primo" else months(year, 10, 12)


def _part_of_piece(match: re.Match[str], near: int) -> list[Atom]:
    """A third of a season, a quarter or a half-year: 'starten af 3. kvartal 2026', 'sent på foråret'."""
    word, year = match["part"], year_of(match, near)
    if match["season"]:
        first, length, precision = _SEASONS[match["season"]], 3, "season"
    else:
        length, precision = _length(match["unit"])
        first = (_ordinal(match["number"], 12 // length) - 1) * length + 1
    if _is_by_the_end(match):
        return _atom(match, precision, lambda y: months(y, first, first + length - 1), year)
    if word.endswith("halvdel") or match["early"]:
        raise ValueError(match[0])
    third = length // 3
    begin = first + {"primo": 0, "medio": third, "ultimo": length - third}[_part_kind(word)]
    return _atom(match, "part", lambda y: months(y, begin, begin + third - 1), year)


def _length(unit: str) -> tuple[int, str]:
    """How many months a quarter, a third or a half of the year has, and its precision."""
    if unit.startswith("h"):
        return 6, "half"
    return (4, "part") if unit.startswith("t") else (3, "quarter")


def _season(match: re.Match[str], near: int) -> list[Atom]:
    first, year = _SEASONS[match["season"]], year_of(match, near)
    if match["short"]:
        year = full_year(match["short"], near)
    weak = not match["definite"]
    return [Atom(match.span(), "season", lambda y: months(y, first, first + 2), year, weak=weak)]


def _numbered(match: re.Match[str], near: int) -> list[Atom]:
    """'1. kvartal 2026', 'første og andet halvår af 2026', '1.-3. kvartal'."""
    length, precision = _length(match["unit"])
    if match["number"] == "sidste" and not match["year"]:
        raise ValueError(match[0])  # "det sidste halvår": seen from the day it was written
    count = 12 // length
    numbers = [_ordinal(one, count) for one in re.findall(rf"[1-4]|{_NTH}", match["earlier"])]
    numbers.append(_ordinal(match["number"], count))
    steps = {later - earlier for earlier, later in pairwise(numbers)}
    if any(step <= 0 for step in steps) or (steps - {1} and not re.search(r"[-–—]|til", match["earlier"])):
        raise ValueError(match[0])

    def window(year: int) -> Window:
        return months(year, (numbers[0] - 1) * length + 1, numbers[-1] * length)

    return [Atom(match.span(), precision, window, year_of(match, near))]


def _ordinal(word: str, count: int) -> int:
    """'2.', 'andet' and 'sidste' of `count`; ValueError beyond it."""
    word = word.rstrip(".")
    number = (ORDINALS[word] if word in ORDINALS else int(word)) or count
    if number > count:
        raise ValueError(word)
    return number


def _sign(match: re.Match[str], near: int) -> list[Atom]:
    """'Q3 2026', 'K2 2025', 'H1 2026' and '2026 Q3'."""
    length, precision = _length(match["sign"])
    number = _ordinal(match["n"], 12 // length)
    year = int(match["before"]) if match["before"] else year_of(match, near)

    def window(in_year: int) -> Window:
        return months(in_year, (number - 1) * length + 1, number * length)

    # "K2" alone is many things, and a quarter only beside a year.
    return [Atom(match.span(), precision, window, year, weak=match["sign"] != "q")]


def _weeks(match: re.Match[str], near: int) -> list[Atom]:
    """Each week of 'uge 12, 14 og 16 2026' or 'uge 50-2 2026'."""
    year, places = year_of(match, near), match.span("earlier")
    found = [
        (number.span(), int(number[1]))
        for number in re.compile(r"(?:uge\s+)?(\d{1,2})").finditer(match.string, places[0], match.end("week"))
    ]
    first, last = found[0][1], found[-1][1]
    found[0], found[-1] = ((match.start(), found[0][0][1]), first), ((found[-1][0][0], match.end()), last)
    if len(found) == 1:
        return [_week(match.span(), last, year)]
    if year is None and first < last:
        return [_week(match.span(), first, None, until=last)]
    return [_week(span, week, None) for span, week in found[:-1]] + [_week(found[-1][0], last, year)]


def _week(span: tuple[int, int], week: int, year: int | None, *, until: int = 0) -> Atom:
    if not 1 <= week <= (until or week) <= 53:
        raise ValueError(week)

    def window(in_year: int) -> Window:
        return date.fromisocalendar(in_year, week, 1), date.fromisocalendar(in_year, until or week, 7)

    if year is not None:
        window(year)
    return Atom(span, "part", window, year)


# "Jul 2025" and "til jul." are Christmas; July is shortened between figures, months and after "i".
_IS_JULY = re.compile(r"(?:\d\.?|(?:^|[\s(])i|[a-z]\.?\s?[-–/,]|\bog|\()\s*$")


def _month(match: re.Match[str], near: int) -> list[Atom]:
    month, word = month_number(match["month"]), match["month"]
    if word in {"jul", "jul."} and not _IS_JULY.search(match.string, 0, match.start()):
        raise ValueError(word)
    weak = len(word) < 4 and word != "maj"
    return [Atom(match.span(), "month", lambda y: days_of_month(y, month), year_of(match, near), weak=weak)]


_LIST = r"\s*(?:[-–—]|,|og|til|samt|eller)\s*"
_UNITS = ("kvartal", "kv", "halvår", "tertial")
_PARTS = (
    *("prim", "med", "ult", "start", "begyndelsen", "midt", "slut", "udgangen", "udløbet", "sidst"),
    *("først", "tidlig", "sen", "halvdel"),
)

# Weeks come before the days: the 12 of "uge 12. April" is no day.
WEEKS = Reader(
    re.compile(
        rf"\buge(?:rne)?\s+(?P<earlier>(?:\d{{1,2}}\s*(?:[-–—/]|,(?=[\d\s,]*\s(?:og|samt|eller)\s)"
        rf"|til|og|samt|eller)\s*(?:uge\s+)?){{0,9}})"
        rf"(?P<week>\d{{1,2}})(?!\d|[.,/]\d{{1,2}}\b){MAYBE_YEAR_AFTER_SIGN}"
    ),
    _weeks,
    ("uge",),
)
PERIODS: tuple[Reader, ...] = (
    Reader(
        re.compile(rf"\b{_BY}{_PART}{_OF_PART}(?P<month>{MONTH}){MAYBE_YEAR}"),
        _part_of_month,
        _PARTS,
        also=MONTH_STARTS,
    ),
    Reader(
        re.compile(rf"\b{_BY}{_PART}{_OF_PART}(?:{_SEASON}|{_NUMBERED}){END}{MAYBE_YEAR}"),
        _part_of_piece,
        _PARTS,
        also=(*_UNITS, *_SEASONS),
    ),
    Reader(
        re.compile(rf"\b{_BY}{_PART}{_OF_PART}(?P<year>{YEAR})(?![-–/]\d)"),
        _part_of_year,
        _PARTS,
        also=("18", "19", "20"),
    ),
    Reader(
        re.compile(
            rf"\b{_SEASON}{END}(?:\s+(?P<short>\d\d)/\d\d{END}|{MAYBE_YEAR}(?:(?<=\d)\s?[/–—-]\s?(?:20)?\d\d{END})?)"
        ),
        _season,
        tuple(_SEASONS),
    ),
    Reader(
        re.compile(
            rf"(?<![\w,/])(?<!\d-)(?P<earlier>(?:(?:[1-4]\.?|\b(?:{_NTH})){_LIST}){{0,3}}){_NUMBERED}{MAYBE_YEAR}"
        ),
        _numbered,
        _UNITS,
    ),
    Reader(
        re.compile(
            rf"(?:\b(?P<before>{YEAR})[\s-]?|\b)(?P<sign>[qkh])(?P<n>[1-4]){END}{MAYBE_YEAR_AFTER_SIGN}"
        ),
        _sign,
        tuple(f"{sign}{n}" for sign in "qkh" for n in "1234"),
    ),
    Reader(re.compile(rf"(?<![\w.])(?P<month>{MONTH})(?:\s+måned)?{MAYBE_YEAR}"), _month, MONTH_STARTS),
)
