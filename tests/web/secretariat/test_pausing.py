"""The secretariat pauses the plan's reminders, and notes who is away and who gets the letters meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tests.web.secretariat.conftest import Office, OpenRound
from tracker import clock
from tracker.accounts.models import Person
from tracker.audit.models import JournalEntry
from tracker.domain.reminders import Place
from tracker.extensions import db
from tracker.plans.models import Initiative, Plan
from tracker.plans.placing import place_person
from tracker.reminders.models import ItemState, ReminderItem

LADDERS = "/secretariat/here/ladders"
PAUSED = "The reminders are paused"


def _paused_until(app: Flask) -> object:
    with app.app_context():
        return db.session.scalars(select(Plan.reminders_paused_until).where(Plan.slug == "here")).one()


@pytest.mark.both_databases
def test_a_pause_is_said_wherever_letters_are_looked_at_while_it_lasts(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    day = clock.today() + timedelta(days=10)
    make.sign_in(client, opened.office.secretary)
    answer = client.submit(LADDERS, {"until_on": f"{day:%d.%m.%Y}"}, button="Pause the reminders")
    assert answer.status_code == 303
    assert _paused_until(app) == day
    pages = (
        LADDERS,
        "/secretariat/here/rounds/2026",
        "/secretariat/here/letters",
        "/secretariat/here/letters/coming",
    )
    for page in pages:
        assert PAUSED in client.get(page).text, page
    answer = client.submit(pages[1], {}, button="End the pause now")
    assert answer.status_code == 303
    assert _paused_until(app) is None
    for page in pages:
        assert PAUSED not in client.get(page).text, page
    with app.app_context():
        facts = db.session.scalars(select(JournalEntry.fact).order_by(JournalEntry.id)).all()
        assert facts[-2:] == ["reminders_paused", "reminders_resumed"]


def test_a_pause_that_is_over_is_no_longer_said(client: StrictClient, app: Flask, opened: OpenRound) -> None:
    with make.written(app) as session:
        plan = session.scalars(select(Plan).where(Plan.slug == "here")).one()
        plan.reminders_paused_until = clock.today() - timedelta(days=1)
    make.sign_in(client, opened.office.secretary)
    assert PAUSED not in client.get("/secretariat/here/rounds/2026").text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Write the last day of the pause, as in 20.10.2026."),
        ("soon", "Write the date as in 20.10.2026."),
        ("01.01.2020", "The last day must be today or later."),
        ("01.01.2099", "A pause can last a year at most."),
        ("01.01.0001", "Give a year between 1990 and 2100."),
    ],
)
def test_a_day_that_cannot_be_the_last_is_refused_and_kept(
    client: StrictClient, app: Flask, office: Office, typed: str, sentence: str
) -> None:
    make.sign_in(client, office.secretary)
    answer = client.submit(LADDERS, {"until_on": typed}, button="Pause the reminders")
    assert answer.status_code == 400
    assert sentence in answer.text
    assert f'value="{typed}"' in answer.text
    assert _paused_until(app) is None


def _absence(client: StrictClient, url: str, first: object, last: object) -> object:
    """Fill the form of an absence in and send it."""
    fields = {"absent_from": f"{first:%d.%m.%Y}", "absent_until": f"{last:%d.%m.%Y}"}
    return client.submit(url, fields, button="Save the absence")


@pytest.mark.both_databases
def test_who_is_away_has_the_deputy_get_the_letters(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    today = clock.today()
    owner_id, first_id = opened.office.owner, opened.office.initiatives[0]
    with make.written(app) as session:
        deputy = make.person(session, "Dina Deputy")
        initiative = session.get_one(Initiative, first_id)
        place_person(
            session,
            deputy,
            place=Place.deputy,
            plan_id=initiative.plan_id,
            initiative=initiative,
            from_on=today,
            until_on=today + timedelta(days=90),
            by=None,
            at=clock.now(),
        )
        deputy_id = deputy.id
    make.sign_in(client, opened.office.secretary)
    url = f"/secretariat/here/people/{owner_id}/absence"
    client.get(url, budget=8)
    assert _absence(client, url, today, today + timedelta(days=60)).status_code == 303  # type: ignore[attr-defined]
    page = client.get(url, budget=8).text
    assert "Olga Owner is away from" in page
    assert "<strong>Dina Deputy</strong>" in page
    assert page.count("no deputy") == 1
    assert f'href="/secretariat/here/initiatives/{opened.office.initiatives[1]}">Name a deputy' in page
    with app.app_context():
        step = select(ReminderItem.person_id).where(
            ReminderItem.step == "t-7", ReminderItem.state == ItemState.planned
        )
        assert deputy_id in set(db.session.scalars(step))
    assert "away until" in client.get("/secretariat/here/rounds/2026").text
    assert "away until" in client.get("/secretariat/here/people").text
    assert "away until" in client.get(f"/secretariat/here/initiatives/{first_id}").text
    assert "away until" in client.get(f"/secretariat/here/updates/{opened.updates[0]}").text
    assert client.submit(url, {}, button="End the absence").status_code == 303
    assert "is away from" not in client.get(url).text
    assert "away until" not in client.get("/secretariat/here/people").text


def test_a_deputy_for_some_of_the_days_is_named_with_them(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    today = clock.today()
    with make.written(app) as session:
        initiative = session.get_one(Initiative, opened.office.initiatives[0])
        place_person(
            session,
            make.person(session, "Dina Deputy"),
            place=Place.deputy,
            plan_id=initiative.plan_id,
            initiative=initiative,
            from_on=today,
            until_on=today + timedelta(days=3),
            by=None,
            at=clock.now(),
        )
    make.sign_in(client, opened.office.secretary)
    url = f"/secretariat/here/people/{opened.office.owner}/absence"
    _absence(client, url, today, today + timedelta(days=9))
    page = client.get(url).text
    last = today + timedelta(days=3)
    assert f"({today.day} {today:%B %Y} – {last.day} {last:%B %Y})" in page


def test_days_that_cannot_be_are_refused_and_kept(client: StrictClient, app: Flask, office: Office) -> None:
    today = clock.today()
    make.sign_in(client, office.secretary)
    url = f"/secretariat/here/people/{office.owner}/absence"
    answer = client.submit(url, {"absent_from": "soon", "absent_until": ""}, button="Save the absence")
    assert answer.status_code == 400
    assert "Write the date as in 20.10.2026." in answer.text
    assert "Write the last day away, as in 20.10.2026." in answer.text
    assert 'value="soon"' in answer.text
    answer = _absence(client, url, today + timedelta(days=5), today + timedelta(days=1))  # type: ignore[assignment]
    assert answer.status_code == 400
    assert "The last day cannot be before the first." in answer.text
    with app.app_context():
        assert db.session.get_one(Person, office.owner).absent_from is None


def test_somebody_without_a_part_in_the_plan_is_not_found(client: StrictClient, office: Office) -> None:
    make.sign_in(client, office.secretary)
    assert client.get(f"/secretariat/here/people/{office.stranger}/absence").status_code == 404
    assert client.get(f"/secretariat/here/people/{office.coordinator}/absence").status_code == 200
    assert client.get(f"/secretariat/here/people/{office.lead}/absence").status_code == 200


def test_the_absence_is_reached_from_where_the_owners_stand(client: StrictClient, office: Office) -> None:
    make.sign_in(client, office.secretary)
    page = client.get("/secretariat/here/people").text
    assert f'href="/secretariat/here/people/{office.owner}/absence"' in page
