"""The secretariat names owners, deputies, coordinators and heads, and adds people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.support import make
from tests.support.client import StrictClient
from tests.support.forms import fill
from tests.web.secretariat.conftest import Office, OpenRound
from tracker import clock
from tracker.accounts.models import Person
from tracker.audit.models import JournalEntry
from tracker.domain.reminders import Place
from tracker.extensions import db
from tracker.mail.models import Mail
from tracker.plans.models import Administration, Initiative, Placement
from tracker.reminders.models import ItemState, ReminderItem

PEOPLE = "/secretariat/here/people"
OWNERS = f"{PEOPLE}/owners"


def _day(ahead: int) -> str:
    return f"{clock.today() + timedelta(days=ahead):%d.%m.%Y}"


def _page(initiative_id: int) -> str:
    return f"/secretariat/here/initiatives/{initiative_id}"


def _owners(app: Flask, initiative_id: int) -> list[int]:
    with app.app_context():
        found = select(Placement.person_id).where(
            Placement.initiative_id == initiative_id,
            Placement.place == Place.owner,
            Placement.until_on.is_(None),
        )
        return list(db.session.scalars(found))


@pytest.mark.both_databases
def test_a_new_owner_takes_over_and_is_reminded_instead(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    make.sign_in(client, opened.office.secretary)
    one, stranger = opened.office.initiatives[0], opened.office.stranger
    answer = client.submit(
        _page(one), {"owner-person": str(stranger), "owner-from_on": _day(0)}, follow_redirects=True
    )
    assert "Sten Stranger owns the initiative." in answer.text
    assert _owners(app, one) == [stranger]
    with app.app_context():
        planned = select(ReminderItem.person_id).where(
            ReminderItem.obligation_id == opened.updates[0],
            ReminderItem.step == "t-7",
            ReminderItem.state == ItemState.planned,
        )
        assert db.session.scalars(planned).all() == [stranger]


def test_a_deputy_needs_a_last_day(client: StrictClient, office: Office) -> None:
    make.sign_in(client, office.secretary)
    page, stranger = _page(office.initiatives[0]), str(office.stranger)
    answer = client.submit(page, {"deputy-person": stranger, "deputy-from_on": _day(3)})
    assert answer.status_code == 400
    assert "Give the last day." in answer.text
    assert f'value="{_day(3)}"' in answer.text
    answer = client.submit(
        page, {"deputy-person": stranger, "deputy-from_on": _day(3), "deputy-until_on": _day(9)}
    )
    assert answer.status_code == 303
    shown = client.get(page).text
    assert "Sten Stranger" in shown
    assert _day(9) in shown


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"deputy-until_on": _day(-1)}, "The last day cannot be before the first."),
        ({"deputy-until_on": "31.12.9999"}, "Give a year between 1990 and 2100."),
        ({"deputy-from_on": "1.1.0001"}, "Give a year between 1990 and 2100."),
        ({"deputy-from_on": "tomorrow"}, "Write the date as in 20.10.2026."),
        ({"deputy-person": ""}, "Choose a person."),
        ({"deputy-person": "4711"}, "Choose one from the list."),
    ],
)
def test_days_that_cannot_be_are_said_at_their_field(
    client: StrictClient, app: Flask, office: Office, fields: dict[str, str], sentence: str
) -> None:
    make.sign_in(client, office.secretary)
    usual = {
        "deputy-person": str(office.stranger),
        "deputy-from_on": _day(0),
        "deputy-until_on": _day(5),
    }
    answer = client.submit(_page(office.initiatives[0]), usual | fields)
    assert answer.status_code == 400
    assert sentence in answer.text
    with app.app_context():
        assert not db.session.scalars(select(Placement).where(Placement.place == Place.deputy)).all()


def test_the_owner_is_not_deputy_as_well(client: StrictClient, office: Office) -> None:
    make.sign_in(client, office.secretary)
    answer = client.submit(
        _page(office.initiatives[0]),
        {"deputy-person": str(office.owner), "deputy-from_on": _day(0), "deputy-until_on": _day(5)},
    )
    assert answer.status_code == 400
    assert "The owner cannot be deputy as well." in answer.text


def test_who_has_left_is_not_in_the_list(client: StrictClient, app: Flask, office: Office) -> None:
    with make.written(app) as session:
        session.get_one(Person, office.stranger).active = False
    make.sign_in(client, office.secretary)
    page = client.get(_page(office.initiatives[0])).text
    assert "Sten Stranger" not in page
    answer = client.submit(
        _page(office.initiatives[0]), {"owner-person": str(office.stranger), "owner-from_on": _day(0)}
    )
    assert "Choose one from the list." in answer.text


def test_two_of_one_name_are_told_apart_by_address(client: StrictClient, app: Flask, office: Office) -> None:
    with make.written(app) as session:
        make.person(session, "Sten Stranger", email="other.sten@example.com")
    make.sign_in(client, office.secretary)
    assert "Sten Stranger (other.sten@example.com)" in client.get(_page(office.initiatives[0])).text


def _confirm(client: StrictClient, preview: TestResponse) -> TestResponse:
    """Press the button of the preview that stands there."""
    form = fill(preview.text, OWNERS, {}, button="Confirm the new owner")
    return client.post(form.action, data=form.values, follow_redirects=True)


@pytest.mark.both_databases
def test_one_person_is_named_for_many_after_a_look_at_what_changes(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    office = opened.office
    make.sign_in(client, office.secretary)
    client.get(PEOPLE, budget=12)
    client.get(OWNERS, budget=8)
    ticked = [str(office.initiatives[0]), str(office.initiatives[2])]
    fields = {"initiatives": ticked, "person": str(office.stranger), "from_on": _day(0)}
    preview = client.submit(OWNERS, fields, button="See what changes")
    assert "Sten Stranger becomes the owner of 2 initiatives" in preview.text
    assert "Olga Owner" in preview.text
    assert _owners(app, office.initiatives[0]) == [office.owner]
    answer = _confirm(client, preview)
    assert "Sten Stranger owns the 2 ticked initiatives." in answer.text
    assert _owners(app, office.initiatives[0]) == [office.stranger]
    assert _owners(app, office.initiatives[1]) == [office.owner]
    assert _owners(app, office.initiatives[2]) == [office.stranger]
    with app.app_context():
        letters = db.session.execute(select(Mail.kind, Mail.person_id, Mail.payload)).all()
        assert [(one.kind, one.person_id) for one in letters] == [("handover", office.stranger)]
        assert letters[0].payload["initiatives"] == sorted([office.initiatives[0], office.initiatives[2]])
        facts = select(JournalEntry.object_id).where(
            JournalEntry.fact == "place_taken", JournalEntry.actor_id == office.secretary
        )
        assert sorted(db.session.scalars(facts)) == letters[0].payload["initiatives"]


def test_owners_that_changed_after_the_look_are_shown_anew_and_nothing_is_done(
    client: StrictClient, app: Flask, office: Office
) -> None:
    make.sign_in(client, office.secretary)
    one = office.initiatives[2]
    fields = {"initiatives": [str(one)], "person": str(office.stranger), "from_on": _day(0)}
    preview = client.submit(OWNERS, fields, button="See what changes")
    with make.written(app) as session:
        another = session.get_one(Initiative, one)
        make.placed(session, session.get_one(Person, office.coordinator), initiative=another)
    answer = _confirm(client, preview)
    assert answer.status_code == 409
    assert "Somebody has changed the owners in the meantime." in answer.text
    assert "Carl Coordinator" in answer.text
    assert _owners(app, one) == [office.coordinator]
    assert "Sten Stranger owns 1 initiative more." in _confirm(client, answer).text
    assert _owners(app, one) == [office.stranger]


@pytest.mark.parametrize(
    ("query", "shown", "ticked"),
    [
        ("administration=BUF", {0, 1}, set()),
        ("administration=BUF&all=1", {0, 1}, {0, 1}),
        ("owner=none&all=1", {2}, {2}),
        ("q=teachers+COURSES", {0}, set()),
        ("q=nothing+like+it", set(), set()),
    ],
)
def test_a_filter_shows_and_ticks_its_initiatives(
    client: StrictClient, office: Office, query: str, shown: set[int], ticked: set[int]
) -> None:
    make.sign_in(client, office.secretary)
    page = client.get(f"{OWNERS}?{query}").text
    numbers = dict(enumerate(office.initiatives))
    assert {at for at, id_ in numbers.items() if f'id="tick-{id_}"' in page} == shown
    assert {at for at, id_ in numbers.items() if f'value="{id_}" checked' in page} == ticked


def test_without_a_tick_nothing_is_assigned_and_the_choice_is_kept(
    client: StrictClient, office: Office
) -> None:
    make.sign_in(client, office.secretary)
    fields = {"person": str(office.stranger), "from_on": _day(2)}
    answer = client.submit(OWNERS, fields, button="See what changes")
    assert answer.status_code == 400
    assert "Tick the initiatives in the list." in answer.text
    assert f'<option value="{office.stranger}" selected>' in answer.text
    assert f'value="{_day(2)}"' in answer.text


def test_ticks_stay_when_the_rest_is_wrong(client: StrictClient, office: Office) -> None:
    make.sign_in(client, office.secretary)
    ticked = str(office.initiatives[2])
    fields = {"initiatives": [ticked], "from_on": "31.12.9999"}
    answer = client.submit(OWNERS, fields, button="See what changes")
    assert answer.status_code == 400
    assert "Choose a person." in answer.text
    assert f'value="{ticked}" checked' in answer.text


def test_ticks_of_another_plan_count_for_nothing(client: StrictClient, app: Flask, office: Office) -> None:
    with make.written(app) as session:
        other = make.initiative(session, make.administration(session, make.plan(session, "there"))).id
    make.sign_in(client, office.secretary)
    fields = {
        "initiatives": [str(other), "x", "9" * 30],
        "person": str(office.stranger),
        "from_on": _day(0),
    }
    answer = client.submit(OWNERS, fields, button="See what changes")
    assert answer.status_code == 400
    assert _owners(app, other) == []


@pytest.mark.parametrize("place", ["coordinator", "head"])
def test_somebody_is_appointed_for_an_administration(
    client: StrictClient, app: Flask, office: Office, place: str
) -> None:
    with app.app_context():
        streets = db.session.scalars(select(Administration.id).where(Administration.code == "TMF")).one()
    make.sign_in(client, office.secretary)
    fields = {"appoint-administration": str(streets), "appoint-place": place, "appoint-from_on": _day(0)}
    answer = client.submit(PEOPLE, fields)
    assert answer.status_code == 400
    assert "Choose a person." in answer.text
    if place == "coordinator":  # who signs off for the administration
        answer = client.submit(PEOPLE, fields | {"appoint-person": str(office.secretary)})
        assert answer.status_code == 400
        assert "You cannot change your own role." in answer.text
    answer = client.submit(PEOPLE, fields | {"appoint-person": str(office.stranger)}, follow_redirects=True)
    assert "Sten Stranger is appointed." in answer.text
    with app.app_context():
        held = db.session.scalars(select(Placement).where(Placement.administration_id == streets)).one()
        assert (held.place.value, held.person_id) == (place, office.stranger)


def test_the_page_names_the_secretariat_and_who_holds_nothing(client: StrictClient, office: Office) -> None:
    make.sign_in(client, office.secretary)
    page = client.get(PEOPLE).text
    assert "Lea Lead, Lead of the secretariat" in page
    idle = page.partition("Without a part")[2]
    assert "Sten Stranger" in idle
    assert "Olga Owner" not in idle
    assert "Carl Coordinator" not in idle


@pytest.mark.both_databases
def test_a_person_is_added_on_the_way_and_stands_chosen(
    client: StrictClient, app: Flask, office: Office
) -> None:
    make.sign_in(client, office.secretary)
    one = office.initiatives[2]
    new = f"{PEOPLE}/new?initiative={one}"
    client.get(new, budget=5)
    answer = client.submit(
        new, {"name": "Nina New", "email": "nina@example.com", "language": "da"}, follow_redirects=True
    )
    assert "Nina New is added, and a letter with an invitation is on its way." in answer.text
    with app.app_context():
        nina = db.session.scalars(select(Person).where(Person.email == "nina@example.com")).one().id
        assert db.session.scalars(select(Mail.kind)).all() == ["invitation"]
    assert f'<option value="{nina}" selected>' in answer.text
    client.submit(f"{_page(one)}?person={nina}", {"owner-person": str(nina)})
    assert _owners(app, one) == [nina]


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("no address", "Write an e-mail address such as name@example.com."),
        ("olga.taken@example.com", "already belongs to somebody"),
    ],
)
def test_an_address_that_cannot_be_taken_keeps_the_name(
    client: StrictClient, app: Flask, office: Office, email: str, sentence: str
) -> None:
    with make.written(app) as session:
        make.person(session, "Olga", email="olga.taken@example.com")
    make.sign_in(client, office.secretary)
    answer = client.submit(f"{PEOPLE}/new", {"name": "Nina New", "email": email, "language": "da"})
    assert answer.status_code == 400
    assert sentence in answer.text
    assert 'value="Nina New"' in answer.text


def test_strangers_name_nobody(client: StrictClient, app: Flask, office: Office) -> None:
    assert client.get(PEOPLE).status_code == 303
    app.config["WTF_CSRF_ENABLED"] = False
    for who in (office.stranger, office.owner, office.coordinator):
        make.sign_in(client, who)
        assert client.get(PEOPLE).status_code == 404
        assert client.get(f"{PEOPLE}/new").status_code == 404
        for address in ("new", "owners", "appointed"):
            assert client.post(f"{PEOPLE}/{address}").status_code == 404
    assert _owners(app, office.initiatives[2]) == []
