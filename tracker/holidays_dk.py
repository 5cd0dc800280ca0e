"""The Danish working calendar: the public holidays, and the days that a municipality closes on besides."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from tracker.domain.calendar import WorkingCalendar
from tracker.domain.danish_holidays import public_holidays

# A deadline can lie in any of these years.
FIRST_YEAR, LAST_YEAR = 1990, 2100

OPTIONAL_DAYS = {
    "labour_day": (5, 1),
    "constitution_day": (6, 5),
    "christmas_eve": (12, 24),
    "new_years_eve": (12, 31),
}


@lru_cache(maxsize=32)
def danish_calendar(
    first_year: int, last_year: int, closed_optional: frozenset[str] = frozenset()
) -> WorkingCalendar:
    """The calendar of the years from `first_year` to `last_year`, both included.

    `closed_optional` names the optional days that are closed, from OPTIONAL_DAYS. Raises ValueError for an
    unknown name, for years in the wrong order and for a year in which no deadline can lie.
    """
    unknown = closed_optional - OPTIONAL_DAYS.keys()
    if unknown:
        raise ValueError(f"unknown optional days: {', '.join(sorted(unknown))}")
    if first_year > last_year:
        raise ValueError(f"the years are in the wrong order: {first_year} to {last_year}")
    if first_year < FIRST_YEAR or last_year > LAST_YEAR:
        known = f"{FIRST_YEAR} to {LAST_YEAR}"
        raise ValueError(f"Danish holidays are known from {known}, not from {first_year} to {last_year}")
    years = range(first_year, last_year + 1)
    public = (day for year in years for day in public_holidays(year))
    chosen = (date(year, *OPTIONAL_DAYS[code]) for year in years for code in closed_optional)
    return WorkingCalendar(frozenset((*public, *chosen)))


def plan_calendar(closed_days: str) -> WorkingCalendar:
    """The calendar of every year in which a plan can have a deadline; made once for each set of closed days.

    `closed_days` are codes of the optional days, with commas between them.
    """
    codes = frozenset(code.strip() for code in closed_days.split(",") if code.strip())
    return danish_calendar(FIRST_YEAR, LAST_YEAR, codes)


def last_day_open_to_all(day: date) -> date:
    """`day`, or the last day before it, that no plan has closed, whichever optional days it closes."""
    year = min(max(day.year, FIRST_YEAR + 1), LAST_YEAR)
    return danish_calendar(year - 1, year, frozenset(OPTIONAL_DAYS)).previous(day)
