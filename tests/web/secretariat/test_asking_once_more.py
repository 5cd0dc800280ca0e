"""The secretariat asks those who are silent once more: whom, with which words, and never twice a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tests.web.secretariat.conftest import OpenRound
from tracker import clock
from tracker.accounts.models import Person
from tracker.audit.models import JournalEntry
from tracker.domain.reminders import Place
from tracker.extensions import db
from tracker.mail.letters import LetterContext, kind_named
from tracker.mail.models import Mail
from tracker.plans.models import Initiative
from tracker.rounds.models import StatusUpdate

PAGE = "/secretariat/here/rounds/2026/nudge"
BUDGET = 11


def _letters(app: Flask) -> list[Mail]:
    with app.app_context():
        return list(db.session().scalars(select(Mail).where(Mail.kind == "nudge").order_by(Mail.id)))


def _send(client: StrictClient, page: str = PAGE, message: str = "") -> str:
    """Everybody on the page, through the preview."""
    preview = client.submit(page, {"message": message}, button="See who gets what")
    assert "Nothing has been sent yet." in preview.text
    sent = client.submit(page, {"message": message}, button="See who gets what")
    fields = {
        "message": message,
        "action": "send",
        "csrf_token": _token(sent.text),
        "people": _people(sent.text),
    }
    return client.post(page, data=fields, follow_redirects=True).text


def _token(page: str) -> str:
    return page.split('name="csrf_token" value="')[1].partition('"')[0]


def _people(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('name="people" value="')[1:]]


@pytest.mark.both_databases
def test_an_owner_of_two_gets_one_letter_about_both(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    make.sign_in(client, opened.office.secretary)
    page = client.get(PAGE, budget=BUDGET).text
    assert "Olga Owner" in page
    assert "Courses for teachers; A play for every school" in page
    assert "Nobody can be asked about one initiative" in page
    said = _send(client, message="  We need it\nfor Monday. ")
    assert "A letter is on its way to 1 person." in said
    (letter,) = _letters(app)
    assert letter.person_id == opened.office.owner
    assert letter.payload["message"] == "We need it for Monday."
    with app.app_context():
        session = db.session()
        mail = session.get_one(Mail, letter.id)
        context = LetterContext("https://tracker.example.com", "en", "Olga Owner", clock.now())
        rendered = kind_named("nudge").render(session, mail, context)
    assert rendered.subject == "Your statuses of 2 initiatives are still missing"
    for update_id in opened.updates[:2]:
        assert f"https://tracker.example.com/updates/{update_id}" in rendered.text
        assert f"https://tracker.example.com/updates/{update_id}" in rendered.html
    assert "We need it for Monday." in rendered.text


def test_the_letter_is_shown_before_it_is_sent(client: StrictClient, app: Flask, opened: OpenRound) -> None:
    make.sign_in(client, opened.office.secretary)
    page = client.submit(PAGE, {"message": "Nearly there."}, button="See who gets what").text
    assert "One letter is ready" in page
    assert "Your statuses of 2 initiatives are still missing" in page
    assert "Nearly there." in page
    assert _letters(app) == []


def test_nobody_is_asked_twice_on_one_day(client: StrictClient, app: Flask, opened: OpenRound) -> None:
    make.sign_in(client, opened.office.secretary)
    _send(client)
    page = client.get(PAGE).text
    assert "has had such a letter today" in page
    assert "disabled" in page
    fields = {"action": "send", "csrf_token": _token(page), "people": str(opened.office.owner)}
    answer = client.post(PAGE, data=fields)
    assert answer.status_code == 400
    assert "Choose at least one person who has not had such a letter today." in answer.text
    assert len(_letters(app)) == 1


def test_who_is_away_gets_none_and_the_deputy_does(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    today = clock.today()
    with make.written(app) as session:
        owner = session.get_one(Person, opened.office.owner)
        owner.absent_from, owner.absent_until = today, today + timedelta(days=9)
        deputy = make.person(session, "Dina Deputy")
        first = session.get_one(Initiative, opened.office.initiatives[0])
        make.placed(session, deputy, initiative=first, place=Place.deputy)
        deputy_id = deputy.id
    make.sign_in(client, opened.office.secretary)
    page = client.get(PAGE, budget=BUDGET).text
    assert "deputy, instead of Olga Owner" in page
    assert "Nobody can be asked about 2 initiatives" in page
    _send(client)
    (letter,) = _letters(app)
    assert letter.person_id == deputy_id
    assert letter.payload["update_ids"] == [opened.updates[0]]


def test_who_cannot_be_reached_gets_none(client: StrictClient, app: Flask, opened: OpenRound) -> None:
    with make.written(app) as session:
        session.get_one(Person, opened.office.owner).undeliverable_at = clock.now()
    make.sign_in(client, opened.office.secretary)
    page = client.get(PAGE).text
    assert "Olga Owner" not in page
    assert "Nobody can be asked about 3 initiatives" in page


def test_the_choice_of_the_round_page_is_kept(client: StrictClient, app: Flask, opened: OpenRound) -> None:
    make.sign_in(client, opened.office.secretary)
    round_page = client.get("/secretariat/here/rounds/2026?administration=BUF&q=teachers").text
    assert f'href="{PAGE}?administration=BUF&amp;q=teachers"' in round_page
    _send(client, f"{PAGE}?administration=BUF&q=teachers")
    (letter,) = _letters(app)
    assert letter.payload["update_ids"] == [opened.updates[0]]


def test_what_is_sent_meanwhile_is_not_asked_for(client: StrictClient, app: Flask, opened: OpenRound) -> None:
    make.sign_in(client, opened.office.secretary)
    _send(client)
    with make.written(app) as session:
        for update_id in opened.updates[:2]:
            initiative = session.get_one(Initiative, session.get_one(StatusUpdate, update_id).initiative_id)
            from tracker.rounds.queries import round_of

            round_ = round_of(session, initiative.plan_id, 2026)
            assert round_ is not None
            update = make.update_of(session, initiative, round_)
            make.submitted(session, update, by=session.get_one(Person, opened.office.owner))
    with app.app_context():
        session = db.session()
        mail = session.scalars(select(Mail).where(Mail.kind == "nudge")).one()
        assert kind_named("nudge").still_wanted(session, mail) == "the statuses it asks for have been sent"
    assert "There is nobody to ask." not in client.get(PAGE).text
    assert "Nobody can be asked about one initiative" in client.get(PAGE).text


def test_it_stands_in_the_journal_and_among_the_letters(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    make.sign_in(client, opened.office.secretary)
    _send(client, message="Secret words")
    with app.app_context():
        entry = db.session().scalars(select(JournalEntry).where(JournalEntry.fact == "nudged")).one()
        assert entry.actor_id == opened.office.secretary
        assert entry.details["people"] == [opened.office.owner]
        assert "Secret" not in str(entry.details)
    letters = client.get("/secretariat/here/letters").text
    assert "Asked once more" in letters
    assert "Courses for teachers; A play for every school" in letters


def test_a_long_line_is_refused_and_kept(client: StrictClient, app: Flask, opened: OpenRound) -> None:
    make.sign_in(client, opened.office.secretary)
    answer = client.submit(PAGE, {"message": "x" * 301}, button="See who gets what")
    assert answer.status_code == 400
    assert "at most 300 characters" in answer.text
    assert "x" * 301 in answer.text
    assert _letters(app) == []


@pytest.mark.parametrize("who", ["owner", "coordinator", "stranger"])
def test_nobody_else_asks(client: StrictClient, opened: OpenRound, who: str) -> None:
    make.sign_in(client, getattr(opened.office, who))
    assert client.get(PAGE).status_code == 404
