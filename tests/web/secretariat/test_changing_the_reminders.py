"""The secretariat reads the rules of the reminders, changes them after seeing the effect, and goes back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import forms, make
from tests.support.client import StrictClient
from tests.web.secretariat.conftest import Office, OpenRound
from tracker.domain.ladders import DEFAULT_LADDER, ObligationKind
from tracker.extensions import db
from tracker.reminders.ladders import ladder_of
from tracker.reminders.models import ItemState, PlanLadder, Reason, ReminderItem

LADDERS = "/secretariat/here/ladders"
STATUS = f"{LADDERS}/status_due"
BUDGET = 9
PREVIEW_BUDGET = 40


def _steps(app: Flask, kind: ObligationKind = ObligationKind.status_due) -> list[str]:
    """The names of the plan's steps for a kind."""
    with app.app_context():
        plan_id = db.session.scalars(select(PlanLadder.plan_id)).first()
        ladder = ladder_of(db.session(), plan_id) if plan_id is not None else DEFAULT_LADDER
        return [one.code for one in ladder[kind]]


def _press(client: StrictClient, page: str, url: str, button: str, **fields: Any) -> Any:
    """Press a button of a page that is already open, as a person does who goes on from it."""
    form = forms.fill(
        page, url, {name.replace("_", "-"): value for name, value in fields.items()}, button=button
    )
    return client.post(form.action, data=form.values)


def _rows(page: str) -> list[tuple[str, str]]:
    """When and to whom, of every table of the page."""
    return re.findall(r'<td class="row-title" data-title="">([^<]+)</td>\s*<td[^>]*>([^<]+)</td>', page)


@pytest.mark.both_databases
def test_the_page_says_in_plain_words_what_goes_to_whom_and_when(
    client: StrictClient, office: Office
) -> None:
    make.sign_in(client, office.secretary)
    page = client.get(LADDERS, budget=BUDGET).text
    rows = _rows(page)
    assert ("When the round opens", "The owner") in rows
    assert ("28 days before the deadline", "The owner") in rows
    assert ("1 day before the deadline", "The owner and the deputy") in rows
    assert (
        "3 working days after the deadline, then every 3 working days",
        "The owner, the deputy, and the coordinator",
    ) in rows
    assert ("14 days before the meeting", "The secretariat") in rows
    assert ("28 days before it begins", "The owner") in rows
    assert ("3 working days after it was submitted", "The secretariat") in rows
    assert "Christmas Eve, 24 December" in page
    assert ">Changed<" not in page


def test_the_page_is_reached_from_the_round_and_from_the_setup(
    client: StrictClient, opened: OpenRound
) -> None:
    make.sign_in(client, opened.office.secretary)
    for page in ("/secretariat/here/rounds/2026", "/secretariat/here/setup"):
        assert f'href="{LADDERS}"' in client.get(page).text


def test_a_change_is_seen_before_it_is_made(client: StrictClient, app: Flask, opened: OpenRound) -> None:
    make.sign_in(client, opened.office.secretary)
    client.get(STATUS, budget=BUDGET)
    with client.query_budget(PREVIEW_BUDGET):
        shown = client.submit(STATUS, {"steps-2-days": "10"}, button="See what it changes")
    assert shown.status_code == 200
    page = shown.text
    assert ("10 days before the deadline", "The owner") in _rows(page)
    assert "1 new letter" in page
    assert "1 letter falls away" in page
    assert "Status: 10 working days before" not in page
    assert "Status: 10 days before the deadline" in page
    assert "Status: 14 days before the deadline" in page
    assert _steps(app) == [one.code for one in DEFAULT_LADDER[ObligationKind.status_due]]


