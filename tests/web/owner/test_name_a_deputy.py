"""An owner who is away names somebody who writes meanwhile."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tests.web.owner.conftest import Place, browser_of
from tracker import clock
from tracker.domain.reminders import Place as Seat
from tracker.extensions import db
from tracker.plans.models import Initiative, Placement


@pytest.fixture
def deputy_id(app: Flask) -> int:
    with make.written(app) as session:
        return make.person(session, "Dina Deputy", email="dina@example.com").id


def _dated(first: date, last: date, email: str = "dina@example.com") -> dict[str, str]:
    return {"email": email, "from_on": f"{first:%d.%m.%Y}", "until_on": f"{last:%d.%m.%Y}"}


@pytest.mark.both_databases
def test_a_deputy_may_write_from_the_first_day_to_the_last(
    app: Flask, owner: StrictClient, place: Place, deputy_id: int
) -> None:
    today = clock.today()
    browser = browser_of(app, deputy_id)
    assert browser.get(place.form).status_code == 404
    fields = _dated(today, today + timedelta(days=7))
    page = owner.submit(f"{place.page}/deputy", fields, button="Name deputy", follow_redirects=True)
    assert "Dina Deputy is deputy from" in page.text
    filled = {"text": "From the deputy.", "outcome": "reported", "progress": "started"}
    assert browser.submit(place.form, filled, button="Submit").status_code == 303


def test_a_deputy_to_come_does_not_see_the_form_yet(
    app: Flask, owner: StrictClient, place: Place, deputy_id: int
) -> None:
    first = clock.today() + timedelta(days=3)
    fields = _dated(first, first + timedelta(days=7))
    assert owner.submit(f"{place.page}/deputy", fields, button="Name deputy").status_code == 303
    assert browser_of(app, deputy_id).get(place.form).status_code == 404
    assert "Dina Deputy from" in owner.get(place.page).text


def test_a_deputy_of_last_week_does_not_see_the_form_any_more(
    app: Flask, place: Place, deputy_id: int
) -> None:
    with make.written(app) as session:
        initiative = session.get_one(Initiative, place.initiative)
        session.add(
            Placement(
                plan_id=initiative.plan_id,
                place=Seat.deputy,
                initiative_id=initiative.id,
                person_id=deputy_id,
                from_on=clock.today() - timedelta(days=14),
                until_on=clock.today() - timedelta(days=1),
            )
        )
    assert browser_of(app, deputy_id).get(place.form).status_code == 404


@pytest.mark.parametrize(
    ("first", "last", "email", "sentence"),
    [
        (0, 7, "nobody@example.com", "Nobody in the tracker has this address."),
        (-1, 7, "dina@example.com", "The first day has passed."),
        (5, 2, "dina@example.com", "The last day cannot be before the first."),
    ],
)
def test_what_cannot_be_is_said_at_the_field(
    app: Flask,
    owner: StrictClient,
    place: Place,
    deputy_id: int,
    first: int,
    last: int,
    email: str,
    sentence: str,
) -> None:
    today = clock.today()
    fields = _dated(today + timedelta(days=first), today + timedelta(days=last), email)
    answer = owner.submit(f"{place.page}/deputy", fields, button="Name deputy", budget=12)
    assert answer.status_code == 400
    assert sentence in answer.text
    with app.app_context():
        assert (
            db.session.scalars(select(Placement.person_id).where(Placement.place == Seat.deputy)).all() == []
        )


def test_a_deputy_names_no_further_deputy(
    app: Flask, owner: StrictClient, place: Place, deputy_id: int
) -> None:
    today = clock.today()
    owner.submit(f"{place.page}/deputy", _dated(today, today + timedelta(days=3)), button="Name deputy")
    assert browser_of(app, deputy_id).get(place.page).status_code == 200
    assert browser_of(app, deputy_id).get(f"{place.page}/deputy").status_code == 404
