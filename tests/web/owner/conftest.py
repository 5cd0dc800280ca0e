"""A plan with one initiative in an open round, its owner, and the secretariat."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask

from tests.support import make
from tests.support.client import StrictClient
from tests.support.forms import fill
from tracker.extensions import db
from tracker.rounds.models import StatusUpdate


@dataclass(frozen=True)
class Place:
    """The ids that the tests of an owner need."""

    owner: int
    secretary: int
    administration: int
    initiative: int
    round: int
    update: int
    coordinator: int

    @property
    def form(self) -> str:
        return f"/my/updates/{self.update}"

    @property
    def page(self) -> str:
        return f"/my/initiatives/{self.initiative}"


@pytest.fixture
def place(app: Flask) -> Place:
    with make.written(app) as session:
        plan = make.plan(session)
        secretary = make.member(session, plan)
        owner = make.person(session, "Olga Owner")
        administration = make.administration(session, plan, name="Culture")
        initiative = make.initiative(session, administration, "Meetings in the library", owner=owner)
        round_ = make.open_round(session, plan)
        update = make.update_of(session, initiative, round_)
        coordinator = make.person(session, "Kira Coordinator")
        make.placed(session, coordinator, administration=administration)
        return Place(
            owner=owner.id,
            secretary=secretary.id,
            administration=administration.id,
            initiative=initiative.id,
            round=round_.id,
            update=update.id,
            coordinator=coordinator.id,
        )


@pytest.fixture
def owner(client: StrictClient, place: Place) -> StrictClient:
    """The owner's browser."""
    return make.sign_in(client, place.owner)


def browser_of(app: Flask, person_id: int) -> StrictClient:
    """Another person's browser."""
    client = app.test_client()
    assert isinstance(client, StrictClient)
    return make.sign_in(client, person_id)


def update_now(app: Flask, place: Place) -> StatusUpdate:
    """The update as it stands in the database."""
    with app.app_context():
        return db.session.get_one(StatusUpdate, place.update)


def typed(browser: StrictClient, url: str, fields: dict[str, str], *, button: str) -> dict[str, list[str]]:
    """What the form on the page would send, when `fields` have been typed, by this button."""
    return fill(browser.get(url).text, url, fields, button=button).values
