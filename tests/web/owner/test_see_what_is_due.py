"""What an owner sees first: what is due, what came back, what is done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tests.web.owner.conftest import Place, browser_of
from tracker import clock
from tracker.accounts.models import Person
from tracker.domain.reminders import Place as Seat
from tracker.extensions import db
from tracker.plans.models import Initiative
from tracker.plans.rights import rights_of
from tracker.rounds.models import Round
from tracker.statuses import review


def test_an_owner_sees_what_to_write_and_in_how_many_working_days(owner: StrictClient) -> None:
    page = owner.get("/my/", budget=10).text
    assert "Meetings in the library" in page
    assert "One status waits for you." in page
    assert "working days" in page
    assert "Write status" in page


def test_a_returned_status_stands_first_with_the_remark(
    app: Flask, owner: StrictClient, place: Place
) -> None:
    with make.written(app) as session:
        initiative = session.get_one(Initiative, place.initiative)
        round_ = session.get_one(Round, place.round)
        update = make.update_of(session, initiative, round_)
        make.submitted(session, update, by=session.get_one(Person, place.owner))
        secretary = session.get_one(Person, place.secretary)
        review.return_(
            session,
            update,
            remark="Please add how many came.",
            due_on=clock.today() + timedelta(days=7),
            version=update.version,
            rights=rights_of(session, secretary.id, administrator=False, on=clock.today()),
            by=secretary,
            at=clock.now(),
        )
    page = owner.get("/my/").text
    assert page.index("Returned to you") < page.index("Meetings in the library")
    assert "Please add how many came." in page
    assert "Please add how many came." in owner.get(place.form, budget=14).text


def test_somebody_without_an_initiative_is_told_whom_to_ask(app: Flask) -> None:
    with make.written(app) as session:
        nobody = make.person(session, "Nora").id
    page = browser_of(app, nobody).get("/my/", budget=8).text
    assert "ask the secretariat of the plan" in page


def test_an_initiative_outside_of_a_round_is_listed_too(
    app: Flask, owner: StrictClient, place: Place
) -> None:
    with make.written(app) as session:
        initiative = session.get_one(Initiative, place.initiative)
        other = Initiative(
            plan_id=initiative.plan_id,
            administration_id=initiative.administration_id,
            position=2,
            title="A later one",
            created_at=clock.now(),
        )
        session.add(other)
        session.flush()
        make.placed(session, session.get_one(Person, place.owner), initiative=other)
    page = owner.get("/my/").text
    assert "No status is asked for yet" in page
    assert "A later one" in page


def test_a_deputy_sees_that_it_is_as_deputy(app: Flask, place: Place) -> None:
    with make.written(app) as session:
        deputy = make.person(session, "Dina")
        make.placed(
            session, deputy, initiative=session.get_one(Initiative, place.initiative), place=Seat.deputy
        )
        deputy_id = deputy.id
    page = browser_of(app, deputy_id).get("/my/").text
    assert "You are deputy" in page


def test_without_a_sign_in_one_is_led_to_it_and_back(client: StrictClient, place: Place) -> None:
    answer = client.get(place.form)
    assert answer.status_code == 303
    assert answer.location.endswith(f"next={place.form}")


def test_a_stranger_cannot_tell_the_pages_from_missing_ones(app: Flask, place: Place) -> None:
    with make.written(app) as session:
        stranger = make.person(session, "Sten")
        make.initiative(
            session,
            make.administration(session, make.plan(session)),
            owner=stranger,
        )
        stranger_id = stranger.id
    browser = browser_of(app, stranger_id)
    for url in (place.form, place.page, f"{place.page}/deputy", f"{place.form}/kept"):
        assert browser.get(url).status_code == 404
    for url in (f"{place.form}/withdraw", f"{place.form}/kept/discard", f"{place.page}/milestones"):
        assert browser.post(url).status_code in {400, 404}


def test_every_owner_s_initiative_is_there(app: Flask) -> None:
    """The queries do not grow with the number of initiatives."""
    with make.written(app) as session:
        plan = make.plan(session)
        administration = make.administration(session, plan)
        person = make.person(session, "Many")
        for number in range(12):
            make.initiative(session, administration, f"Number {number}", owner=person)
        make.open_round(session, plan)
        person_id = person.id
    page = browser_of(app, person_id).get("/my/", budget=10).text
    assert "12 statuses wait for you." in page
    with app.app_context():
        assert len(db.session.scalars(select(Initiative)).all()) == 12


@pytest.mark.parametrize("number", ["0", "-1", str(2**31), str(2**63), "9" * 40, "1e3", "..%2F1", "%00"])
def test_a_number_that_no_row_has_is_a_missing_page(owner: StrictClient, number: str) -> None:
    assert owner.get(f"/my/updates/{number}").status_code == 404
    assert owner.get(f"/my/initiatives/{number}").status_code == 404


def test_an_owner_whose_milestone_has_passed_is_not_told_that_all_is_well(
    app: Flask, owner: StrictClient, place: Place
) -> None:
    passed = clock.today() - timedelta(days=30)
    with make.written(app) as session:
        initiative = session.get_one(Initiative, place.initiative)
        update = make.update_of(session, initiative, session.get_one(Round, place.round))
        make.submitted(session, update, by=session.get_one(Person, place.owner))
    assert "No status waits for you now. You get a letter" in owner.get("/my/").text
    fields = {"title": "Mentors trained", "date": f"{passed:%d.%m.%Y}"}
    owner.submit(place.page, fields, button="Add milestone")
    assert "No status waits for you now, but one deadline below has passed." in owner.get("/my/").text
