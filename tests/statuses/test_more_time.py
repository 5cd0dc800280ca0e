"""An owner asks for more time: one request, one answer, and a deadline that moves with what hangs on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.support import make
from tests.support.year import FILLED, Year
from tracker import clock
from tracker.accounts.models import Person
from tracker.audit.models import JournalEntry
from tracker.deadlines.models import DeadlineMove
from tracker.domain.errors import InvalidInput, MoveRefused, NotAllowed, StaleVersion
from tracker.domain.reminders import Place
from tracker.domain.workflow import Outcome
from tracker.mail.letters import LetterContext, kind_named
from tracker.mail.models import Mail
from tracker.plans.models import MembershipRole
from tracker.reminders.models import ItemState, ReminderItem
from tracker.rounds.models import RoundState
from tracker.statuses import more_time, waiving
from tracker.statuses.models import MoreTimeRequest

pytestmark = pytest.mark.both_databases


def _later(days: int = 30) -> date:
    return clock.today() + timedelta(days=days)


def _ask(
    year: Year, *, on: date | None = None, reason: str = "Two are ill.", by: Person | None = None
) -> MoreTimeRequest:
    by = by or year.owner
    return more_time.ask(
        year.session,
        year.update,
        wished_on=on or _later(),
        reason=reason,
        rights=year.rights(by),
        by=by,
        at=clock.now(),
    )


def _grant(year: Year, request_id: int, *, on: date | None = None, by: Person | None = None) -> None:
    by = by or year.secretary
    more_time.grant(
        year.session,
        year.update,
        request_id,
        due_on=on or _later(),
        rights=year.rights(by),
        by=by,
        at=clock.now(),
    )


def _decline(year: Year, request_id: int, answer: str = "The meeting cannot move.") -> None:
    more_time.decline(
        year.session,
        year.update,
        request_id,
        answer=answer,
        rights=year.rights(year.secretary),
        by=year.secretary,
        at=clock.now(),
    )


def _letters(year: Year) -> list[tuple[str, int | None]]:
    found = select(Mail.kind, Mail.person_id).order_by(Mail.id)
    return [(kind, person) for kind, person in year.session.execute(found)]


def _planned(year: Year) -> set[date]:
    found = select(ReminderItem.deadline_on).where(ReminderItem.state == ItemState.planned)
    return set(year.session.scalars(found))


def test_a_request_waits_and_the_secretariat_is_told(year: Year) -> None:
    request = _ask(year)
    assert (request.wished_on, request.asked_by_id, request.answered_at) == (_later(), year.owner.id, None)
    assert _letters(year) == [("more_time_asked", year.secretary.id)]
    (line,) = more_time.waiting_in(year.session, year.plan.id)
    assert (line.update_id, line.by, line.reason) == (year.update.id, "Olga Owner", "Two are ill.")
    assert year.update.deadline is not None
    assert year.update.deadline.last_on == year.round.due_on


def test_asking_twice_is_one_request_and_one_letter(year: Year) -> None:
    assert _ask(year) is _ask(year)
    assert len(_letters(year)) == 1
    with pytest.raises(MoveRefused):
        _ask(year, on=_later(40))
    assert len(year.session.scalars(select(MoreTimeRequest)).all()) == 1


def test_a_granted_request_moves_the_deadline_with_its_line_its_reminders_and_a_letter(year: Year) -> None:
    old = year.round.due_on
    request = _ask(year)
    _grant(year, request.id)
    assert year.update.deadline is not None
    assert year.update.deadline.last_on == _later()
    slip = year.session.scalars(select(DeadlineMove)).one()
    assert (slip.old_last_on, slip.new_last_on, slip.moved_by_id) == (old, _later(), year.secretary.id)
    assert slip.reason == "Two are ill."
    assert _planned(year) == {_later()}
    assert _letters(year)[-1] == ("more_time_answered", year.owner.id)
    assert more_time.waiting_in(year.session, year.plan.id) == []


def test_a_declined_request_leaves_the_deadline_and_says_why(year: Year) -> None:
    request = _ask(year)
    with pytest.raises(InvalidInput) as refused:
        _decline(year, request.id, " ")
    assert refused.value.field == "answer"
    _decline(year, request.id)
    assert year.update.deadline is not None
    assert year.update.deadline.last_on == year.round.due_on
    assert (request.granted_on, request.answer) == (None, "The meeting cannot move.")
    assert _letters(year)[-1] == ("more_time_answered", year.owner.id)
    assert _ask(year, on=_later(40)).id != request.id  # one may ask again


def test_of_two_answers_the_second_is_told_that_it_came_too_late(year: Year) -> None:
    request = _ask(year)
    _decline(year, request.id)
    with pytest.raises(StaleVersion):
        _grant(year, request.id)
    assert year.session.scalars(select(DeadlineMove)).all() == []


def test_a_deputy_asks_and_the_owner_hears_the_answer_too(year: Year) -> None:
    deputy = make.person(year.session, "Dina")
    make.placed(year.session, deputy, initiative=year.initiative, place=Place.deputy)
    _grant(year, _ask(year, by=deputy).id)
    answered = {person for kind, person in _letters(year) if kind == "more_time_answered"}
    assert answered == {deputy.id, year.owner.id}


@pytest.mark.parametrize("who", ["coordinator", "secretary", "stranger"])
def test_nobody_else_asks(year: Year, who: str) -> None:
    by = {"coordinator": year.coordinator, "secretary": year.secretary}.get(who)
    with pytest.raises(NotAllowed):
        _ask(year, by=by or make.person(year.session, "Sten"))


@pytest.mark.parametrize("who", ["owner", "coordinator"])
def test_only_the_secretariat_answers(year: Year, who: str) -> None:
    request = _ask(year)
    with pytest.raises(NotAllowed):
        _grant(year, request.id, by={"owner": year.owner, "coordinator": year.coordinator}[who])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda year: _ask(year, on=clock.today() - timedelta(days=1)), "new_date"),
        (lambda year: _ask(year, on=year.round.due_on), "new_date"),
        (lambda year: _ask(year, on=date(9999, 12, 31)), "new_date"),
        (lambda year: _ask(year, reason=" "), "reason"),
        (lambda year: _ask(year, reason="x" * 2_001), "reason"),
        (lambda year: _grant(year, _ask(year).id, on=clock.today() - timedelta(days=1)), "granted_on"),
        (lambda year: _grant(year, _ask(year).id, on=year.round.due_on), "granted_on"),
        (lambda year: _grant(year, _ask(year).id, on=date(9999, 12, 31)), "granted_on"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(
    year: Year, change: Callable[[Year], object], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        change(year)
    assert refused.value.field == field
    assert year.session.scalars(select(DeadlineMove)).all() == []


def test_a_status_that_is_in_needs_no_more_time(year: Year) -> None:
    request = _ask(year)
    year.submit()
    with pytest.raises(MoveRefused):
        _ask(year)
    with pytest.raises(MoveRefused):
        _grant(year, request.id)
    assert more_time.waiting_in(year.session, year.plan.id) == []
    asked = year.session.scalars(select(Mail).where(Mail.kind == "more_time_asked")).one()
    assert kind_named("more_time_asked").still_wanted(year.session, asked)


def test_a_return_with_a_new_date_overtakes_what_was_asked(year: Year) -> None:
    request = _ask(year)
    year.submit()
    year.return_()
    year.session.refresh(request)
    assert request.answered_at is not None
    (asked,) = more_time.requests_of(year.session, year.update.id)
    assert asked.overtaken
    assert _ask(year, on=_later(50)).id != request.id


def test_nothing_is_asked_or_granted_in_a_closed_round(year: Year) -> None:
    request = _ask(year)
    year.round.state = RoundState.locked
    with pytest.raises(MoveRefused):
        _ask(year)
    with pytest.raises(MoveRefused):
        _grant(year, request.id)


def test_what_is_not_expected_any_more_needs_no_more_time(year: Year) -> None:
    request = _ask(year)
    lead = make.member(year.session, year.plan, MembershipRole.lead)
    waiving.waive(
        year.session,
        year.update,
        outcome=Outcome.discontinued,
        reason="It has ended.",
        version=year.update.version,
        rights=year.rights(lead),
        by=lead,
        at=clock.now(),
    )
    year.session.refresh(request)
    assert request.answered_at is not None
    assert more_time.waiting_in(year.session, year.plan.id) == []


def test_the_journal_has_each_step_and_no_words(year: Year) -> None:
    _grant(year, _ask(year, reason="Kvadderkvidder").id)
    year.session.flush()
    entries = year.session.scalars(select(JournalEntry).where(JournalEntry.fact.like("more_time%"))).all()
    assert [one.fact for one in entries] == ["more_time_asked", "more_time_granted"]
    assert "Kvadder" not in str([one.details for one in entries])


def test_no_reason_stands_in_a_letter_and_each_names_its_day(year: Year) -> None:
    _grant(year, _ask(year, reason="Kvadderkvidder").id)
    day = _later()
    for mail in year.session.scalars(select(Mail)):
        context = LetterContext("https://tracker.example.com", "en", "Olga", clock.now())
        letter = kind_named(mail.kind).render(year.session, mail, context)
        for said in (letter.subject, letter.text, letter.html):
            assert "Kvadder" not in said
            assert FILLED.text not in said
        assert f"{day.day} {day:%B} {day.year}" in letter.text
