"""What is not carried out yet: proposals, what awaits funding, and how both become initiatives."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.support import make
from tests.support.year import Year
from tracker import clock
from tracker.accounts.models import Person
from tracker.audit.models import JournalEntry
from tracker.deadlines.models import Deadline, DeadlineState
from tracker.domain.errors import InvalidInput, MoveRefused, NotAllowed, StaleVersion
from tracker.domain.workflow import Outcome, State
from tracker.initiatives import funding, proposals
from tracker.initiatives.funding import Budget
from tracker.initiatives.lists import lists_of, own_proposals
from tracker.mail.letters import LetterContext, kind_named
from tracker.mail.models import Mail
from tracker.plans.models import Initiative, MembershipRole, Standing
from tracker.rounds.models import Round, StatusUpdate
from tracker.statuses.waiving import waive

pytestmark = pytest.mark.both_databases


def _propose(year: Year, by: Person | None = None, title: str = "A library bus") -> Initiative:
    by = by or year.owner
    return proposals.propose(
        year.session,
        year.administration,
        title=title,
        description="Books for the outer parts of town.",
        by=by,
        rights=year.rights(by),
        at=clock.now(),
    )


def _unfunded(year: Year) -> Initiative:
    return funding.plan_unfunded(
        year.session,
        year.administration,
        title="A night bus",
        description="From midnight to six.",
        budget=Budget("Budget 2027", clock.today() + timedelta(days=90)),
        by=year.secretary.id,
        at=clock.now(),
    )


def _fund(year: Year, initiative: Initiative, by: Person | None = None) -> Round | None:
    by = by or year.secretary
    return funding.fund(
        year.session,
        initiative,
        decision="The council, item 3",
        decided_on=clock.today(),
        version=initiative.version,
        rights=year.rights(by),
        by=by,
        at=clock.now(),
    )


def _accept(year: Year, initiative: Initiative, standing: Standing, decision: str = "") -> Round | None:
    return proposals.accept(
        year.session,
        initiative,
        standing=standing,
        decision=decision,
        decided_on=None,
        version=initiative.version,
        by=year.secretary,
        at=clock.now(),
    )


def _facts(year: Year, initiative: Initiative) -> list[str]:
    found = select(JournalEntry.fact).where(
        JournalEntry.object_kind == "initiative", JournalEntry.object_id == initiative.id
    )
    return list(year.session.scalars(found.order_by(JournalEntry.id)))


def test_a_proposal_takes_no_part_and_the_secretariat_is_told(year: Year) -> None:
    made = _propose(year)
    assert (made.standing, made.proposed_by_id) == (Standing.proposed, year.owner.id)
    joined = select(StatusUpdate.id).where(StatusUpdate.initiative_id == made.id)
    assert year.session.scalar(joined) is None
    mail = year.session.scalars(select(Mail).where(Mail.kind == "proposal")).one()
    assert mail.person_id == year.secretary.id
    letter = kind_named("proposal").render(
        year.session, mail, LetterContext("https://tracker.example.com", "en", "Sam", clock.now())
    )
    assert "Olga Owner has proposed a new initiative" in letter.text
    assert f"/initiatives/{made.id}/proposal" in letter.text
    assert "outer parts" not in letter.text
    assert kind_named("proposal").still_wanted(year.session, mail) is None


def test_a_coordinator_proposes_too_and_a_stranger_does_not(year: Year) -> None:
    assert _propose(year, year.coordinator).proposed_by_id == year.coordinator.id
    with pytest.raises(NotAllowed):
        _propose(year, make.person(year.session, "Sten"))


@pytest.mark.parametrize(("title", "field"), [("", "title"), ("x" * 1001, "title")])
def test_a_proposal_has_a_title(year: Year, title: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        _propose(year, title=title)
    assert refused.value.field == field


def test_an_accepted_proposal_joins_the_round_by_a_decision(year: Year) -> None:
    made = _propose(year)
    with pytest.raises(InvalidInput) as refused:
        _accept(year, made, Standing.active)
    assert refused.value.field == "decision"
    joined = _accept(year, made, Standing.active, "The committee, item 7")
    assert joined is not None
    assert make.update_of(year.session, made, joined).state is State.not_started
    assert made.origin_decision == "The committee, item 7"
    assert _facts(year, made) == ["initiative_proposed", "proposal_accepted"]
    assert own_proposals(year.session, year.owner.id)[0].accepted is True
    mail = year.session.scalars(select(Mail).where(Mail.kind == "proposal_answered")).one()
    assert mail.person_id == year.owner.id
    told = year.session.scalars(select(Mail).where(Mail.kind == "proposal")).one()
    assert kind_named("proposal").still_wanted(year.session, told) == "the proposal has been answered"


def _decline(year: Year, initiative: Initiative, reason: str) -> None:
    version = initiative.version
    proposals.decline(
        year.session, initiative, reason=reason, version=version, by=year.secretary, at=clock.now()
    )


def test_a_declined_proposal_ends_with_its_reason_and_is_answered_once(year: Year) -> None:
    made = _propose(year)
    with pytest.raises(InvalidInput) as refused:
        _decline(year, made, " ")
    assert refused.value.field == "reason"
    _decline(year, made, "Another plan does it.")
    assert made.standing is Standing.discontinued
    assert own_proposals(year.session, year.owner.id)[0].answer == "Another plan does it."
    with pytest.raises(MoveRefused):
        _accept(year, made, Standing.active, "The committee, item 7")
    with pytest.raises(StaleVersion):
        proposals.decline(year.session, made, reason="No.", version=0, by=year.secretary, at=clock.now())


def test_the_three_lists_hold_what_they_say(year: Year) -> None:
    _propose(year)
    _unfunded(year)
    accepted = _propose(year, title="A reading room")
    _accept(year, accepted, Standing.unfunded)
    found = lists_of(year.session, year.rights(year.secretary), year.round)
    assert found.statuses == 1
    assert [one.initiative.title for one in found.proposed] == ["A library bus"]
    assert found.proposed[0].proposed_by == "Olga Owner"
    budgets = {one.initiative.title: one.budget.title if one.budget else None for one in found.unfunded}
    assert budgets == {"A night bus": "Budget 2027", "A reading room": None}
    assert lists_of(year.session, year.rights(year.owner), year.round).proposed == ()


def test_funded_it_takes_part_with_its_history_and_its_budget_deadline_is_met(year: Year) -> None:
    made = _unfunded(year)
    assert _fund(year, made) is not None
    assert made.standing is Standing.active
    assert make.update_of(year.session, made, year.round).state is State.not_started
    deadline = year.session.scalars(select(Deadline).where(Deadline.title == "Budget 2027")).one()
    assert deadline.state is DeadlineState.met
    assert _facts(year, made) == ["initiative_added", "initiative_funded"]
    with pytest.raises(MoveRefused):
        _fund(year, made)


def test_a_status_that_was_waived_for_money_is_expected_again(year: Year) -> None:
    lead = make.member(year.session, year.plan, MembershipRole.lead)
    waive(
        year.session,
        year.update,
        outcome=Outcome.awaiting_funding,
        reason="No budget yet.",
        version=year.update.version,
        rights=year.rights(lead),
        by=lead,
        at=clock.now(),
    )
    year.initiative.standing = Standing.unfunded
    year.session.flush()
    _fund(year, year.initiative, lead)
    year.session.refresh(year.update)
    assert year.update.state is State.not_started
    assert year.initiative.standing is Standing.active
