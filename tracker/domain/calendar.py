"""Working days. Which days are closed is a value; Saturdays and Sundays always are."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

_DAY = timedelta(days=1)
_SATURDAY = 5
_WEEK = 7
_WORKING_WEEK = 5


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The days on which an office is open. `closed` are the closed days besides weekends."""

    closed: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < _SATURDAY and day not in self.closed

    def previous(self, day: date) -> date:
        """`day` itself when it is open, else the last open day before it."""
        while not self.is_working_day(day):
            day -= _DAY
        return day

    def next(self, day: date) -> date:
        """`day` itself when it is open, else the first open day after it."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def offset(self, day: date, n: int) -> date:
        """The n-th working day after `day`, or before it when `n` is negative; `day` itself for 0.

        `day` is not counted, so from a Saturday 1 is Monday and -1 is Friday.
        """
        step = _DAY if n > 0 else -_DAY
        left = abs(n)
        while left:
            day += step
            if self.is_working_day(day):
                left -= 1
        return day

    def working_days_between(self, a: date, b: date) -> int:
        """How many working days lie after `a`, up to and including `b`; negative when `b` is before `a`.

        Monday to Tuesday is 1, Friday to Monday is 1, a day to itself is 0.
        """
        if b < a:
            return -self.working_days_between(b, a)
        weeks, rest = divmod((b - a).days, _WEEK)
        weekdays = weeks * _WORKING_WEEK + sum(
            (a.weekday() + ahead) % _WEEK < _SATURDAY for ahead in range(1, rest + 1)
        )
        closed = _closed_weekdays(self.closed)
        return weekdays - (bisect_right(closed, b) - bisect_right(closed, a))


@lru_cache(maxsize=16)
def _closed_weekdays(closed: frozenset[date]) -> tuple[date, ...]:
    return tuple(sorted(day for day in closed if day.weekday() < _SATURDAY))
