"""The Danish working calendar, from the public holidays of the `holidays` package.

Public holidays follow the law (store bededag is gone from 2024, lov nr. 214 af 6. marts 2023). Which of
the optional days are closed is a municipality's own setting.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from holidays import country_holidays

from tracker.domain.calendar import WorkingCalendar

# A deadline can lie in any of these years; the package's list ends with the last.
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
    unknown name, for years in the wrong order and for a year that the package does not know.
    """
    unknown = closed_optional - OPTIONAL_DAYS.keys()
    if unknown:
        raise ValueError(f"unknown optional days: {', '.join(sorted(unknown))}")
    if first_year > last_year:
        raise ValueError(f"the years are in the wrong order: {first_year} to {last_year}")
    package = country_holidays("DK")
    earliest, latest = package.start_year, package.end_year
    if first_year < earliest or last_year > latest:
        raise ValueError(
            f"Danish holidays are known from {earliest} to {latest}, not from {first_year} to {last_year}"
        )
    years = range(first_year, last_year + 1)
    chosen = {OPTIONAL_DAYS[code] for code in closed_optional}
    public = set(country_holidays("DK", categories=("public",), years=years))
    optional = country_holidays("DK", categories=("optional",), years=years)
    return WorkingCalendar(frozenset(public | {day for day in optional if (day.month, day.day) in chosen}))


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
