"""The secretariat keeps the initiatives of a plan."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tests.web.secretariat.conftest import Office, OpenRound
from tracker import clock
from tracker.deadlines.models import Deadline
from tracker.domain.reminders import ObligationKind
from tracker.extensions import db
from tracker.plans.models import Administration, Initiative, Origin, Standing
from tracker.reminders.models import ItemState, ReminderItem
from tracker.rounds.models import Contribution, Round, StatusUpdate

LIST = "/secretariat/here/initiatives"
NEW = f"{LIST}/new"


def _administration(app: Flask, code: str) -> str:
    with app.app_context():
        return str(db.session.scalars(select(Administration.id).where(Administration.code == code)).one())


def _initiative(title: str) -> Initiative:
    return db.session.scalars(select(Initiative).where(Initiative.title == title)).one()


def test_the_list_says_who_can_be_reached(client: StrictClient, office: Office) -> None:
    make.sign_in(client, office.secretary)
    page = client.get(LIST, budget=7).text
    assert "2 of 3 have an owner or a deputy who can be reached." in page
    assert "Signs in parks" in page
    others = client.get(f"{LIST}?owner=none").text
    assert "Signs in parks" in others
    assert "Courses for teachers" not in others


def test_the_list_is_narrowed_by_administration(client: StrictClient, office: Office) -> None:
    make.sign_in(client, office.secretary)
    page = client.submit(LIST, {"administration": "BUF"}).text
    assert "Courses for teachers" in page
    assert "Signs in parks" not in page
    assert "No initiative fits this choice." in client.get(f"{LIST}?administration=BUF&owner=none").text


def test_an_empty_plan_says_where_to_begin(client: StrictClient, app: Flask) -> None:
    with make.written(app) as session:
        secretary = make.member(session, make.plan(session, "empty")).id
    make.sign_in(client, secretary)
    page = client.get("/secretariat/empty/initiatives").text
    assert "There is no initiative yet." in page
    page = client.get("/secretariat/empty/initiatives/new").text
    assert "The plan has no administration yet." in page


def test_a_new_initiative_without_a_round_waits_for_the_next(
    client: StrictClient, app: Flask, office: Office
) -> None:
    make.sign_in(client, office.secretary)
    client.get(NEW, budget=11)
    answer = client.submit(
        NEW,
        {
            "title": "A prize for fair landlords",
            "administration": _administration(app, "TMF"),
            "owner": str(office.owner),
            "first_year": "2025",
            "last_year": "2027",
        },
        follow_redirects=True,
    )
    assert "The initiative is added." in answer.text
    assert "Olga Owner" in answer.text
    assert "2025–2027" in answer.text
    with app.app_context():
        made = _initiative("A prize for fair landlords")
        assert (made.position, made.origin) == (2, Origin.original)
        assert db.session.scalar(select(StatusUpdate.id)) is None


@pytest.mark.both_databases
def test_one_added_in_mid_year_joins_the_open_round(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    make.sign_in(client, opened.office.secretary)
    assert "It joins the round of 2026" in client.get(NEW).text
    answer = client.submit(
        NEW,
        {
            "title": "A helpline in the evening",
            "administration": _administration(app, "BUF"),
            "origin_decision": "Council, item 12",
            "origin_on": "4.3.2026",
            "owner": str(opened.office.owner),
        },
        follow_redirects=True,
    )
    assert "The initiative is added to the round of 2026." in answer.text
    assert "Added: Council, item 12 (4 March 2026)" in answer.text
    with app.app_context():
        made = _initiative("A helpline in the evening")
        update = db.session.scalars(select(StatusUpdate).where(StatusUpdate.initiative_id == made.id)).one()
        round_ = db.session.scalars(select(Round)).one()
        assert db.session.get_one(Deadline, update.deadline_id).last_on == round_.due_on
        planned = select(ReminderItem.person_id).where(
            ReminderItem.obligation_kind == ObligationKind.status_due,
            ReminderItem.obligation_id == update.id,
            ReminderItem.step == "t-7",
        )
        assert db.session.scalars(planned).all() == [opened.office.owner]


def test_an_administration_that_came_after_the_opening_hands_in_too(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    make.sign_in(client, opened.office.secretary)
    client.submit(
        "/secretariat/here/setup",
        {"administration-code": "KFF", "administration-name": "Culture"},
        button="Add the administration",
    )
    new = _administration(app, "KFF")
    client.submit(NEW, {"title": "A feast", "administration": new, "origin_decision": "Item 3"})
    with app.app_context():
        found = select(Contribution.id).where(Contribution.administration_id == int(new))
        assert len(db.session.scalars(found).all()) == 1


def test_one_that_was_added_needs_its_decision(client: StrictClient, app: Flask, opened: OpenRound) -> None:
    make.sign_in(client, opened.office.secretary)
    answer = client.submit(
        NEW, {"title": "Typed with care", "administration": _administration(app, "BUF"), "funder": "Pool"}
    )
    assert answer.status_code == 400
    assert "Write which decision added the initiative." in answer.text
    assert "Typed with care" in answer.text
    assert 'value="Pool"' in answer.text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": ""}, "Write the title as it was adopted."),
        ({"administration": ""}, "Choose an administration."),
        ({"administration": "99999"}, "Choose one from the list."),
        ({"deciding_committee": "x"}, "Choose one from the list."),
        ({"owner": "99999"}, "Choose one from the list."),
        ({"first_year": "9999"}, "Give a year between 1990 and 2100."),
        ({"first_year": "2027", "last_year": "2026"}, "The last year cannot be before the first."),
        ({"origin_on": "31.12.9999"}, "Give a year between 1990 and 2100."),
        ({"origin_on": "soon"}, "Write the date as in 20.10.2026."),
        ({"title": "x" * 1_001}, "This can have at most 1000 characters."),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_lost(
    client: StrictClient, app: Flask, office: Office, fields: dict[str, str], sentence: str
) -> None:
    make.sign_in(client, office.secretary)
    usual = {"title": "A title", "administration": _administration(app, "BUF"), "funder": "The pool"}
    answer = client.submit(NEW, usual | fields)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert 'value="The pool"' in answer.text
    with app.app_context():
        assert len(db.session.scalars(select(Initiative)).all()) == 3


@pytest.mark.both_databases
def test_editing_renames_moves_and_ends_an_initiative(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    make.sign_in(client, opened.office.secretary)
    one = opened.office.initiatives[0]
    client.get(f"{LIST}/{one}/edit", budget=9)
    answer = client.submit(
        f"{LIST}/{one}/edit",
        {"title": "Courses for all staff", "administration": _administration(app, "TMF")},
        follow_redirects=True,
    )
    assert "The initiative is saved." in answer.text
    with app.app_context():
        edited = db.session.get_one(Initiative, one)
        assert (edited.title, edited.position) == ("Courses for all staff", 2)
        letters = select(ReminderItem.title).where(
            ReminderItem.obligation_id == opened.updates[0], ReminderItem.state == ItemState.planned
        )
        assert set(db.session.scalars(letters)) == {"Courses for all staff"}
    client.submit(f"{LIST}/{one}/edit", {"standing": "discontinued"})
    assert "of 2 have an owner" in client.get(LIST).text
    with app.app_context():
        assert db.session.get_one(Initiative, one).standing is Standing.discontinued


def test_of_two_who_edit_at_once_the_second_is_told(client: StrictClient, app: Flask, office: Office) -> None:
    make.sign_in(client, office.secretary)
    page = f"{LIST}/{office.initiatives[0]}/edit"
    client.submit(page, {"title": "Written first"})
    answer = client.submit(page, {"title": "Written second", "version": "1"})
    assert answer.status_code == 409
    assert "Somebody else has changed this since you opened it." in answer.text
    assert "Written second" in answer.text
    with app.app_context():
        assert db.session.get_one(Initiative, office.initiatives[0]).title == "Written first"


def test_the_page_shows_statuses_deadlines_and_who_carries_it(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    make.sign_in(client, opened.office.secretary)
    page = client.get(f"{LIST}/{opened.office.initiatives[0]}", budget=10).text
    assert "Olga Owner" in page
    assert f"/secretariat/here/updates/{opened.updates[0]}" in page
    due = clock.today() + timedelta(days=21)
    assert f"{due:%d.%m.%Y}" in page
    vacant = client.get(f"{LIST}/{opened.office.initiatives[2]}").text
    assert "Nobody carries the initiative, so nobody is reminded" in vacant


def test_initiatives_of_another_plan_are_not_found(client: StrictClient, app: Flask, office: Office) -> None:
    with make.written(app) as session:
        other = make.initiative(session, make.administration(session, make.plan(session, "there"))).id
    make.sign_in(client, office.lead)
    app.config["WTF_CSRF_ENABLED"] = False
    for missing in (other, 4711, 2**31, 2**70):
        assert client.get(f"{LIST}/{missing}").status_code == 404
        assert client.get(f"{LIST}/{missing}/edit").status_code == 404
        for what in ("edit", "owner", "deputy"):
            assert client.post(f"{LIST}/{missing}/{what}").status_code == 404
    assert client.get("/secretariat/there/initiatives").status_code == 404


def test_strangers_find_no_initiative(client: StrictClient, office: Office) -> None:
    pages = (LIST, NEW, f"{LIST}/{office.initiatives[0]}", f"{LIST}/{office.initiatives[0]}/edit")
    assert {client.get(page).status_code for page in pages} == {303}
    for who in (office.stranger, office.owner, office.coordinator):
        make.sign_in(client, who)
        assert {client.get(page).status_code for page in pages} == {404}
