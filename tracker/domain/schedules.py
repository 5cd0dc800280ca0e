"""When each step of a ladder falls due for an obligation's dates, whoever is reminded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from tracker.domain.calendar import WorkingCalendar
from tracker.domain.ladders import Anchor, Place, Step

MOST_REPEATS = 10
ENDED = "ended"
ENDED_URGENCY = 70

Planned = tuple[str, date, int, tuple[Place, ...]]


@lru_cache(maxsize=8192)
def schedule(
    steps: tuple[Step, ...],
    calendar: WorkingCalendar,
    interval: tuple[date, date],
    opening: tuple[date | None, bool],
    until: date,
) -> tuple[Planned, ...]:
    """Code, due day, urgency and places of each step, by due day. Cached: the updates of a round share dates.

    `interval` is first and last day of what is to be done. `opening` is the day from which people know of
    it, and whether the letter that opened it said when it is due: then earlier steps add nothing.
    """
    opened_on, told = opening
    planned: list[Planned] = []
    for step in steps:
        if step.every is not None:
            planned.extend(_repeats(step, step.every, calendar, interval[1], until))
            continue
        due_on = _due_on(step, calendar, interval, opened_on)
        if due_on is None:
            continue
        late = told and opened_on is not None and due_on <= opened_on
        if late and step.anchor in {Anchor.before_first, Anchor.before_last}:
            continue
        planned.append((step.code, due_on, step.urgency, step.places))
    planned.extend(_end_of_repeats(steps, calendar, interval[1], until))
    return tuple(sorted(planned, key=lambda item: (item[1], item[2])))


def _due_on(
    step: Step, calendar: WorkingCalendar, interval: tuple[date, date], opened_on: date | None
) -> date | None:
    first, last = interval
    if step.anchor is Anchor.opens:
        # An obligation that was opened after its deadline is told of by its overdue steps.
        if opened_on is None or opened_on + timedelta(days=step.days) > last:
            return None
        ahead = opened_on + timedelta(days=step.days)
        return calendar.next(calendar.offset(opened_on, step.days) if step.working_days else ahead)
    if step.anchor is Anchor.after_last:
        if step.working_days:
            return calendar.offset(last, step.days)
        return calendar.next(last + timedelta(days=step.days))
    origin = first if step.anchor is Anchor.before_first else last
    if step.working_days:
        return calendar.previous(calendar.offset(origin, -step.days))
    return calendar.previous(origin - timedelta(days=step.days))


def _repeats(step: Step, every: int, calendar: WorkingCalendar, last: date, until: date) -> Iterator[Planned]:
    """The repetitions of a step after the deadline, each named by its working days since then.

    A person who enters at a later repetition gets the name which the others get on that day.
    """
    for days in range(step.days, step.days + MOST_REPEATS * every, every):
        due_on = calendar.offset(last, days)
        yield (f"{step.code}-{days}", due_on, step.urgency, step.places)
        if due_on > until:
            return


def _end_of_repeats(
    steps: tuple[Step, ...], calendar: WorkingCalendar, last: date, until: date
) -> Iterator[Planned]:
    """What repeats does not end in silence: the secretariat is told once that nothing more will go out."""
    ends = [(step.days + MOST_REPEATS * step.every, step.every) for step in steps if step.every is not None]
    if ends:
        days, every = max(ends)
        if calendar.offset(last, days - every) <= until:
            yield (ENDED, calendar.offset(last, days), ENDED_URGENCY, (Place.secretariat,))
