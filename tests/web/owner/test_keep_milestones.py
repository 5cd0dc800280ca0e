"""The page of one initiative: its facts, its history, its milestones."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tests.web.owner.conftest import Place, browser_of, typed
from tracker.deadlines.models import Deadline, DeadlineKind, DeadlineState, Precision
from tracker.extensions import db
from tracker.reminders.models import ItemState, ReminderItem


def _milestones(app: Flask) -> list[Deadline]:
    with app.app_context():
        return list(db.session.scalars(select(Deadline).where(Deadline.kind == DeadlineKind.milestone)))


def test_an_owner_reads_facts_dates_and_history(owner: StrictClient, place: Place) -> None:
    page = owner.get(place.page, budget=12).text
    for words in ("Culture", "Olga Owner", "In the plan as adopted", "Status over the years", "Status 2026"):
        assert words in page


@pytest.mark.both_databases
def test_a_milestone_is_added_and_reached(app: Flask, owner: StrictClient, place: Place) -> None:
    fields = {"title": "The first course", "date": "ultimo 2027"}
    assert owner.submit(place.page, fields, button="Add milestone").status_code == 303
    (added,) = _milestones(app)
    assert (added.words, added.precision, added.state) == ("ultimo 2027", Precision.part, DeadlineState.open)
    assert "ultimo 2027" in owner.get("/my/", budget=12).text
    assert owner.submit(place.page, button="Reached The first course").status_code == 303
    (reached,) = _milestones(app)
    assert reached.state is DeadlineState.met
    with app.app_context():
        planned = select(ReminderItem).where(
            ReminderItem.obligation_kind == "milestone", ReminderItem.state == ItemState.planned
        )
        assert db.session.scalars(planned).all() == []


def test_a_coordinator_keeps_the_milestones_of_the_administration(
    app: Flask, client: StrictClient, place: Place
) -> None:
    make.sign_in(client, place.coordinator)
    fields = {"title": "The first course", "date": "ultimo 2027"}
    assert client.submit(place.page, fields, button="Add milestone").status_code == 303
    assert client.submit(place.page, button="Reached The first course").status_code == 303
    assert [one.state for one in _milestones(app)] == [DeadlineState.met]
    assert "/journal" not in client.get(place.page).text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": "", "date": "1.12.2027"}, "Write what is to be reached."),
        ({"title": "A course", "date": ""}, "Write a date."),
        ({"title": "A course", "date": "snart"}, "Write a date such as"),
        ({"title": "A course", "date": "24. december"}, "Write the year as well."),
        ({"title": "A course", "date": "1.12.1985"}, "Give a year between 1990 and 2100."),
    ],
)
def test_a_milestone_that_cannot_be_read_is_asked_for_again(
    app: Flask, owner: StrictClient, place: Place, fields: dict[str, str], sentence: str
) -> None:
    answer = owner.submit(place.page, fields, button="Add milestone")
    assert answer.status_code == 400
    assert sentence in answer.text
    assert fields["title"] in answer.text
    assert _milestones(app) == []


def test_only_milestones_are_ticked_off_by_owners(app: Flask, owner: StrictClient, place: Place) -> None:
    with app.app_context():
        status_due = db.session.scalars(select(Deadline)).one()
    sent = typed(owner, place.page, {}, button="Add milestone")
    answer = owner.post(f"{place.page}/milestones/{status_due.id}/reached", data=sent)
    assert answer.status_code == 404


def test_another_initiative_s_milestone_is_not_reached_from_here(
    app: Flask, owner: StrictClient, place: Place
) -> None:
    with make.written(app) as session:
        other = make.person(session, "Other")
        initiative = make.initiative(session, make.administration(session, make.plan(session)), owner=other)
        other_id, url = other.id, f"/my/initiatives/{initiative.id}"
    browser_of(app, other_id).submit(url, {"title": "Theirs", "date": "1.12.2027"}, button="Add milestone")
    (theirs,) = _milestones(app)
    sent = typed(owner, place.page, {}, button="Add milestone")
    answer = owner.post(f"{place.page}/milestones/{theirs.id}/reached", data=sent)
    assert answer.status_code == 404
    assert _milestones(app)[0].state is DeadlineState.open
