"""Dates and periods typed in words, for every audience's forms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.deadlines.models import Precision
from tracker.domain.danish_dates import parse_date_input
from tracker.domain.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Period:
    """Both ends inclusive. `words` are kept only when they mean more than dates say."""

    first_on: date
    last_on: date
    precision: Precision
    words: str


def typed_period(
    typed: str, *, today: date, until: date | None = None, field: str = "date", until_field: str = "last_on"
) -> Period:
    """What somebody typed: a date, a period such as "ultimo 2026", or a date with a last day beside it.

    Raises InvalidInput on `field` or `until_field` for anything else, without an end, outside 1990 to 2100.
    """
    try:
        found = parse_date_input(typed, today=today)
    except InvalidInput as error:
        raise InvalidInput(field, error.message, **error.params) from None
    if found.first is None or found.last is None:
        raise InvalidInput(field, "Write a date with an end, such as 24.12.2026 or ultimo 2026.")
    first_on, last_on = found.first, found.last
    if until is not None:
        if first_on != last_on:
            raise InvalidInput(until_field, "Leave the last day empty when the date is a period.")
        if until < first_on:
            raise InvalidInput(until_field, "The last day cannot be before the first.")
        last_on = until
    for name, day in ((field, first_on), (field if until is None else until_field, last_on)):
        if not 1990 <= day.year <= 2100:
            raise InvalidInput(name, "Give a year between 1990 and 2100.")
    precision = Precision(found.precision)
    words = "" if precision is Precision.day else " ".join(typed.split())
    return Period(first_on, last_on, precision, words)
