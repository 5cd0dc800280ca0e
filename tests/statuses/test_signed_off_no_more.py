"""A signed-off contribution is open again when one of its statuses is, and the coordinator is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.support import make
from tests.support.year import FILLED, Year
from tracker import clock
from tracker.audit.models import JournalEntry
from tracker.deadlines.actions import add_deadline, meet_deadline
from tracker.deadlines.models import Deadline, DeadlineKind, DeadlineState
from tracker.domain.contributions import CommitteeDecision, ContributionState, Treatment
from tracker.domain.errors import MoveRefused
from tracker.domain.workflow import Outcome
from tracker.mail.letters import LetterContext, kind_named
from tracker.mail.models import Mail
from tracker.plans.actions import add_committee
from tracker.plans.models import MembershipRole
from tracker.reminders.models import ItemState, ReminderItem
from tracker.rounds import contributions
from tracker.rounds.models import Contribution
from tracker.statuses import mending, review, waiving

pytestmark = pytest.mark.both_databases


def _signed_off(year: Year) -> Contribution:
    share = contributions.share_of(year.session, year.round, year.administration.id)
    assert share is not None
    rights = year.rights(year.coordinator)
    contributions.sign_off(year.session, share, rights=rights, by=year.coordinator, at=clock.now())
    assert share.contribution.state is ContributionState.signed_off
    return share.contribution


def _approve(year: Year) -> None:
    version, rights = year.update.version, year.rights(year.secretary)
    review.approve(
        year.session, year.update, version=version, rights=rights, by=year.secretary, at=clock.now()
    )


def _return(year: Year) -> Contribution:
    year.submit()
    contribution = _signed_off(year)
    year.return_()
    return contribution


def _withdraw(year: Year) -> Contribution:
    year.submit()
    contribution = _signed_off(year)
    year.withdraw()
    return contribution


def _reopen(year: Year) -> Contribution:
    year.submit()
    _approve(year)
    contribution = _signed_off(year)
    lead = make.member(year.session, year.plan, MembershipRole.lead)
    review.reopen(
        year.session,
        year.update,
        reason="A number is wrong.",
        version=year.update.version,
        rights=year.rights(lead),
        by=lead,
        at=clock.now(),
    )
    return contribution


def _unwaive(year: Year) -> Contribution:
    lead = make.member(year.session, year.plan, MembershipRole.lead)
    rights, at = year.rights(lead), clock.now()
    update, session = year.update, year.session
    waiving.waive(
        session,
        update,
        outcome=Outcome.discontinued,
        reason="It has ended.",
        version=update.version,
        rights=rights,
        by=lead,
        at=at,
    )
    contribution = _signed_off(year)
    waiving.unwaive(session, update, reason="Not so.", version=update.version, rights=rights, by=lead, at=at)
    return contribution


@pytest.mark.parametrize("move", [_return, _withdraw, _reopen, _unwaive])
def test_what_was_signed_is_open_again(year: Year, move: Callable[[Year], Contribution]) -> None:
    contribution = move(year)
    assert contribution.state is ContributionState.collecting
    assert (contribution.signed_off_at, contribution.signed_off_by_id) == (None, None)
    fact = year.session.scalars(
        select(JournalEntry).where(JournalEntry.fact == "contribution_reopened")
    ).one()
    assert (fact.object_id, fact.details["update_id"]) == (contribution.id, year.update.id)
    told = year.session.scalars(select(Mail).where(Mail.kind == "contribution_reopened")).one()
    assert told.person_id == year.coordinator.id


def test_the_coordinators_letter_names_the_administration_and_goes_while_it_is_open(year: Year) -> None:
    _return(year)
    mail = year.session.scalars(select(Mail).where(Mail.kind == "contribution_reopened")).one()
    kind = kind_named("contribution_reopened")
    for language in ("da", "en"):
        context = LetterContext("https://tracker.example.com", language, "Kira", clock.now())
        letter = kind.render(year.session, mail, context)
        assert year.administration.name in letter.text
        assert FILLED.text not in letter.text
    assert kind.still_wanted(year.session, mail) is None
    year.submit(replace(FILLED, text="Two meetings, sixty people."))
    _signed_off(year)
    assert kind.still_wanted(year.session, mail)


def test_a_contribution_that_nobody_signed_stays_as_it_is_without_a_letter(year: Year) -> None:
    year.submit()
    year.return_()
    assert year.session.scalars(select(Mail).where(Mail.kind == "contribution_reopened")).all() == []


def test_a_slip_of_the_pen_that_is_mended_needs_no_new_signature(year: Year) -> None:
    year.submit()
    contribution = _signed_off(year)
    mending.mend(
        year.session,
        year.update,
        text="Two meetings were held in May.",
        reason="",
        version=year.update.version,
        rights=year.rights(year.secretary),
        by=year.secretary,
        at=clock.now(),
    )
    assert contribution.state is ContributionState.signed_off


def _share(year: Year) -> contributions.Share:
    share = contributions.share_of(year.session, year.round, year.administration.id)
    assert share is not None
    return share


def _papers(year: Year) -> Deadline:
    """The administration gets a committee, and a day for its papers."""
    add_committee(
        year.session,
        year.plan,
        code="KFU",
        name="Culture committee",
        administration=year.administration,
        by=None,
        at=clock.now(),
    )
    day = clock.today() + timedelta(days=20)
    return add_deadline(
        year.session,
        plan_id=year.plan.id,
        kind=DeadlineKind.committee_papers,
        title="KFU",
        first_on=day,
        last_on=day,
        administration=year.administration,
        round_id=year.round.id,
        by=None,
        at=clock.now(),
    )


def _treated(year: Year) -> Contribution:
    treatment = Treatment(clock.today(), "7", CommitteeDecision.noted)
    rights = year.rights(year.secretary)
    contributions.treat(
        year.session, _share(year), treatment, rights=rights, by=year.secretary, at=clock.now()
    )
    return _share(year).contribution


def _reminded_of(year: Year, deadline: Deadline) -> set[int]:
    found = select(ReminderItem.person_id).where(
        ReminderItem.obligation_kind == "committee_papers",
        ReminderItem.obligation_id == deadline.id,
        ReminderItem.state == ItemState.planned,
    )
    return set(year.session.scalars(found))


def test_what_a_committee_has_treated_is_signed_off_and_treated_anew(year: Year) -> None:
    papers = _papers(year)
    year.submit()
    _signed_off(year)
    contribution = _treated(year)
    assert contribution.state is ContributionState.treated
    year.return_()
    assert contribution.state is ContributionState.collecting
    assert (contribution.decision, contribution.item_number) == (CommitteeDecision.noted, "7")
    told = year.session.scalars(select(Mail).where(Mail.kind == "contribution_reopened")).one()
    assert told.person_id == year.coordinator.id
    assert papers.state is DeadlineState.met  # the committee has met on them
    year.submit(replace(FILLED, text="Two meetings, sixty people."))
    _signed_off(year)
    with pytest.raises(MoveRefused, match="committee has to treat"):
        contributions.consolidate(
            year.session, _share(year), rights=year.rights(year.secretary), by=year.secretary, at=clock.now()
        )
    assert _treated(year).state is ContributionState.treated


def test_what_was_taken_into_the_whole_is_so_no_longer(year: Year) -> None:
    year.submit()
    _approve(year)
    contribution = _signed_off(year)
    contributions.consolidate(
        year.session, _share(year), rights=year.rights(year.secretary), by=year.secretary, at=clock.now()
    )
    lead = make.member(year.session, year.plan, MembershipRole.lead)
    review.reopen(
        year.session,
        year.update,
        reason="A number is wrong.",
        version=year.update.version,
        rights=year.rights(lead),
        by=lead,
        at=clock.now(),
    )
    assert contribution.state is ContributionState.collecting
    assert (contribution.consolidated_at, contribution.consolidated_by_id) == (None, None)


def test_the_papers_are_due_again_without_the_signature(year: Year) -> None:
    papers = _papers(year)
    before = _reminded_of(year, papers)
    assert year.coordinator.id in before
    year.submit()
    _signed_off(year)
    assert (papers.state, _reminded_of(year, papers)) == (DeadlineState.met, set())
    year.return_()
    assert (papers.state, papers.settled_at, _reminded_of(year, papers)) == (DeadlineState.open, None, before)
    year.submit(replace(FILLED, text="Two meetings, sixty people."))
    _signed_off(year)
    rights, by = year.rights(year.coordinator), year.coordinator
    contributions.take_back(year.session, _share(year), rights=rights, by=by, at=clock.now())
    assert (papers.state, _reminded_of(year, papers)) == (DeadlineState.open, before)


def test_papers_that_somebody_ticked_off_before_stay_so(year: Year) -> None:
    papers = _papers(year)
    meet_deadline(year.session, papers, by=year.secretary.id, at=clock.now() - timedelta(hours=1))
    year.submit()
    _signed_off(year)
    year.return_()
    assert papers.state is DeadlineState.met
