"""The lead opens a year's round and sees beforehand for whom."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from tests.support import make
from tests.support.client import StrictClient
from tests.web.secretariat.conftest import Office, OpenRound
from tracker import clock
from tracker.rounds.queries import rounds_of

NEW = "/secretariat/here/rounds/new"


def _in_three_weeks() -> str:
    return f"{clock.today() + timedelta(days=21):%d.%m.%Y}"


def test_without_a_round_the_page_says_what_to_do_first(client: StrictClient, office: Office) -> None:
    make.sign_in(client, office.lead)
    page = client.get("/secretariat/here/rounds", budget=8).text
    assert "There is no round yet. Import last year's memo first" in page.replace("&#39;", "'")
    assert f'href="{NEW}"' in page


def test_who_is_not_a_lead_is_told_who_opens_it(client: StrictClient, office: Office) -> None:
    make.sign_in(client, office.secretary)
    assert NEW not in client.get("/secretariat/here/rounds").text
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, data={"year": "2026"}).status_code in {400, 403}


def test_the_lead_sees_who_cannot_be_reached(client: StrictClient, office: Office) -> None:
    make.sign_in(client, office.lead)
    page = client.get(NEW, budget=8).text
    assert "2 of 3 initiatives have an owner or a deputy who can be reached." in page
    assert "TMF: Signs in parks" in page


def test_opening_gives_every_initiative_a_status(client: StrictClient, office: Office) -> None:
    make.sign_in(client, office.lead)
    answer = client.submit(NEW, {"year": "2026", "due_on": _in_three_weeks()}, follow_redirects=True)
    assert "The round of 2026 is open." in answer.text
    assert "0 of 3 approved or waived" in answer.text
    assert client.get("/secretariat/here/rounds").location.endswith("/rounds/2026")


def test_a_date_that_has_passed_is_refused_and_nothing_typed_is_lost(
    client: StrictClient, office: Office
) -> None:
    make.sign_in(client, office.lead)
    answer = client.submit(NEW, {"year": "2027", "due_on": "1.2.2024"})
    assert answer.status_code == 400
    assert "The deadline must be later than today." in answer.text
    assert 'value="2027"' in answer.text


def test_a_date_that_is_none_is_shown_again(client: StrictClient, office: Office) -> None:
    make.sign_in(client, office.lead)
    answer = client.submit(NEW, {"due_on": "next week"})
    assert answer.status_code == 400
    assert "Write the date as in 20.10.2026." in answer.text
    assert 'value="next week"' in answer.text


def test_a_year_cannot_be_opened_twice(client: StrictClient, app: Flask, opened: OpenRound) -> None:
    make.sign_in(client, opened.office.lead)
    answer = client.submit(NEW, {"year": "2026", "due_on": _in_three_weeks()})
    assert answer.status_code == 400
    assert "The round of 2026 exists already." in answer.text
    with app.app_context():
        from tracker.extensions import db
        from tracker.plans.queries import plan

        found = plan(db.session(), "here")
        assert found is not None
        assert len(rounds_of(db.session(), found.id)) == 1


def test_a_plan_without_initiatives_cannot_be_opened(client: StrictClient, app: Flask) -> None:
    with make.written(app) as session:
        from tracker.plans.models import MembershipRole

        lead = make.member(session, make.plan(session, "empty"), MembershipRole.lead).id
    make.sign_in(client, lead)
    assert "no active initiative yet" in client.get("/secretariat/empty/rounds/new").text
