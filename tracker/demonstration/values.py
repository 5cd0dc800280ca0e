"""The demonstration plan as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from tracker.domain.text import StatusText, parse
from tracker.domain.workflow import ProgressState


@dataclass(frozen=True)
class Plan:
    """The plan's head. `coordinating_administration` and `city_council` are codes."""

    slug: str
    name: str
    authority: str
    office: str
    coordinating_administration: str
    city_council: str
    first_year: int
    last_year: int


@dataclass(frozen=True)
class Round:
    """One year's collection. `locked_on` is set when its memo has been issued."""

    year: int
    opens_on: date
    status_due_on: date
    locked_on: date | None


@dataclass(frozen=True)
class Administration:
    """`order` is its place in the memo, from 1; `committee` the code of its standing committee."""

    code: str
    name: str
    order: int
    committee: str


@dataclass(frozen=True)
class Committee:
    """A political committee; `administration` is None for the city council."""

    code: str
    name: str
    administration: str | None


@dataclass(frozen=True)
class Person:
    """An invented person. `roles` are words of `checks.ROLES`; `left_on` is the last working day."""

    key: str
    name: str
    email: str
    language: str
    title: str
    administration: str | None
    roles: tuple[str, ...]
    left_on: date | None


@dataclass(frozen=True)
class Place:
    """Who holds a place, from `first` to `last` (both inclusive; None while it lasts)."""

    person: str
    first: date
    last: date | None

    def held_on(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Origin:
    """`kind` is `original` or `added`; what was added names decision, day and committee."""

    kind: str
    decision: str | None
    decided_on: date | None
    committee: str | None


@dataclass(frozen=True)
class Initiative:
    """An initiative as last year's edition knew it. `status` holds the lines of its editing form.

    `number` is the number printed last year, `state` and `reason` what was chosen then. `owner` is None
    where nobody was ever named; an ended place is a vacancy too.
    """

    key: str
    number: int
    title: str
    administration: str
    origin: Origin
    funder: str | None
    committee: str | None
    first_year: int | None
    last_year: int | None
    state: ProgressState
    reason: str | None
    owner: Place | None
    deputy: Place | None
    status: tuple[str, ...] = field(repr=False)

    @property
    def text(self) -> str:
        """Last year's text in the editing form of `tracker.domain.text`."""
        return "\n".join(self.status)

    @property
    def parsed(self) -> StatusText:
        return parse(self.text)


@dataclass(frozen=True)
class Deadline:
    """A date or an interval (both ends inclusive), with the words it was given in.

    `round` is the year of the round it belongs to. `meeting` is, for committee papers, the key of the
    meeting they are for. With `open_end` the interval is that of the beginning ("siden 2018": 2018).
    """

    key: str
    kind: str
    round: int | None
    initiative: str | None
    committee: str | None
    title: str
    first: date
    last: date
    precision: str
    words: str
    open_end: bool
    state: str
    meeting: str | None


@dataclass(frozen=True)
class DemonstrationPlan:
    """Everything the demonstration begins with. `today` is the day on which it stands."""

    today: date
    plan: Plan
    rounds: tuple[Round, ...]
    administrations: tuple[Administration, ...]
    committees: tuple[Committee, ...]
    initiatives: tuple[Initiative, ...]
    people: tuple[Person, ...]
    deadlines: tuple[Deadline, ...]

    def administration(self, code: str) -> Administration:
        return next(one for one in self.administrations if one.code == code)

    def committee(self, code: str) -> Committee:
        return next(one for one in self.committees if one.code == code)

    def initiative(self, key: str) -> Initiative:
        return next(one for one in self.initiatives if one.key == key)

    def person(self, key: str) -> Person:
        return next(one for one in self.people if one.key == key)

    def people_with(self, role: str, administration: str | None = None) -> tuple[Person, ...]:
        """Those who have a role, in the whole plan or in one administration."""
        return tuple(
            person
            for person in self.people
            if role in person.roles and administration in {None, person.administration}
        )
