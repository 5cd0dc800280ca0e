"""The administrator adds people, gives roles and lets them leave."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tracker.accounts.models import Person
from tracker.extensions import db
from tracker.mail.models import Mail
from tracker.plans.models import Membership


def administrator(app: Flask) -> int:
    with make.written(app) as session:
        return make.person(session, "Asta", administrator=True).id


def test_a_person_is_added_and_invited(app: Flask, client: StrictClient) -> None:
    make.sign_in(client, administrator(app))
    answer = client.submit(
        "/admin/people/new", {"name": "Birk Dahl", "email": "Birk.Dahl@Example.com", "language": "da"}
    )
    assert answer.status_code == 303
    page = client.get("/admin/people", budget=5)
    assert "Birk Dahl" in page.text
    assert "birk.dahl@example.com" in page.text
    with app.app_context():
        letter = db.session.scalars(select(Mail)).one()
        assert (letter.kind, letter.address) == ("invitation", "birk.dahl@example.com")


def test_an_address_that_is_taken_keeps_what_was_typed(app: Flask, client: StrictClient) -> None:
    with make.written(app) as session:
        make.person(session, "Carla", email="carla@example.com")
    make.sign_in(client, administrator(app))
    answer = client.submit(
        "/admin/people/new", {"name": "Another Carla", "email": "carla@example.com", "language": "da"}
    )
    assert answer.status_code == 400
    assert "already belongs to somebody" in answer.text
    assert "Another Carla" in answer.text


def test_a_role_is_given_and_ended(app: Flask, client: StrictClient) -> None:
    with make.written(app) as session:
        plan, person = make.plan(session), make.person(session, "Dina")
        plan_id, person_id = plan.id, person.id
    make.sign_in(client, administrator(app))
    client.submit(f"/admin/people/{person_id}", {"plan": plan_id, "role": "lead"})
    assert "Lead of the secretariat" in client.get(f"/admin/people/{person_id}", budget=8).text
    client.submit(f"/admin/people/{person_id}", {}, button="End the role Lead of the secretariat")
    with app.app_context():
        assert db.session.scalar(select(Membership.id)) is None


def test_nobody_changes_an_own_role(app: Flask, client: StrictClient) -> None:
    own = administrator(app)
    make.sign_in(client, own)
    assert "Give the role" not in client.get(f"/admin/people/{own}").text
    app.config["WTF_CSRF_ENABLED"] = False
    with make.written(app) as session:
        plan_id = make.plan(session).id
    answer = client.post(f"/admin/people/{own}/role", data={"plan": plan_id, "role": "lead"})
    assert answer.status_code == 400
    assert "cannot change your own role" in answer.text
    assert client.post(f"/admin/people/{own}/leave").status_code == 403


def test_who_has_left_cannot_sign_in_and_can_come_back(app: Flask, client: StrictClient) -> None:
    with make.written(app) as session:
        person_id = make.person(session, "Elif", password="correct horse battery").id
    make.sign_in(client, administrator(app))
    client.submit(f"/admin/people/{person_id}", {}, button="The person has left")
    with app.app_context():
        assert not db.session.get_one(Person, person_id).active
    client.submit(f"/admin/people/{person_id}", {}, button="Let the person sign in again")
    with app.app_context():
        assert db.session.get_one(Person, person_id).active


def test_strangers_find_nothing_here(app: Flask, client: StrictClient) -> None:
    with make.written(app) as session:
        person_id = make.person(session, "Freja").id
    assert client.get("/admin/people").status_code == 303
    make.sign_in(client, person_id)
    assert client.get("/admin/people").status_code == 404
