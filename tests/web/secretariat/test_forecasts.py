"""What is to come, each letter in its words; and a kept forecast against what was sent."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from html import unescape

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tests.support.smtp import Peer
from tests.web.secretariat.conftest import Office, OpenRound
from tracker import clock, jobs
from tracker.accounts.models import Person
from tracker.plans.models import Initiative
from tracker.reminders.models import SavedForecast
from tracker.rounds.models import Round, StatusUpdate

COMING = "/secretariat/here/letters/coming"
KEPT = "/secretariat/here/letters/forecasts"
KEEP = "Keep this forecast"
BUDGET = 20


def _keep(client: StrictClient, *, days: int = 30) -> str:
    """Keep the forecast; the address of its page."""
    answer = client.submit(f"{COMING}?days={days}", button=KEEP)
    assert answer.status_code == 303
    return answer.location


def test_each_letter_can_be_read_as_it_would_read_on_its_day(
    client: StrictClient, opened: OpenRound, app: Flask
) -> None:
    make.sign_in(client, opened.office.secretary)
    page = client.get(f"{COMING}?days=30", budget=BUDGET).text
    assert f'href="/updates/{opened.updates[0]}"' in page
    found = re.search(r'<a href="([^"]+)">Read the letter to Olga Owner', page)
    assert found is not None
    letter = client.get(unescape(found[1]), budget=BUDGET).text
    assert "Letter to Olga Owner on " in letter
    assert "Dear Olga Owner" in letter
    assert "Status: at the start" in letter
    assert f"{app.extensions['settings'].base_url}/updates/{opened.updates[0]}" in letter


@pytest.mark.parametrize("asked", ["", "person=1&day=2020-01-01", "person=999999&day=x", "person=x"])
def test_a_letter_that_is_not_to_come_leads_back_to_the_list(
    client: StrictClient, opened: OpenRound, asked: str
) -> None:
    make.sign_in(client, opened.office.secretary)
    page = client.get(f"{COMING}/letter?{asked}", follow_redirects=True).text
    assert "That letter is no longer to come." in page


def test_a_forecast_that_is_kept_has_the_checksum_of_the_list(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    make.sign_in(client, opened.office.secretary)
    page = client.get(f"{COMING}?days=60", budget=BUDGET).text
    where = _keep(client, days=60)
    with app.app_context():
        from tracker.extensions import db

        kept = db.session.scalars(select(SavedForecast)).one()
        assert kept.until_on == clock.today() + timedelta(days=60)
        assert kept.made_by_id == opened.office.secretary
        assert kept.fingerprint in page
        assert kept.fingerprint in client.get(where, budget=BUDGET).text


def test_a_new_forecast_says_when_to_come_back(client: StrictClient, opened: OpenRound) -> None:
    make.sign_in(client, opened.office.secretary)
    page = client.get(_keep(client), budget=BUDGET).text
    assert "sent as foreseen" not in page
    assert "Come back when its first letters have been sent." in page


def test_later_the_forecast_says_what_came_and_why_something_did_not(
    client: StrictClient, app: Flask, opened: OpenRound, smtp_peer: Peer
) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    start = datetime.combine(tomorrow, time(7), tzinfo=clock.ZONE)
    with time_machine.travel(start, tick=False):
        make.sign_in(client, opened.office.secretary)
        where = _keep(client)
        with make.written(app) as session:
            owner = session.get_one(Person, opened.office.owner)
            found = session.scalars(select(Round)).one()
            first = session.get_one(Initiative, opened.office.initiatives[0])
            make.submitted(session, make.update_of(session, first, found), by=owner)
    page = ""
    for days in range(16):
        with time_machine.travel(start + timedelta(days=days, hours=2), tick=False):
            jobs.tick(app)
            make.sign_in(client, opened.office.secretary)
            page = client.get(where, budget=BUDGET).text
    assert smtp_peer.recipients
    assert "sent as foreseen" in page
    assert "It was settled before that day: submitted, approved or ticked off." in page
    assert "Not sent" in page
    assert "Courses for teachers" in page
    assert "Olga Owner" in page
    assert "No rule explains this." not in page


def test_kept_forecasts_are_listed_with_who_made_them(client: StrictClient, opened: OpenRound) -> None:
    make.sign_in(client, opened.office.secretary)
    assert "No forecast has been kept yet." in client.get(KEPT, budget=BUDGET).text
    where = _keep(client)
    page = client.get(KEPT, budget=BUDGET).text
    assert "Sam Secretary" in page
    assert where.removeprefix("http://localhost") in page


def test_a_forecast_of_another_plan_is_not_found(
    client: StrictClient, app: Flask, opened: OpenRound, office: Office
) -> None:
    make.sign_in(client, office.secretary)
    number = _keep(client).rpartition("/")[2]
    with make.written(app) as session:
        other = make.member(session, make.plan(session, "there")).id
        assert session.scalars(select(StatusUpdate.id)).first()
    make.sign_in(client, other)
    assert client.get(f"{KEPT}/{number}").status_code == 404
    assert client.get(f"/secretariat/there/letters/forecasts/{number}").status_code == 404


def test_a_number_of_days_that_is_not_offered_is_the_shortest(
    client: StrictClient, opened: OpenRound
) -> None:
    make.sign_in(client, opened.office.secretary)
    assert "<strong>14 days</strong>" in client.get(f"{COMING}?days=999", budget=BUDGET).text
