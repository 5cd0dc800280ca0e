"""The answer to why somebody did, or did not, get a letter, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.reminders import ObligationKind, Place
from tracker.mail.models import MailState
from tracker.reminders.models import ItemState


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether letters reach a person. `bounced_on` is when one came back, `bounce` what was said then."""

    person_id: int
    name: str
    address: str
    active: bool
    absent_from: date | None
    absent_until: date | None
    bounced_on: date | None
    bounce: str

    def is_absent(self, day: date) -> bool:
        """Whether the person is away on that day; an absence without an end lasts."""
        if self.absent_from is None or day < self.absent_from:
            return False
        return self.absent_until is None or day <= self.absent_until


@dataclass(frozen=True, slots=True)
class OwedLine:
    """Something that is open, and the next step for one person; without a step only for who does the work.

    `next_on` is the day on which that step's letter leaves; None when none does in the coming 60 days.
    """

    person_id: int
    person: str
    place: Place
    kind: ObligationKind
    title: str
    path: str
    deadline_on: date
    next_step: str | None
    next_on: date | None


@dataclass(frozen=True, slots=True)
class PastLine:
    """One reminder of the ledger and what became of it.

    `at` is when: sent, cancelled or replaced; None for one that is still to go, or on its way. `reason` is a
    `Reason`, or what the mail server said.
    """

    person_id: int
    person: str
    kind: ObligationKind
    title: str
    path: str
    step: str
    deadline_on: date
    due_on: date
    state: ItemState
    reason: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class WaitingLetter:
    """A letter that has not left, or of which nobody knows whether it did; `said` are the server's words."""

    mail_id: int
    person: str
    written_at: datetime
    state: MailState
    attempts: int
    next_at: datetime
    said: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer about one person or one initiative, as of `now`, with a look at the day `on`.

    `held` is why the queue is held, "" without a reason, None when it is not. `paused` names the plans that
    are paused, each with the last day of it. `that_day` is what fell due or was settled on the day asked for,
    `to_leave` what leaves on that day if it is still to come; `past` is what came before, the latest first.
    """

    subject: str
    on: date
    now: datetime
    people: tuple[Standing, ...]
    held: str | None
    paused: tuple[tuple[str, date], ...]
    owed: tuple[OwedLine, ...]
    that_day: tuple[PastLine, ...]
    to_leave: tuple[OwedLine, ...]
    past: tuple[PastLine, ...]
    letters: tuple[WaitingLetter, ...]

    @property
    def about_one_person(self) -> bool:
        return len(self.people) == 1
