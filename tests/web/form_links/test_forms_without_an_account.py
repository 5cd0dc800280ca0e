"""A personal form link: what it opens, what it does not, when it ends, and that looking changes nothing."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.support import make
from tests.support.client import StrictClient
from tests.web.form_links.conftest import LAST_YEAR, Office, unchanged
from tracker import clock
from tracker.accounts import actions as accounts
from tracker.accounts.models import Person
from tracker.audit.models import JournalEntry
from tracker.domain.reminders import Place
from tracker.domain.workflow import State
from tracker.extensions import db
from tracker.plans import actions as plans
from tracker.plans.models import Initiative, Plan
from tracker.plans.placing import place_person
from tracker.plans.rights import rights_of
from tracker.rounds.models import RevisionKind, Round, RoundState, StatusRevision, StatusUpdate
from tracker.statuses import form_links, review, writing
from tracker.statuses.models import FormLink

TEXT = "The course was held twice, with sixty people taking part."
FILLED = {"text": TEXT, "outcome": "reported", "progress": "started"}


def update(app: Flask, update_id: int) -> StatusUpdate:
    with app.app_context():
        return db.session.get_one(StatusUpdate, update_id)


def submit(client: StrictClient, url: str, **fields: str) -> TestResponse:
    return client.submit(url, {**FILLED, **fields}, button="Submit")


def is_dead(client: StrictClient, office: Office) -> bool:
    """Nothing under the link answers, and nothing of the forms is told."""
    pages = [client.get(office.url), client.get(office.form()), client.post(office.form(), data=FILLED)]
    told = "".join(page.text for page in pages)
    assert "Courses" not in told
    assert LAST_YEAR not in told
    return {page.status_code for page in pages} == {404}


# --- what it opens --------------------------------------------------------------------------------


def test_the_list_has_the_persons_own_forms_and_nothing_else(client: StrictClient, office: Office) -> None:
    page = client.get(office.url, budget=8)
    assert page.status_code == 200
    assert "Courses" in page.text
    assert "Signs" in page.text
    assert "Ramps" not in page.text


def test_the_form_shows_last_years_published_text_and_the_own_draft(
    client: StrictClient, office: Office
) -> None:
    client.submit(office.form(), FILLED, button="Save draft")
    page = client.get(office.form(), budget=10)
    assert LAST_YEAR in page.text
    assert TEXT in page.text


def test_a_status_is_saved_and_submitted_and_the_journal_says_by_what(
    app: Flask, client: StrictClient, office: Office
) -> None:
    assert client.submit(office.form(), FILLED, button="Save draft").status_code == 303
    answer = submit(client, office.form(), text=TEXT + " More came.")
    assert answer.headers["Location"] == office.url
    found = update(app, office.mine[0])
    assert (found.state, found.submitted_by_id) == (State.submitted, office.olga)
    with app.app_context():
        entries = db.session.scalars(
            select(JournalEntry).where(JournalEntry.object_kind == "status_update")
        ).all()
        assert {one.fact: (one.details.get("via"), one.actor_id) for one in entries} == {
            "saved": ("form_link", office.olga),
            "submitted": ("form_link", office.olga),
        }
        assert db.session.get_one(FormLink, office.link).last_used_at is not None


def test_it_works_until_everything_is_submitted_and_again_when_something_comes_back(
    app: Flask, client: StrictClient, office: Office
) -> None:
    submit(client, office.form(0))
    assert client.get(office.url).status_code == 200
    done = submit(client, office.form(1))
    assert done.headers["Location"] == "/f/done"
    assert "Thank you" in client.get("/f/done").text
    assert is_dead(client, office)
    assert "Everything has been submitted" in client.get(office.url).text
    with make.written(app) as session:
        initiative = session.scalars(select(Initiative).where(Initiative.title == "Courses")).one()
        found = make.update_of(session, initiative, session.get_one(Round, office.round))
        secretary = session.get_one(Person, office.secretary)
        rights = rights_of(session, secretary.id, administrator=False, on=clock.today())
        review.return_(
            session,
            found,
            remark="How many came?",
            due_on=clock.today() + timedelta(days=7),
            version=found.version,
            rights=rights,
            by=secretary,
            at=clock.now(),
        )
    assert "How many came?" in client.get(office.form()).text


def test_approval_needs_somebody_else_than_the_person_of_the_link(
    app: Flask, client: StrictClient, office: Office
) -> None:
    """Olga is in the secretariat as well: what she submitted by link she does not approve."""
    from tracker.domain.errors import MoveRefused, NotAllowed
    from tracker.plans.models import MembershipRole

    submit(client, office.form())
    with app.app_context():
        session = db.session()
        plan, olga = session.get_one(Plan, office.plan), session.get_one(Person, office.olga)
        plans.grant(session, plan, olga, MembershipRole.secretariat, by=None, at=clock.now())
        session.flush()
        initiative = session.scalars(select(Initiative).where(Initiative.title == "Courses")).one()
        found = make.update_of(session, initiative, session.get_one(Round, office.round))
        rights = rights_of(session, olga.id, administrator=False, on=clock.today())
        with pytest.raises((MoveRefused, NotAllowed)):
            review.approve(session, found, version=found.version, rights=rights, by=olga, at=clock.now())


# --- looking changes nothing ----------------------------------------------------------------------


def test_a_mail_scanner_that_looks_changes_nothing(app: Flask, client: StrictClient, office: Office) -> None:
    with unchanged(app):
        for url in (office.url, office.form(0), office.form(1)):
            assert client.head(url).status_code == 200
            for _ in range(20):
                assert client.get(url).status_code == 200


@pytest.mark.parametrize("draft", ["", TEXT])
@pytest.mark.parametrize("button", ["Save draft", "Submit"])
def test_a_button_pressed_on_an_untouched_form_changes_nothing(
    app: Flask, client: StrictClient, office: Office, button: str, draft: str
) -> None:
    if draft:
        client.submit(office.form(), FILLED, button="Save draft")
    with unchanged(app):
        answer = client.submit(office.form(), {}, button=button)
    assert answer.status_code == 400
    assert "on this page, so nothing was sent" in answer.text


def test_a_browser_that_presses_every_button_changes_nothing(
    app: Flask, office: Office, new_page: object
) -> None:
    page = new_page()  # type: ignore[operator]
    page.goto("/language/en")
    with unchanged(app):
        for url in (office.url, office.form()):
            page.goto(url)
            for number in range(page.locator("main button, main summary").count()):
                page.goto(url)
                page.locator("main button, main summary").nth(number).click(force=True, timeout=2000)
                page.wait_for_load_state()


def test_a_draft_that_was_read_is_submitted_as_it_stands(
    app: Flask, client: StrictClient, office: Office
) -> None:
    client.submit(office.form(), FILLED, button="Save draft")
    answer = client.submit(office.form(), {"confirmed": "y"}, button="Submit")
    assert answer.status_code == 303
    assert update(app, office.mine[0]).text == TEXT


def test_a_form_without_its_token_saves_nothing_and_keeps_what_was_typed(
    app: Flask, client: StrictClient, office: Office
) -> None:
    with unchanged(app):
        answer = client.post(office.form(), data={**FILLED, "version": "1", "action": "submit"})
    assert answer.status_code == 400
    assert TEXT in answer.text


# --- what it does not open ------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["another's form", "a form that is not there", "last year's"])
def test_the_forms_of_others_are_not_there(
    app: Flask, client: StrictClient, office: Office, which: str
) -> None:
    with app.app_context():
        old = db.session.scalars(
            select(StatusUpdate.id).join(Round, Round.id == StatusUpdate.round_id).where(Round.year == 2025)
        ).one()
    number = {"another's form": office.other, "a form that is not there": 987_654, "last year's": old}[which]
    url = f"{office.url}updates/{number}"
    with unchanged(app):
        assert client.get(url).status_code == 404
        assert client.post(url, data={**FILLED, "action": "submit"}).status_code == 404


@pytest.mark.parametrize(
    "path", ["/my/", "/account", "/secretariat/", "/updates/{update}", "/my/updates/{update}"]
)
def test_the_link_signs_nobody_in(client: StrictClient, office: Office, path: str) -> None:
    client.get(office.url)
    answer = client.get(path.format(update=office.mine[0]))
    assert answer.headers["Location"].startswith("/sign-in")


def test_what_somebody_else_wrote_is_neither_shown_nor_written_over(
    app: Flask, client: StrictClient, office: Office
) -> None:
    with make.written(app) as session:
        initiative = session.scalars(select(Initiative).where(Initiative.title == "Courses")).one()
        found = make.update_of(session, initiative, session.get_one(Round, office.round))
        secretary = session.get_one(Person, office.secretary)
        rights = rights_of(session, secretary.id, administrator=False, on=clock.today())
        writing.save(
            session,
            found,
            writing.Content(text="What another wrote."),
            version=found.version,
            rights=rights,
            by=secretary,
            at=clock.now(),
        )
    page = client.get(office.form())
    assert "What another wrote." not in page.text
    assert "Somebody else has written" in page.text
    with unchanged(app):
        answer = client.post(office.form(), data={**FILLED, "version": "2", "action": "submit"})
    assert answer.status_code == 403
    assert TEXT in answer.text


def test_two_pages_of_one_form_lose_no_text(app: Flask, client: StrictClient, office: Office) -> None:
    page = client.get(office.form()).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    old = {**FILLED, "csrf_token": token[1], "version": "1", "action": "save"}
    client.submit(office.form(), {**FILLED, "text": "First."}, button="Save draft")
    answer = client.post(office.form(), data=old)
    assert answer.status_code == 409
    assert TEXT in answer.text
    assert update(app, office.mine[0]).text == "First."
    with app.app_context():
        kinds = db.session.scalars(select(StatusRevision.kind)).all()
        assert kinds.count(RevisionKind.saved) == 1


# --- when it ends ---------------------------------------------------------------------------------


def _hand_over(app: Flask, office: Office) -> None:
    with make.written(app) as session:
        for title in ("Courses", "Signs"):
            initiative = session.scalars(select(Initiative).where(Initiative.title == title)).one()
            place_person(
                session,
                session.get_one(Person, office.oscar),
                place=Place.owner,
                plan_id=office.plan,
                initiative=initiative,
                from_on=clock.today(),
                by=None,
                at=clock.now(),
            )


def _deactivate(app: Flask, office: Office) -> None:
    with make.written(app) as session:
        accounts.deactivate(
            session, session.get_one(Person, office.olga), by=office.secretary, at=clock.now()
        )


def _lock(app: Flask, office: Office) -> None:
    with make.written(app) as session:
        session.get_one(Round, office.round).state = RoundState.locked


def _switch_off(app: Flask, office: Office) -> None:
    with make.written(app) as session:
        plan = session.get_one(Plan, office.plan)
        form_links.switch(session, plan, on=False, by=office.secretary, at=clock.now())


def _revoke(app: Flask, office: Office) -> None:
    with make.written(app) as session:
        form_links.revoke(session, session.get_one(FormLink, office.link), by=office.olga, at=clock.now())


@pytest.mark.parametrize("ending", [_hand_over, _deactivate, _lock, _switch_off, _revoke])
def test_the_link_ends_with(app: Flask, client: StrictClient, office: Office, ending: object) -> None:
    client.get("/language/en")
    assert client.get(office.url).status_code == 200
    ending(app, office)  # type: ignore[operator]
    assert is_dead(client, office)


def test_one_place_handed_over_leaves_the_other(app: Flask, client: StrictClient, office: Office) -> None:
    with make.written(app) as session:
        initiative = session.scalars(select(Initiative).where(Initiative.title == "Courses")).one()
        make.placed(session, session.get_one(Person, office.oscar), initiative=initiative)
    assert client.get(office.form(0)).status_code == 404
    assert client.get(office.form(1)).status_code == 200


@pytest.mark.parametrize("token", ["nonsense", "0" * 64, "%00"])
def test_a_guessed_link_opens_nothing(client: StrictClient, office: Office, token: str) -> None:
    assert client.get(f"/f/{token}/").status_code == 404


def test_the_person_gives_the_link_up_and_a_program_does_not(
    app: Flask, client: StrictClient, office: Office
) -> None:
    with unchanged(app):
        client.submit(office.url, {}, button="Revoke the link")
    assert "Nothing was changed" in client.get(office.url).text
    answer = client.submit(office.url, {"sure": "y"}, button="Revoke the link")
    assert answer.headers["Location"] == "/sign-in"
    assert is_dead(client, office)


def test_the_person_revokes_the_link_after_signing_in(
    app: Flask, client: StrictClient, office: Office
) -> None:
    own = make.sign_in(client, office.olga)
    own.submit("/account", {}, button="Revoke the link Plan here 2026")
    other = app.test_client()
    assert isinstance(other, StrictClient)
    other.get("/language/en")
    assert is_dead(other, office)
    assert "Personal links" not in own.get("/account").text


# --- the secretariat ------------------------------------------------------------------------------


def test_the_secretariat_switches_revokes_and_gives_a_new_one(
    app: Flask, client: StrictClient, office: Office
) -> None:
    secretary = make.sign_in(client, office.secretary)
    page = secretary.get("/secretariat/here/setup")
    assert "whoever has the letter can write and submit for that person" in page.text
    assert office.token not in secretary.get("/secretariat/here/form-links", budget=8).text
    secretary.submit("/secretariat/here/form-links", {}, button="Revoke the link Olga")
    visitor = app.test_client()
    assert isinstance(visitor, StrictClient)
    visitor.get("/language/en")
    assert is_dead(visitor, office)
    secretary.submit("/secretariat/here/form-links", {}, button="Give a new link Olga")
    with app.app_context():
        newest = db.session.scalars(select(FormLink).order_by(FormLink.id.desc())).first()
        assert newest is not None
        token = form_links.derived(newest, app.config["SECRET_KEY"].encode())
    assert token != office.token
    assert visitor.get(f"/f/{token}/").status_code == 200
    assert is_dead(visitor, office)
    secretary.submit("/secretariat/here/setup", {}, button="Switch personal links off")
    assert visitor.get(f"/f/{token}/").status_code == 404
    secretary.submit("/secretariat/here/setup", {}, button="Switch personal links on")
    assert visitor.get(f"/f/{token}/").status_code == 200


# --- secrecy --------------------------------------------------------------------------------------


def test_nobody_is_told_the_address_and_nobody_keeps_a_copy(
    app: Flask, client: StrictClient, office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answers = [client.get(office.url), client.get(office.form()), client.get("/f/nonsense/")]
    for answer in answers:
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
    assert office.token not in caplog.text
    with app.app_context():
        assert db.session.get_one(FormLink, office.link).token_hash != office.token


@pytest.mark.settings(base_url="https://tracker.example.com")
def test_a_browser_that_sends_no_referrer_can_send_the_form_over_tls(
    app: Flask, client: StrictClient, office: Office
) -> None:
    """The page forbids the referrer, on which the usual check of a form over TLS insists."""
    assert submit(client, office.form()).status_code == 303
