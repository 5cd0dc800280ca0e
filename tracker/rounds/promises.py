"""What last round's texts promised, laid down as questions to this one. Nothing here commits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.domain.promises import promises_in
from tracker.domain.workflow import State
from tracker.rounds.models import Promise, PromiseAnswer, Round, StatusUpdate

_STILL_TO_BE_ASKED = (None, PromiseAnswer.under_way)


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
            for one in asked_in(session, last.id)
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


def asked_in(session: Session, update_id: int) -> Sequence[Promise]:
    """The promises that an update is asked about, in the order of the old texts."""
    return session.scalars(select(Promise).where(Promise.asked_in_id == update_id).order_by(Promise.id)).all()
