"""What an owner writes is kept while it is written: for its author alone, and telling nobody."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.support import make
from tests.support.client import StrictClient
from tests.support.forms import fill
from tests.web.owner.conftest import Place, browser_of, typed, update_now
from tracker import clock
from tracker.accounts.actions import end_sessions
from tracker.accounts.models import Person
from tracker.audit.models import JournalEntry
from tracker.domain.workflow import State
from tracker.extensions import db
from tracker.mail.models import Mail
from tracker.plans.models import Administration
from tracker.rounds.models import StatusRevision
from tracker.statuses.models import KeptDraft

WRITTEN = {"text": "Half a sentence", "outcome": "reported", "progress": "started", "comment": "Soon more."}


@pytest.fixture
def coordinator(app: Flask, place: Place) -> StrictClient:
    with make.written(app) as session:
        person = make.person(session, "Kira")
        make.placed(session, person, administration=session.get_one(Administration, place.administration))
        person_id = person.id
    return browser_of(app, person_id)


def _keep(browser: StrictClient, place: Place, **fields: str) -> dict[str, list[str]]:
    """What the page's script sends in a pause of typing."""
    sent = typed(browser, place.form, {**WRITTEN, **fields}, button="Save draft")
    answer = browser.post(f"{place.form}/autosave", data=sent, budget=14)
    assert answer.status_code == 200, answer.text
    assert "for you alone" in answer.json["message"]
    return sent


def _counts(app: Flask) -> tuple[int, ...]:
    with app.app_context():
        tables = (StatusRevision.id, Mail.id, JournalEntry.id)
        return tuple(db.session.scalar(select(func.count(one))) or 0 for one in tables)


@pytest.mark.both_databases
def test_the_form_opens_with_what_was_written_and_not_saved(
    app: Flask, owner: StrictClient, place: Place
) -> None:
    owner.get(place.form)
    before, version = _counts(app), update_now(app, place).version
    _keep(owner, place)
    _keep(owner, place, text="A whole sentence.")
    assert (_counts(app), update_now(app, place).version) == (before, version)
    assert update_now(app, place).state is State.not_started
    page = owner.get(place.form, budget=14).text
    assert "You have not saved this yet" in page
    form = fill(page, place.form, {}, button="Save draft")
    assert form.values["text"] == ["A whole sentence."]
    assert (form.values["progress"], form.values["comment"]) == (["started"], ["Soon more."])
    assert owner.post(place.form, data=form.values).status_code == 303
    assert update_now(app, place).text == "A whole sentence."
    assert "You have not saved this yet" not in owner.get(place.form).text
    with app.app_context():
        assert db.session.scalar(select(func.count(KeptDraft.id))) == 0


def test_it_can_be_thrown_away(app: Flask, owner: StrictClient, place: Place) -> None:
    _keep(owner, place)
    owner.submit(place.form, button="Throw away what is not saved")
    assert "Half a sentence" not in owner.get(place.form).text


def test_typing_back_to_what_is_saved_leaves_nothing_to_keep(
    app: Flask, owner: StrictClient, place: Place
) -> None:
    owner.submit(place.form, WRITTEN, button="Save draft")
    _keep(owner, place, text="Another sentence")
    sent = fill(owner.get(place.form).text, place.form, WRITTEN, button="Save draft").values
    assert owner.post(f"{place.form}/autosave", data=sent).json == {"message": ""}
    assert "You have not saved this yet" not in owner.get(place.form).text


def test_nobody_else_sees_it(
    app: Flask, owner: StrictClient, coordinator: StrictClient, place: Place
) -> None:
    _keep(owner, place)
    for url in (place.form, f"{place.form}/kept", place.page):
        assert "Half a sentence" not in coordinator.get(url, follow_redirects=True).text


def test_a_text_begun_before_somebody_else_saved_is_offered_beside_theirs(
    app: Flask, owner: StrictClient, coordinator: StrictClient, place: Place
) -> None:
    _keep(owner, place)
    coordinator.submit(place.form, {"text": "Theirs."}, button="Save draft")
    page = owner.get(place.form).text
    assert "A text of yours has not been saved" in page
    assert fill(page, place.form, {}, button="Save draft").values["text"] == ["Theirs."]
    kept = owner.get(f"{place.form}/kept").text
    assert "Half a sentence" in kept
    assert "Soon more." in kept


def test_writing_on_behalf_is_journaled_once(app: Flask, coordinator: StrictClient, place: Place) -> None:
    coordinator.get(place.form)
    before = _counts(app)[2]
    _keep(coordinator, place)
    _keep(coordinator, place, text="More")
    assert _counts(app)[2] == before + 1


def test_whoever_is_signed_out_is_told_in_a_sentence(app: Flask, owner: StrictClient, place: Place) -> None:
    sent = _keep(owner, place)
    with make.written(app) as session:
        end_sessions(session, session.get_one(Person, place.owner), at=clock.real_now())
    answer = owner.post(f"{place.form}/autosave", data=sent)
    assert answer.status_code == 401
    assert "sign in again" in answer.json["message"]


def test_what_is_submitted_cannot_be_written_behind_its_back(
    app: Flask, owner: StrictClient, place: Place
) -> None:
    sent = typed(owner, place.form, {**WRITTEN, "text": "Late"}, button="Save draft")
    owner.submit(place.form, WRITTEN, button="Submit")
    answer = owner.post(f"{place.form}/autosave", data=sent)
    assert answer.status_code == 409
    assert "has been submitted" in answer.json["message"]


def test_a_text_too_long_to_keep_is_said_to_be(app: Flask, owner: StrictClient, place: Place) -> None:
    sent = {**typed(owner, place.form, WRITTEN, button="Save draft"), "text": "a" * 40_001}
    answer = owner.post(f"{place.form}/autosave", data=sent)
    assert answer.status_code == 409
    assert "40,000" in answer.json["message"] or "40000" in answer.json["message"]


def test_a_stranger_keeps_nothing(app: Flask, owner: StrictClient, place: Place) -> None:
    sent = typed(owner, place.form, WRITTEN, button="Save draft")
    with make.written(app) as session:
        stranger = make.person(session, "Somebody").id
    other = browser_of(app, stranger)
    answer = other.post(f"{place.form}/autosave", data=sent)
    assert answer.status_code in {400, 404}
    with app.app_context():
        assert db.session.scalar(select(func.count(KeptDraft.id))) == 0
