"""The secretariat reads a status, approves it or returns it; a lead reopens and waives."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tests.web.secretariat.conftest import OpenRound
from tracker import clock
from tracker.accounts.models import Person
from tracker.domain.workflow import State
from tracker.extensions import db
from tracker.mail.models import Mail
from tracker.plans.models import Initiative
from tracker.rounds.models import Round, StatusUpdate

BUDGET = 15
MOVES = ("take", "release", "approve", "return", "reopen", "waive", "unwaive")


def _page(update_id: int, plan: str = "here") -> str:
    return f"/secretariat/{plan}/updates/{update_id}"


def _submit(
    app: Flask, opened: OpenRound, place: int = 0, *, by: int | None = None, text: str = "Done."
) -> int:
    """An initiative's status is submitted; the update's id."""
    with make.written(app) as session:
        round_ = session.scalars(select(Round).where(Round.year == 2026)).one()
        initiative = session.get_one(Initiative, opened.office.initiatives[place])
        person = session.get_one(Person, by or opened.office.owner)
        return make.submitted(session, make.update_of(session, initiative, round_), by=person, text=text).id


def _state(app: Flask, update_id: int) -> State:
    with app.app_context():
        return db.session().get_one(StatusUpdate, update_id).state


def test_a_submitted_status_is_read_and_approved(client: StrictClient, app: Flask, opened: OpenRound) -> None:
    update_id = _submit(app, opened, text="The courses were held.")
    make.sign_in(client, opened.office.secretary)
    page = client.get(_page(update_id), budget=BUDGET).text
    assert "The courses were held." in page
    assert "This status waits to be read." in page
    answer = client.submit(_page(update_id), button="Approve", follow_redirects=True)
    assert "The status is approved." in answer.text
    assert "Nothing more waits to be read." in answer.text
    assert _state(app, update_id) is State.approved


def test_after_an_approval_the_next_to_read_is_named(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    first, second = _submit(app, opened, 0), _submit(app, opened, 1)
    make.sign_in(client, opened.office.secretary)
    answer = client.submit(_page(second), button="Approve", follow_redirects=True)
    assert "Next to read:" in answer.text
    assert f'href="{_page(first)}"' in answer.text


def test_a_status_is_returned_with_a_comment_and_the_owner_gets_a_letter(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    update_id = _submit(app, opened)
    day = clock.today() + timedelta(days=9)
    make.sign_in(client, opened.office.secretary)
    fields = {"return-comment": "How many took part?", "return-new_date": f"{day:%d.%m.%Y}"}
    answer = client.submit(_page(update_id), fields, button="Return it", follow_redirects=True)
    assert "The status is returned. Its owner gets a letter." in answer.text
    assert "How many took part?" in answer.text
    with make.written(app) as session:
        letter = session.scalars(select(Mail).where(Mail.kind == "returned")).one()
        assert letter.person_id == opened.office.owner
        update = make.update_of(
            session,
            session.get_one(Initiative, opened.office.initiatives[0]),
            session.scalars(select(Round).where(Round.year == 2026)).one(),
        )
        assert update.deadline is not None
        assert update.deadline.last_on == day


def test_a_return_without_a_comment_changes_nothing_and_keeps_the_date(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    update_id = _submit(app, opened)
    make.sign_in(client, opened.office.secretary)
    answer = client.submit(
        _page(update_id), {"return-comment": " ", "return-new_date": "24.12.2030"}, button="Return it"
    )
    assert answer.status_code == 400
    assert "Write what should be changed, so that the owner knows what to do." in answer.text
    assert 'value="24.12.2030"' in answer.text
    assert '<details class="details details-boxed" id="return" open>' in answer.text
    assert _state(app, update_id) is State.submitted


def test_a_return_to_a_day_that_has_passed_keeps_the_comment(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    update_id = _submit(app, opened)
    make.sign_in(client, opened.office.secretary)
    fields = {"return-comment": "How many took part?", "return-new_date": "01.02.2024"}
    answer = client.submit(_page(update_id), fields, button="Return it")
    assert answer.status_code == 400
    assert "The new date is in the past." in answer.text
    assert "How many took part?" in answer.text


def test_whoever_submitted_does_not_approve(client: StrictClient, app: Flask, opened: OpenRound) -> None:
    """Four eyes: a member of the secretariat who owns an initiative leaves its status to another."""
    with make.written(app) as session:
        make.placed(
            session,
            session.get_one(Person, opened.office.secretary),
            initiative=session.get_one(Initiative, opened.office.initiatives[0]),
        )
    update_id = _submit(app, opened, by=opened.office.secretary)
    make.sign_in(client, opened.office.secretary)
    page = client.get(_page(update_id)).text
    assert "You have submitted this status yourself, so another person must deal with it." in page
    assert ">Approve<" not in page
    for move in ("approve", "take", "return"):
        assert _press(client, app, update_id, move) in {400, 403}
    assert _state(app, update_id) is State.submitted


def test_only_the_version_that_was_read_is_approved(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    """The owner takes the text back and submits another while the page stands open."""
    update_id = _submit(app, opened, text="The first text.")
    make.sign_in(client, opened.office.secretary)
    read = _version(app, update_id)
    with make.written(app) as session:
        update = session.get_one(StatusUpdate, update_id)
        update.text = "The second text."
    answer = client.post(
        f"{_page(update_id)}/approve", data={"version": read, "csrf_token": _token(client, update_id)}
    )
    assert answer.status_code == 409
    assert "Somebody else has changed this since you opened it." in answer.text
    assert "The second text." in answer.text
    assert _state(app, update_id) is State.submitted


def test_a_newer_text_than_the_one_read_is_not_returned_and_the_comment_stays(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    update_id = _submit(app, opened, text="The first text.")
    make.sign_in(client, opened.office.secretary)
    fields = {
        "return-version": str(_version(app, update_id)),
        "return-comment": "How many took part?",
        "return-new_date": "24.12.2030",
        "csrf_token": _token(client, update_id),
    }
    with make.written(app) as session:
        session.get_one(StatusUpdate, update_id).text = "The second text."
    answer = client.post(f"{_page(update_id)}/return", data=fields)
    assert answer.status_code == 409
    assert "Somebody else has changed this since you opened it." in answer.text
    assert "The second text." in answer.text
    assert "How many took part?" in answer.text
    assert _state(app, update_id) is State.submitted
    read = re.search(r'name="return-version"[^>]*value="(\d+)"', answer.text)
    assert read is not None
    again = client.post(f"{_page(update_id)}/return", data={**fields, "return-version": read[1]})
    assert again.status_code == 303
    assert _state(app, update_id) is State.returned


def test_a_move_that_came_too_late_says_how_it_stands_and_keeps_the_comment(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    update_id = _submit(app, opened)
    make.sign_in(client, opened.office.secretary)
    token = _token(client, update_id)
    client.submit(_page(update_id), button="Approve")
    answer = client.post(
        f"{_page(update_id)}/return",
        data={"return-comment": "Too late.", "return-new_date": "24.12.2030", "csrf_token": token},
    )
    assert answer.status_code == 409
    assert "This is not possible any more: the status has been approved." in answer.text
    assert "Too late." in answer.text


def test_a_status_is_taken_and_left_to_another(client: StrictClient, app: Flask, opened: OpenRound) -> None:
    update_id = _submit(app, opened)
    make.sign_in(client, opened.office.secretary)
    answer = client.submit(_page(update_id), button="Take it for reading", follow_redirects=True)
    assert "You are reading this status." in answer.text
    assert "Sam Secretary" in answer.text
    client.submit(_page(update_id), button="Leave it to another")
    assert _state(app, update_id) is State.submitted


def test_a_lead_reopens_an_approved_status(client: StrictClient, app: Flask, opened: OpenRound) -> None:
    update_id = _submit(app, opened)
    make.sign_in(client, opened.office.secretary)
    client.submit(_page(update_id), button="Approve")
    assert "Reopen it" not in client.get(_page(update_id)).text
    assert _press(client, app, update_id, "reopen", {"reopen-reason": "A figure is wrong."}) == 404
    make.sign_in(client, opened.office.lead)
    client.submit(_page(update_id), {"reopen-reason": "A figure is wrong."}, button="Reopen it")
    assert _state(app, update_id) is State.returned


def test_a_lead_waives_a_status_and_expects_it_again(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    update_id = opened.updates[2]
    make.sign_in(client, opened.office.lead)
    answer = client.submit(_page(update_id), {"waive-reason": "No money."}, button="Expect no status")
    assert answer.status_code == 400
    assert "Say whether the initiative is merged, discontinued or waiting for funding." in answer.text
    assert "No money." in answer.text
    fields = {"waive-outcome": "awaiting_funding", "waive-reason": "No money."}
    client.submit(_page(update_id), fields, button="Expect no status")
    assert _state(app, update_id) is State.waived
    client.submit(_page(update_id), {"unwaive-reason": "There is money."}, button="Expect a status")
    assert _state(app, update_id) is State.not_started


def test_a_lead_says_into_which_initiative_it_was_merged(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    update_id, into = opened.updates[2], opened.office.initiatives[0]
    make.sign_in(client, opened.office.lead)
    fields = {"waive-outcome": "merged", "waive-reason": "They do the same."}
    answer = client.submit(_page(update_id), fields, button="Expect no status")
    assert answer.status_code == 400
    assert "Choose the initiative that it was merged into." in answer.text
    assert "They do the same." in answer.text
    client.submit(_page(update_id), {**fields, "waive-merged_into": str(into)}, button="Expect no status")
    with app.app_context():
        found = select(Initiative).join(StatusUpdate).where(StatusUpdate.id == update_id)
        assert db.session.scalars(found).one().merged_into_id == into
    page = client.get(_page(update_id)).text
    assert f'Merged into: <a href="/secretariat/here/initiatives/{into}">' in page


def test_last_years_text_stands_beside_with_what_changed(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    with make.written(app) as session:
        initiative = session.get_one(Initiative, opened.office.initiatives[0])
        last = Round(plan_id=initiative.plan_id, year=2025, state="locked", opened_at=clock.now())
        session.add(last)
        session.flush()
        session.add(
            StatusUpdate(
                round_id=last.id,
                initiative_id=initiative.id,
                state=State.locked,
                text="Ten courses were held.",
                title=initiative.title,
            )
        )
    update_id = _submit(app, opened, text="Twelve courses were held.")
    make.sign_in(client, opened.office.secretary)
    page = client.get(_page(update_id), budget=BUDGET).text
    assert "Status 2025" in page
    assert "Ten courses were held." in page
    assert "What changed since last year" in page
    assert "removed:" in page


def test_what_a_careful_reader_would_ask_is_listed(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    update_id = _submit(app, opened, text="The courses were held in and")
    make.sign_in(client, opened.office.secretary)
    assert "Worth a look before it is printed" in client.get(_page(update_id)).text


@pytest.mark.parametrize("who", ["stranger", "owner", "coordinator"])
def test_nobody_else_finds_it_here(client: StrictClient, app: Flask, opened: OpenRound, who: str) -> None:
    update_id = _submit(app, opened)
    make.sign_in(client, getattr(opened.office, who))
    assert client.get(_page(update_id)).status_code == 404
    for move in MOVES:
        assert _press(client, app, update_id, move) == 404
    assert _state(app, update_id) is State.submitted


def test_the_secretariat_of_another_plan_finds_it_neither_here_nor_there(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    update_id = _submit(app, opened)
    with make.written(app) as session:
        other = make.member(session, make.plan(session, "there")).id
    make.sign_in(client, other)
    assert client.get(_page(update_id)).status_code == 404
    assert client.get(_page(update_id, plan="there")).status_code == 404
    assert _press(client, app, update_id, "approve", plan="there") == 404
    assert client.get(_page(999_999, plan="there")).status_code == 404


@pytest.mark.both_databases
def test_a_status_goes_back_and_forth_until_it_is_approved(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    update_id = _submit(app, opened)
    make.sign_in(client, opened.office.secretary)
    client.submit(_page(update_id), button="Take it for reading")
    fields = {"return-comment": "How many took part?", "return-new_date": "24.12.2030"}
    client.submit(_page(update_id), fields, button="Return it")
    assert _submit(app, opened, text="Sixty people took part.") == update_id
    client.submit(_page(update_id), button="Approve")
    assert _state(app, update_id) is State.approved
    page = client.get(_page(update_id), budget=BUDGET).text
    assert "Version 4: Approved" in page
    # A status has changed, so the findings are counted anew.
    round_page = client.get("/secretariat/here/rounds/2026", budget=15).text
    assert "1 of 3 approved or waived" in round_page


def _version(app: Flask, update_id: int) -> int:
    with app.app_context():
        return db.session().get_one(StatusUpdate, update_id).version


def _token(client: StrictClient, update_id: int) -> str:
    return _token_on(client.get(_page(update_id)).text)


def _token_on(page: str) -> str:
    found = re.search(r'name="csrf_token"\s+value="([^"]+)"', page)
    assert found is not None
    return found[1]


def _press(
    client: StrictClient,
    app: Flask,
    update_id: int,
    move: str,
    fields: dict[str, str] | None = None,
    plan: str = "here",
) -> int:
    """Send a move that the page does not offer, with a good token; the status of the answer."""
    data = {
        "csrf_token": _token_on(client.get("/nowhere").text),
        "version": str(_version(app, update_id)),
        "return-version": str(_version(app, update_id)),
        "return-comment": "Please mend it.",
        "return-new_date": "24.12.2030",
        "reopen-reason": "Why not.",
        "waive-reason": "Why not.",
        "waive-outcome": "discontinued",
        "unwaive-reason": "Why not.",
        **(fields or {}),
    }
    return client.post(f"/secretariat/{plan}/updates/{update_id}/{move}", data=data).status_code
