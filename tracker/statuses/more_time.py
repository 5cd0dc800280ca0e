"""Asking for more time, and the secretariat's answer. Nothing here commits.

One request at a time waits for its answer. It waits as long as the status is still to be written: a status
that was returned with a new date, or that is no longer expected, overtakes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy import update as change
from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.models import Person
from tracker.deadlines.models import Deadline, DeadlineState
from tracker.domain.errors import InvalidInput, MoveRefused
from tracker.domain.text import clean
from tracker.domain.workflow import WRITABLE, Move
from tracker.plans.models import Initiative
from tracker.plans.rights import Rights, came_by
from tracker.rounds.due_dates import move_status_deadline
from tracker.rounds.models import Round, RoundState, StatusUpdate
from tracker.statuses import awaiting
from tracker.statuses import letters_of_review as letters
from tracker.statuses.awaiting import to_answer, waiting_held
from tracker.statuses.models import MoreTimeRequest
from tracker.statuses.moves import reached
from tracker.statuses.writing import journal

LONGEST = 2_000


def ask(
    session: Session,
    update: StatusUpdate,
    *,
    wished_on: date | None,
    reason: str,
    rights: Rights,
    by: Person,
    at: datetime,
) -> MoreTimeRequest:
    """Ask for a later deadline; the secretariat is told. Asking twice for the same is one request.

    Raises InvalidInput on `new_date` or `reason`, MoveRefused while another request waits for its answer,
    and what `domain.workflow` raises.
    """
    reason = clean(reason).strip()
    reached(
        update,
        Move.ask_more_time,
        version=update.version,
        rights=rights,
        by=by,
        new_date=wished_on,
        today=clock.local_date(at),
        reason=reason,
    )
    assert wished_on is not None
    _check(update, wished_on, reason, field="reason")
    waiting = waiting_held(session, MoreTimeRequest, update)
    if waiting is not None:
        if (waiting.wished_on, waiting.reason) == (wished_on, reason):
            return waiting
        raise MoveRefused("More time has been asked for already. The secretariat has not answered yet.")
    request = MoreTimeRequest(
        update_id=update.id, asked_by_id=by.id, asked_at=at, wished_on=wished_on, reason=reason
    )
    session.add(request)
    session.flush()
    wished = {"wished_on": wished_on.isoformat()}
    journal(session, "more_time_asked", update, by=by.id, at=at, **wished, **came_by(rights.via))
    letters.queue_more_time_asked(session, update, request, by=by, at=at)
    return request


def grant(
    session: Session,
    update: StatusUpdate,
    request_id: int,
    *,
    due_on: date | None,
    answer: str = "",
    rights: Rights,
    by: Person,
    at: datetime,
) -> None:
    """Give a later deadline: moved with its line in the slip register, reminders planned anew, a letter.

    Raises InvalidInput on `granted_on` or `answer`, StaleVersion when the request has been answered or was
    overtaken, MoveRefused when the status is not to be written any more.
    """
    request = _open_request(session, update, request_id, rights)
    if due_on is None:
        raise InvalidInput("granted_on", "Give a new date.")
    if due_on < clock.local_date(at):
        raise InvalidInput("granted_on", "The new date is in the past. Give today or a later day.")
    answer = clean(answer).strip()
    _check(update, due_on, answer, field="answer", date_field="granted_on")
    deadline = update.deadline
    assert deadline is not None
    move_status_deadline(
        session,
        update,
        due_on=due_on,
        reason=request.reason,
        version=deadline.version,
        by=by.id,
        at=at,
    )
    _answer(session, update, request, granted_on=due_on, answer=answer, by=by, at=at)


def decline(
    session: Session,
    update: StatusUpdate,
    request_id: int,
    *,
    answer: str,
    rights: Rights,
    by: Person,
    at: datetime,
) -> None:
    """Leave the deadline as it is, and say why in a sentence. Raises as `grant` does."""
    request = _open_request(session, update, request_id, rights)
    answer = clean(answer).strip()
    if not answer:
        raise InvalidInput("answer", "Write why there is no more time, so that the owner knows.")
    _check_length(answer, field="answer")
    _answer(session, update, request, granted_on=None, answer=answer, by=by, at=at)


def overtake(session: Session, update_id: int, *, at: datetime) -> None:
    """Let a waiting request rest: something else has answered it."""
    session.execute(
        change(MoreTimeRequest)
        .where(MoreTimeRequest.update_id == update_id, MoreTimeRequest.answered_at.is_(None))
        .values(answered_at=at)
    )


def waiting_request(session: Session, update_id: int) -> MoreTimeRequest | None:
    """The request that waits for its answer. The caller has read the update."""
    return awaiting.waiting(session, MoreTimeRequest, update_id)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with the name of who asked; an `overtaken` one was never answered by anybody."""

    request: MoreTimeRequest
    by: str

    @property
    def overtaken(self) -> bool:
        return self.request.answered_at is not None and self.request.answered_by_id is None


