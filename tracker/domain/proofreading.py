"""What a careful reader would ask about a status text before it is printed.

Each finding names the row and the words, and can be overruled. The checks stay silent where they are in
doubt: a false alarm costs more trust than a missed comma. Texts are in the editing form of
`tracker.domain.text`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import zip_longest

from tracker.domain.danish_date_words import MONTHS
from tracker.domain.danish_dates import DAY_NO_YEAR, find
from tracker.domain.errors import sentence
from tracker.domain.text import Block, parse


class Check(StrEnum):
    cut_off = "cut_off"
    missing_stop = "missing_stop"
    date_without_year = "date_without_year"
    date_form = "date_form"
    passed_promise = "passed_promise"
    same_as_last_year = "same_as_last_year"
    double_space = "double_space"
    stray_stop = "stray_stop"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the memo as it would be printed. `last_text` is last year's, empty when there was none."""

    number: int
    text: str
    last_text: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """`message` is a message id with the placeholders of `params`; `words` stand in the text."""

    check: Check
    row: int
    words: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict)


MESSAGES: Mapping[Check, str] = {
    Check.cut_off: sentence('The text stops in mid-sentence: "%(words)s".'),
    Check.missing_stop: sentence('The last sentence has no full stop: "%(words)s".'),
    Check.date_without_year: sentence('The date has no year: "%(words)s".'),
    Check.date_form: sentence('The date is not written correctly: "%(words)s".'),
    Check.passed_promise: sentence(
        'This was promised for a time that has passed: "%(words)s". What came of it?'
    ),
    Check.same_as_last_year: sentence("The text is the same as last year's."),
    Check.double_space: sentence('Two spaces in a row: "%(words)s".'),
    Check.stray_stop: sentence('A full stop too many: "%(words)s".'),
}

_UNFINISHED = frozenset(
    word
    for line in (
        "og eller samt at som der til af i på for med den det de en et om fra ved hos men hvor hvis når",
        "fordi deres dens dets sin sit sine hans hendes vores denne dette disse mellem under over",
        "efter mod uden bl.a. herunder flere mere både ikke har er var vil skal kan bliver blev",
    )
    for word in line.split()
)
_FINISHED = re.compile(r"[.!?:…][\s”\"'»)\]⁰¹²³⁴⁵⁶⁷⁸⁹]*$")
# How an item of a list may end when another item follows.
_GOES_ON = re.compile(r"(?:,|\b(?:og|samt|eller))$")
PROMISE = re.compile(
    r"\b(?:forvent\w*|planlæg\w*|planlagt\w*|påtænk\w*|vil blive|forelægges)\b", re.IGNORECASE
)
SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-ZÆØÅ])|\n")
# Bounds in the patterns and here keep a text without spaces or full stops from taking seconds.
_NEAR = 300
_MONTH = "|".join(MONTHS)
_DATE_FORM = re.compile(
    rf"\bfra\.\s\d{{1,2}}\.?\s(?:{_MONTH})"
    rf"|(?<![\d.])\b\d{{1,2}}\s(?:{_MONTH})\b"
    r"|\b(?:starten|slutningen|begyndelsen|midten)\s(?:19|20)\d\d\b"
)
_DOUBLE_SPACE = re.compile(r"\S{1,40} {2,}\S{1,40}")
_STRAY_STOP = re.compile(
    r"\S{0,40}(?<!\.)\.\.(?!\.)|\S{1,40}\s\.(?=\s|$)"
    r"|\b(?:fra|til|og|på|af|med|for|som|der|at|den|det)\.\s+(?=[a-zæøå])|[\d.]{0,15}\d\.\s(?:kr|mio|mia|pct|procent)\b"
)


def proofread(row: Row, *, year: int) -> tuple[Finding, ...]:
    """The findings of one row in a memo about `year`, in the order of the checks. No text, no findings."""
    if not row.text.strip():
        return ()
    return tuple(
        Finding(check, row.number, words, MESSAGES[check], {"words": words})
        for check, look in _CHECKS.items()
        for words in look(row, year)
    )


def proofread_all(rows: Iterable[Row], *, year: int) -> tuple[Finding, ...]:
    return tuple(finding for row in rows for finding in proofread(row, year=year))


def _tail(text: str) -> str:
    return " ".join(text.split()[-5:])


def _is_cut_off(block: Block) -> bool:
    text = block.text.rstrip()
    if not text or _FINISHED.search(text):
        return False
    last = text.split()[-1].lower()
    return last in _UNFINISHED or text[-1] in ",-–(" or (len(last) == 1 and last.isalpha())


def _cut_off(row: Row, _year: int) -> Iterator[str]:
    blocks = parse(row.text).blocks
    for block, following in zip_longest(blocks, blocks[1:]):
        is_listed = block.kind != "paragraph" and following is not None and following.kind == block.kind
        if block.kind == "heading" or (is_listed and _GOES_ON.search(block.text)):
            continue
        if _is_cut_off(block):
            yield _tail(block.text)


def _missing_stop(row: Row, _year: int) -> Iterator[str]:
    blocks = parse(row.text).blocks
    if not blocks or blocks[-1].kind == "heading":
        return
    last = blocks[-1]
    siblings = [one for one in blocks[:-1] if one.kind == last.kind]
    # A list without full stops is a style; one item that lacks what the others have is a slip.
    is_style = last.kind != "paragraph" and not any(_FINISHED.search(one.text) for one in siblings)
    if not (is_style or _FINISHED.search(last.text) or _is_cut_off(last)):
        yield _tail(last.text)


def _date_without_year(row: Row, _year: int) -> Iterator[str]:
    for phrase in find(row.text):
        if phrase.interval.precision == DAY_NO_YEAR:
            yield phrase.words


def _matches(pattern: re.Pattern[str]) -> Callable[[Row, int], Iterator[str]]:
    def look(row: Row, _year: int) -> Iterator[str]:
        for match in pattern.finditer(row.text):
            yield match[0].strip()

    return look


def _passed_promise(row: Row, year: int) -> Iterator[str]:
    for phrase in find(row.text, year=year):
        last = phrase.interval.last
        if last is None or last >= date(year, 1, 1):
            continue
        start, end = phrase.span
        before = SENTENCE_END.split(row.text[max(0, start - _NEAR) : start])[-1]
        after = SENTENCE_END.split(row.text[end : end + _NEAR])[0]
        promise = PROMISE.search(f"{before} {after}")
        if promise:
            yield f"{promise[0]} … {phrase.words}"


def _same_as_last_year(row: Row, _year: int) -> Iterator[str]:
    if row.last_text.strip() and row.text.split() == row.last_text.split():
        yield _tail(row.text)


_CHECKS: Mapping[Check, Callable[[Row, int], Iterator[str]]] = {
    Check.cut_off: _cut_off,
    Check.missing_stop: _missing_stop,
    Check.date_without_year: _date_without_year,
    Check.date_form: _matches(_DATE_FORM),
    Check.passed_promise: _passed_promise,
    Check.same_as_last_year: _same_as_last_year,
    Check.double_space: _matches(_DOUBLE_SPACE),
    Check.stray_stop: _matches(_STRAY_STOP),
}
