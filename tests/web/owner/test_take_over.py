"""Whoever takes an initiative over finds what waits, what was said, and who held it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from tests.support import make
from tests.support.client import StrictClient
from tests.web.owner.conftest import Place as Here
from tracker import clock
from tracker.accounts.models import Person
from tracker.extensions import db
from tracker.plans.models import Initiative
from tracker.statuses.history import PrintedStatus, record_locked_round
from tracker.succession.placing import assign


def _taken_over(app: Flask, place: Here) -> int:
    """Somebody new owns the initiative from today, and last year's memo had a text."""
    with make.written(app) as session:
        initiative = session.get_one(Initiative, place.initiative)
        record_locked_round(
            session,
            plan_id=initiative.plan_id,
            year=2025,
            statuses=[PrintedStatus(initiative, 7, initiative.title, "Twelve evenings were held.")],
            by=None,
            at=clock.now(),
        )
        nina = make.person(session, "Nina New")
        assign(session, initiative, nina, from_on=clock.today(), by=place.secretary, at=clock.now())
        return nina.id


@pytest.mark.both_databases
def test_the_new_owner_sees_what_waits_and_what_was(client: StrictClient, app: Flask, place: Here) -> None:
    make.sign_in(client, _taken_over(app, place))
    assert f"{place.page}/hand-over" in client.get(place.page).text
    page = client.get(f"{place.page}/hand-over", budget=14).text
    assert "The status for 2026." in page
    assert "Twelve evenings were held." in page
    people = page.partition('id="people"')[2]
    assert people.index("Nina New") < people.index("Olga Owner")
    yesterday = clock.today() - timedelta(days=1)
    assert f"{yesterday:%d.%m.%Y}" in people
    assert "No reminder has been sent so far." in page


def test_whoever_held_it_before_sees_it_no_more(client: StrictClient, app: Flask, place: Here) -> None:
    _taken_over(app, place)
    make.sign_in(client, place.owner)
    assert client.get(f"{place.page}/hand-over").status_code == 404


def test_an_export_holds_ones_own_and_nothing_else(client: StrictClient, app: Flask, place: Here) -> None:
    with make.written(app) as session:
        other = make.person(session, "Otto Other")
        administration = make.administration(session, make.plan(session))
        make.initiative(session, administration, "Nobody else's business", owner=other)
        stranger = make.person(session, "Sten Stranger").id
    make.sign_in(client, place.owner)
    text = client.get("/my/initiatives.csv", budget=8).data.decode("utf-8-sig")
    assert "Meetings in the library" in text
    assert "Nobody else" not in text
    make.sign_in(client, stranger)
    assert client.get("/my/initiatives.csv").status_code == 404


def test_an_administrator_lets_somebody_leave_and_hands_everything_on(
    client: StrictClient, app: Flask, place: Here
) -> None:
    with make.written(app) as session:
        admin = make.person(session, "Adam Admin", administrator=True).id
        nina = make.person(session, "Nina New").id
    make.sign_in(client, admin)
    assert f"/admin/people/{place.owner}/leave" in client.get(f"/admin/people/{place.owner}").text
    page = f"/admin/people/{place.owner}/leave"
    answer = client.submit(page, {"successor": str(nina)}, follow_redirects=True)
    assert "Olga Owner has left, and everything is handed on." in answer.text
    with app.app_context():
        assert not db.session.get_one(Person, place.owner).active
    make.sign_in(client, nina)
    assert client.get(place.page).status_code == 200
