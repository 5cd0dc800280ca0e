"""Which reminders the rules call for, and which of those that are due are sent.

`desired` is a function of dates alone: asked twice, or on another day, it names the same keys. A reminder
is due at 08:00 local time on a working day; the instant is derived by `due_at`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from tracker.domain.calendar import WorkingCalendar
from tracker.domain.ladders import DEFAULT_LADDER, Anchor, Ladder, ObligationKind, Place, Step

__all__ = [
    "DEFAULT_LADDER",
    "ENDED",
    "MOST_REPEATS",
    "Anchor",
    "Condensed",
    "Ladder",
    "Obligation",
    "ObligationKind",
    "Place",
    "Reminder",
    "Step",
    "condense",
    "desired",
    "due_at",
    "recently_reminded",
]

DUE_TIME = time(8, 0)
RECENTLY = timedelta(days=3)
MOST_REPEATS = 10
ENDED = "ended"
ENDED_URGENCY = 70


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something that is to be done by `last`, the deadline.

    An interval or fuzzy date has `first` too and counts to its last day. For `review` the deadline is the
    day on which the text was submitted; steps count from there. `opened_on` is the day from which people
    know of it: the round's opening, the day of a return. `title`, `path` (of its page, from the service's
    base address) and `words` (a fuzzy date as it was written) are what a letter says of it.
    """

    kind: ObligationKind
    id: int
    plan_id: int
    people: tuple[tuple[Place, int], ...]
    first: date | None
    last: date
    precision: str = "day"
    settled: bool = False
    opened_on: date | None = None
    title: str = ""
    path: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Reminder:
    """One step for one person. `due_on` is a local date on a working day."""

    obligation_kind: ObligationKind
    obligation_id: int
    step: str
    deadline_on: date
    person_id: int
    due_on: date
    urgency: int

    @property
    def key(self) -> tuple[ObligationKind, int, str, date, int]:
        """What is unique: planning again never makes a second one."""
        return (self.obligation_kind, self.obligation_id, self.step, self.deadline_on, self.person_id)

    @property
    def is_overdue(self) -> bool:
        """True for the steps that follow the deadline."""
        return self.due_on > self.deadline_on


@dataclass(frozen=True, slots=True)
class Condensed:
    """What becomes of the reminders that are due: each is in exactly one of the three.

    `superseded` pairs a reminder with the one that replaces it. `lapsed` are those whose deadline passed
    before they could be sent and that nothing due replaces.
    """

    send: tuple[Reminder, ...]
    superseded: tuple[tuple[Reminder, Reminder], ...]
    lapsed: tuple[Reminder, ...] = ()


# The letter that opens these says when the deadline is; steps that were past by then add nothing.
_TOLD_AT_OPENING = frozenset({ObligationKind.status_due, ObligationKind.returned})

_Planned = tuple[str, date, int, tuple[Place, ...]]


def desired(
    obligation: Obligation,
    *,
    calendar: WorkingCalendar,
    until: date,
    ladder: Ladder = DEFAULT_LADDER,
) -> tuple[Reminder, ...]:
    """Every reminder that the rules call for, past and future, by due day; none when settled.

    Repeated steps are named up to `until` and one beyond, MOST_REPEATS of each; when they are through, the
    secretariat gets one more, called ENDED. A person who holds several places is reminded once of a step.
    """
    if obligation.settled:
        return ()
    opened_on = obligation.opened_on
    schedule = _schedule(
        ladder.get(obligation.kind, ()),
        calendar,
        (obligation.first or obligation.last, obligation.last),
        (opened_on, obligation.kind in _TOLD_AT_OPENING),
        until,
    )
    found: dict[tuple[str, int], Reminder] = {}
    for code, due_on, urgency, places in schedule:
        for place, person_id in obligation.people:
            if place in places and (code, person_id) not in found:
                found[code, person_id] = Reminder(
                    obligation.kind, obligation.id, code, obligation.last, person_id, due_on, urgency
                )
    return tuple(found.values())


@lru_cache(maxsize=8192)
def _schedule(
    steps: tuple[Step, ...],
    calendar: WorkingCalendar,
    interval: tuple[date, date],
    opening: tuple[date | None, bool],
    until: date,
) -> tuple[_Planned, ...]:
    """When each step falls due. Cached, since the updates of a round share their dates."""
    opened_on, told = opening
    planned: list[_Planned] = []
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


def _repeats(
    step: Step, every: int, calendar: WorkingCalendar, last: date, until: date
) -> Iterator[_Planned]:
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
) -> Iterator[_Planned]:
    """What repeats does not end in silence: the secretariat is told once that nothing more will go out."""
    ends = [(step.days + MOST_REPEATS * step.every, step.every) for step in steps if step.every is not None]
    if ends:
        days, every = max(ends)
        if calendar.offset(last, days - every) <= until:
            yield (ENDED, calendar.offset(last, days), ENDED_URGENCY, (Place.secretariat,))


def condense(due: Iterable[Reminder], *, today: date) -> Condensed:
    """Of several reminders for one obligation and person only the most urgent is sent.

    Before the deadline has passed no overdue reminder is sent, afterwards nothing else. What is not due
    yet on `today` is left alone: it is in none of the three.
    """
    groups: dict[tuple[ObligationKind, int, int], list[Reminder]] = {}
    for reminder in due:
        if reminder.due_on <= today:
            key = (reminder.obligation_kind, reminder.obligation_id, reminder.person_id)
            groups.setdefault(key, []).append(reminder)
    send: list[Reminder] = []
    superseded: list[tuple[Reminder, Reminder]] = []
    lapsed: list[Reminder] = []
    for group in groups.values():
        timely = [one for one in group if one.is_overdue == (one.deadline_on < today)]
        if not timely:
            lapsed.extend(group)
            continue
        best = max(timely, key=lambda one: (one.urgency, one.due_on, one.deadline_on, one.step))
        send.append(best)
        superseded.extend((one, best) for one in group if one is not best)
    return Condensed(tuple(send), tuple(superseded), tuple(lapsed))


def recently_reminded(reminder: Reminder, *, sent: Iterable[tuple[Reminder, date]], today: date) -> bool:
    """Whether this step went to this person within three days, for another date of the same obligation.

    `sent` pairs what was sent with the local date on which it was. True means that the reminder is owed
    only because a date moved, and is not repeated.
    """
    return any(
        other.obligation_kind is reminder.obligation_kind
        and other.obligation_id == reminder.obligation_id
        and other.person_id == reminder.person_id
        and other.step == reminder.step
        and other.deadline_on != reminder.deadline_on
        and timedelta(0) <= today - sent_on <= RECENTLY
        for other, sent_on in sent
    )


@lru_cache(maxsize=4096)
def due_at(due_on: date, zone: tzinfo) -> datetime:
    """The instant, in UTC, of 08:00 local time on `due_on`."""
    return datetime.combine(due_on, DUE_TIME, tzinfo=zone).astimezone(UTC)
