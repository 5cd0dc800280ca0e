"""Nobody's text is lost: two who write at once, a sign-in that ran out, a right that ended."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tests.support.forms import fill
from tests.web.owner.conftest import Place, browser_of, typed, update_now
from tracker import clock
from tracker.accounts.actions import end_sessions
from tracker.accounts.models import Person
from tracker.domain.workflow import State
from tracker.extensions import db
from tracker.plans.models import Administration, Placement
from tracker.statuses.models import KeptDraft


@pytest.fixture
def coordinator(app: Flask, place: Place) -> StrictClient:
    with make.written(app) as session:
        person = make.person(session, "Kira")
        make.placed(session, person, administration=session.get_one(Administration, place.administration))
        person_id = person.id
    return browser_of(app, person_id)


def _typed(browser: StrictClient, place: Place, text: str) -> dict[str, list[str]]:
    return typed(browser, place.form, {"text": text}, button="Save draft")


def _kept(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(KeptDraft.text)))


@pytest.mark.both_databases
def test_a_text_made_from_an_old_version_meets_theirs_and_both_are_there(
    app: Flask, owner: StrictClient, coordinator: StrictClient, place: Place
) -> None:
    mine = _typed(owner, place, "Mine: three meetings were held.")
    coordinator.submit(place.form, {"text": "Theirs: two meetings were held."}, button="Save draft")
    answer = owner.post(place.form, data=mine, budget=30)
    assert answer.status_code == 409
    assert "Mine: three meetings were held." in answer.text
    assert "Theirs: two meetings were held." in answer.text
    assert "<ins>" in answer.text
    assert _kept(app) == ["Mine: three meetings were held."]
    assert update_now(app, place).text == "Theirs: two meetings were held."


def test_one_s_own_text_can_be_used_after_all(
    app: Flask, owner: StrictClient, coordinator: StrictClient, place: Place
) -> None:
    mine = _typed(owner, place, "Mine.")
    coordinator.submit(place.form, {"text": "Theirs."}, button="Save draft")
    conflict = owner.post(place.form, data=mine)
    form = fill(conflict.text, place.form, {"text": "Mine and theirs."}, button="Save this text")
    assert owner.post(form.action, data=form.values).status_code == 303
    assert update_now(app, place).text == "Mine and theirs."
    assert _kept(app) == []


def test_the_kept_text_waits_on_a_page_of_its_own(
    app: Flask, owner: StrictClient, coordinator: StrictClient, place: Place
) -> None:
    mine = _typed(owner, place, "Mine.")
    coordinator.submit(place.form, {"text": "Theirs."}, button="Save draft")
    owner.post(place.form, data=mine)
    assert "A text of yours has not been saved" in owner.get(place.form).text
    page = owner.get(f"{place.form}/kept", budget=12).text
    assert "Mine." in page
    assert "Theirs." in page
    assert coordinator.get(f"{place.form}/kept").status_code == 303
    owner.submit(f"{place.form}/kept", button="Keep theirs, throw mine away")
    assert _kept(app) == []
    assert update_now(app, place).text == "Theirs."
    assert owner.get(f"{place.form}/kept").status_code == 303


def test_a_text_that_comes_after_the_submission_is_kept(
    app: Flask, owner: StrictClient, coordinator: StrictClient, place: Place
) -> None:
    mine = _typed(owner, place, "A better sentence.")
    filled = {"text": "Theirs.", "outcome": "reported", "progress": "started"}
    coordinator.submit(place.form, filled, button="Submit")
    answer = owner.post(place.form, data=mine)
    assert answer.status_code == 409
    assert "the status has been submitted" in answer.text
    assert _kept(app) == ["A better sentence."]
    assert update_now(app, place).state is State.submitted


def test_a_text_typed_while_the_sign_in_ran_out_comes_back_after_signing_in(
    app: Flask, owner: StrictClient, place: Place
) -> None:
    sent = _typed(owner, place, "Two hours of <thought>.")
    with make.written(app) as session:
        end_sessions(session, session.get_one(Person, place.owner), at=clock.real_now())
    answer = owner.post(place.form, data={**sent, "progress": "started"}, budget=4)
    assert answer.status_code == 401
    assert "Two hours of &lt;thought&gt;." in answer.text
    assert "Sign in again" in answer.text
    again = fill(answer.text, place.form, {}, button="Go on with my text")
    assert owner.post(again.action, data=again.values).status_code == 401
    with owner.session_transaction(base_url=app.extensions["settings"].base_url) as cookie:
        cookie.clear()
    make.sign_in(owner, place.owner)
    offered = owner.post(again.action, data=again.values)
    assert offered.status_code == 200
    assert update_now(app, place).text == ""
    saved = fill(offered.text, place.form, {}, button="Save draft")
    assert saved.values["progress"] == ["started"]
    assert owner.post(saved.action, data=saved.values).status_code == 303
    assert update_now(app, place).text == "Two hours of <thought>."


def test_a_page_that_is_too_old_costs_no_text(app: Flask, owner: StrictClient, place: Place) -> None:
    sent = {**_typed(owner, place, "From another tab."), "csrf_token": "old"}
    answer = owner.post(place.form, data=sent)
    assert answer.status_code == 400
    assert "The page was too old" in answer.text
    assert update_now(app, place).text == ""
    again = fill(answer.text, place.form, {}, button="Save draft")
    assert owner.post(again.action, data=again.values).status_code == 303
    assert update_now(app, place).text == "From another tab."


def test_whoever_lost_the_place_meanwhile_gets_the_text_back_and_changes_nothing(
    app: Flask, owner: StrictClient, place: Place
) -> None:
    sent = _typed(owner, place, "Written in good faith.")
    with make.written(app) as session:
        for placement in session.scalars(select(Placement)):
            session.delete(placement)
    answer = owner.post(place.form, data=sent)
    assert answer.status_code == 404
    assert "Written in good faith." in answer.text
    assert update_now(app, place).text == ""


@pytest.mark.parametrize("version", ["", "-1", "x", "1e3", "9" * 40, "²"])
def test_a_version_that_makes_no_sense_is_an_old_one(
    app: Flask, owner: StrictClient, place: Place, version: str
) -> None:
    sent = {**_typed(owner, place, "Mine."), "version": [version]}
    assert owner.post(place.form, data=sent).status_code == 409
    assert _kept(app) == ["Mine."]