@pytest.mark.both_databases
def test_saved_reminders_are_planned_anew_at_once(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    make.sign_in(client, opened.office.secretary)
    shown = client.submit(STATUS, {"steps-2-days": "10"}, button="See what it changes").text
    saved = _press(client, shown, STATUS, "Save the reminders")
    assert saved.status_code == 303
    assert saved.location == f"{LADDERS}#status_due"
    assert "t-10" in _steps(app)
    assert "t-14" not in _steps(app)
    with app.app_context():
        items = select(ReminderItem.step, ReminderItem.state, ReminderItem.reason)
        found = {(step, state, reason) for step, state, reason in db.session.execute(items)}
        assert ("t-10", ItemState.planned, "") in found
        assert ("t-14", ItemState.cancelled, Reason.rules_changed.value) in found
    page = client.get(LADDERS, budget=BUDGET).text
    assert page.count(">Changed<") == 1


def test_reminders_are_added_and_removed_without_losing_what_was_typed(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    make.sign_in(client, opened.office.secretary)
    page = client.submit(STATUS, {"steps-1-days": "soon"}, button="Add a reminder").text
    assert 'value="soon"' in page
    assert "Reminder 8" in page
    page = _press(client, page, STATUS, "Remove Reminder 1").text
    assert "Reminder 8" not in page
    assert 'value="soon"' in page
    page = _press(
        client,
        page,
        STATUS,
        "See what it changes",
        steps_0_days="28",
        steps_6_days="2",
        steps_6_unit="working_days",
        steps_6_anchor="before_last",
        steps_6_places=["owner", "secretariat"],
    ).text
    assert ("2 working days before the deadline", "The owner and the secretariat") in _rows(page)
    assert _press(client, page, STATUS, "Save the reminders").status_code == 303
    assert "t-2w" in _steps(app)
    assert "open" not in _steps(app)


def test_after_the_preview_one_can_go_on_changing(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    make.sign_in(client, opened.office.secretary)
    shown = client.submit(STATUS, {"steps-2-days": "10"}, button="See what it changes").text
    page = _press(client, shown, STATUS, "Go on changing").text
    assert re.search(r'id="steps-2-days"\s+name="steps-2-days"\s+value="10"', page)
    assert "t-14" in _steps(app)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"steps-2-days": "many"}, "Give a whole number from 0 to 365."),
        ({"steps-2-days": "²"}, "Give a whole number from 0 to 365."),
        ({"steps-2-days": "9999999999999"}, "Give a whole number from 0 to 365."),
        ({"steps-2-days": ""}, "Write how many days."),
        ({"steps-2-places": []}, "Choose who gets it."),
        ({"steps-2-anchor": "whenever"}, "Choose one from the list."),
        (
            {"steps-2-every": "3", "steps-2-unit": "working_days"},
            "Only a reminder that comes afterwards can be repeated.",
        ),
        ({"steps-5-every": "0"}, "Give a whole number from 1 to 60."),
        ({"steps-5-unit": "days"}, "A reminder that is repeated is counted in working days."),
        ({"steps-5-days": "0"}, "A reminder after the deadline comes at least one day after it."),
        ({"steps-2-days": "28"}, "There is already a reminder on this day."),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_kept(
    client: StrictClient, app: Flask, opened: OpenRound, fields: dict[str, Any], sentence: str
) -> None:
    make.sign_in(client, opened.office.secretary)
    answer = client.submit(STATUS, {"steps-3-days": "6", **fields}, button="See what it changes")
    assert answer.status_code == 400
    field = next(iter(fields))
    assert sentence in answer.text
    assert re.search(rf'<a class="function-link"\s+href="#{field}(-0)?">{re.escape(sentence)}', answer.text)
    assert re.search(r'id="steps-3-days"\s+name="steps-3-days"\s+value="6"', answer.text)
    assert "t-7" in _steps(app)


def test_the_refusal_is_said_in_danish(client: StrictClient, opened: OpenRound) -> None:
    make.sign_in(client, opened.office.secretary, language="da")
    answer = client.submit(STATUS, {"steps-2-days": "mange"}, button=None)
    assert answer.status_code == 400
    assert 'value="mange"' in answer.text


def test_without_any_reminder_nobody_is_reminded(client: StrictClient, app: Flask, office: Office) -> None:
    make.sign_in(client, office.secretary)
    url = f"{LADDERS}/committee_meeting"
    page = client.submit(url, {}, button="Remove Reminder 1").text
    page = _press(client, page, url, "Remove Reminder 1").text
    assert "Nobody is reminded of this." in page
    page = _press(client, page, url, "See what it changes").text
    assert "No letter of the coming 60 days changes." in page
    assert _press(client, page, url, "Save the reminders").status_code == 303
    assert _steps(app, ObligationKind.committee_meeting) == []
    assert "Nobody is reminded of this." in client.get(LADDERS).text


def test_one_goes_back_to_the_usual_after_seeing_the_effect(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    make.sign_in(client, opened.office.secretary)
    assert "Back to the usual" not in client.get(STATUS).text
    shown = client.submit(STATUS, {"steps-2-days": "10"}, button="See what it changes").text
    _press(client, shown, STATUS, "Save the reminders")
    shown = client.submit(STATUS, {}, button="See what the usual reminders would change").text
    assert "1 new letter" in shown
    assert "t-10" in _steps(app)
    assert _press(client, shown, STATUS, "Go back to the usual").status_code == 303
    assert "t-14" in _steps(app)
    assert ">Changed<" not in client.get(LADDERS).text


def test_who_was_slower_sees_what_stands_now_beside_what_was_typed(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    make.sign_in(client, opened.office.secretary)
    mine = client.submit(STATUS, {"steps-2-days": "10"}, button="See what it changes").text
    other = client.submit(STATUS, {"steps-2-days": "12"}, button="See what it changes").text
    assert _press(client, other, STATUS, "Save the reminders").status_code == 303
    late = _press(client, mine, STATUS, "Save the reminders")
    assert late.status_code == 409
    assert "Somebody else has changed this since you opened it." in late.text
    assert ("12 days before the deadline", "The owner") in _rows(late.text)
    assert 'value="10"' in late.text
    assert "t-12" in _steps(app)
    shown = _press(client, late.text, STATUS, "See what it changes").text
    assert _press(client, shown, STATUS, "Save the reminders").status_code == 303
    assert "t-10" in _steps(app)


def test_a_change_that_names_no_version_is_of_none(client: StrictClient, app: Flask, office: Office) -> None:
    make.sign_in(client, office.secretary)
    token = forms.fill(client.get(STATUS).text, STATUS, {}, button="Add a reminder").values["csrf_token"]
    answer = client.post(STATUS, data={"csrf_token": token, "press": "save"})
    assert answer.status_code == 409
    assert _steps(app) == [one.code for one in DEFAULT_LADDER[ObligationKind.status_due]]
    assert client.post(f"{STATUS}/usual", data={"csrf_token": token, "press": "save"}).status_code == 409


def test_names_that_no_form_has_are_left_alone(client: StrictClient, opened: OpenRound) -> None:
    make.sign_in(client, opened.office.secretary)
    filled = forms.fill(client.get(STATUS).text, STATUS, {}, button="See what it changes").values
    for name in ("steps-²-days", f"steps-{'9' * 5000}-days", "steps--days", "steps-x-days", "steps-500-days"):
        answer = client.post(STATUS, data={**filled, name: "1"})
        assert answer.status_code in {200, 400}, name


def test_a_kind_that_does_not_exist_is_not_found(client: StrictClient, office: Office) -> None:
    make.sign_in(client, office.secretary)
    assert client.get(f"{LADDERS}/nonsense").status_code == 404
