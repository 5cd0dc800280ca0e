"""On which days a committee or the council can meet."""

from __future__ import annotations

from datetime import date

from tracker.domain.errors import InvalidInput
from tracker.holidays_dk import plan_calendar


def check_meeting_day(field: str, day: date, *, closed_days: str) -> None:
    """Raises InvalidInput on `field` for a weekend, a public holiday and what the plan has closed besides.

    `closed_days` are the plan's codes.
    """
    if not plan_calendar(closed_days).is_working_day(day):
        raise InvalidInput(
            field,
            "Nobody meets on %(day)s, which is no working day. Give another day.",
            day=f"{day:%d.%m.%Y}",
        )
