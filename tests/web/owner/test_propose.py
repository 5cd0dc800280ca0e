"""Owners and coordinators propose new initiatives."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tracker.domain.reminders import Place
from tracker.extensions import db
from tracker.mail.models import Mail
from tracker.plans.models import Initiative, Standing

NEW = "/my/proposals/new"
SENT = {"title": "A library bus", "description": "Books for the outer parts of town."}


@dataclass(frozen=True)
class People:
    owner: int
    coordinator: int
    stranger: int
    deputy: int


@pytest.fixture
def people(app: Flask) -> People:
    with make.written(app) as session:
        plan = make.plan(session)
        make.member(session, plan)
        owner, coordinator = make.person(session, "Olga Owner"), make.person(session, "Kira")
        culture = make.administration(session, plan, name="Culture")
        make.administration(session, plan, name="Health")
        make.placed(session, coordinator, administration=culture)
        courses = make.initiative(session, culture, owner=owner)
        deputy = make.person(session, "Dina")
        make.placed(session, deputy, initiative=courses, place=Place.deputy)
        return People(owner.id, coordinator.id, make.person(session, "Sten").id, deputy.id)


@pytest.mark.both_databases
@pytest.mark.parametrize("who", ["owner", "coordinator"])
def test_a_proposal_is_sent_and_waits_for_an_answer(
    client: StrictClient, app: Flask, people: People, who: str
) -> None:
    make.sign_in(client, getattr(people, who))
    page = client.get(NEW, budget=8).text
    assert "Culture" in page
    assert "Health" not in page
    answer = client.submit(NEW, SENT, follow_redirects=True, budget=30)
    assert "Your proposal has been sent." in answer.text
    assert "Waits for an answer" in answer.text
    with app.app_context():
        made = db.session.scalars(select(Initiative).where(Initiative.title == "A library bus")).one()
        assert (made.standing, made.proposed_by_id) == (Standing.proposed, getattr(people, who))
        assert len(db.session.scalars(select(Mail).where(Mail.kind == "proposal")).all()) == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": ""}, "Write a title."),
        ({"description": ""}, "Write what the initiative is about."),
        ({"administration": "987654"}, "Choose an administration."),
        ({"description": "x" * 7001}, "This can have at most 7000 characters."),
    ],
)
def test_what_it_lacks_is_said_and_nothing_typed_is_lost(
    client: StrictClient, people: People, fields: dict[str, str], sentence: str
) -> None:
    make.sign_in(client, people.owner)
    answer = client.submit(NEW, SENT | fields)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert (SENT | fields)["title"] in answer.text


@pytest.mark.parametrize("who", ["stranger", "deputy"])
def test_who_neither_owns_nor_coordinates_proposes_nothing(
    client: StrictClient, people: People, who: str
) -> None:
    make.sign_in(client, getattr(people, who))
    assert "Propose a new initiative" not in client.get("/my/").text
    assert client.get(NEW).status_code == 404
    page = client.get("/my/proposals", budget=8).text
    assert "You have not proposed an initiative yet." in page
    assert "Propose an initiative" not in page
