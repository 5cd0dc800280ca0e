"""Writing a status: drafts, submitting, what is missing, taking it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.support import make
from tests.support.client import StrictClient
from tests.web.owner.conftest import Place, browser_of, typed, update_now
from tracker import clock
from tracker.audit.models import JournalEntry
from tracker.deadlines.models import Deadline, DeadlineKind
from tracker.domain.workflow import Outcome, ProgressState, State
from tracker.extensions import db
from tracker.mail.models import Mail
from tracker.plans.models import Administration, Initiative, Plan
from tracker.rounds.models import RevisionKind, Round, RoundState, StatusRevision, StatusUpdate
from tracker.statuses.models import KeptDraft

FILLED = {"text": "Two meetings were held.", "outcome": "reported", "progress": "started"}


def test_a_draft_is_saved_with_what_has_been_typed_so_far(
    app: Flask, owner: StrictClient, place: Place
) -> None:
    answer = owner.submit(place.form, {"text": "Half a sen"}, button="Save draft", budget=30)
    assert answer.status_code == 303
    update = update_now(app, place)
    assert (update.state, update.text) == (State.draft, "Half a sen")
    assert "Half a sen" in owner.get(place.form, budget=14).text


def test_a_status_is_submitted_and_what_happens_now_is_said(
    app: Flask, owner: StrictClient, place: Place
) -> None:
    page = owner.submit(place.form, FILLED, button="Submit", follow_redirects=True)
    assert "a receipt is on its way to you" in page.text
    assert "Withdraw and go on writing" in page.text
    update = update_now(app, place)
    assert update.state is State.submitted
    assert (update.outcome, update.progress) == (Outcome.reported, ProgressState.started)


@pytest.mark.both_databases
def test_pressing_submit_twice_is_one_submission_and_one_receipt(
    app: Flask, owner: StrictClient, place: Place
) -> None:
    sent = typed(owner, place.form, FILLED, button="Submit")
    first, second = owner.post(place.form, data=sent), owner.post(place.form, data=sent)
    assert (first.status_code, second.status_code) == (303, 303)
    with app.app_context():
        letters = db.session.scalars(select(Mail.kind).order_by(Mail.kind)).all()
        submissions = select(func.count()).where(StatusRevision.kind == RevisionKind.submitted)
        assert letters == ["receipt", "submitted"]
        assert db.session.scalar(submissions) == 1
        assert db.session.scalar(select(func.count(KeptDraft.id))) == 0


def test_saving_the_same_twice_is_no_conflict(owner: StrictClient, place: Place) -> None:
    sent = typed(owner, place.form, {"text": "Once"}, button="Save draft")
    assert [owner.post(place.form, data=sent).status_code for _ in range(2)] == [303, 303]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"outcome": "reported", "progress": "started"}, "Write the status before you submit it."),
        (
            {"outcome": [], "text": "Kept words", "progress": "started"},
            "Say whether there is something to report",
        ),
        ({"text": "Kept words", "outcome": "reported"}, "Choose how far the initiative is."),
        (
            {"text": "Kept words", "outcome": "reported", "progress": "delayed"},
            "Write the reason why the initiative is delayed or discontinued.",
        ),
        ({"text": "Kept words", "outcome": "nothing_new"}, "Write why there is nothing new."),
    ],
)
def test_what_is_missing_is_named_and_nothing_typed_is_lost(
    app: Flask, owner: StrictClient, place: Place, fields: dict[str, str], sentence: str
) -> None:
    answer = owner.submit(place.form, fields, button="Submit")
    assert answer.status_code == 400
    assert "There is a problem" in answer.text
    assert sentence in answer.text
    assert fields.get("text", "") in answer.text
    assert update_now(app, place).state is State.not_started


def test_all_that_is_missing_is_named_at_once(owner: StrictClient, place: Place) -> None:
    fields = {"outcome": "reported", "milestone": "A report", "milestone_on": "some day"}
    answer = owner.submit(place.form, fields, button="Submit")
    for sentence in (
        "Write a date such as 24.12.2026",
        "Write the status before",
        "Choose how far the initiative",
    ):
        assert sentence in answer.text


def test_nothing_new_is_submitted_with_its_reason(app: Flask, owner: StrictClient, place: Place) -> None:
    fields = {"outcome": "nothing_new", "reason": "The project begins next year."}
    assert owner.submit(place.form, fields, button="Submit").status_code == 303
    update = update_now(app, place)
    assert (update.state, update.outcome) == (State.submitted, Outcome.nothing_new)
    assert update.reason == "The project begins next year."


def test_a_delay_is_submitted_with_its_reason(app: Flask, owner: StrictClient, place: Place) -> None:
    fields = {**FILLED, "progress": "delayed", "reason": "The house was not ready."}
    assert owner.submit(place.form, fields, button="Submit").status_code == 303
    assert update_now(app, place).progress is ProgressState.delayed


def test_a_choice_that_does_not_exist_is_refused(app: Flask, owner: StrictClient, place: Place) -> None:
    answer = owner.submit(place.form, {**FILLED, "progress": "approved"}, button="Save draft")
    assert answer.status_code == 400
    assert FILLED["text"] in answer.text


def test_a_submitted_status_is_shown_and_can_be_withdrawn(
    app: Flask, owner: StrictClient, place: Place
) -> None:
    owner.submit(place.form, FILLED, button="Submit")
    page = owner.get(place.form, budget=14).text
    assert "Save draft" not in page
    assert FILLED["text"] in page
    answer = owner.submit(place.form, button="Withdraw and go on writing", follow_redirects=True)
    assert "The status is yours again." in answer.text
    assert update_now(app, place).state is State.draft


def test_the_first_opening_is_remembered_once_and_leaves_the_version_alone(
    app: Flask, owner: StrictClient, place: Place
) -> None:
    before = update_now(app, place)
    assert before.first_opened_at is None
    owner.get(place.form)
    opened = update_now(app, place)
    owner.get(place.form)
    assert opened.first_opened_at is not None
    assert update_now(app, place).first_opened_at == opened.first_opened_at
    assert opened.version == before.version


def _last_year(app: Flask, place: Place, text: str) -> None:
    with make.written(app) as session:
        initiative = session.get_one(Initiative, place.initiative)
        last = Round(plan_id=initiative.plan_id, year=2025, state=RoundState.locked, opened_at=clock.now())
        session.add(last)
        session.flush()
        session.add(
            StatusUpdate(
                round_id=last.id,
                initiative_id=initiative.id,
                state=State.locked,
                text=text,
                title="x",
                number=7,
            )
        )


def test_last_year_s_text_stands_beside_and_can_be_the_start(
    app: Flask, owner: StrictClient, place: Place
) -> None:
    _last_year(app, place, "## What was done\nOne meeting.¹\n¹ In May.")
    page = owner.get(place.form, budget=14).text
    assert "What was done" in page
    sent = typed(owner, place.form, {"text": "My own."}, button="Save draft")
    started = owner.post(place.form, data={**sent, "action": "start"})
    assert started.status_code == 200
    assert "My own.\n\n## What was done" in started.text.replace("\r", "")
    assert update_now(app, place).text == ""


def test_the_next_milestone_is_added_while_writing(app: Flask, owner: StrictClient, place: Place) -> None:
    fields = {"text": "Going on.", "milestone": "The report is out", "milestone_on": "ultimo 2027"}
    assert owner.submit(place.form, fields, button="Save draft").status_code == 303
    with app.app_context():
        found = db.session.scalars(select(Deadline).where(Deadline.kind == DeadlineKind.milestone)).one()
        assert (found.title, found.words, found.last_on.isoformat()) == (
            "The report is out",
            "ultimo 2027",
            "2027-12-31",
        )


def test_a_milestone_without_a_readable_date_saves_nothing(
    app: Flask, owner: StrictClient, place: Place
) -> None:
    fields = {"text": "Going on.", "milestone": "The report is out", "milestone_on": "soon"}
    answer = owner.submit(place.form, fields, button="Save draft")
    assert answer.status_code == 400
    assert "Going on." in answer.text
    assert update_now(app, place).state is State.not_started


def test_the_coordinator_writes_on_behalf_and_the_journal_says_so(app: Flask, place: Place) -> None:
    with make.written(app) as session:
        coordinator = make.person(session, "Kira")
        make.placed(
            session, coordinator, administration=session.get_one(Administration, place.administration)
        )
        coordinator_id = coordinator.id
    browser = browser_of(app, coordinator_id)
    assert browser.submit(place.form, FILLED, button="Submit").status_code == 303
    with app.app_context():
        entry = db.session.scalars(select(JournalEntry).where(JournalEntry.fact == "submitted")).one()
        assert (entry.actor_id, entry.details["on_behalf"]) == (coordinator_id, True)


def test_the_secretariat_may_save_but_not_submit(app: Flask, place: Place) -> None:
    browser = browser_of(app, place.secretary)
    page = browser.get(place.form).text
    assert "Save draft" in page
    assert 'value="submit"' not in page


def test_nobody_writes_in_a_locked_round(app: Flask, owner: StrictClient, place: Place) -> None:
    with make.written(app) as session:
        session.get_one(Round, place.round).state = RoundState.locked
    page = owner.get(place.form).text
    assert "The round is closed." in page
    assert "Save draft" not in page


def test_hostile_text_is_shown_as_text(app: Flask, owner: StrictClient, place: Place) -> None:
    evil = "<script>alert(1)</script> {{ 7*7 }} =1+1\u0000\u000b end"
    owner.submit(place.form, {**FILLED, "text": evil, "comment": evil, "reason": evil}, button="Submit")
    page = owner.get(place.form).text
    assert "<script>alert" not in page
    assert "{{ 7*7 }}" in page
    assert "\x00" not in update_now(app, place).text


def test_another_state_cannot_be_smuggled_in(app: Flask, owner: StrictClient, place: Place) -> None:
    extra = {"state": "approved", "approved_by_id": "1", "round_id": "99", "number": "1"}
    sent = {**typed(owner, place.form, FILLED, button="Save draft"), **extra}
    owner.post(place.form, data=sent)
    update = update_now(app, place)
    assert (update.state, update.approved_by_id, update.round_id) == (State.draft, None, place.round)


def test_the_form_tells_when_it_is_late(app: Flask, owner: StrictClient, place: Place) -> None:
    with make.written(app) as session:
        update = session.get_one(StatusUpdate, place.update)
        deadline = session.get_one(Deadline, update.deadline_id)
        deadline.first_on = deadline.last_on = clock.today() - timedelta(days=10)
        assert session.get_one(Plan, deadline.plan_id)
    assert "overdue" in owner.get(place.form).text
