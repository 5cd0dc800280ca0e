"""What the secretariat needs beside a status while it reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, case, or_, select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.audit.models import JournalEntry
from tracker.domain.reminders import Place
from tracker.domain.workflow import AWAITING_APPROVAL
from tracker.plans.models import Administration, Initiative, Placement
from tracker.plans.rights import holds_on
from tracker.rounds.models import StatusUpdate
from tracker.statuses.moves import mended_by


@dataclass(frozen=True, slots=True)
class Waiting:
    """A status that waits to be read."""

    id: int
    title: str


@dataclass(frozen=True, slots=True)
class Queue:
    """The statuses of a round that wait to be read by one person, in the order of the memo.

    `own` is how many wait for somebody else, because this person submitted or mended them.
    """

    waiting: tuple[Waiting, ...]
    own: int

    def place_of(self, update_id: int) -> int | None:
        """1 for the first; None for one that does not wait."""
        return next((place for place, one in enumerate(self.waiting, 1) if one.id == update_id), None)

    def around(self, place: int) -> Neighbours:
        """What waits before and after a place; none beyond the ends."""
        before = self.waiting[place - 2] if place > 1 else None
        return Neighbours(before, self.waiting[place] if place < len(self.waiting) else None)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The statuses that wait to be read before and after one, in the order of the memo.

    `next` begins again from the top when nothing after it waits, so that none is left out.
    """

    previous: Waiting | None
    next: Waiting | None


def queue_of(session: Session, round_id: int, *, reader_id: int) -> Queue:
    """What waits to be read in a round, for one member of its secretariat: one query."""
    found = session.execute(
        select(
            StatusUpdate.id,
            Initiative.title,
            or_(StatusUpdate.submitted_by_id == reader_id, mended_by(reader_id)).label("own"),
        )
        .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
        .join(Administration, Administration.id == Initiative.administration_id)
        .where(StatusUpdate.round_id == round_id, StatusUpdate.state.in_(sorted(AWAITING_APPROVAL)))
        .order_by(Administration.position, Initiative.position)
    ).all()
    waiting = tuple(Waiting(id_, title) for id_, title, own in found if not own)
    return Queue(waiting, own=len(found) - len(waiting))


def neighbours_of(session: Session, update: StatusUpdate) -> Neighbours:
    """What waits to be read in the same round, around one update. The caller has read the update."""
    found = session.execute(
        select(StatusUpdate.id, Initiative.title)
        .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
        .join(Administration, Administration.id == Initiative.administration_id)
        .where(
            StatusUpdate.round_id == update.round_id,
            or_(StatusUpdate.state.in_(sorted(AWAITING_APPROVAL)), StatusUpdate.id == update.id),
        )
        .order_by(Administration.position, Initiative.position)
    )
    order = [Waiting(*row) for row in found]
    here = next(place for place, waiting in enumerate(order) if waiting.id == update.id)
    before, after = order[:here], order[here + 1 :]
    return Neighbours(before[-1] if before else None, (after + before)[0] if after or before else None)


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of an object's journal, with the name of who did it."""

    at: datetime
    fact: str
    details: Mapping[str, Any]
    by: str | None


def journal_of(session: Session, update_id: int) -> list[Fact]:
    """What happened to an update, newest first. The caller has read the update."""
    found = (
        select(JournalEntry.at, JournalEntry.fact, JournalEntry.details, Person.name)
        .outerjoin(Person, Person.id == JournalEntry.actor_id)
        .where(JournalEntry.object_kind == "status_update", JournalEntry.object_id == update_id)
        .order_by(JournalEntry.id.desc())
    )
    return [Fact(*row) for row in session.execute(found)]


@dataclass(frozen=True, slots=True)
class Carrier:
    """Who carries an initiative on a day. `away_until` is the last day of an absence that lasts then."""

    place: Place
    name: str
    email: str
    reachable: bool
    away_until: date | None


def carriers_of(session: Session, initiative_id: int, *, on: date) -> list[Carrier]:
    """Owner and deputies on a day, the owner first. The caller has read the initiative."""
    found = (
        select(
            Placement.place,
            Person.name,
            Person.email,
            and_(Person.active, Person.undeliverable_at.is_(None)),
            case((and_(Person.absent_from <= on, Person.absent_until >= on), Person.absent_until)),
        )
        .join(Person, Person.id == Placement.person_id)
        .where(Placement.initiative_id == initiative_id, holds_on(on))
        .order_by((Placement.place == Place.owner).desc(), Person.name_sort)
    )
    return [Carrier(*row) for row in session.execute(found)]
