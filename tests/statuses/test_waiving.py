"""Expecting no status, and expecting it after all: deadline, reminders and the owner's words come back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.support import make
from tests.support.year import Year
from tracker import clock
from tracker.accounts.models import Person
from tracker.audit.models import JournalEntry
from tracker.deadlines.models import DeadlineState
from tracker.domain.errors import InvalidInput, MoveRefused, NotAllowed, StaleVersion
from tracker.domain.workflow import Outcome, State
from tracker.plans.models import MembershipRole, Standing
from tracker.reminders.models import ItemState, ReminderItem
from tracker.rounds.models import RoundState
from tracker.statuses import review, waiving

pytestmark = pytest.mark.both_databases


@pytest.fixture
def lead(year: Year) -> Person:
    return make.member(year.session, year.plan, MembershipRole.lead)


def _waive(
    year: Year,
    by: Person,
    *,
    outcome: Outcome = Outcome.discontinued,
    into: int | None = None,
    version: int | None = None,
) -> None:
    waiving.waive(
        year.session,
        year.update,
        outcome=outcome,
        reason="Part of another now.",
        merged_into_id=into,
        version=year.update.version if version is None else version,
        rights=year.rights(by),
        by=by,
        at=clock.now(),
    )


def _unwaive(year: Year, by: Person, *, version: int | None = None) -> None:
    waiving.unwaive(
        year.session,
        year.update,
        reason="It goes on.",
        version=year.update.version if version is None else version,
        rights=year.rights(by),
        by=by,
        at=clock.now(),
    )


def _deadline(year: Year) -> DeadlineState:
    year.session.flush()
    assert year.update.deadline is not None
    return year.update.deadline.state


def _planned(year: Year) -> set[tuple[str, int]]:
    found = select(ReminderItem.step, ReminderItem.person_id).where(ReminderItem.state == ItemState.planned)
    return {(step, person) for step, person in year.session.execute(found)}


def test_waiving_cancels_the_deadline_and_expecting_again_opens_it(year: Year, lead: Person) -> None:
    before = _planned(year)
    _waive(year, lead)
    assert (_deadline(year), _planned(year)) == (DeadlineState.cancelled, set())
    assert year.update.deadline is not None
    assert year.update.deadline.reason == "Part of another now."
    _unwaive(year, lead)
    assert (_deadline(year), _planned(year)) == (DeadlineState.open, before)
    assert (year.update.deadline.reason, year.update.deadline.settled_at) == ("", None)
    facts = year.session.scalars(
        select(JournalEntry.fact).where(JournalEntry.object_kind == "deadline").order_by(JournalEntry.id)
    ).all()
    assert facts[-2:] == ["deadline_cancelled", "deadline_reopened"]


def test_an_approved_status_comes_back_approved_with_its_deadline_met(year: Year, lead: Person) -> None:
    year.submit()
    version, rights = year.update.version, year.rights(year.secretary)
    review.approve(
        year.session, year.update, version=version, rights=rights, by=year.secretary, at=clock.now()
    )
    approved = year.update.approved_revision_id
    _waive(year, lead)
    assert _deadline(year) is DeadlineState.met
    _unwaive(year, lead)
    assert (year.update.state, _deadline(year)) == (State.approved, DeadlineState.met)
    assert year.update.approved_revision_id == approved


def test_what_changed_meanwhile_is_neither_waived_nor_expected_again(year: Year, lead: Person) -> None:
    read = year.update.version
    year.save()
    with pytest.raises(StaleVersion):
        _waive(year, lead, version=read)
    _waive(year, lead)
    with pytest.raises(StaleVersion):
        _unwaive(year, lead, version=read)
    assert (year.update.state, _deadline(year)) == (State.waived, DeadlineState.cancelled)


def test_only_a_lead_waives_and_only_once(year: Year, lead: Person) -> None:
    for by in (year.secretary, year.owner, year.coordinator):
        with pytest.raises(NotAllowed):
            _waive(year, by)
    _waive(year, lead)
    with pytest.raises(MoveRefused):
        _waive(year, lead)


def test_nothing_is_waived_or_expected_again_behind_a_locked_edition(year: Year, lead: Person) -> None:
    _waive(year, lead)
    year.round.state = RoundState.locked
    with pytest.raises(MoveRefused):
        _unwaive(year, lead)


def test_a_merger_names_another_initiative_of_the_plan(year: Year, lead: Person) -> None:
    elsewhere = make.plan(year.session, "elsewhere")
    foreign = make.initiative(year.session, make.administration(year.session, elsewhere), "Foreign")
    for into in (None, 987_654, year.initiative.id, foreign.id):
        with pytest.raises(InvalidInput) as refused:
            _waive(year, lead, outcome=Outcome.merged, into=into)
        assert refused.value.field == "merged_into"
        assert year.update.state is State.not_started
    other = make.initiative(year.session, year.administration, "Another")
    _waive(year, lead, outcome=Outcome.merged, into=other.id)
    assert year.initiative.merged_into_id == other.id
    waived = year.session.scalars(select(JournalEntry).where(JournalEntry.fact == "waived")).one()
    assert waived.details["merged_into"] == other.id
    _unwaive(year, lead)
    assert year.initiative.merged_into_id is None


@pytest.mark.parametrize("standing", [Standing.discontinued, Standing.unfunded, Standing.merged])
def test_what_a_memo_or_a_decision_had_ended_takes_part_again_when_it_is_expected(
    year: Year, lead: Person, standing: Standing
) -> None:
    before = _planned(year)
    _waive(year, lead)
    year.initiative.standing = standing
    year.session.flush()
    _unwaive(year, lead)
    assert year.initiative.standing is Standing.active
    assert _planned(year) == before
    said = select(JournalEntry.fact).where(JournalEntry.object_kind == "initiative")
    assert "initiative_resumed" in year.session.scalars(said).all()


def test_what_takes_part_all_along_is_not_said_to_do_so_again(year: Year, lead: Person) -> None:
    _waive(year, lead)
    _unwaive(year, lead)
    resumed = select(JournalEntry.id).where(JournalEntry.fact == "initiative_resumed")
    assert year.session.scalars(resumed).all() == []
