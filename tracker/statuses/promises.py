"""What last round's texts promised, asked of their owners in this one. Nothing here commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.domain.errors import InvalidInput, MoveRefused, NoRight
from tracker.domain.text import clean
from tracker.domain.workflow import Move, State
from tracker.domain.workflow_moves import moves_open_to
from tracker.plans.rights import Rights
from tracker.rounds.models import Promise, PromiseAnswer, Round, RoundState, StatusUpdate
from tracker.rounds.promises import asked_in
from tracker.statuses.writing import journal

LONGEST_NOTE = 1_000


@dataclass(frozen=True, slots=True)
class Question:
    """A promise as it is asked about, with the year of the text that made it and who answered."""

    id: int
    words: str
    first_on: date | None
    last_on: date | None
    year: int
    answer: PromiseAnswer | None
    note: str
    answered_at: datetime | None
    by: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What an owner says came of a promise; None takes an answer back."""

    answer: PromiseAnswer | None
    note: str = ""


def questions_of(session: Session, update_id: int) -> list[Question]:
    """What an update is asked, in the order of the old texts: one query. The caller has read the update."""
    found = (
        select(
            Promise.id,
            Promise.words,
            Promise.first_on,
            Promise.last_on,
            Round.year,
            Promise.answer,
            Promise.answer_note,
            Promise.answered_at,
            Person.name,
        )
        .join(StatusUpdate, StatusUpdate.id == Promise.update_id)
        .join(Round, Round.id == StatusUpdate.round_id)
        .outerjoin(Person, Person.id == Promise.answered_by_id)
        .where(Promise.asked_in_id == update_id)
        .order_by(Promise.id)
    )
    return [Question(*row) for row in session.execute(found)]


def answer(
    session: Session,
    update: StatusUpdate,
    answers: dict[int, Answer],
    *,
    rights: Rights,
    by: Person,
    at: datetime,
) -> int:
    """Answer questions of an update, by their ids; how many answers changed. Unknown ids are not heard.

    Whoever may save the status may answer, as long. Raises InvalidInput on `note_<id>` for a note that is
    too long, and what stops saving.
    """
    may_save(update, rights=rights, by=by)
    changed = 0
    for promise in asked_in(session, update.id):
        given = answers.get(promise.id)
        if given is None:
            continue
        note = clean(given.note).strip() if given.answer is not None else ""
        if len(note) > LONGEST_NOTE:
            raise InvalidInput(
                f"note_{promise.id}", "This can have at most %(count)s characters.", count=LONGEST_NOTE
            )
        if (promise.answer, promise.answer_note) == (given.answer, note):
            continue
        promise.answer, promise.answer_note = given.answer, note
        promise.answered_at, promise.answered_by_id = at, by.id
        said = given.answer.value if given.answer else None
        journal(session, "promise_answered", update, by=by.id, at=at, promise=promise.id, answer=said)
        changed += 1
    session.flush()
    return changed


def may_save(update: StatusUpdate, *, rights: Rights, by: Person) -> None:
    """Raise what stops this person from saving the status, if anything does."""
    if update.round.state is not RoundState.open:
        raise MoveRefused("The round is closed.")
    own = update.submitted_by_id == by.id
    roles = rights.roles_on(update.initiative)
    if Move.save in moves_open_to(update.state, roles=roles, is_submitter=own):
        return
    if Move.save in moves_open_to(State.draft, roles=roles):
        raise MoveRefused("The status has been sent, so this cannot be changed now.")
    raise NoRight()
