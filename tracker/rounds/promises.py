"""What last round's texts promised, asked of their owners in this one. Nothing here commits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.domain.errors import InvalidInput, MoveRefused, NotAllowed
from tracker.domain.promises import promises_in
from tracker.domain.text import clean
from tracker.domain.workflow import Move, State, moves_open_to
from tracker.plans.rights import Rights
from tracker.rounds.models import Promise, PromiseAnswer, Round, RoundState, StatusUpdate
from tracker.rounds.writing import journal

LONGEST_NOTE = 1_000
_STILL_TO_BE_ASKED = (None, PromiseAnswer.under_way)


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


def ask(session: Session, round_: Round, updates: Sequence[StatusUpdate]) -> int:
    """Lay down the questions for updates of a round, from the last one's approved texts; how many.

    What was under way then, or was not answered, is asked again. Twice is once: an update that has
    questions gets no more.
    """
    ids = {update.initiative_id: update.id for update in updates}
    asked = select(Promise.asked_in_id).where(Promise.asked_in_id.in_(sorted(ids.values())))
    done = set(session.scalars(asked))
    found: list[Promise] = []
    for last, year in _last_texts(session, round_, [one for one, id_ in ids.items() if id_ not in done]):
        new = [
            Promise(update_id=last.id, words=one.words, first_on=one.first, last_on=one.last)
            for one in promises_in(last.text, year=year)
        ]
        open_ = [
            Promise(update_id=one.update_id, words=one.words, first_on=one.first_on, last_on=one.last_on)
            for one in _asked_in(session, last.id)
            if one.answer in _STILL_TO_BE_ASKED
        ]
        by_words = {one.words: one for one in (*open_, *new)}
        for promise in by_words.values():
            promise.asked_in_id = ids[last.initiative_id]
            found.append(promise)
    session.add_all(found)
    session.flush()
    return len(found)


def _last_texts(
    session: Session, round_: Round, initiative_ids: Iterable[int]
) -> Iterable[tuple[StatusUpdate, int]]:
    """The approved updates of the newest earlier round, of these initiatives, with its year."""
    newest = (
        select(func.max(Round.year)).where(Round.plan_id == round_.plan_id, Round.year < round_.year)
    ).scalar_subquery()
    found = (
        select(StatusUpdate, Round.year)
        .join(Round, Round.id == StatusUpdate.round_id)
        .where(
            Round.plan_id == round_.plan_id,
            Round.year == newest,
            StatusUpdate.state.in_([State.approved, State.locked]),
        )
        .order_by(StatusUpdate.id)
    )
    wanted = set(initiative_ids)
    return [(update, year) for update, year in session.execute(found) if update.initiative_id in wanted]


def _asked_in(session: Session, update_id: int) -> Sequence[Promise]:
    return session.scalars(select(Promise).where(Promise.asked_in_id == update_id).order_by(Promise.id)).all()


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
    for promise in _asked_in(session, update.id):
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
    raise NotAllowed("You do not have the right to do this.")
