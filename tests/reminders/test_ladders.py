"""A plan's own ladder: what is owed follows it, and what was sent stays sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.reminders.office import TODAY, Office, at
from tests.support.smtp import Peer
from tracker.audit.models import JournalEntry
from tracker.domain.errors import InvalidInput, StaleVersion
from tracker.domain.ladders import DEFAULT_LADDER, Anchor, ObligationKind, Place, Step, changed_ladder, rung
from tracker.reminders.actions import replan
from tracker.reminders.ladders import Ladders, change_ladder, ladder_of, own_ladders, restore_ladder
from tracker.reminders.models import ItemState, Reason
from tracker.reminders.queries import still_owed

pytestmark = pytest.mark.both_databases

STATUS = ObligationKind.status_due
DUE = date(2026, 11, 16)
T28, T14 = (DUE - timedelta(days=days) for days in (28, 14))
USUAL = DEFAULT_LADDER[STATUS]
# The same without t-7, and with t-10.
TEN_DAYS = (*USUAL[:3], rung(STATUS, (Place.owner,), Anchor.before_last, 10), *USUAL[4:])


def _change(office: Office, steps: tuple[Step, ...], *, version: int | None = None, on: date = TODAY) -> None:
    with office.post.sessions.begin() as session:
        change_ladder(
            session, plan_id=office.plan_id, kind=STATUS, steps=steps, version=version, by=None, at=at(on)
        )
        replan(session, iter(office.owed), now=at(on))


def test_a_plan_without_its_own_ladder_goes_by_the_usual_one(office: Office) -> None:
    with office.post.sessions() as session:
        assert ladder_of(session, office.plan_id) is DEFAULT_LADDER
        assert Ladders(session).of(office.plan_id) is DEFAULT_LADDER
        assert own_ladders(session, office.plan_id) == {}


def test_a_changed_ladder_is_followed_by_planning_and_by_the_sweep(office: Office) -> None:
    office.owed = [office.status(due=DUE)]
    office.replan(*office.owed)
    _change(office, TEN_DAYS)
    steps = office.items()
    assert steps["t-7"] is ItemState.cancelled
    assert office.item("t-7").reason == Reason.rules_changed
    assert steps["t-10"] is ItemState.planned
    office.morning(TODAY)
    assert office.items()["t-7"] is ItemState.cancelled


def test_what_was_sent_for_a_rung_that_stays_is_not_sent_again(office: Office, smtp_peer: Peer) -> None:
    office.owed = [office.status(due=DUE)]
    office.morning(T28)
    before = len(smtp_peer.letters_to("owner@example.com"))
    _change(office, TEN_DAYS, on=T28)
    office.morning(T28 + timedelta(days=1))
    assert len(smtp_peer.letters_to("owner@example.com")) == before == 1
    assert office.item("t-28").state is ItemState.sent


def test_back_to_the_usual_ladder_is_as_it_was(office: Office) -> None:
    office.owed = [office.status(due=DUE)]
    office.replan(*office.owed)
    before = office.items()
    _change(office, TEN_DAYS)
    with office.post.sessions.begin() as session:
        version = own_ladders(session, office.plan_id)[STATUS].version
        restore_ladder(session, plan_id=office.plan_id, kind=STATUS, version=version, by=None, at=at(TODAY))
        replan(session, iter(office.owed), now=at(TODAY))
        assert ladder_of(session, office.plan_id) == DEFAULT_LADDER
    after = office.items()
    assert {step: after[step] for step in before} == before
    assert after["t-10"] is ItemState.cancelled


def test_a_ladder_that_another_has_changed_meanwhile_is_refused(office: Office) -> None:
    _change(office, TEN_DAYS)
    with pytest.raises(StaleVersion):
        _change(office, USUAL)
    _change(office, USUAL[:2], version=1)
    with pytest.raises(StaleVersion):
        _change(office, USUAL, version=1)
    with office.post.sessions.begin() as session, pytest.raises(StaleVersion):
        restore_ladder(session, plan_id=office.plan_id, kind=STATUS, version=None, by=None, at=at(TODAY))
    with office.post.sessions() as session:
        assert [step.code for step in ladder_of(session, office.plan_id)[STATUS]] == ["open", "t-28"]


def test_a_ladder_that_cannot_be_changes_nothing(office: Office) -> None:
    with pytest.raises(InvalidInput):
        _change(office, (replace(USUAL[1], days=400),))
    with office.post.sessions() as session:
        assert ladder_of(session, office.plan_id) is DEFAULT_LADDER


def test_the_journal_tells_what_the_ladder_became(office: Office) -> None:
    _change(office, (USUAL[1], USUAL[5]))
    with office.post.sessions() as session:
        entry = session.scalars(select(JournalEntry).where(JournalEntry.fact == "ladder_changed")).one()
        assert entry.details == {"kind": "status_due", "steps": ["t-28", "overdue-3"]}


def test_a_preview_goes_by_a_ladder_that_is_not_stored(office: Office) -> None:
    status = office.status(due=DUE, people=((Place.owner, office.owner),))
    until = DUE - timedelta(days=1)
    with office.post.sessions() as session:
        new = changed_ladder(ladder_of(session, office.plan_id), STATUS, TEN_DAYS)
        owed = still_owed(
            session, [status], now=at(T14), until=until, ladders=Ladders(session, {office.plan_id: new})
        )
        steps = [one.step for one in owed[office.owner]]
        assert steps == ["open", "t-28", "t-14", "t-10", "t-1"]
        assert ladder_of(session, office.plan_id) is DEFAULT_LADDER
