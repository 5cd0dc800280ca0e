"""The secretariat mends a slip of the pen; the owner sees it word by word, and another approves."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy import update as change

from tests.support import make
from tests.support.client import StrictClient
from tests.support.forms import fill
from tests.web.secretariat.conftest import OpenRound
from tracker.accounts.models import Person
from tracker.domain.workflow import State
from tracker.extensions import db
from tracker.mail.models import Mail
from tracker.plans.models import Initiative
from tracker.rounds.models import RevisionKind, Round, StatusRevision, StatusUpdate

BUDGET = 9
TEXT = "The courses were hled twice."
MENDED = "The courses were held twice."


@pytest.fixture
def submitted(app: Flask, opened: OpenRound) -> int:
    """A submitted status with a slip of the pen; its id."""
    with make.written(app) as session:
        round_ = session.scalars(select(Round)).one()
        update = make.update_of(session, session.get_one(Initiative, opened.office.initiatives[0]), round_)
        owner = session.get_one(Person, opened.office.owner)
        return make.submitted(session, update, by=owner, text=TEXT).id


def _page(update_id: int) -> str:
    return f"/secretariat/here/updates/{update_id}"


def _state(app: Flask, update_id: int) -> tuple[State, str]:
    with app.app_context():
        update = db.session.get_one(StatusUpdate, update_id)
        return update.state, update.text


def _kinds(app: Flask) -> list[RevisionKind]:
    with app.app_context():
        return list(db.session.scalars(select(StatusRevision.kind).order_by(StatusRevision.number)))


def test_a_slip_is_mended_shown_to_the_owner_and_approved_by_another(
    client: StrictClient, app: Flask, opened: OpenRound, submitted: int
) -> None:
    make.sign_in(client, opened.office.secretary)
    assert "Mend the text" in client.get(_page(submitted)).text
    assert TEXT in client.get(f"{_page(submitted)}/mend", budget=BUDGET).text
    answer = client.submit(f"{_page(submitted)}/mend", {"text": MENDED}, follow_redirects=True)
    assert "The text is mended. Its owner gets a letter, and another person approves it." in answer.text
    assert "You have changed this text yourself, so another person must approve it." in answer.text
    assert ">Approve<" not in answer.text
    assert "Mended by the secretariat" in answer.text
    assert _state(app, submitted) == (State.submitted, MENDED)

    make.sign_in(client, opened.office.owner)
    seen = client.get(f"/my/updates/{submitted}/changes", budget=BUDGET).text
    assert "What the secretariat has changed" in seen
    assert "<del>" in seen
    assert "hled" in seen
    with app.app_context():
        told = db.session.scalars(select(Mail.person_id).where(Mail.kind == "mended")).all()
    assert told == [opened.office.owner]

    make.sign_in(client, opened.office.lead)
    client.submit(_page(submitted), button="Approve")
    assert _state(app, submitted) == (State.approved, MENDED)


def test_a_text_that_changed_meanwhile_is_shown_beside_what_was_typed(
    client: StrictClient, app: Flask, opened: OpenRound, submitted: int
) -> None:
    make.sign_in(client, opened.office.secretary)
    url = f"{_page(submitted)}/mend"
    form = fill(client.get(url).text, url, {"text": MENDED})
    with make.written(app) as session:
        session.get_one(StatusUpdate, submitted).text = "The courses were hled three times."
    answer = client.post(url, data=form.values)
    assert answer.status_code == 409
    assert "Somebody else has changed this since you opened it." in answer.text
    assert MENDED in answer.text  # what was typed
    assert "three" in answer.text  # what stands there now
    assert _kinds(app) == [RevisionKind.submitted]
    again = fill(answer.text, url, {"text": "The courses were held three times."})
    assert client.post(url, data=again.values).status_code == 303
    assert _state(app, submitted)[1] == "The courses were held three times."


def test_pressed_twice_is_mended_once(
    client: StrictClient, app: Flask, opened: OpenRound, submitted: int
) -> None:
    make.sign_in(client, opened.office.secretary)
    url = f"{_page(submitted)}/mend"
    form = fill(client.get(url).text, url, {"text": MENDED})
    assert [client.post(url, data=form.values).status_code for _ in range(2)] == [303, 303]
    assert _kinds(app) == [RevisionKind.submitted, RevisionKind.mended]


def test_what_was_approved_meanwhile_gives_the_typed_text_back(
    client: StrictClient, app: Flask, opened: OpenRound, submitted: int
) -> None:
    make.sign_in(client, opened.office.secretary)
    url = f"{_page(submitted)}/mend"
    form = fill(client.get(url).text, url, {"text": MENDED})
    with make.written(app) as session:
        session.execute(change(StatusUpdate).values(state=State.approved))
    answer = client.post(url, data=form.values)
    assert answer.status_code == 409
    assert "The text cannot be mended any more. Copy what you need from here." in answer.text
    assert MENDED in answer.text
    assert client.get(url).status_code == 303  # there is nothing to mend, so back to the status


@pytest.mark.parametrize("text", ["", TEXT])
def test_nothing_is_not_a_change(
    client: StrictClient, app: Flask, opened: OpenRound, submitted: int, text: str
) -> None:
    make.sign_in(client, opened.office.secretary)
    answer = client.submit(f"{_page(submitted)}/mend", {"text": text})
    assert answer.status_code == 400
    assert _kinds(app) == [RevisionKind.submitted]


def test_a_secretariat_of_another_plan_finds_nothing(
    client: StrictClient, app: Flask, submitted: int
) -> None:
    with make.written(app) as session:
        other = make.member(session, make.plan(session, "there")).id
    make.sign_in(client, other)
    assert client.get(f"{_page(submitted)}/mend").status_code == 404
    assert client.get(f"/secretariat/there/updates/{submitted}/mend").status_code == 404


def test_who_mended_finds_it_no_more_among_what_waits_to_be_read(
    client: StrictClient, opened: OpenRound, submitted: int
) -> None:
    make.sign_in(client, opened.office.secretary)
    assert "Courses for teachers" in client.get("/secretariat/here/rounds/2026/queue").text
    client.submit(f"{_page(submitted)}/mend", {"text": MENDED})
    queue = client.get("/secretariat/here/rounds/2026/queue").text
    assert "because you submitted or changed it yourself." in queue
    make.sign_in(client, opened.office.lead)
    assert "Courses for teachers" in client.get("/secretariat/here/rounds/2026/queue").text
