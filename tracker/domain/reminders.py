"""Which reminders the rules call for, and which of those that are due are sent.

`desired` is a function of dates alone: asked twice, or on another day, it names the same keys. A reminder
is due at 08:00 local time on a working day; the instant is derived by `due_at`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from tracker.domain.calendar import WorkingCalendar

DUE_TIME = time(8, 0)
RECENTLY = timedelta(days=3)
MOST_REPEATS = 100


class Place(StrEnum):
    """From where a person has to do with an obligation. The head of an administration only receives."""

    owner = "owner"
    deputy = "deputy"
    coordinator = "coordinator"
    head = "head"
    secretariat = "secretariat"


class ObligationKind(StrEnum):
    status_due = "status_due"
    returned = "returned"
    review = "review"
    committee_papers = "committee_papers"
    committee_meeting = "committee_meeting"
    campaign_window = "campaign_window"
    application_round = "application_round"
    delivery = "delivery"
    milestone = "milestone"
    other = "other"


class Anchor(StrEnum):
    """From which day of an obligation a step is counted, and in which direction."""

    opens = "opens"
    before_first = "before_first"
    before_last = "before_last"
    after_last = "after_last"


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
class Step:
    """One rung of a ladder: `days` from the anchor, to everyone in `places`.

    With `every`, the step repeats after the deadline each `every` working days, as `code`-1, `code`-2, ….
    A larger `urgency` is the one that is sent when several are due.
    """

    code: str
    places: tuple[Place, ...]
    anchor: Anchor
    days: int
    working_days: bool = False
    every: int | None = None
    urgency: int = 0


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


Ladder = Mapping[ObligationKind, tuple[Step, ...]]

_OWNER = (Place.owner,)
_OFFICE = (Place.secretariat,)
_ADMINISTRATION = (Place.coordinator, Place.secretariat)


def _before(days: int, places: tuple[Place, ...], urgency: int) -> Step:
    return Step(f"t-{days}", places, Anchor.before_last, days, urgency=urgency)


def _overdue(working_days: int, places: tuple[Place, ...], every: int) -> Step:
    return Step("overdue", places, Anchor.after_last, working_days, True, every, urgency=60)


_CLOSING_IN = (
    _before(28, _OWNER, 20),
    _before(14, _OWNER, 30),
    _before(7, _OWNER, 40),
    _before(1, (Place.owner, Place.deputy), 50),
    _overdue(3, (Place.owner, Place.deputy, Place.coordinator), 3),
    _overdue(6, (Place.head,), 3),
)
_WINDOW = (
    Step("start-28", _OWNER, Anchor.before_first, 28, urgency=20),
    Step("start-7", _OWNER, Anchor.before_first, 7, urgency=30),
    Step("end-3", _OWNER, Anchor.before_last, 3, urgency=40),
    Step("after-1", _OWNER, Anchor.after_last, 1, urgency=60),
)
_DELIVERY = (_before(14, _OWNER, 30), _before(1, _OWNER, 50), _overdue(5, _OWNER, 5))

DEFAULT_LADDER: Ladder = MappingProxyType(
    {
        ObligationKind.status_due: (Step("open", _OWNER, Anchor.opens, 0, urgency=10), *_CLOSING_IN),
        ObligationKind.returned: _CLOSING_IN,
        ObligationKind.review: (
            Step("waiting-3", _OFFICE, Anchor.after_last, 3, True, urgency=60),
            Step("waiting-6", _OFFICE, Anchor.after_last, 6, True, urgency=70),
        ),
        ObligationKind.committee_papers: (
            _before(14, _ADMINISTRATION, 30),
            _before(5, _ADMINISTRATION, 40),
            _before(1, _ADMINISTRATION, 50),
        ),
        ObligationKind.committee_meeting: (_before(14, _OFFICE, 30), _before(1, _OFFICE, 50)),
        ObligationKind.campaign_window: _WINDOW,
        ObligationKind.application_round: _WINDOW,
        ObligationKind.delivery: _DELIVERY,
        ObligationKind.milestone: _DELIVERY,
        ObligationKind.other: (_before(14, _OWNER, 30), _before(1, _OWNER, 50)),
    }
)

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

    Repeated steps are named up to `until` and one beyond, at most MOST_REPEATS of them. A person who holds
    several places is reminded once of a step.
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
    return tuple(sorted(planned, key=lambda item: (item[1], item[2])))


def _due_on(
    step: Step, calendar: WorkingCalendar, interval: tuple[date, date], opened_on: date | None
) -> date | None:
    first, last = interval
    if step.anchor is Anchor.opens:
        # An obligation that was opened after its deadline is told of by its overdue steps.
        return calendar.next(opened_on) if opened_on is not None and opened_on <= last else None
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
    """The repetitions of a step after the deadline.

    They are numbered by their distance to the deadline, so that a person who enters at a later repetition
    gets the number which the others get on that day.
    """
    number = max(1, -(-step.days // every))
    due_on = calendar.offset(last, step.days)
    for _ in range(MOST_REPEATS):
        yield (f"{step.code}-{number}", due_on, step.urgency + number, step.places)
        if due_on > until:
            return
        number += 1
        due_on = calendar.offset(due_on, every)


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
