"""Somebody's letters come back: the secretariat or an administrator corrects the address."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tracker import clock
from tracker.accounts import actions
from tracker.accounts.models import Person
from tracker.extensions import db
from tracker.mail import outbox
from tracker.mail.models import Mail
from tracker.plans.models import Plan


def marked_owner(app: Flask, **values: object) -> tuple[int, int, str]:
    """An owner whose letters come back, a member of the secretariat, and the plan's name."""
    with make.written(app) as session:
        plan = make.plan(session, "equality")
        owner = make.person(session, "Ane", email="ane@example.con", password="a long enough word")
        make.initiative(session, make.administration(session, plan), "Mentors", owner=owner)
        owner.undeliverable_at = clock.now()
        owner.undeliverable_reason = "550 5.1.1 no such domain"
        for name, value in values.items():
            setattr(owner, name, value)
        return owner.id, make.member(session, plan).id, plan.slug


def test_the_secretariat_reads_why_and_corrects_it(app: Flask, client: StrictClient) -> None:
    owner, office, slug = marked_owner(app)
    make.sign_in(client, office)
    url = f"/secretariat/{slug}/people/{owner}/address"
    page = client.get(url, budget=10)
    assert "Letters to ane@example.con come back." in page.text
    assert "550 5.1.1 no such domain" in page.text
    assert client.submit(url, {"email": "Ane@Example.com"}).status_code == 303
    after = client.get(url, budget=10)
    assert "Letters to Ane go to ane@example.com from now on." in after.text
    assert "come back" not in after.text
    with app.app_context():
        person = db.session.get_one(Person, owner)
        assert (person.email, person.undeliverable_at, person.undeliverable_reason) == (
            "ane@example.com",
            None,
            "",
        )


def test_what_waits_goes_to_the_new_address(app: Flask, client: StrictClient) -> None:
    owner, office, slug = marked_owner(app)
    with make.written(app) as session:
        for number, ahead in ((1, 0), (2, 3)):
            outbox.queue(
                session,
                kind="receipt",
                dedupe_key=f"receipt:{number}",
                person_id=owner,
                address="ane@example.con",
                payload={},
                plan_id=None,
                at=clock.now() + timedelta(days=ahead),
            )
    make.sign_in(client, office)
    client.submit(f"/secretariat/{slug}/people/{owner}/address", {"email": "ane@example.com"})
    with app.app_context():
        assert set(db.session.scalars(select(Mail.address))) == {"ane@example.com"}


def test_one_who_has_no_password_yet_is_invited_again(app: Flask, client: StrictClient) -> None:
    owner, office, slug = marked_owner(app, password_hash=None)
    make.sign_in(client, office)
    client.submit(f"/secretariat/{slug}/people/{owner}/address", {"email": "ane@example.com"})
    with app.app_context():
        (letter,) = db.session.scalars(select(Mail))
        assert (letter.kind, letter.address) == ("invitation", "ane@example.com")


def test_an_address_of_somebody_else_or_none_at_all_is_refused(app: Flask, client: StrictClient) -> None:
    owner, office, slug = marked_owner(app)
    with make.written(app) as session:
        make.person(session, "Bo", email="bo@example.com")
    make.sign_in(client, office)
    url = f"/secretariat/{slug}/people/{owner}/address"
    for typed, said in (
        ("bo@example.com", "already belongs to somebody"),
        ("ane@example.con", "the address that the person has already"),
        ("ane", "Write an e-mail address"),
        ("", "s e-mail address."),
    ):
        answer = client.submit(url, {"email": typed})
        assert answer.status_code == 400
        assert said in answer.text
    with app.app_context():
        assert db.session.get_one(Person, owner).undeliverable_at is not None


def test_the_secretariat_gains_no_rights_by_it(app: Flask, client: StrictClient) -> None:
    """Who gets the letters can choose the password: nobody with more rights than the viewer's is offered."""
    owner, office, slug = marked_owner(app)
    with make.written(app) as session:
        plan = session.scalars(select(Plan).where(Plan.slug == slug)).one()
        other = make.plan(session, "other")
        elsewhere = make.person(session, "Else")
        make.initiative(session, make.administration(session, plan), owner=elsewhere)
        make.initiative(session, make.administration(session, other), owner=elsewhere)
        chief = make.person(session, "Chief", administrator=True)
        make.initiative(session, make.administration(session, plan), owner=chief)
        colleague = make.member(session, plan, name="Colleague")
        stranger = make.person(session, "Stranger")
        ids = [one.id for one in (elsewhere, chief, colleague, stranger)]
    make.sign_in(client, office)
    for id_ in ids:
        url = f"/secretariat/{slug}/people/{id_}/address"
        assert client.get(url, budget=10).status_code == 404
    assert client.get(f"/secretariat/{slug}/people/{owner}/address", budget=10).status_code == 200


def test_an_administrator_corrects_anybodys(app: Flask, client: StrictClient) -> None:
    _owner, office, _slug = marked_owner(app)
    with make.written(app) as session:
        administrator = make.person(session, "Asta", administrator=True).id
    make.sign_in(client, administrator)
    url = f"/admin/people/{office}/address"
    assert client.get(url, budget=8).status_code == 200
    assert client.submit(url, {"email": "new@example.com"}).status_code == 303
    assert "new@example.com" in client.get(f"/admin/people/{office}", budget=10).text


def test_the_session_of_whoever_had_the_old_address_ends(app: Flask, client: StrictClient) -> None:
    owner, office, slug = marked_owner(app)
    theirs = app.test_client()
    assert isinstance(theirs, StrictClient)
    make.sign_in(theirs, owner)
    assert theirs.get("/my/", budget=20).status_code == 200
    make.sign_in(client, office)
    client.submit(f"/secretariat/{slug}/people/{owner}/address", {"email": "ane@example.com"})
    assert theirs.get("/my/", budget=20).status_code in {302, 303}
    with make.written(app) as session:
        assert actions.check_password(
            session,
            email="ane@example.com",
            password="a long enough word",
            address="127.0.0.1",
            at=clock.real_now(),
        )
