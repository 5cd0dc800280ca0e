"""The administrator makes a plan and says who leads it."""

from __future__ import annotations

from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tracker.extensions import db
from tracker.plans.models import Membership, Plan

NEW = "/admin/plans/new"


@pytest.fixture
def administrator(app: Flask) -> int:
    with make.written(app) as session:
        return make.person(session, "Asta", administrator=True).id


@pytest.fixture
def lead(app: Flask) -> int:
    with make.written(app) as session:
        return make.person(session, "Lea Lead").id


def test_an_empty_installation_says_where_to_begin(client: StrictClient, administrator: int) -> None:
    make.sign_in(client, administrator)
    assert "There is no plan yet." in client.get("/admin/plans", budget=4).text
    assert "Nobody else is here yet." in client.get(NEW, budget=4).text
    assert 'href="/admin/plans"' in client.get("/admin/people").text


@pytest.mark.both_databases
def test_a_plan_is_made_and_its_lead_can_begin(
    client: StrictClient, app: Flask, administrator: int, lead: int
) -> None:
    make.sign_in(client, administrator)
    fields = {
        "name": "Plan for an open town",
        "slug": "open-2026",
        "first_year": "2026",
        "last_year": "2029",
        "person": str(lead),
    }
    answer = client.submit(NEW, fields, follow_redirects=True)
    assert "Plan for an open town is made. Its lead sets it up from here." in answer.text
    assert "2026–2029" in answer.text
    assert "Lea Lead" in answer.text
    other = app.test_client()
    assert isinstance(other, StrictClient)
    make.sign_in(other, lead)
    assert other.get("/secretariat/").location == "/secretariat/open-2026/rounds"
    assert other.get("/secretariat/open-2026/setup").status_code == 200
    assert client.get("/secretariat/open-2026/setup").status_code == 404


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"slug": "Open Town"}, "Use small letters a-z, digits and hyphens, for example plan-2026."),
        ({"slug": "taken"}, "There is already a plan with this short name."),
        ({"name": " "}, "Write the plan's name."),
        ({"person": ""}, "Choose a person."),
        ({"person": "4711"}, "Choose a person."),
        ({"first_year": "9999"}, "Give a year between 1990 and 2100."),
        ({"first_year": "2027", "last_year": "2026"}, "The last year cannot be before the first."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_lost(
    client: StrictClient, app: Flask, administrator: int, lead: int, fields: dict[str, str], sentence: str
) -> None:
    with make.written(app) as session:
        make.plan(session, "taken")
    make.sign_in(client, administrator)
    usual = {"name": "A plan", "slug": "a-plan", "person": str(lead), "office": "The office"}
    answer = client.submit(NEW, usual | fields)
    assert answer.status_code == 400
    assert sentence in unescape(answer.text)
    assert 'value="The office"' in answer.text
    with app.app_context():
        assert db.session.scalars(select(Plan.slug)).all() == ["taken"]
        assert db.session.scalar(select(Membership.id)) is None


def test_nobody_becomes_lead_by_their_own_hand(
    client: StrictClient, app: Flask, administrator: int, lead: int
) -> None:
    make.sign_in(client, administrator)
    answer = client.submit(NEW, {"name": "Mine", "slug": "mine", "person": str(administrator)})
    assert answer.status_code == 400
    assert "You cannot change your own role." in answer.text
    with app.app_context():
        assert db.session.scalar(select(Plan.id)) is None


def test_strangers_make_no_plan(client: StrictClient, app: Flask, lead: int) -> None:
    assert client.get("/admin/plans").status_code == 303
    make.sign_in(client, lead)
    assert client.get("/admin/plans").status_code == 404
    assert client.get(NEW).status_code == 404
