"""A signed-off contribution is open again when one of its statuses is, and the coordinator is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.support import make
from tests.support.year import FILLED, Year
from tracker import clock
from tracker.audit.models import JournalEntry
from tracker.domain.contributions import ContributionState
from tracker.domain.workflow import Outcome
from tracker.mail.letters import LetterContext, kind_named
from tracker.mail.models import Mail
from tracker.plans.models import MembershipRole
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
        outcome=Outcome.merged,
        reason="Merged.",
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
