"""An owner says what came of promises and writes figures; the secretariat reads both beside last year's."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tracker import clock
from tracker.accounts.models import Person
from tracker.extensions import db
from tracker.plans.models import Initiative
from tracker.rounds.models import Promise, Round, StatusUpdate
from tracker.statuses.history import PrintedStatus, record_locked_round
from tracker.statuses.models import Figure, Qualifier

BUDGET = 12
FIGURE = {
    "label": "People who took part",
    "qualifier": "nearly",
    "value": "1.234,50",
    "unit": "people",
    "period_first": "01.01.2026",
    "period_last": "31.12.2026",
    "kind": "result",
}


@dataclass(frozen=True)
class Place:
    owner: int
    stranger: int
    secretary: int
    update: int
    last: int

    @property
    def form(self) -> str:
        return f"/my/updates/{self.update}"


@pytest.fixture
def place(app: Flask) -> Place:
    with make.written(app) as session:
        plan = make.plan(session, "here")
        schools = make.administration(session, plan, "BUF")
        owner = make.person(session, "Olga Owner")
        mine = make.initiative(session, schools, "Courses", owner=owner)
        past = record_locked_round(
            session,
            plan_id=plan.id,
            year=2025,
            statuses=[PrintedStatus(mine, 1, mine.title, "Det gik godt. En rapport forventes ultimo 2026.")],
            by=None,
            at=clock.now(),
        )
        last = make.update_of(session, mine, past)
        session.add(
            Figure(
                update_id=last.id,
                position=1,
                label="people who  took part",
                qualifier=Qualifier.about,
                value="900",
                unit="people",
            )
        )
        update = make.update_of(session, mine, make.open_round(session, plan))
        return Place(
            owner.id,
            make.person(session, "Sten Stranger").id,
            make.member(session, plan, name="Sam Secretary").id,
            update.id,
            last.id,
        )


def _figures(app: Flask, place: Place) -> list[Figure]:
    with app.app_context():
        return list(db.session().scalars(select(Figure).where(Figure.update_id == place.update)))


def test_the_form_asks_what_came_of_a_promise(client: StrictClient, app: Flask, place: Place) -> None:
    make.sign_in(client, place.owner)
    page = client.get(place.form, budget=16).text
    assert "“En rapport forventes ultimo 2026.”" in page
    assert "One question has no answer yet." in page
    with app.app_context():
        promise = db.session().scalars(select(Promise)).one().id
    answer = client.submit(
        f"{place.form}/promises",
        {f"answer_{promise}": "kept", f"note_{promise}": "It came in May."},
        button="Keep the answers",
        follow_redirects=True,
    )
    assert "Your answers have been kept." in answer.text
    assert "– Kept" in answer.text


def test_the_secretariat_sees_answers_and_what_has_none(
    client: StrictClient, app: Flask, place: Place
) -> None:
    with make.written(app) as session:
        update = session.get_one(StatusUpdate, place.update)
        owner = session.get_one(Person, place.owner)
        mine, opened = (
            session.get_one(Initiative, update.initiative_id),
            session.get_one(Round, update.round_id),
        )
        make.submitted(session, make.update_of(session, mine, opened), by=owner)
    make.sign_in(client, place.secretary)
    for address in ("/secretariat/here/rounds/2026/queue", f"/secretariat/here/updates/{place.update}"):
        page = client.get(address, budget=16).text
        assert "One has not been answered." in page
        assert "“En rapport forventes ultimo 2026.”" in page
        assert "This figure of last year is missing this year." in page
        assert "about 900 people" in page


def test_a_figure_is_written_in_danish_and_shown_so(client: StrictClient, app: Flask, place: Place) -> None:
    make.sign_in(client, place.owner)
    page = client.get(f"{place.form}/figures", budget=BUDGET)
    assert "about 900 people" in page.text
    answer = client.submit(f"{place.form}/figures", FIGURE, button="Keep the figure", follow_redirects=True)
    assert "The figure has been kept." in answer.text
    assert "nearly 1.234,5 people, 01.01.2026 to 31.12.2026" in answer.text
    (figure,) = _figures(app, place)
    assert (figure.value, figure.qualifier, figure.is_target) == ("1234.5", Qualifier.nearly, False)
    assert "nearly 1.234,5 people" in client.get(place.form, budget=16).text


def test_a_figure_is_changed_and_taken_away(client: StrictClient, app: Flask, place: Place) -> None:
    make.sign_in(client, place.owner)
    client.submit(f"{place.form}/figures", FIGURE, button="Keep the figure")
    (figure,) = _figures(app, place)
    changing = f"{place.form}/figures?change={figure.id}"
    assert 'value="1.234,5"' in client.get(changing).text
    client.submit(changing, {"value": "7", "not_comparable": "y"}, button="Keep the figure")
    (figure,) = _figures(app, place)
    assert (figure.value, figure.comparable) == ("7", False)
    assert "not comparable with last year" in client.get(place.form).text
    make.sign_in(client, place.secretary)
    page = client.get(f"/secretariat/here/updates/{place.update}").text
    assert "The owner says that the two are not comparable." in page
    make.sign_in(client, place.owner)
    client.submit(f"{place.form}/figures", button="Take it away People who took part")
    assert _figures(app, place) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"value": "1.5"}, "Write the number as in 1.234,5."),
        ({"label": " "}, "Write what the figure counts."),
        ({"period_first": "31.12.2026", "period_last": "01.01.2026"}, "The period ends before it begins."),
        ({"period_first": "soon"}, "Write the date as in 20.10.2026."),
    ],
)
def test_what_cannot_stand_is_said_and_nothing_is_lost(
    client: StrictClient, app: Flask, place: Place, typed: dict[str, str], said: str
) -> None:
    make.sign_in(client, place.owner)
    answer = client.submit(f"{place.form}/figures", FIGURE | typed, button="Keep the figure")
    assert answer.status_code == 400
    assert said in answer.text
    assert 'value="people"' in answer.text
    assert _figures(app, place) == []


@pytest.mark.parametrize("page", ["figures", "promises"])
def test_a_stranger_finds_neither(client: StrictClient, place: Place, page: str) -> None:
    make.sign_in(client, place.stranger)
    assert client.get(f"{place.form}/{page}").status_code == 404