def requests_of(session: Session, update_id: int) -> list[Asked]:
    """Every request for more time on an update, newest first. The caller has read the update."""
    found = (
        select(MoreTimeRequest, Person.name)
        .join(Person, Person.id == MoreTimeRequest.asked_by_id)
        .where(MoreTimeRequest.update_id == update_id)
        .order_by(MoreTimeRequest.id.desc())
    )
    return [Asked(*row) for row in session.execute(found)]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the list of requests that wait."""

    update_id: int
    title: str
    due_on: date
    wished_on: date
    reason: str
    by: str
    asked_at: datetime


def waiting_in(session: Session, plan_id: int) -> Sequence[Waiting]:
    """The requests of a plan's open rounds that wait for an answer, what is due first on top.

    For the secretariat, which sees the whole plan.
    """
    found = (
        select(
            StatusUpdate.id,
            Initiative.title,
            Deadline.last_on,
            MoreTimeRequest.wished_on,
            MoreTimeRequest.reason,
            Person.name,
            MoreTimeRequest.asked_at,
        )
        .join(StatusUpdate, StatusUpdate.id == MoreTimeRequest.update_id)
        .join(Round, Round.id == StatusUpdate.round_id)
        .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
        .join(Deadline, Deadline.id == StatusUpdate.deadline_id)
        .join(Person, Person.id == MoreTimeRequest.asked_by_id)
        .where(
            Round.plan_id == plan_id,
            Round.state == RoundState.open,
            StatusUpdate.state.in_(sorted(WRITABLE)),
            MoreTimeRequest.answered_at.is_(None),
        )
        .order_by(Deadline.last_on, Initiative.title, MoreTimeRequest.id)
    )
    return [Waiting(*row) for row in session.execute(found)]


def _open_request(session: Session, update: StatusUpdate, request_id: int, rights: Rights) -> MoreTimeRequest:
    request = to_answer(session, MoreTimeRequest, request_id, update, rights)
    if update.round.state is not RoundState.open:
        raise MoveRefused("The round is closed.")
    if update.state not in WRITABLE:
        raise MoveRefused("The status has been submitted meanwhile, so it needs no more time.")
    return request


def _answer(
    session: Session,
    update: StatusUpdate,
    request: MoreTimeRequest,
    *,
    granted_on: date | None,
    answer: str,
    by: Person,
    at: datetime,
) -> None:
    request.answered_at, request.answered_by_id = at, by.id
    request.granted_on, request.answer = granted_on, answer
    session.flush()
    fact = "more_time_granted" if granted_on else "more_time_declined"
    details = {"due_on": granted_on.isoformat()} if granted_on else {}
    journal(session, fact, update, by=by.id, at=at, **details)
    letters.queue_more_time_answered(session, update, request, by=by, at=at)


def _check(update: StatusUpdate, day: date, words: str, *, field: str, date_field: str = "new_date") -> None:
    deadline = update.deadline
    if deadline is None or deadline.state is not DeadlineState.open:
        raise MoveRefused("This status has no deadline that could be moved.")
    if day <= deadline.last_on:
        raise InvalidInput(
            date_field,
            "The deadline is %(day)s. Give a later day.",
            day=f"{deadline.last_on:%d.%m.%Y}",
        )
    if day.year > 2100:
        raise InvalidInput(date_field, "Give a year between 1990 and 2100.")
    _check_length(words, field=field)


def _check_length(words: str, *, field: str) -> None:
    if len(words) > LONGEST:
        raise InvalidInput(field, "This can have at most %(count)s characters.", count=LONGEST)
