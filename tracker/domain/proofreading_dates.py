"""What is looked for in the dates of one row: no year, misspelt, or promised for a time that has passed."""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Iterator, Sequence
from datetime import date

from tracker.domain.danish_date_words import MONTHS
from tracker.domain.danish_dates import DAY_NO_YEAR, Phrase, find
from tracker.domain.proofreading_values import SENTENCE_END, Check, Finding, Row, finding

PROMISE = re.compile(
    r"\b(?:forvent\w*|planlæg\w*|planlagt\w*|påtænk\w*|vil blive|forelægges)\b", re.IGNORECASE
)
# Bounds in the patterns and here keep a text without spaces or full stops from taking seconds.
_NEAR = 300
_MONTH = "|".join(MONTHS)
_DATE_FORM = re.compile(
    rf"\bfra\.\s\d{{1,2}}\.?\s(?:{_MONTH})"
    rf"|(?<![\d.,–-])\b\d{{1,2}}\s(?:{_MONTH})\b"
    rf"|(?<![\d.,])\b\d{{1,2}}\.(?:{_MONTH})\b"
    rf"|\b\d{{1,2}}\.\s(?:{'|'.join(month.capitalize() for month in MONTHS)})\b"
    r"|\b(?:starten|slutningen|begyndelsen|midten|udgangen|løbet)\s(?:19|20)\d\d\b"
    rf"|\b(?:starten|slutningen|begyndelsen|midten|udgangen)\s(?:{_MONTH})\b"
)
_YEARS = re.compile(r"\b((?:19|20)\d\d)\s?[-–]\s?((?:19|20)\d\d)\b")
_DAYS = {month: 30 if month in {"april", "juni", "september", "november"} else 31 for month in MONTHS}
_DAY = re.compile(rf"\b(\d{{1,2}})\.\s(?:({_MONTH}))\b(?:\s((?:19|20)\d\d)\b)?")
# "I 2025 blev der holdt møder den 3. marts": the year stands at the head of the sentence.
_YEAR_SAID = re.compile(r"\b(?:I|i|for|For|År|år|året)\s(?:løbet af\s)?(?:19|20)\d\d\b")
_SEASON = re.compile(r"(?:(?:sen|tidlig)?(?:for|efter)år|sommer|vinter)\w*", re.IGNORECASE)
_EVERY_YEAR = re.compile(
    r"\b(?:hvert år|hvert \w+ år|årligt|årlige?|hver|om året|typisk|normalt|sædvanligvis|traditionelt"
    r"|som regel|hele året|året rundt)\b",
    re.IGNORECASE,
)

_AND = re.compile(r"\s*(?:,|og|eller|samt|[-–])\s+(?:igen\s+)?(?:i\s+|den\s+|d\.\s*)?")
# "Holder lukket i juli" is so every year, and so is what is done daily from one day to another.
_HOURS = re.compile(
    r"\b(?:(?:holder|har|er)\s+(?:\w+\s+)?(?:lukket|åbent?)|dagligt|ugentligt)\b", re.IGNORECASE
)
_ONE_DAY = re.compile(r"\d{1,2}\D+|\d{1,2}[./]\d{1,2}\.?")


def look(row: Row, *, on: date) -> Iterator[Finding]:
    """The dates of a row, in the order of the checks. What ended before `on` has passed."""
    phrases = find(row.text, year=on.year)
    for words in _without_year(row.text, phrases):
        yield finding(Check.date_without_year, row, words)
    for words in _misspelt(row.text):
        yield finding(Check.date_form, row, words)
    for words in _passed(row.text, phrases, on):
        yield finding(Check.passed_promise, row, words)


def _without_year(text: str, phrases: Sequence[Phrase]) -> Iterator[str]:
    """The words without a year; "i marts og maj" is told once."""
    told: list[tuple[int, int]] = []
    for phrase in phrases:
        if phrase.interval.precision != DAY_NO_YEAR:
            continue
        if _SEASON.fullmatch(phrase.words):
            continue  # "i foråret" is how people speak of the year that the memo is about
        before, after = _around(text, *phrase.span)
        every_year = _EVERY_YEAR.search(f"{before} {after}")
        if not _ONE_DAY.fullmatch(phrase.words):
            every_year = every_year or _HOURS.search(before)
        if _YEAR_SAID.search(before) or every_year:
            continue
        if told and _AND.fullmatch(text, told[-1][1], phrase.span[0]):
            told[-1] = (told[-1][0], phrase.span[1])
        else:
            told.append(phrase.span)
    return (text[start:end] for start, end in told)


def _misspelt(text: str) -> Iterator[str]:
    found = [(match.start(), match[0].strip()) for match in _DATE_FORM.finditer(text)]
    found += [(match.start(), match[0]) for match in _YEARS.finditer(text) if match[1] > match[2]]
    found += [
        (match.start(), text[match.start() : match.end(2)])
        for match in _DAY.finditer(text)
        if not 1 <= int(match[1]) <= _last_day(match[2], match[3])
    ]
    return (words for _, words in sorted(found))


def _last_day(month: str, year: str | None) -> int:
    """The last day of a month; where no year is written, of a leap year."""
    return 28 + isleap(int(year or 2024)) if month == "februar" else _DAYS[month]


def _passed(text: str, phrases: Sequence[Phrase], on: date) -> Iterator[str]:
    for phrase in phrases:
        last = phrase.interval.last
        if last is None or last >= on:
            continue
        promise = PROMISE.search(" ".join(_around(text, *phrase.span)))
        if promise:
            yield f"{promise[0]} … {phrase.words}"


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands in the same sentence before and after a place."""
    before = SENTENCE_END.split(text[max(0, start - _NEAR) : start])[-1]
    return before, SENTENCE_END.split(text[end : end + _NEAR])[0]
