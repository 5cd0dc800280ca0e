"""A person says when they are away, sees who gets the reminders meanwhile, and comes back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tracker import clock
from tracker.accounts.models import Person
from tracker.audit.models import JournalEntry
from tracker.domain.reminders import Place
from tracker.extensions import db

ACCOUNT = "/account"
BUDGET = 8


@pytest.fixture
def owner(app: Flask) -> int:
    """Somebody with two initiatives; the first has a deputy."""
    with make.written(app) as session:
        plan = make.plan(session, "here")
        schools = make.administration(session, plan)
        olga = make.person(session, "Olga Owner")
        courses = make.initiative(session, schools, "Courses for teachers", owner=olga)
        make.initiative(session, schools, "A play for every school", owner=olga)
        make.placed(session, make.person(session, "Dina Deputy"), initiative=courses, place=Place.deputy)
        return olga.id


def _away(app: Flask, person_id: int) -> tuple[date | None, date | None]:
    with app.app_context():
        found = db.session.get_one(Person, person_id)
        return found.absent_from, found.absent_until


@pytest.mark.both_databases
def test_the_deputies_are_named_for_each_initiative(client: StrictClient, app: Flask, owner: int) -> None:
    first, last = clock.today() + timedelta(days=3), clock.today() + timedelta(days=10)
    make.sign_in(client, owner)
    client.get(ACCOUNT, budget=BUDGET)
    fields = {"absent_from": f"{first:%d.%m.%Y}", "absent_until": f"{last:%d.%m.%Y}"}
    assert client.submit(ACCOUNT, fields, button="Save the absence").status_code == 303
    assert _away(app, owner) == (first, last)
    page = client.get(ACCOUNT, budget=BUDGET).text
    assert "You are away from" in page
    assert "<strong>Dina Deputy</strong>" in page
    assert page.count("no deputy") == 1
    assert page.count("Name a deputy") == 1
    assert "Only the last one before a deadline goes to the coordinator or the secretariat." in page
    with app.app_context():
        fact = db.session.scalars(select(JournalEntry).where(JournalEntry.fact == "absence_set")).one()
        assert fact.actor_id == owner


def test_who_is_back_gets_the_reminders_again(client: StrictClient, app: Flask, owner: int) -> None:
    with make.written(app) as session:
        person = session.get_one(Person, owner)
        person.absent_from = clock.today() + timedelta(days=1)
        person.absent_until = clock.today() + timedelta(days=9)
    make.sign_in(client, owner)
    answer = client.submit(ACCOUNT, {}, button="I am back", follow_redirects=True)
    assert "You are back: reminders go to you again." in answer.text
    assert "You are away from" not in answer.text
    assert _away(app, owner) == (None, None)


def test_an_absence_that_is_over_is_no_longer_shown(client: StrictClient, app: Flask, owner: int) -> None:
    with make.written(app) as session:
        person = session.get_one(Person, owner)
        person.absent_from = person.absent_until = clock.today() - timedelta(days=1)
    make.sign_in(client, owner)
    page = client.get(ACCOUNT).text
    assert "You are away from" not in page
    assert "I am going to be away" in page


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("", "24.12.2099", "Write the first day away, as in 20.10.2026."),
        ("20.12.2098", "", "Write the last day away, as in 20.10.2026."),
        ("soon", "24.12.2099", "Write the date as in 20.10.2026."),
        ("24.12.2099", "20.12.2099", "The last day cannot be before the first."),
        ("20.12.2001", "24.12.2001", "The last day must be today or later."),
    ],
)
def test_days_that_cannot_be_are_refused_and_kept(
    client: StrictClient, app: Flask, owner: int, first: str, last: str, sentence: str
) -> None:
    make.sign_in(client, owner)
    fields = {"absent_from": first, "absent_until": last}
    answer = client.submit(ACCOUNT, fields, button="Save the absence")
    assert answer.status_code == 400
    assert sentence in answer.text
    for typed in (first, last):
        assert f'value="{typed}"' in answer.text
    assert _away(app, owner) == (None, None)


def test_an_administrator_notes_the_absence_of_anybody(client: StrictClient, app: Flask, owner: int) -> None:
    with make.written(app) as session:
        admin = make.person(session, "Ada Admin", administrator=True).id
    make.sign_in(client, admin)
    url = f"/admin/people/{owner}"
    client.get(url, budget=BUDGET)
    day = clock.today()
    fields = {"absent_from": f"{day:%d.%m.%Y}", "absent_until": f"{day + timedelta(days=4):%d.%m.%Y}"}
    assert client.submit(url, fields, button="Save the absence").status_code == 303
    page = client.get(url, budget=BUDGET).text
    assert "Olga Owner is away from" in page
    assert "<strong>Dina Deputy</strong>" in page
    assert client.submit(url, {"absent_from": "soon"}, button="Save the absence").status_code == 400
    assert client.submit(url, {}, button="End the absence").status_code == 303
    assert "Olga Owner is away from" not in client.get(url).text
