"""Promises of last year's texts become questions of this year's round."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support import make
from tests.support.year import Year
from tracker import clock
from tracker.audit.models import JournalEntry
from tracker.domain.errors import InvalidInput, MoveRefused, NotAllowed
from tracker.rounds import promises as laying
from tracker.rounds.models import Promise, PromiseAnswer, StatusUpdate
from tracker.rounds.opening import join_round
from tracker.statuses import promises
from tracker.statuses.history import PrintedStatus, record_locked_round
from tracker.statuses.promises import Answer

pytestmark = pytest.mark.both_databases
TEXT = "To kurser er holdt. En rapport forventes ultimo 2026. Vi planlægger en film i 2027."


@pytest.fixture
def asked(year: Year) -> StatusUpdate:
    """An initiative whose last text promised two things, as it joins the open round."""
    session = year.session
    made = make.initiative(session, year.administration, "Films", owner=year.owner)
    record_locked_round(
        session,
        plan_id=year.plan.id,
        year=2025,
        statuses=[PrintedStatus(made, 1, made.title, TEXT)],
        by=None,
        at=clock.now(),
    )
    join_round(session, year.round, [made], at=clock.now())
    return make.update_of(session, made, year.round)


def _words(session: Session, update: StatusUpdate) -> list[str]:
    return [one.words for one in promises.questions_of(session, update.id)]


def _answer(year: Year, update: StatusUpdate, given: Answer, *, by: object = None) -> int:
    who = by or year.owner
    first = promises.questions_of(year.session, update.id)[0]
    return promises.answer(
        year.session,
        update,
        {first.id: given},
        rights=year.rights(who),  # type: ignore[arg-type]
        by=who,  # type: ignore[arg-type]
        at=clock.now(),
    )


def test_what_was_promised_is_asked_in_its_own_words(year: Year, asked: StatusUpdate) -> None:
    assert _words(year.session, asked) == [
        "En rapport forventes ultimo 2026.",
        "Vi planlægger en film i 2027.",
    ]
    assert {one.year for one in promises.questions_of(year.session, asked.id)} == {2025}


def test_asking_twice_asks_once(year: Year, asked: StatusUpdate) -> None:
    assert laying.ask(year.session, year.round, [asked]) == 0
    assert len(_words(year.session, asked)) == 2


def test_an_answer_is_kept_and_journaled_without_its_words(year: Year, asked: StatusUpdate) -> None:
    assert _answer(year, asked, Answer(PromiseAnswer.kept, " It came in May. ")) == 1
    first = promises.questions_of(year.session, asked.id)[0]
    assert (first.answer, first.note, first.by) == (PromiseAnswer.kept, "It came in May.", year.owner.name)
    entry = year.session.scalars(select(JournalEntry).where(JournalEntry.fact == "promise_answered")).one()
    assert entry.details["answer"] == "kept"
    assert "May" not in str(entry.details)
    assert _answer(year, asked, Answer(PromiseAnswer.kept, "It came in May.")) == 0


def test_an_answer_can_be_taken_back(year: Year, asked: StatusUpdate) -> None:
    _answer(year, asked, Answer(PromiseAnswer.kept, "So"))
    _answer(year, asked, Answer(None, "So"))
    first = promises.questions_of(year.session, asked.id)[0]
    assert (first.answer, first.note) == (None, "")


def test_a_stranger_answers_nothing(year: Year, asked: StatusUpdate) -> None:
    with pytest.raises(NotAllowed):
        _answer(year, asked, Answer(PromiseAnswer.kept), by=make.person(year.session, "Sten"))


def test_a_note_that_is_too_long_is_refused(year: Year, asked: StatusUpdate) -> None:
    with pytest.raises(InvalidInput):
        _answer(year, asked, Answer(PromiseAnswer.kept, "x" * 1_001))


def test_what_has_been_sent_is_not_answered_any_more(year: Year, asked: StatusUpdate) -> None:
    make.submitted(year.session, asked, by=year.owner)
    with pytest.raises(MoveRefused):
        _answer(year, asked, Answer(PromiseAnswer.kept))


def test_what_is_under_way_is_asked_again_the_year_after(year: Year, asked: StatusUpdate) -> None:
    session = year.session
    first, second = promises.questions_of(session, asked.id)
    promises.answer(
        session,
        asked,
        {first.id: Answer(PromiseAnswer.under_way), second.id: Answer(PromiseAnswer.dropped)},
        rights=year.rights(year.owner),
        by=year.owner,
        at=clock.now(),
    )
    asked.text, asked.state = "Nothing is announced here.", "approved"  # type: ignore[assignment]
    session.flush()
    following = make.open_round(session, year.plan, year=2027)
    next_update = make.update_of(session, asked.initiative, following)
    assert _words(session, next_update) == ["En rapport forventes ultimo 2026."]
    carried = session.scalars(select(Promise).where(Promise.asked_in_id == next_update.id)).one()
    assert carried.update_id != asked.id
