"""Working days: tables of dates and what holds for every day from 2025 to 2040."""

from datetime import date, timedelta

import pytest
from holidays import country_holidays
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.calendar import WorkingCalendar
from tracker.domain.danish_holidays import public_holidays
from tracker.holidays_dk import FIRST_YEAR, LAST_YEAR, OPTIONAL_DAYS, danish_calendar

CALENDAR = danish_calendar(2024, 2042, frozenset({"christmas_eve", "constitution_day"}))
DAYS = st.dates(date(2025, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("day", "previous", "following"),
    [
        (date(2026, 3, 4), date(2026, 3, 4), date(2026, 3, 4)),  # a Wednesday
        (date(2026, 3, 7), date(2026, 3, 6), date(2026, 3, 9)),  # a Saturday
        (date(2026, 4, 2), date(2026, 4, 1), date(2026, 4, 7)),  # Maundy Thursday to Easter Monday
        (date(2026, 6, 5), date(2026, 6, 4), date(2026, 6, 8)),  # Constitution Day, a Friday
        (date(2026, 12, 25), date(2026, 12, 23), date(2026, 12, 28)),
    ],
)
def test_a_closed_day_moves_to_the_nearest_open_one(day: date, previous: date, following: date) -> None:
    assert CALENDAR.previous(day) == previous
    assert CALENDAR.next(day) == following


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2026, 3, 2), 0, date(2026, 3, 2)),
        (date(2026, 3, 2), 5, date(2026, 3, 9)),
        (date(2026, 3, 7), 1, date(2026, 3, 9)),
        (date(2026, 3, 7), -1, date(2026, 3, 6)),
        (date(2026, 4, 8), -2, date(2026, 4, 1)),
    ],
)
def test_an_offset_counts_working_days_and_not_the_day_itself(day: date, n: int, expected: date) -> None:
    assert CALENDAR.offset(day, n) == expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (date(2026, 3, 2), date(2026, 3, 2), 0),
        (date(2026, 3, 2), date(2026, 3, 3), 1),
        (date(2026, 3, 6), date(2026, 3, 9), 1),
        (date(2026, 3, 9), date(2026, 3, 6), -1),
        (date(2026, 4, 1), date(2026, 4, 7), 1),
        (date(2026, 3, 7), date(2026, 3, 8), 0),
    ],
)
def test_working_days_between_two_days(a: date, b: date, expected: int) -> None:
    assert CALENDAR.working_days_between(a, b) == expected


@given(DAYS, st.integers(-300, 300))
def test_days_between_agrees_with_counting_one_by_one(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    low, high = min(start, end), max(start, end)
    counted = sum(
        CALENDAR.is_working_day(low + timedelta(days=ahead)) for ahead in range(1, (high - low).days + 1)
    )
    assert CALENDAR.working_days_between(start, end) == (counted if end >= start else -counted)


@given(DAYS, st.integers(1, 60))
def test_an_offset_lands_on_an_open_day_as_many_working_days_away(day: date, n: int) -> None:
    ahead = CALENDAR.offset(day, n)
    assert CALENDAR.is_working_day(ahead)
    assert CALENDAR.working_days_between(day, ahead) == n
    assert CALENDAR.is_working_day(CALENDAR.offset(day, -n))


def test_every_day_until_2040_has_an_open_day_before_and_after_it() -> None:
    day = date(2025, 1, 1)
    while day.year <= 2040:
        assert CALENDAR.is_working_day(CALENDAR.previous(day))
        assert CALENDAR.is_working_day(CALENDAR.next(day))
        assert (day - CALENDAR.previous(day)).days <= 5
        day += timedelta(days=1)


def test_the_holidays_of_every_year_are_those_that_a_package_of_all_countries_holidays_has() -> None:
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        assert public_holidays(year) == set(country_holidays("DK", categories=("public",), years=year))


def test_store_bededag_is_a_working_day_from_2024() -> None:
    assert not danish_calendar(2023, 2024).is_working_day(date(2023, 5, 5))
    assert danish_calendar(2023, 2024).is_working_day(date(2024, 4, 26))


@pytest.mark.parametrize("code", OPTIONAL_DAYS)
def test_an_optional_day_is_closed_only_when_the_setting_says_so(code: str) -> None:
    day = date(2026, *OPTIONAL_DAYS[code])
    assert danish_calendar(2026, 2026).is_working_day(day)
    assert not danish_calendar(2026, 2026, frozenset({code})).is_working_day(day)


def test_ascension_day_is_closed_though_it_falls_on_the_first_of_may() -> None:
    assert not danish_calendar(2008, 2008).is_working_day(date(2008, 5, 1))


def test_the_calendar_refuses_years_and_names_that_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="known from"):
        danish_calendar(2026, 3000)
    with pytest.raises(ValueError, match="wrong order"):
        danish_calendar(2027, 2026)
    with pytest.raises(ValueError, match="boxing_day"):
        danish_calendar(2026, 2026, frozenset({"boxing_day"}))


def test_without_closed_days_only_weekends_are_closed() -> None:
    assert WorkingCalendar().is_working_day(date(2026, 12, 25))
    assert not WorkingCalendar().is_working_day(date(2026, 12, 26))
