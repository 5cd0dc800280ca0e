"""Owners and coordinators propose a change of an initiative; the secretariat says yes or no."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tests.web.secretariat.conftest import Office
from tracker import clock
from tracker.accounts.models import Person
from tracker.domain.reminders import Place
from tracker.extensions import db
from tracker.mail.letters import LetterContext, kind_named
from tracker.mail.models import Mail
from tracker.plans.models import ChangeProposal, Initiative, Placement

CHANGES = "/secretariat/here/changes"


def _email(app: Flask, person_id: int) -> str:
    with app.app_context():
        return db.session.get_one(Person, person_id).email


def _propose(client: StrictClient, app: Flask, office: Office, *, by: int, **fields: str) -> int:
    make.sign_in(client, by)
    page = f"/my/initiatives/{office.initiatives[0]}/propose"
    answer = client.submit(page, {"reason": "It changed its aim."} | fields, follow_redirects=True)
    assert "The secretariat has been told." in answer.text
    with app.app_context():
        return db.session.scalars(select(ChangeProposal.id).order_by(ChangeProposal.id.desc())).first() or 0


def _mails(app: Flask, kind: str) -> list[int | None]:
    with app.app_context():
        found = select(Mail.person_id).where(Mail.kind == kind).order_by(Mail.person_id)
        return list(db.session.scalars(found))


@pytest.mark.both_databases
def test_a_proposed_title_and_owner_are_made_when_they_are_accepted(
    client: StrictClient, app: Flask, office: Office
) -> None:
    made = _propose(
        client, app, office, by=office.owner, title="Other courses", email=_email(app, office.stranger)
    )
    assert set(_mails(app, "change_proposal")) == {office.secretary, office.lead}
    make.sign_in(client, office.secretary)
    assert "1 proposed change waits for an answer." in client.get("/secretariat/here/people").text
    assert "Courses for teachers" in client.get(CHANGES, budget=8).text
    page = f"{CHANGES}/{made}"
    text = client.get(page, budget=8).text
    assert "Other courses" in text
    assert "It changed its aim." in text
    start = clock.today() + timedelta(days=5)
    answer = client.submit(
        page, {"accept-from_on": f"{start:%d.%m.%Y}"}, button="Accept and change", follow_redirects=True
    )
    assert "The change is made, and a letter says so." in answer.text
    with app.app_context():
        one = office.initiatives[0]
        assert db.session.get_one(Initiative, one).title == "Other courses"
        held = select(Placement.person_id, Placement.from_on).where(
            Placement.initiative_id == one, Placement.place == Place.owner, Placement.until_on.is_(None)
        )
        assert db.session.execute(held).all() == [(office.stranger, start)]
    assert _mails(app, "change_answered") == [office.owner]
    assert _mails(app, "handover") == [office.stranger]
    app.config["WTF_CSRF_ENABLED"] = False
    assert client.post(f"{page}/accept", data={"accept-from_on": f"{start:%d.%m.%Y}"}).status_code == 409


def test_what_is_declined_changes_nothing_and_says_why(
    client: StrictClient, app: Flask, office: Office
) -> None:
    made = _propose(client, app, office, by=office.coordinator, title="Other courses")
    make.sign_in(client, office.lead)
    page = f"{CHANGES}/{made}"
    assert "Write why not." in client.submit(page, {}, button="Decline").text
    client.submit(page, {"decline-answer": "The council decides the titles."}, button="Decline")
    with app.app_context():
        assert db.session.get_one(Initiative, office.initiatives[0]).title == "Courses for teachers"
        mail = db.session.scalars(select(Mail).where(Mail.kind == "change_answered")).one()
        context = LetterContext("https://tracker.example.com", "en", "Carl", clock.now())
        letter = kind_named("change_answered").render(db.session(), mail, context)
        assert "has not made the change" in letter.text
        assert "The council decides" not in letter.text
    make.sign_in(client, office.coordinator)
    own = client.get(f"/my/initiatives/{office.initiatives[0]}/propose", budget=10).text
    assert "The council decides the titles." in own


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reason": "Why not"}, "Write another title, or who is to own the initiative."),
        ({"title": "Other", "reason": ""}, "Write why."),
        ({"email": "nobody@example.com", "reason": "x"}, "Nobody in the tracker has this address."),
        ({"title": "x" * 1_001, "reason": "x"}, "1000 characters"),
    ],
)
def test_a_proposal_that_says_nothing_is_given_back(
    client: StrictClient, office: Office, fields: dict[str, str], sentence: str
) -> None:
    make.sign_in(client, office.owner)
    answer = client.submit(f"/my/initiatives/{office.initiatives[0]}/propose", fields)
    assert answer.status_code == 400
    assert sentence in answer.text


def test_a_second_proposal_waits_for_the_answer_to_the_first(
    client: StrictClient, app: Flask, office: Office
) -> None:
    _propose(client, app, office, by=office.owner, title="Other courses")
    page = f"/my/initiatives/{office.initiatives[0]}/propose"
    answer = client.submit(page, {"title": "A third name", "reason": "x"})
    assert "You have a proposal that waits for an answer already." in answer.text


def test_neither_a_deputy_nor_a_stranger_proposes(client: StrictClient, app: Flask, office: Office) -> None:
    with make.written(app) as session:
        one = session.get_one(Initiative, office.initiatives[0])
        deputy = make.person(session, "Dina Deputy")
        make.placed(session, deputy, initiative=one, place=Place.deputy)
        deputy_id = deputy.id
    for who in (deputy_id, office.stranger, office.secretary):
        make.sign_in(client, who)
        assert client.get(f"/my/initiatives/{office.initiatives[0]}/propose").status_code == 404
