"""Who read a status before it was approved is kept, outside of the journal; and so is who was refused it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from tests.support import make
from tests.support.client import StrictClient
from tests.web.owner.conftest import Place, browser_of
from tracker import clock
from tracker.audit.models import AccessEntry, JournalEntry
from tracker.extensions import db
from tracker.plans.models import MembershipRole, Plan
from tracker.rounds.models import StatusUpdate

WRITTEN = {"text": "Three meetings.", "outcome": "reported", "progress": "started"}


def _looks(app: Flask) -> list[tuple[str, int | None]]:
    with app.app_context():
        found = db.session.execute(select(AccessEntry.fact, AccessEntry.person_id).order_by(AccessEntry.id))
        return [(fact, person) for fact, person in found]


@pytest.mark.both_databases
def test_a_secretary_who_reads_a_draft_is_noted_once_an_hour(
    app: Flask,
    owner: StrictClient,
    place: Place,
) -> None:
    owner.submit(place.form, WRITTEN, button="Save draft")
    assert _looks(app) == []
    office = browser_of(app, place.secretary)
    with app.app_context():
        entries = db.session.scalar(select(func.count(JournalEntry.id)))
    page = f"/secretariat/{_slug(app)}/updates/{place.update}"
    for _ in range(2):
        assert office.get(page).status_code == 200
    assert _looks(app) == [("read", place.secretary)]
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        office.get(page)
    assert _looks(app) == [("read", place.secretary)] * 2
    with app.app_context():
        assert db.session.scalar(select(func.count(JournalEntry.id))) == entries
    shown = office.get(f"/secretariat/{_slug(app)}/initiatives/{place.initiative}/journal", budget=20).text
    assert "Who read drafts" in shown


def test_an_approved_status_is_no_draft_any_more(
    app: Flask,
    owner: StrictClient,
    place: Place,
) -> None:
    owner.submit(place.form, WRITTEN, button="Submit")
    with make.written(app) as session:
        session.get_one(StatusUpdate, place.update).state = "approved"
    browser_of(app, place.secretary).get(f"/secretariat/{_slug(app)}/updates/{place.update}")
    assert _looks(app) == []


def test_a_stranger_who_asks_for_it_is_noted_and_learns_nothing(
    app: Flask,
    place: Place,
) -> None:
    with make.written(app) as session:
        stranger = make.person(session, "Somebody").id
    browser = browser_of(app, stranger)
    there, missing = browser.get(place.form), browser.get("/my/updates/987654")
    assert (there.status_code, missing.status_code) == (404, 404)
    assert _looks(app) == [("refused", stranger)]


def test_an_owner_reads_the_journal_of_the_own_initiative(
    app: Flask,
    owner: StrictClient,
    place: Place,
) -> None:
    owner.submit(place.form, WRITTEN, button="Submit")
    page = owner.get(f"{place.page}/journal", budget=16).text
    assert "Submitted" in page
    assert "Who read drafts" not in page


def test_a_lead_reads_and_verifies_the_journal_of_the_own_plan_alone(
    app: Flask,
    owner: StrictClient,
    place: Place,
) -> None:
    owner.submit(place.form, WRITTEN, button="Submit")
    with make.written(app) as session:
        other = make.plan(session, "elsewhere", name="Another plan")
        make.initiative(session, make.administration(session, other, name="Sports"), "Secret hall")
        plan = session.scalars(select(Plan).where(Plan.id != other.id)).one()
        lead = make.member(session, plan, role=MembershipRole.lead).id
    browser = browser_of(app, lead)
    address = f"/secretariat/{_slug(app)}/journal"
    page = browser.get(address, budget=20).text
    assert "Submitted" in page
    assert "Secret hall" not in page
    browser.submit(address, button="Verify the journal")
    assert "rows are as they were written" in browser.get(address).text


def _slug(app: Flask) -> str:
    with app.app_context():
        return db.session.scalars(select(Plan.slug).order_by(Plan.id)).first() or ""
