"""The secretariat keeps the plan's facts, administrations and committees."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tests.web.secretariat.conftest import Office
from tracker.accounts.models import Person
from tracker.audit.models import JournalEntry
from tracker.extensions import db
from tracker.plans.actions import add_committee, grant
from tracker.plans.models import Administration, Committee, MembershipRole, Plan
from tracker.reminders.models import ItemState, ReminderItem

SETUP = "/secretariat/here/setup"


def _codes(app: Flask) -> list[str]:
    with app.app_context():
        found = select(Administration.code).join(Plan, Plan.id == Administration.plan_id)
        return list(db.session.scalars(found.where(Plan.slug == "here").order_by(Administration.position)))


def _administration(app: Flask, code: str) -> int:
    with app.app_context():
        return db.session.scalars(select(Administration.id).where(Administration.code == code)).one()


def test_the_only_plan_opens_at_its_rounds(client: StrictClient, office: Office) -> None:
    make.sign_in(client, office.secretary)
    assert client.get("/secretariat/", budget=6).location == "/secretariat/here/rounds"


def test_who_has_several_plans_chooses_one(client: StrictClient, app: Flask, office: Office) -> None:
    with make.written(app) as session:
        lead = session.get_one(Person, office.lead)
        other = make.plan(session, "there", name="Another plan")
        make.plan(session, "elsewhere", name="Not mine")
        grant(session, other, lead, MembershipRole.secretariat, by=None, at=other.created_at)
    make.sign_in(client, office.lead)
    page = client.get("/secretariat/", budget=6).text
    assert "Another plan" in page
    assert "Plan for an open town" in page
    assert "Not mine" not in page


@pytest.mark.both_databases
def test_the_facts_are_edited_and_journaled(client: StrictClient, app: Flask, office: Office) -> None:
    make.sign_in(client, office.secretary)
    client.get(SETUP, budget=9)
    answer = client.submit(
        SETUP,
        {
            "name": "Plan for an open city",
            "office": "Office of Diversity",
            "first_year": "2024",
            "last_year": "2028",
            "closed_days": ["christmas_eve", "constitution_day"],
        },
    )
    assert answer.status_code == 303
    with app.app_context():
        plan = db.session.scalars(select(Plan).where(Plan.slug == "here")).one()
        assert (plan.name, plan.office) == ("Plan for an open city", "Office of Diversity")
        assert (plan.first_year, plan.last_year) == (2024, 2028)
        assert plan.closed_days == "christmas_eve,constitution_day"
        fact = db.session.scalars(select(JournalEntry).where(JournalEntry.fact == "plan_edited")).one()
        assert fact.actor_id == office.secretary


@pytest.mark.both_databases
def test_other_closed_days_move_the_reminders_at_once_and_say_so(
    client: StrictClient, app: Flask, office: Office
) -> None:
    closed = date(2026, 12, 24)
    with time_machine.travel(datetime(2026, 12, 1, 9, tzinfo=UTC), tick=False):
        with make.written(app) as session:
            plan = session.scalars(select(Plan).where(Plan.slug == "here")).one()
            plan.closed_days = ""
            # Its reminder a week before falls on the day that is about to be closed.
            make.open_round(session, plan, due_on=closed + timedelta(days=7))
        make.sign_in(client, office.secretary)
        fields: dict[str, object] = {"closed_days": ["christmas_eve"]}
        page = client.submit(SETUP, fields, follow_redirects=True).text
        assert "The closed days change letters of the coming 60 days. Taken off their day: 1. New on" in page
        with app.app_context():
            due = select(ReminderItem.due_on).where(
                ReminderItem.step == "t-7", ReminderItem.state == ItemState.planned
            )
            assert set(db.session.scalars(due)) == {closed - timedelta(days=1)}
        page = client.submit(SETUP, {**fields, "office": "Elsewhere"}, follow_redirects=True).text
        assert "The closed days change" not in page
        fields = {"closed_days": ["christmas_eve", "labour_day"]}
        page = client.submit(SETUP, fields, follow_redirects=True).text
        assert "With the new closed days no letter of the coming 60 days moves." in page


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("2028", "2024", "The last year cannot be before the first."),
        ("9999", "", "Give a year between 1990 and 2100."),
        ("soon", "", "Give a year between 1990 and 2100."),
        ("²", "", "Give a year between 1990 and 2100."),
    ],
)
def test_years_that_cannot_be_are_refused_and_kept(
    client: StrictClient, office: Office, first: str, last: str, sentence: str
) -> None:
    make.sign_in(client, office.secretary)
    answer = client.submit(SETUP, {"name": "Typed anew", "first_year": first, "last_year": last})
    assert answer.status_code == 400
    assert sentence in answer.text
    assert 'value="Typed anew"' in answer.text
    assert f'value="{first}"' in answer.text


def test_an_administration_is_added_renamed_and_moved(
    client: StrictClient, app: Flask, office: Office
) -> None:
    make.sign_in(client, office.secretary)
    client.submit(
        SETUP,
        {"administration-code": "KFF", "administration-name": "Culture and Leisure"},
        button="Add the administration",
    )
    assert _codes(app) == ["BUF", "TMF", "KFF"]
    client.submit(SETUP, {}, button="Up Culture and Leisure")
    assert _codes(app) == ["BUF", "KFF", "TMF"]
    client.submit(SETUP, {}, button="Down Children and Youth")
    assert _codes(app) == ["KFF", "BUF", "TMF"]
    page = f"{SETUP}/administrations/{_administration(app, 'KFF')}"
    client.get(page, budget=7)
    assert client.submit(page, {"code": "KUF", "name": "Culture"}).status_code == 303
    assert _codes(app) == ["KUF", "BUF", "TMF"]


def test_two_administrations_cannot_share_a_code(client: StrictClient, app: Flask, office: Office) -> None:
    make.sign_in(client, office.secretary)
    answer = client.submit(
        SETUP,
        {"administration-code": "BUF", "administration-name": "Again"},
        button="Add the administration",
    )
    assert answer.status_code == 400
    assert "already an administration with this code" in answer.text
    assert 'value="Again"' in answer.text
    page = f"{SETUP}/administrations/{_administration(app, 'TMF')}"
    answer = client.submit(page, {"code": "BUF"})
    assert answer.status_code == 400
    assert _codes(app) == ["BUF", "TMF"]


def test_a_committee_belongs_to_an_administration(client: StrictClient, app: Flask, office: Office) -> None:
    make.sign_in(client, office.secretary)
    schools, streets = str(_administration(app, "BUF")), str(_administration(app, "TMF"))
    client.submit(
        SETUP,
        {
            "committee-code": "BUU",
            "committee-name": "Children's Committee",
            "committee-administration": schools,
        },
        button="Add the committee",
    )
    with app.app_context():
        committee = db.session.scalars(select(Committee)).one()
        assert str(committee.administration_id) == schools
    page = f"{SETUP}/committees/{committee.id}"
    client.submit(page, {"name": "Youth Committee", "administration": streets})
    assert "Youth Committee" in client.get(SETUP).text
    answer = client.submit(page, {"administration": "4711"})
    assert answer.status_code == 400
    assert "Choose one from the list." in answer.text


def test_another_plans_parts_are_not_found(client: StrictClient, app: Flask, office: Office) -> None:
    with make.written(app) as session:
        other = make.plan(session, "there")
        administration = make.administration(session, other, "XXF").id
        committee = add_committee(session, other, code="XXU", name="X", by=None, at=other.created_at).id
    make.sign_in(client, office.lead)
    app.config["WTF_CSRF_ENABLED"] = False
    for address in (
        f"{SETUP}/administrations/{administration}",
        f"{SETUP}/committees/{committee}",
        f"{SETUP}/administrations/{2**40}",
        "/secretariat/there/setup",
    ):
        assert client.get(address).status_code == 404
        assert client.post(address, data={"code": "A", "name": "A"}).status_code == 404
    assert client.post(f"{SETUP}/administrations/{administration}/move").status_code == 404


def test_strangers_find_no_plan(client: StrictClient, office: Office) -> None:
    assert client.get(SETUP).status_code == 303
    for who in (office.stranger, office.owner, office.coordinator):
        make.sign_in(client, who)
        assert client.get(SETUP).status_code == 404
        assert client.get("/secretariat/").status_code == 404
