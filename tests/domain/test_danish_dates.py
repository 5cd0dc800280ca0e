"""Date phrases in Danish: tables of what is read, what is not, and the measure on last year's memo."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.danish_date_words import MONTHS
from tracker.domain.danish_dates import DAY_NO_YEAR, PRECISIONS, Interval, find, parse_date_input
from tracker.domain.errors import InvalidInput

TODAY = date(2026, 3, 2)


def spans(text: str) -> list[tuple[str, str, str]]:
    """First, last and precision of each phrase; '-' for an end that is open or unknown."""
    return [
        (str(found.interval.first or "-"), str(found.interval.last or "-"), found.interval.precision)
        for found in find(text)
    ]


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("mødet den 24. december 2026 kl. 9", "2026-12-24", "2026-12-24", "day"),
        ("d. 24.12.2026", "2026-12-24", "2026-12-24", "day"),
        ("24/12-2026", "2026-12-24", "2026-12-24", "day"),
        ("24/12 2026", "2026-12-24", "2026-12-24", "day"),
        ("2026-12-24", "2026-12-24", "2026-12-24", "day"),
        ("20 december 2024", "2024-12-20", "2024-12-20", "day"),
        ("12. jan. 2026", "2026-01-12", "2026-01-12", "day"),
        ("29. februar 2028", "2028-02-29", "2028-02-29", "day"),
        ("senest 1. marts 2026", "2026-03-01", "2026-03-01", "day"),
        ("løber fra. 1 december til 21. december 2025 på", "2025-12-01", "2025-12-21", "day"),
        ("den 3.-5. marts 2026", "2026-03-03", "2026-03-05", "day"),
        ("fra den 28. februar 2026 til den 3. marts 2026", "2026-02-28", "2026-03-03", "day"),
        ("20. december til 18. februar 2025", "2024-12-20", "2025-02-18", "day"),
        ("20. november 2025 til 5. januar", "2025-11-20", "2026-01-05", "day"),
        ("fra 2. maj 2026 med svarfrist den 9. juni 2026", "2026-05-02", "2026-06-09", "day"),
        ("mellem 1. marts og 3. april 2026", "2026-03-01", "2026-04-03", "day"),
        ("10.12.2025-12.12.2025", "2025-12-10", "2025-12-12", "day"),
        ("i september 2025", "2025-09-01", "2025-09-30", "month"),
        ("i november og december 2025", "2025-11-01", "2025-12-31", "month"),
        ("december 2025-februar 2026", "2025-12-01", "2026-02-28", "month"),
        ("primo 2026", "2026-01-01", "2026-03-31", "part"),
        ("medio 2024", "2024-05-16", "2024-08-15", "part"),
        ("Ultimo 2025", "2025-10-01", "2025-12-31", "part"),
        ("i slutningen 2025", "2025-10-01", "2025-12-31", "part"),
        ("i starten af 2026", "2026-01-01", "2026-03-31", "part"),
        ("ultimo 2025 og primo 2026", "2025-10-01", "2026-03-31", "part"),
        ("slutningen af juni 2025", "2025-06-21", "2025-06-30", "part"),
        ("slut november til begyndelsen af december 2025", "2025-11-21", "2025-12-10", "part"),
        ("uge 12 i 2026", "2026-03-16", "2026-03-22", "part"),
        ("uge 12-14 2026", "2026-03-16", "2026-04-05", "part"),
        ("årsskiftet 2025/26", "2025-12-01", "2026-01-31", "part"),
        ("i foråret 2025", "2025-03-01", "2025-05-31", "season"),
        ("i vinteren 2024", "2024-12-01", "2025-02-28", "season"),
        ("vinteren 2024 til foråret 2025", "2024-12-01", "2025-05-31", "season"),
        ("2. kvartal 2026", "2026-04-01", "2026-06-30", "quarter"),
        ("første og andet kvartal af 2026", "2026-01-01", "2026-06-30", "quarter"),
        ("andet halvår 2026", "2026-07-01", "2026-12-31", "half"),
        ("i første halvdel af 2026", "2026-01-01", "2026-06-30", "half"),
        ("i løbet af 2026", "2026-01-01", "2026-12-31", "year"),
        ("inden udgangen af 2026", "2026-01-01", "2026-12-31", "year"),
        ("inden udgangen af marts 2026", "2026-03-01", "2026-03-31", "month"),
        ("løber fra 2024-26.", "2024-01-01", "2026-12-31", "year"),
        ("i 2024/25", "2024-01-01", "2025-12-31", "year"),
        ("skoleåret 2025/26", "2025-08-01", "2026-07-31", "year"),
        ("i 2024, 2025 og 2026", "2024-01-01", "2026-12-31", "year"),
        ("tallene fra 2023 viser", "2023-01-01", "2023-12-31", "year"),
    ],
)
def test_a_phrase_is_read_as_one_interval(text: str, first: str, last: str, precision: str) -> None:
    assert spans(text) == [(first, last, precision)]
    assert not find(text)[0].interval.open_end


@pytest.mark.parametrize(
    ("text", "first", "words"),
    [
        ("Fra 2026 tilbydes tolk", "2026-01-01", "Fra 2026"),
        ("har siden 2018 haft", "2018-01-01", "siden 2018"),
        ("fra og med 1. maj 2025 kan alle", "2025-05-01", "fra og med 1. maj 2025"),
        ("den 1. maj 2025 og frem", "2025-05-01", "1. maj 2025 og frem"),
    ],
)
def test_an_open_end_stays_open(text: str, first: str, words: str) -> None:
    (found,) = find(text)
    assert (str(found.interval.first), found.interval.last, found.interval.open_end) == (first, None, True)
    assert found.words == words


@pytest.mark.parametrize(
    "text",
    [
        "på mødet d. 31. marts",
        "slut november til begyndelsen af december",
        "d. 3/4",
        "i november",
        "til foråret",
        "uge 12",
        "i 3. kvartal",
    ],
)
def test_a_date_without_a_year_has_no_day_whatever_the_year_of_the_memo(text: str) -> None:
    (found,) = find(text, year=2025)
    assert found.interval == Interval(None, None, DAY_NO_YEAR)


@pytest.mark.parametrize(
    "text",
    [
        "Ved Budget 2026 blev der afsat midler",
        "i forbindelse med OFS 24/25",
        "31. april 2026",
        "29. februar 2025",
        "sagsnr. 2024-0123456",
        "2.025 kr. og 2025 kr.",
        "1/2 kop",
        "kl. 10.15-12.00",
        "Maj og August mødtes om sommeren",
        "https://example.com/2025/03/side",
        "tlf. 33 66 20 25",
        "klasse 3.-10. og 1530 spil",
        "§ 2024",
    ],
)
def test_what_is_no_date_is_left_alone(text: str) -> None:
    assert find(text) == ()


def test_a_year_written_once_holds_for_the_days_before_it_and_not_after() -> None:
    text = "møder den 3. april og 7. oktober 2024 samt den 26. maj 2025"
    assert [one[0] for one in spans(text)] == ["2024-04-03", "2024-10-07", "2025-05-26"]
    assert [one[2] for one in spans("17. februar 2025 og 31. marts")] == ["day", DAY_NO_YEAR]


def test_two_digits_mean_the_year_closest_to_the_memo() -> None:
    assert find("24.12.26", year=2025)[0].interval.first == date(2026, 12, 24)
    assert find("24.12.98", year=2025)[0].interval.first == date(1998, 12, 24)


@given(st.text(alphabet="0123456789.-/ dfu", max_size=40) | st.text(max_size=60))
def test_any_text_gives_ordered_spans_of_its_own_words(text: str) -> None:
    end = 0
    for found in find(text):
        assert text[slice(*found.span)] == found.words
        assert found.span[0] >= end
        end = found.span[1]
        first, last = found.interval.first, found.interval.last
        assert first is None or last is None or first <= last
        assert found.interval.precision in {*PRECISIONS, DAY_NO_YEAR}


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_a_day_is_read_the_same_however_it_is_typed(day: date) -> None:
    month = MONTHS[day.month - 1]
    for typed in (
        f"{day:%d.%m.%Y}",
        f"{day.day}.{day.month}.{day.year}",
        f"{day.day}/{day.month}-{day.year}",
        f"{day.day} {day.month} {day.year}",
        day.isoformat(),
        f"den {day.day}. {month} {day.year}",
    ):
        assert parse_date_input(typed, today=TODAY) == Interval(day, day, "day")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ultimo 2026", Interval(date(2026, 10, 1), date(2026, 12, 31), "part")),
        ("December 2026", Interval(date(2026, 12, 1), date(2026, 12, 31), "month")),
        ("March 2026", Interval(date(2026, 3, 1), date(2026, 3, 31), "month")),
        ("2026", Interval(date(2026, 1, 1), date(2026, 12, 31), "year")),
        ("1. december til 21. december 2026", Interval(date(2026, 12, 1), date(2026, 12, 21), "day")),
        ("1.12.2026 - 21.12.2026", Interval(date(2026, 12, 1), date(2026, 12, 21), "day")),
        ("inden udgangen af 2026", Interval(date(2026, 1, 1), date(2026, 12, 31), "year")),
    ],
)
def test_a_date_field_takes_intervals_too(typed: str, expected: Interval) -> None:
    assert parse_date_input(typed, today=TODAY) == expected


@pytest.mark.parametrize("typed", ["", "snart", "3. marts", "31.2.2026", "1.3.2026 eller 4.3.2026"])
def test_a_date_field_says_what_is_wrong(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_date_input(typed, today=TODAY)
    assert refused.value.field == "date"


def _facts(seed: Path) -> list[tuple[str, dict[str, object], str]]:
    """Text of the row, date and snippet of every dated fact of the real memo."""
    rows = json.loads((seed / "aarlig-status-2025.rows.json").read_text(encoding="utf-8"))
    texts = {row["number"]: row["status"] for row in rows["initiatives"]}
    facts = json.loads((seed / "aarlig-status-2025.facts.json").read_text(encoding="utf-8"))
    return [
        (texts[initiative["number"]], fact["date"], fact["snippet"])
        for initiative in facts["initiatives"]
        for fact in (*initiative["periods"], *initiative["events"])
        if fact.get("date") and fact["date"].get("from")
    ]


def test_the_dates_of_the_real_memo_are_found_with_their_ends(seed: Path) -> None:
    missed = []
    for _text, expected, snippet in _facts(seed):
        found = {(str(one.interval.first), str(one.interval.last)) for one in find(snippet)}
        if expected.get("year_stated") is False:
            if not any(one.interval.precision == DAY_NO_YEAR for one in find(snippet)):
                missed.append(snippet)
        elif (str(expected["from"]), str(expected["to"])) not in found:
            missed.append(snippet)
    assert missed == []


def test_no_day_in_the_real_memo_is_made_up(seed: Path) -> None:
    texts = {text for text, _, _ in _facts(seed)}
    known = {str(expected["from"]) for _, expected, _ in _facts(seed)} | {"2023-10-07"}
    days = [one for text in texts for one in find(text) if one.interval.precision == "day"]
    assert len(days) >= 10
    assert {str(one.interval.first) for one in days} <= known
