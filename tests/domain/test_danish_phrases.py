"""Every kind of date phrase that a Danish memo has, in sentences of our own, and what no text may do."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.domain.danish_date_words import MONTHS
from tracker.domain.danish_dates import DAY_NO_YEAR, find

_TABLE = Path(__file__).with_name("danish_phrases.txt")
_PAGE = Path(__file__).parents[2] / "docs" / "danish-dates.md"
_CASES = [
    tuple(line.split(" | "))
    for line in _TABLE.read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def read(sentence: str) -> str:
    """The phrases of a sentence as the table writes them."""
    said = []
    for one in (phrase.interval for phrase in find(sentence, year=2025)):
        if one.first is None:
            said.append("no year")
        elif one.first == one.last:
            said.append(f"{one.first} {one.precision}")
        else:
            said.append(f"{one.first}..{one.last or ''} {one.precision}")
    return "; ".join(said) or "-"


@pytest.mark.parametrize("kind", dict.fromkeys(case[0] for case in _CASES))
def test_every_phrase_of_a_kind_is_read_as_it_is_meant(kind: str) -> None:
    cases = [case for case in _CASES if case[0] == kind]
    assert [(sentence, read(sentence)) for _, sentence, _ in cases] == [
        (sentence, expected) for _, sentence, expected in cases
    ]


def test_the_table_is_as_long_and_as_mixed_as_it_has_to_be() -> None:
    assert len({sentence for _, sentence, _ in _CASES}) == len(_CASES) >= 200
    kinds = Counter(kind for kind, _, _ in _CASES)
    assert len(kinds) >= 20
    told = " ".join(_PAGE.read_text(encoding="utf-8").split())
    no_dates = kinds["impossible"] + kinds["no date"]
    assert (
        f"{len(_CASES)} of them in {len(kinds)} kinds, each with what it is to mean, {no_dates} of them"
        in told
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "4.3.12 Mål",
        "Den 1/5 25 deltagere mødtes",
        "Den 1/5. 25 deltog",
        "Den 3. marts 2000 borgere",
        "Holdene 11-12-13",
        "d. 31. marts, ultimo 2025",
        "fra 1. maj til udgangen af 2026",
        "I 2025, 31. marts og senere",
        "mødet d. 31. marts\n2025 blev et godt år",
        "cpr 030425-1234 og 1.10.2.25",
        "uge 12. April 2025",
    ],
)
def test_no_exact_day_is_made_up(sentence: str) -> None:
    assert "day" not in {one.interval.precision for one in find(sentence, year=2025)}


@pytest.mark.parametrize("year", [1999, 2024, 2025, 2026, 2031, None])
def test_the_year_of_the_memo_fills_in_nothing(year: int | None) -> None:
    sentence = "d. 31. marts, den 3/4, i november, til foråret, uge 12, 3. kvartal og andet halvår"
    found = find(sentence, year=year)
    assert [one.interval.precision for one in found] == [DAY_NO_YEAR] * 7
    assert all(one.interval.first is one.interval.last is None for one in found)


def test_a_letter_and_its_ring_typed_one_by_one_are_one_letter() -> None:
    sentence = "ma\u030aske i fora\u030aret 2025, eller i a\u030aret 2026"
    first, second = find(sentence)
    assert (first.words, second.words) == ("fora\u030aret 2025", "2026")
    assert sentence[slice(*first.span)] == first.words


def test_characters_that_nobody_sees_do_not_hide_a_date() -> None:
    sentence = "Kurset er den 3.\u00a0septem\u00adber\u200b 2025\u200e."
    (found,) = find(sentence)
    assert (found.interval.first, found.words) == (date(2025, 9, 3), sentence[slice(*found.span)])
    assert sentence[slice(*found.span)].startswith("3.\u00a0septem\u00adber\u200b 2025")


_SPELLINGS = (
    "{d}. {month} {y}",
    "{d} {month} {y}",
    "{d}.{month} {y}",
    "den {d}. {month} {y}",
    "d. {d}. {month} {y}",
    "mandag den {d}. {month} {y}",
    "{d}. {short} {y}",
    "{d}. {upper} {y}",
    "{d}. {month} i {y}",
    "{d}. {month} '{yy}",
    "{d}.{m}.{y}",
    "{d}. {m}. {y}",
    "{dd}.{mm}.{y}",
    "{dd}.{mm}.{yy}",
    "{d}/{m} {y}",
    "{d}/{m}-{y}",
    "{d}/{m}/{y}",
    "{d}/{m} - {y}",
    "{dd}/{mm}-{yy}",
    "{dd}-{mm}-{y}",
    "{y}-{mm}-{dd}",
    "{y}/{mm}/{dd}",
)


@settings(max_examples=60)
@given(
    st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.sampled_from(["på mødet %s.", "%s", "(%s), og 3 til"])
)
def test_any_day_is_found_in_every_spelling(day: date, around: str) -> None:
    month = MONTHS[day.month - 1]
    given_ = {
        "d": day.day,
        "m": day.month,
        "y": day.year,
        "dd": f"{day:%d}",
        "mm": f"{day:%m}",
        "yy": f"{day:%y}",
        "month": month,
        "short": month[:3] + "." if month != "maj" else month,
        "upper": month.upper(),
    }
    for spelling in _SPELLINGS:
        written = spelling.format(**given_)
        sentence = around % written
        found = find(sentence, year=day.year)
        assert [(one.interval.first, one.interval.last) for one in found] == [(day, day)], sentence
        assert found[0].words in written


_DATE_WORDS = (
    (
        "1",
        "3.",
        "12",
        "31",
        "2025",
        "2026",
        "24",
        "-",
        "/",
        ".",
        ",",
        "(",
        ")",
        "og",
        "til",
        "fra",
        "den",
        "d.",
    ),
    ("i", "af", "mellem", "maj", "marts", "feb.", "uge", "Q1", "primo", "ultimo", "udgangen", "foråret"),
    ("vinter", "kvartal", "2. halvår", "siden", "inden", "kr.", "§", "\n", "\u00b2", "\u030a", "İ"),
)
_WORDS = st.sampled_from([word for some in _DATE_WORDS for word in some])


@settings(max_examples=200)
@given(st.lists(st.tuples(_WORDS, st.sampled_from(["", " ", "  "])), max_size=25))
def test_any_mixture_of_date_words_gives_ordered_spans_of_its_own(words: list[tuple[str, str]]) -> None:
    text = "".join(word + space for word, space in words)
    end = 0
    for found in find(text, year=2025):
        assert end <= found.span[0] < found.span[1] <= len(text)
        assert text[slice(*found.span)] == found.words
        end = found.span[1]
        first, last = found.interval.first, found.interval.last
        assert first is None or last is None or first <= last
        assert (first is None) == (found.interval.precision == DAY_NO_YEAR)


@pytest.mark.parametrize(
    "unit",
    [
        "3. april 2025 og ",
        "1., ",
        "1-",
        "uge 1, ",
        "3.4.",
        "fra den ",
        " ",
        "2025-",
        "maj ",
        "1. og ",
        "a\u030a",
        "2024/",
    ],
)
def test_reading_takes_time_in_proportion_to_the_text(unit: str) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        began = time.process_time()
        find(text, year=2025)
        return time.process_time() - began

    seconds(1_000)
    # Eight times the text: a reading that is quadratic takes sixty times as long, each time.
    assert any(seconds(40_000) < 24 * seconds(5_000) + 0.05 for _ in range(4))
