"""From when a locked round may be read by everybody, and what the lead may choose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support import make
from tests.support.rounds import Office
from tracker import clock
from tracker.audit.models import JournalEntry
from tracker.domain.contributions import (
    CommitteeDecision,
    ContributionMove,
    ContributionState,
    Treatment,
)
from tracker.domain.errors import InvalidInput, MoveRefused, NoRight
from tracker.extensions import db
from tracker.memos.publishing import day as publishing
from tracker.memos.publishing.day import Treated, is_public, public_from, public_rounds
from tracker.plans.models import Administration, Committee
from tracker.plans.rights import Rights
from tracker.rounds import contributions as verbs
from tracker.rounds.models import Contribution, Round, RoundState

BEFORE, DAY, AFTER = date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2)
COLLECTING, SIGNED = ContributionState.collecting, ContributionState.signed_off
TREATED, WHOLE = ContributionState.treated, ContributionState.consolidated

# locked, publish_on, contributions, first public day
CASES: list[tuple[bool, date | None, list[Treated], date | None]] = [
    (False, None, [], None),
    (False, BEFORE, [Treated(TREATED, BEFORE)], None),
    (True, None, [], date.min),
    (True, DAY, [], DAY),
    (True, None, [Treated(WHOLE)], date.min),
    (True, None, [Treated(TREATED, DAY)], DAY),
    (True, BEFORE, [Treated(TREATED, BEFORE), Treated(WHOLE, DAY)], DAY),
    (True, AFTER, [Treated(TREATED, BEFORE)], AFTER),
    (True, BEFORE, [Treated(COLLECTING)], None),
    (True, BEFORE, [Treated(TREATED, BEFORE), Treated(SIGNED)], None),
    (True, BEFORE, [Treated(COLLECTING, BEFORE)], None),
]


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    with app.app_context():
        yield Office.of(db.session())


@pytest.fixture
def session(office: Office) -> Session:
    return office.session


def _with_committee(session: Session, office: Office) -> Administration:
    area = make.administration(session, office.plan)
    code = f"U{area.code}"
    session.add(Committee(plan_id=office.plan.id, code=code, name=code, administration_id=area.id))
    session.flush()
    return area


def _locked(session: Session, office: Office, *areas: Administration) -> Round:
    ours = [make.initiative(session, area, owner=office.owner) for area in areas]
    round_ = make.open_round(session, office.plan)
    for one in ours:
        office.approve(one, round_)
    office.lock(round_)
    return round_


def _is_public(session: Session, round_: Round, on: date) -> bool:
    session.flush()
    return session.scalar(select(Round.id).where(Round.id == round_.id, public_rounds(on))) is not None


@pytest.mark.both_databases
def test_the_query_says_of_every_case_what_the_rule_says(office: Office, session: Session) -> None:
    areas = [make.administration(session, office.plan) for _ in range(2)]
    for year, (locked, publish_on, contributions, first) in enumerate(CASES, start=2001):
        round_ = Round(plan_id=office.plan.id, year=year, opened_at=clock.now(), publish_on=publish_on)
        round_.state = RoundState.locked if locked else RoundState.open
        session.add(round_)
        session.flush()
        for area, one in zip(areas, contributions, strict=False):
            session.add(
                Contribution(
                    round_id=round_.id, administration_id=area.id, state=one.state, treated_on=one.on
                )
            )
        assert public_from(contributions, locked=locked, publish_on=publish_on) == first
        assert publishing.treated_of(session, [round_.id]).get(round_.id, []) == contributions
        for on in (BEFORE, DAY, AFTER):
            expected = first is not None and first <= on
            assert is_public(contributions, locked=locked, publish_on=publish_on, on=on) is expected
            assert _is_public(session, round_, on) is expected, (year, on)


@pytest.mark.both_databases
def test_what_no_committee_treats_holds_nothing_back(office: Office, session: Session) -> None:
    without, coordinating = make.administration(session, office.plan), _with_committee(session, office)
    office.plan.coordinating_administration = coordinating.name
    _with_committee(session, office)  # has no row in the round
    round_ = _locked(session, office, without, coordinating)
    assert publishing.held_back_by(session, round_) == []
    assert _is_public(session, round_, clock.today())


@pytest.mark.both_databases
def test_a_committee_that_has_not_treated_its_part_holds_the_round_back_until_the_lead_says_why(
    office: Office, session: Session
) -> None:
    area = _with_committee(session, office)
    round_ = _locked(session, office, area)
    (held,) = publishing.held_back_by(session, round_)
    assert held.administration is area
    assert not _is_public(session, round_, clock.today())
    given = {"rights": office.rights, "by": office.lead, "at": clock.now()}
    with pytest.raises(InvalidInput):
        publishing.let_through(session, round_, held.contribution, "  ", **given)
    with pytest.raises(NoRight):
        publishing.let_through(
            session, round_, held.contribution, "Why.", rights=Rights(), by=office.lead, at=clock.now()
        )
    for _ in range(2):
        publishing.let_through(session, round_, held.contribution, "The committee was dissolved.", **given)
    assert held.contribution.decision_note == "The committee was dissolved."
    assert (held.contribution.treated_on, held.contribution.decision) == (None, None)
    assert publishing.held_back_by(session, round_) == []
    assert _is_public(session, round_, clock.today())
    facts = session.scalars(select(JournalEntry.fact).where(JournalEntry.object_kind == "contribution")).all()
    assert list(facts).count("contribution_let_through") == 1


@pytest.mark.both_databases
def test_a_committee_may_treat_its_part_after_the_lock_and_then_it_is_public(
    office: Office, session: Session
) -> None:
    area = _with_committee(session, office)
    one = make.initiative(session, area, owner=office.owner)
    round_ = make.open_round(session, office.plan)
    office.approve(one, round_)
    given = {"rights": office.rights, "by": office.lead, "at": clock.now()}
    share = verbs.share_of(session, round_, area.id)
    assert share is not None
    verbs.sign_off(session, share, **given)
    office.lock(round_)
    assert not _is_public(session, round_, clock.today())
    assert share.moves(office.rights) == (ContributionMove.treat,)
    sent_back = Treatment(clock.today(), "7", CommitteeDecision.sent_back, "Skriv mere.")
    with pytest.raises(MoveRefused):
        verbs.treat(session, share, sent_back, **given)
    with pytest.raises(MoveRefused):
        verbs.take_back(session, share, **given)
    treatment = Treatment(clock.today(), "7", CommitteeDecision.noted)
    verbs.treat(session, share, treatment, **given)
    assert _is_public(session, round_, clock.today())
    assert not _is_public(session, round_, clock.today() - timedelta(days=1))


@pytest.mark.both_databases
def test_the_lead_chooses_the_day_of_a_locked_round(office: Office, session: Session) -> None:
    area = make.administration(session, office.plan)
    one = make.initiative(session, area, owner=office.owner)
    round_ = make.open_round(session, office.plan)
    given = {"rights": office.rights, "by": office.lead, "at": clock.now()}
    with pytest.raises(MoveRefused):
        publishing.choose_day(session, round_, DAY, **given)
    office.approve(one, round_)
    office.lock(round_)
    with pytest.raises(NoRight):
        publishing.choose_day(session, round_, DAY, rights=Rights(), by=office.lead, at=clock.now())
    for _ in range(2):
        publishing.choose_day(session, round_, DAY, **given)
    assert [_is_public(session, round_, on) for on in (BEFORE, DAY)] == [False, True]
    publishing.choose_day(session, round_, None, **given)
    assert _is_public(session, round_, BEFORE)
    chosen = select(JournalEntry.details).where(JournalEntry.fact == "publishing_day_chosen")
    assert [details["on"] for details in session.scalars(chosen)] == [DAY.isoformat(), None]
