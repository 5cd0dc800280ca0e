"""The review queue: what waits to be read comes one after the other."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.support import make
from tests.support.client import StrictClient
from tests.web.secretariat.conftest import OpenRound
from tracker.accounts.models import Person
from tracker.domain.workflow import State
from tracker.extensions import db
from tracker.mail.models import Mail
from tracker.plans.models import Initiative, MembershipRole
from tracker.rounds.models import Round, StatusUpdate

QUEUE = "/secretariat/here/rounds/2026/queue"
BUDGET = 13  # two of them note who read a draft


def _submit(app: Flask, opened: OpenRound, *places: int, by: int | None = None) -> None:
    with make.written(app) as session:
        round_ = session.scalars(select(Round)).one()
        for place in places:
            initiative = session.get_one(Initiative, opened.office.initiatives[place])
            update = make.update_of(session, initiative, round_)
            person = session.get_one(Person, by or opened.office.owner)
            make.submitted(session, update, by=person, text=f"It was done, number {place}.")


@pytest.fixture
def three(app: Flask, opened: OpenRound) -> OpenRound:
    """All three wait to be read."""
    with make.written(app) as session:
        last = session.get_one(Initiative, opened.office.initiatives[2])
        make.placed(session, session.get_one(Person, opened.office.owner), initiative=last)
    _submit(app, opened, 0, 1, 2)
    return opened


def _states(app: Flask, opened: OpenRound) -> list[State]:
    with app.app_context():
        return [db.session().get_one(StatusUpdate, one).state for one in opened.updates]


def _address(page: TestResponse) -> str:
    return page.request.full_path.rstrip("?")


def _hidden(page: str, name: str) -> str:
    """What a form of the page sends under a name that nobody fills in."""
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def _heading(page: str) -> str:
    found = re.search(r"<h1>\s*(.*?)\s*</h1>", page)
    assert found is not None
    return found[1]


def test_three_are_approved_with_three_presses(client: StrictClient, app: Flask, three: OpenRound) -> None:
    make.sign_in(client, three.office.secretary)
    page = client.get(QUEUE, budget=BUDGET)
    titles = []
    for place in ("1 of 3 to be read", "1 of 2 to be read", "1 of 1 to be read"):
        assert place in page.text
        titles.append(_heading(page.text))
        page = client.submit(_address(page), button="Approve, and go to the next", follow_redirects=True)
        assert f"Approved: {titles[-1]}" in page.text
    assert titles == ["Courses for teachers", "A play for every school", "Signs in parks"]
    assert "Nothing more waits to be read." in page.text
    assert _states(app, three) == [State.approved] * 3


def test_what_is_skipped_comes_again_at_the_end(client: StrictClient, app: Flask, three: OpenRound) -> None:
    make.sign_in(client, three.office.secretary)
    page = client.get(f"{QUEUE}?at={three.updates[1]}", budget=BUDGET)
    assert "2 of 3 to be read" in page.text
    assert f'href="{QUEUE}?at={three.updates[2]}">Skip it for now' in page.text
    assert f'href="{QUEUE}?at={three.updates[0]}">Back to the previous' in page.text
    page = client.get(f"{QUEUE}?at={three.updates[2]}")
    page = client.submit(_address(page), button="Approve, and go to the next", follow_redirects=True)
    assert "1 of 2 to be read" in page.text
    assert _heading(page.text) == "Courses for teachers"


def test_one_is_returned_with_a_comment_and_the_next_comes(
    client: StrictClient, app: Flask, three: OpenRound
) -> None:
    make.sign_in(client, three.office.secretary)
    page = client.submit(
        QUEUE,
        {"return-comment": "Which schools?"},
        button="Return it, and go to the next",
        follow_redirects=True,
    )
    assert _heading(page.text) == "A play for every school"
    assert _states(app, three) == [State.returned, State.submitted, State.submitted]
    with app.app_context():
        assert db.session().scalar(select(Mail.id).where(Mail.kind == "returned")) is not None


def test_a_return_without_a_comment_stays_here(client: StrictClient, app: Flask, three: OpenRound) -> None:
    make.sign_in(client, three.office.secretary)
    page = client.submit(QUEUE, button="Return it, and go to the next")
    assert page.status_code == 400
    assert "Write what should be changed" in page.text
    assert _states(app, three) == [State.submitted] * 3


def test_a_newer_text_than_the_one_read_is_not_approved(
    client: StrictClient, app: Flask, three: OpenRound
) -> None:
    make.sign_in(client, three.office.secretary)
    page = client.get(QUEUE).text
    fields = {name: _hidden(page, name) for name in ("version", "csrf_token")}
    with make.written(app) as session:
        session.get_one(StatusUpdate, three.updates[0]).text = "Something else."
    page = client.post(f"/secretariat/here/queue/{three.updates[0]}/approve", data=fields)
    assert page.status_code == 409
    assert "Nothing was changed" in page.text
    assert "Something else." in page.text
    assert _states(app, three)[0] is State.submitted


def test_ones_own_submissions_wait_for_somebody_else(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    with make.written(app) as session:
        secretary = session.get_one(Person, opened.office.secretary)
        make.placed(session, secretary, initiative=session.get_one(Initiative, opened.office.initiatives[2]))
    _submit(app, opened, 2, by=opened.office.secretary)
    make.sign_in(client, opened.office.secretary)
    page = client.get(QUEUE, budget=BUDGET).text
    assert "One status waits for somebody else, because you submitted or changed it yourself." in page
    make.sign_in(client, opened.office.lead)
    assert "1 of 1 to be read" in client.get(QUEUE).text


def test_last_years_text_stands_beside_with_what_changed(
    client: StrictClient, app: Flask, three: OpenRound
) -> None:
    with make.written(app) as session:
        initiative = session.get_one(Initiative, three.office.initiatives[0])
        past = Round(plan_id=initiative.plan_id, year=2025, state="locked", opened_at=initiative.created_at)
        session.add(past)
        session.flush()
        session.add(
            StatusUpdate(
                round_id=past.id,
                initiative_id=initiative.id,
                text="It was planned, number 0.",
                state=State.locked,
                title=initiative.title,
            )
        )
    make.sign_in(client, three.office.secretary)
    page = client.get(QUEUE, budget=BUDGET).text
    assert "Status 2025" in page
    assert re.search(r"<del>.*planned.*</del>", page)
    assert re.search(r"<ins>.*done.*</ins>", page)


@pytest.mark.parametrize("who", ["owner", "coordinator", "stranger"])
def test_nobody_else_finds_it(client: StrictClient, three: OpenRound, who: str) -> None:
    make.sign_in(client, getattr(three.office, who))
    assert client.get(QUEUE).status_code == 404


def test_the_secretariat_of_another_plan_approves_nothing_here(
    client: StrictClient, app: Flask, three: OpenRound
) -> None:
    with make.written(app) as session:
        other = make.member(session, make.plan(session, "there"), MembershipRole.lead).id
    make.sign_in(client, other)
    for plan in ("here", "there"):
        url = f"/secretariat/{plan}/queue/{three.updates[0]}/approve"
        assert client.post(url, data={"version": "1"}).status_code in {400, 404}
    assert _states(app, three) == [State.submitted] * 3
