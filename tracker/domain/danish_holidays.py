"""The public holidays of Denmark, by the law as it stands.

Great Prayer Day (store bededag) is gone from 2024: lov nr. 214 af 6. marts 2023.
"""

from __future__ import annotations

from datetime import date, timedelta

LAST_GREAT_PRAYER_DAY = 2023

_FIXED = ((1, 1), (12, 25), (12, 26))
# Days after Easter Sunday: from Maundy Thursday to Easter Monday, the Ascension, Whitsun.
_MOVING = (-3, -2, 0, 1, 39, 49, 50)
_GREAT_PRAYER_DAY = 26


def public_holidays(year: int) -> frozenset[date]:
    """Every public holiday of a year, those on a Sunday included."""
    sunday = easter(year)
    moving = (*_MOVING, _GREAT_PRAYER_DAY) if year <= LAST_GREAT_PRAYER_DAY else _MOVING
    fixed = (date(year, month, day) for month, day in _FIXED)
    return frozenset((*fixed, *(sunday + timedelta(days=days) for days in moving)))


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (Meeus, Astronomical Algorithms, chapter 8)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    correction = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - century // 4 - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
