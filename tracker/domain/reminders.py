"""Which reminders the rules call for, and which of those that are due are sent.

`desired` is a function of dates alone: asked twice, or on another day, it names the same keys. A reminder
is due at 08:00 local time on a working day; the instant is derived by `due_at`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from operator import attrgetter

from tracker.domain.calendar import WorkingCalendar
from tracker.domain.ladders import DEFAULT_LADDER, Anchor, Ladder, ObligationKind, Place, Step
from tracker.domain.schedules import ENDED, MOST_REPEATS, Planned, schedule

__all__ = [
    "DEFAULT_LADDER",
    "ENDED",
    "MOST_REPEATS",
    "MOST_URGENT",
    "UNCOVERED",
    "Absence",
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
UNCOVERED = "uncovered"
# By what the most urgent of several is found: the greatest of the first, then of the next.
MOST_URGENT = ("urgency", "due_on", "deadline_on", "step")


@dataclass(frozen=True, slots=True)
class Absence:
    """A person is away, or cannot be reached, on the days from `from_on` to `until_on`, both included.

    Without an end, `until_on` is None.
    """

    person_id: int
    from_on: date
    until_on: date | None = None

    def covers(self, day: date) -> bool:
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something that is to be done by `last`, the deadline.

    An interval or fuzzy date has `first` too and counts to its last day. For `review` the deadline is the
    day on which the text was submitted; steps count from there. `opened_on` is the day from which people
    know of it: the round's opening, the day of a return. `title`, `path` (of its page, from the service's
    base address) and `words` (a fuzzy date as it was written) are what a letter says of it. `absences` are
    those of its people.
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
    absences: tuple[Absence, ...] = ()


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

_Called = tuple[str, date, int, int]


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

    On a day on which the owner is away, or where there is none, the deputy gets the owner's reminders. If
    the deputy is away too, they wait for the owner's return; but the last one before a deadline that
    passes meanwhile also goes to the coordinator, or else to the secretariat, called UNCOVERED.
    """
    if obligation.settled:
        return ()
    steps = ladder.get(obligation.kind, ())
    planned = schedule(
        steps,
        calendar,
        (obligation.first or obligation.last, obligation.last),
        (obligation.opened_on, obligation.kind in _TOLD_AT_OPENING),
        until,
    )
    owned = any(place is Place.owner for place, _ in obligation.people)
    # Nearly always the owner is there: then the places are all that counts.
    called = _by_place if owned and not obligation.absences else _with_stand_ins
    found: dict[tuple[str, int], Reminder] = {}
    for code, due_on, urgency, person_id in called(obligation, planned, steps):
        if (code, person_id) not in found:
            found[code, person_id] = Reminder(
                obligation.kind, obligation.id, code, obligation.last, person_id, due_on, urgency
            )
    return tuple(found.values())


def _by_place(
    obligation: Obligation, planned: tuple[Planned, ...], _steps: tuple[Step, ...]
) -> Iterator[_Called]:
    for code, due_on, urgency, places in planned:
        for place, person_id in obligation.people:
            if place in places:
                yield code, due_on, urgency, person_id


def _with_stand_ins(
    obligation: Obligation, planned: tuple[Planned, ...], steps: tuple[Step, ...]
) -> Iterator[_Called]:
    last_call = _last_call(planned, steps)
    deputies = _holders(obligation, Place.deputy)
    leads = _holders(obligation, Place.owner) or deputies
    for code, due_on, urgency, places in planned:
        away = {one.person_id for one in obligation.absences if one.covers(due_on)}
        if Place.owner in places:
            there = [one for one in leads if one not in away] or [one for one in deputies if one not in away]
            for person_id in there or leads:
                yield code, due_on, urgency, person_id
            if code == last_call and not there and _away_at_the_end(obligation, leads):
                for person_id in _office_of(obligation, away):
                    yield UNCOVERED, due_on, urgency, person_id
        for place, person_id in obligation.people:
            if place in places and place is not Place.owner:
                yield code, due_on, urgency, person_id


def _holders(obligation: Obligation, wanted: Place) -> list[int]:
    return [person_id for place, person_id in obligation.people if place is wanted]


def _last_call(planned: tuple[Planned, ...], steps: tuple[Step, ...]) -> str | None:
    """The owner's last step before the deadline."""
    before = {step.code for step in steps if step.anchor is Anchor.before_last and Place.owner in step.places}
    return next((code for code, *_ in reversed(planned) if code in before), None)


def _away_at_the_end(obligation: Obligation, leads: list[int]) -> bool:
    away = {one.person_id for one in obligation.absences if one.covers(obligation.last)}
    return away.issuperset(leads)


def _office_of(obligation: Obligation, away: set[int]) -> list[int]:
    """The coordinators who are there; where there is none, the secretariat."""
    for wanted in (Place.coordinator, Place.secretariat):
        if there := [one for one in _holders(obligation, wanted) if one not in away]:
            return there
    return []


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
        best = max(timely, key=attrgetter(*MOST_URGENT))
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
