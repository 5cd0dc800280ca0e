"""An owner who cannot make it asks for more time, once, and hears the answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tests.support.forms import fill
from tests.web.owner.conftest import Place, browser_of
from tracker import clock
from tracker.accounts.models import Person
from tracker.domain.reminders import Place as Seat
from tracker.extensions import db
from tracker.mail.models import Mail
from tracker.plans.models import Administration, Initiative
from tracker.rounds.models import Round
from tracker.statuses.models import MoreTimeRequest

BUDGET = 9


def _day(days: int) -> str:
    return f"{clock.today() + timedelta(days=days):%d.%m.%Y}"


def _requests(app: Flask) -> list[MoreTimeRequest]:
    with app.app_context():
        return list(db.session.scalars(select(MoreTimeRequest)))


def test_the_form_leads_to_asking_and_the_request_waits_there(
    owner: StrictClient, app: Flask, place: Place
) -> None:
    assert f'href="{place.form}/more-time"' in owner.get(place.form).text
    owner.get(f"{place.form}/more-time", budget=BUDGET)
    owner.submit(f"{place.form}/more-time", {"new_date": _day(40), "reason": "Two are ill."})
    page = owner.get(f"{place.form}/more-time").text
    assert "The secretariat has not answered yet" in page
    assert "Two are ill." in page
    assert "Until when do you need time?" not in page


def test_pressed_twice_is_asked_once(owner: StrictClient, app: Flask, place: Place) -> None:
    url = f"{place.form}/more-time"
    form = fill(owner.get(url).text, url, {"new_date": _day(40), "reason": "Two are ill."})
    other = fill(owner.get(url).text, url, {"new_date": _day(50), "reason": "Three are ill."})
    assert [owner.post(url, data=form.values).status_code for _ in range(2)] == [303, 303]
    late = owner.post(url, data=other.values)
    assert late.status_code == 409
    assert "More time has been asked for already." in late.text
    assert "Three are ill." in late.text
    assert len(_requests(app)) == 1
    with app.app_context():
        assert len(db.session.scalars(select(Mail).where(Mail.kind == "more_time_asked")).all()) == 1


@pytest.mark.parametrize(
    ("day", "reason", "said"),
    [
        (_day(-1), "Two are ill.", "The new date is in the past."),
        (_day(21), "Two are ill.", "Give a later day."),
        ("31.12.9999", "Two are ill.", "Give a year between 1990 and 2100."),
        ("soon", "Two are ill.", "Write the date as in 20.10.2026."),
        ("", "Two are ill.", "Give a new date."),
        (_day(40), " ", "Write a reason."),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_the_rest_stays(
    owner: StrictClient, app: Flask, place: Place, day: str, reason: str, said: str
) -> None:
    answer = owner.submit(f"{place.form}/more-time", {"new_date": day, "reason": reason})
    assert answer.status_code == 400
    assert said in answer.text
    assert reason in answer.text
    assert _requests(app) == []


def test_a_status_that_is_in_needs_no_more_time(owner: StrictClient, app: Flask, place: Place) -> None:
    url = f"{place.form}/more-time"
    form = fill(owner.get(url).text, url, {"new_date": _day(40), "reason": "Two are ill."})
    with make.written(app) as session:
        initiative, round_ = (
            session.get_one(Initiative, place.initiative),
            session.get_one(Round, place.round),
        )
        update = make.update_of(session, initiative, round_)
        make.submitted(session, update, by=session.get_one(Person, place.owner))
    answer = owner.post(url, data=form.values)
    assert answer.status_code == 409
    assert "This is not possible now: the status has been submitted." in answer.text
    assert "Two are ill." in answer.text
    assert "Nothing is to be written on this status now" in owner.get(url).text
    assert f'href="{url}"' not in owner.get(place.form).text


def test_a_deputy_asks_and_a_coordinator_finds_no_such_page(app: Flask, place: Place) -> None:
    with make.written(app) as session:
        deputy, coordinator = make.person(session, "Dina"), make.person(session, "Kira")
        initiative = session.get_one(Initiative, place.initiative)
        make.placed(session, deputy, initiative=initiative, place=Seat.deputy)
        make.placed(
            session, coordinator, administration=session.get_one(Administration, place.administration)
        )
        ids = deputy.id, coordinator.id
    fields = {"new_date": _day(40), "reason": "Olga is away."}
    asked = browser_of(app, ids[0]).submit(f"{place.form}/more-time", fields)
    assert asked.status_code == 303
    assert browser_of(app, ids[1]).get(f"{place.form}/more-time").status_code == 404
    assert browser_of(app, place.secretary).get(f"{place.form}/more-time").status_code == 404
