"""Somebody leaves, or a place ends: who takes over, who is told, and what shows on the same day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tests.web.secretariat.conftest import Office, OpenRound
from tracker import clock
from tracker.accounts.models import Person
from tracker.audit.models import JournalEntry
from tracker.domain.reminders import Place
from tracker.extensions import db
from tracker.mail.letters import LetterContext, kind_named
from tracker.mail.models import Mail
from tracker.plans.coverage import Why, not_reached
from tracker.plans.models import Initiative, Placement
from tracker.plans.queries import plan
from tracker.plans.vacancies import tell_of_vacancies
from tracker.reminders.models import ItemState, ReminderItem

PEOPLE = "/secretariat/here/people"


def _day(ahead: int) -> str:
    return f"{clock.today() + timedelta(days=ahead):%d.%m.%Y}"


def _held(app: Flask, initiative_id: int, place: Place = Place.owner) -> list[tuple[int, date, date | None]]:
    with app.app_context():
        found = (
            select(Placement.person_id, Placement.from_on, Placement.until_on)
            .where(Placement.initiative_id == initiative_id, Placement.place == place)
            .order_by(Placement.from_on)
        )
        return [(one.person_id, one.from_on, one.until_on) for one in db.session.execute(found)]


def _placement(app: Flask, initiative_id: int) -> int:
    with app.app_context():
        found = select(Placement.id).where(
            Placement.initiative_id == initiative_id, Placement.place == Place.owner
        )
        return db.session.scalars(found).one()


def _letters(app: Flask, kind: str) -> list[tuple[int | None, list[int]]]:
    with app.app_context():
        found = select(Mail.person_id, Mail.payload).where(Mail.kind == kind).order_by(Mail.id)
        return [(one.person_id, one.payload["initiatives"]) for one in db.session.execute(found)]


def _deputy(app: Flask, office: Office, initiative_id: int) -> None:
    with make.written(app) as session:
        found = session.get_one(Initiative, initiative_id)
        make.placed(session, session.get_one(Person, office.stranger), initiative=found, place=Place.deputy)


@pytest.mark.both_databases
def test_who_leaves_hands_everything_on_in_one_go(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    office = opened.office
    make.sign_in(client, office.secretary)
    page = f"{PEOPLE}/{office.owner}"
    client.get(page, budget=9)
    first, second = office.initiatives[0], office.initiatives[1]
    fields = {
        "last_day": _day(3),
        "successor": str(office.stranger),
        f"place_{_placement(app, second)}": str(office.coordinator),
    }
    answer = client.submit(page, fields, follow_redirects=True)
    assert "The places of Olga Owner are handed on." in answer.text
    last = clock.today() + timedelta(days=3)
    following = last + timedelta(days=1)
    assert _held(app, first) == [(office.owner, make.LONG_AGO, last), (office.stranger, following, None)]
    assert _held(app, second) == [(office.owner, make.LONG_AGO, last), (office.coordinator, following, None)]
    assert _letters(app, "handover") == [(office.coordinator, [second]), (office.stranger, [first])]
    with app.app_context():
        facts = select(JournalEntry.fact).where(JournalEntry.actor_id == office.secretary)
        told = list(db.session.scalars(facts.where(JournalEntry.fact.like("place_%"))))
        assert sorted(told) == ["place_ended"] * 2 + ["place_taken"] * 2


@pytest.mark.both_databases
def test_who_has_left_gets_no_reminder_from_that_day_and_the_successor_gets_them(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    office = opened.office
    make.sign_in(client, office.secretary)
    fields = {"last_day": _day(-1), "successor": str(office.stranger)}
    assert client.submit(f"{PEOPLE}/{office.owner}", fields).status_code == 303
    with app.app_context():
        planned = select(ReminderItem.person_id).where(
            ReminderItem.obligation_id.in_(opened.updates[:2]), ReminderItem.state == ItemState.planned
        )
        people = set(db.session.scalars(planned))
        assert office.owner not in people
        assert office.stranger in people


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"last_day": ""}, "Give the last day."),
        ({"last_day": _day(-30)}, "The last day can be yesterday at the earliest."),
        ({"last_day": "31.12.9999"}, "Give a year between 1990 and 2100."),
    ],
)
def test_a_day_that_cannot_be_hands_nothing_on(
    client: StrictClient, app: Flask, office: Office, fields: dict[str, str], sentence: str
) -> None:
    make.sign_in(client, office.secretary)
    answer = client.submit(f"{PEOPLE}/{office.owner}", {"successor": str(office.stranger)} | fields)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert f'<option value="{office.stranger}" selected>' in answer.text
    assert _held(app, office.initiatives[0]) == [(office.owner, make.LONG_AGO, None)]


@pytest.mark.both_databases
def test_an_owner_who_ends_is_followed_by_the_deputy_who_is_told(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    office, one = opened.office, opened.office.initiatives[0]
    _deputy(app, office, one)
    make.sign_in(client, office.secretary)
    page = f"/secretariat/here/places/{_placement(app, one)}/end"
    client.get(page, budget=9)
    answer = client.submit(page, {"last_day": _day(-1)}, follow_redirects=True)
    assert "The last day of Olga Owner is" in answer.text
    assert _letters(app, "handover") == [(office.stranger, [one])]
    with app.app_context():
        mail = db.session.scalars(select(Mail).where(Mail.kind == "handover")).one()
        context = LetterContext("https://tracker.example.com", "en", "Sten Stranger", clock.now())
        letter = kind_named("handover").render(db.session(), mail, context)
        assert "You are the deputy for this initiative." in letter.text
        assert "Nobody else is responsible for it." in letter.text
        assert f"https://tracker.example.com/my/initiatives/{one}/hand-over" in letter.text


@pytest.mark.both_databases
def test_a_vacancy_shows_on_the_same_day(client: StrictClient, app: Flask, office: Office) -> None:
    one = office.initiatives[0]
    make.sign_in(client, office.secretary)
    assert "2 of 3 initiatives have an owner" in client.get(f"{PEOPLE}/coverage", budget=9).text
    client.submit(f"/secretariat/here/places/{_placement(app, one)}/end", {"last_day": _day(-1)})
    page = client.get(f"{PEOPLE}/coverage").text
    assert "1 of 3 initiatives have an owner" in page
    assert "Whoever owned it has stepped out, and nobody took over." in page
    with make.written(app) as session:
        morning = clock.now().astimezone(clock.ZONE).replace(hour=9)
        assert tell_of_vacancies(session, now=morning) == 1
    assert {(who, tuple(what)) for who, what in _letters(app, "vacancy")} == {
        (office.secretary, (one,)),
        (office.lead, (one,)),
    }


def test_a_place_that_was_to_begin_is_gone_when_it_is_ended(
    client: StrictClient, app: Flask, office: Office
) -> None:
    one = office.initiatives[2]
    make.sign_in(client, office.secretary)
    fields = {"owner-person": str(office.stranger), "owner-from_on": _day(5)}
    client.submit(f"/secretariat/here/initiatives/{one}", fields)
    client.submit(f"/secretariat/here/places/{_placement(app, one)}/end", {"last_day": _day(0)})
    assert _held(app, one) == []


def test_each_reason_why_nobody_is_reached_has_its_word(app: Flask, office: Office) -> None:
    with make.written(app) as session:
        ids = office.initiatives
        session.get_one(Person, office.owner).undeliverable_at = clock.now()
        left = make.person(session, "Lars Left")
        make.placed(session, left, initiative=session.get_one(Initiative, ids[1]))
        left.active = False
        session.flush()
        where = plan(session, "here")
        assert where is not None
        found = {one.initiative_id: one.why for one in not_reached(session, where.id, on=clock.today())}
    assert found == {ids[0]: Why.letters_come_back, ids[1]: Why.left, ids[2]: Why.never_named}


def test_several_places_on_one_day_make_one_letter(client: StrictClient, app: Flask, office: Office) -> None:
    make.sign_in(client, office.secretary)
    for one in office.initiatives:
        fields = {"owner-person": str(office.stranger), "owner-from_on": _day(0)}
        client.submit(f"/secretariat/here/initiatives/{one}", fields)
    assert _letters(app, "handover") == [(office.stranger, sorted(office.initiatives))]


@pytest.mark.parametrize(
    ("language", "says", "leads"),
    [
        ("da", "Du har ansvaret for disse indsatser.", "Du er koordinator for denne forvaltning."),
        (
            "en",
            "You are responsible for these initiatives.",
            "You are the coordinator of this administration.",
        ),
    ],
)
def test_who_takes_over_reads_of_every_place_in_one_letter(
    client: StrictClient, app: Flask, office: Office, language: str, says: str, leads: str
) -> None:
    make.sign_in(client, office.secretary)
    one, two = office.initiatives[:2]
    with app.app_context():
        titles = [db.session.get_one(Initiative, it).title for it in (one, two)]
        administration = db.session.get_one(Initiative, one).administration_id
    for it in (one, two):
        fields = {"owner-person": str(office.stranger), "owner-from_on": _day(0)}
        client.submit(f"/secretariat/here/initiatives/{it}", fields)
    fields = {
        "appoint-administration": str(administration),
        "appoint-place": "coordinator",
        "appoint-person": str(office.stranger),
        "appoint-from_on": _day(0),
    }
    assert client.submit(PEOPLE, fields).status_code == 303
    with app.app_context():
        mail = db.session.scalars(select(Mail).where(Mail.kind == "handover")).one()
        context = LetterContext("https://tracker.example.com", language, "Sten Stranger", clock.now())
        letter = kind_named("handover").render(db.session(), mail, context)
    for text in (letter.text, letter.html):
        assert says in text
        assert leads in text
        assert all(title in text for title in titles)


def test_who_takes_a_place_by_an_own_hand_is_not_written_to(
    client: StrictClient, app: Flask, office: Office
) -> None:
    make.sign_in(client, office.secretary)
    fields = {"owner-person": str(office.secretary), "owner-from_on": _day(0)}
    client.submit(f"/secretariat/here/initiatives/{office.initiatives[0]}", fields)
    assert _letters(app, "handover") == []


def test_the_page_of_somebody_of_another_plan_is_missing(
    client: StrictClient, app: Flask, office: Office
) -> None:
    with make.written(app) as session:
        stranger = make.person(session, "Ottar Other")
        there = make.initiative(session, make.administration(session, make.plan(session, "there")))
        theirs = make.placed(session, stranger, initiative=there).id
        other = stranger.id
    make.sign_in(client, office.secretary)
    assert client.get(f"{PEOPLE}/{other}").status_code == 404
    assert client.get(f"/secretariat/here/places/{theirs}/end").status_code == 404
