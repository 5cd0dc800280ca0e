"""A lead finds an error in a printed status; another confirms it, and a further edition is locked."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tests.support.forms import fill
from tests.support.rounds import Office as RoundOffice
from tests.web.secretariat.conftest import Office
from tracker.accounts.models import Person
from tracker.domain.workflow import State
from tracker.extensions import db
from tracker.memos.models import Edition
from tracker.plans.models import Initiative, Plan
from tracker.rounds.models import StatusUpdate
from tracker.statuses.models import Correction

BUDGET = 9
RIGHT = {"text": "Seventy people came.", "why": "The number was of the year before."}


@pytest.fixture
def printed(app: Flask, office: Office) -> int:
    """A status in a locked memo; its id."""
    with make.written(app) as session:
        plan = session.scalars(select(Plan)).one()
        lead, owner = session.get_one(Person, office.lead), session.get_one(Person, office.owner)
        third = session.get_one(Initiative, office.initiatives[2])
        make.placed(session, owner, initiative=third)
        rounds = RoundOffice(session, plan, lead, owner)
        round_ = make.open_round(session, plan)
        ids = [
            rounds.approve(session.get_one(Initiative, one), round_, "Sixty people came.").id
            for one in office.initiatives
        ]
        rounds.lock(round_)
        return ids[0]


def _page(update_id: int, of: str = "") -> str:
    return f"/secretariat/here/updates/{update_id}{of}"


def _state(app: Flask, update_id: int) -> tuple[State, str]:
    with app.app_context():
        update = db.session.get_one(StatusUpdate, update_id)
        return update.state, update.text


def test_from_the_error_to_the_further_edition(
    client: StrictClient, app: Flask, office: Office, printed: int
) -> None:
    make.sign_in(client, office.lead)
    assert ">Correct it<" in client.get(_page(printed)).text
    assert "Lock a further edition" not in client.get("/secretariat/here/editions").text
    client.get(_page(printed, "/correct"), budget=BUDGET)
    answer = client.submit(_page(printed, "/correct"), RIGHT, follow_redirects=True)
    assert "The correction is proposed." in answer.text
    assert "so another person must confirm it." in answer.text
    assert "Confirm the correction" not in answer.text
    assert _state(app, printed)[0] is State.locked

    make.sign_in(client, office.secretary)
    assert "A correction waits to be confirmed" in client.get(_page(printed)).text
    page = client.get(_page(printed, "/correction"), budget=BUDGET).text
    assert "The number was of the year before." in page
    assert "<del>" in page
    done = client.submit(
        _page(printed, "/correction"), button="Confirm the correction", follow_redirects=True
    )
    assert "The status is corrected. It is printed when a lead locks the next edition." in done.text
    assert _state(app, printed) == (State.approved, RIGHT["text"])
    assert "Sixty people came." in client.get("/secretariat/here/rounds/2026/memo").text
    assert (
        "A lead of the secretariat can lock a further edition."
        in client.get("/secretariat/here/editions").text
    )

    make.sign_in(client, office.lead)
    client.submit("/secretariat/here/editions", button="Lock a further edition of 2026")
    assert "Seventy people came." in client.get("/secretariat/here/rounds/2026/memo").text
    with app.app_context():
        assert db.session.scalars(select(Edition.version).order_by(Edition.id)).all() == [1, 2]
    assert _state(app, printed)[0] is State.locked


def test_an_own_proposal_is_taken_back_and_not_confirmed(
    client: StrictClient, app: Flask, office: Office, printed: int
) -> None:
    make.sign_in(client, office.lead)
    client.submit(_page(printed, "/correct"), RIGHT)
    url = _page(printed, "/correction")
    form = fill(client.get(url).text, url, {}, button="Take the proposal back")
    assert client.post(f"{url}/confirm", data=form.values).status_code == 403
    assert _state(app, printed) == (State.locked, "Sixty people came.")
    client.submit(url, button="Take the proposal back")
    assert "No correction of this status waits to be confirmed." in client.get(url).text
    assert _state(app, printed) == (State.locked, "Sixty people came.")


def test_a_confirmation_that_comes_second_says_so(
    client: StrictClient, app: Flask, office: Office, printed: int
) -> None:
    make.sign_in(client, office.lead)
    client.submit(_page(printed, "/correct"), RIGHT)
    make.sign_in(client, office.secretary)
    url = _page(printed, "/correction")
    form = fill(client.get(url).text, url, {}, button="Confirm the correction")
    client.submit(url, button="Leave it as it is printed")
    answer = client.post(form.action, data=form.values)
    assert answer.status_code == 409
    assert _state(app, printed) == (State.locked, "Sixty people came.")
    assert client.post(form.action, data=form.values | {"correction": "-1"}).status_code == 409


def test_a_second_proposal_keeps_what_was_typed(
    client: StrictClient, app: Flask, office: Office, printed: int
) -> None:
    make.sign_in(client, office.lead)
    url = _page(printed, "/correct")
    other = fill(client.get(url).text, url, {"text": "Eighty people came.", "why": "Counted again."})
    client.submit(url, RIGHT)
    answer = client.post(url, data=other.values)
    assert answer.status_code == 409
    assert "Eighty people came." in answer.text
    assert client.get(url).status_code == 303  # to the correction that waits
    with app.app_context():
        assert db.session.scalars(select(Correction.text)).one() == RIGHT["text"]


def test_what_is_missing_is_said_and_the_rest_stays(
    client: StrictClient, app: Flask, office: Office, printed: int
) -> None:
    make.sign_in(client, office.lead)
    answer = client.submit(_page(printed, "/correct"), {"text": "Seventy people came.", "why": ""})
    assert answer.status_code == 400
    assert "Write why the text is corrected." in answer.text
    assert "Seventy people came." in answer.text


def test_only_a_lead_proposes(client: StrictClient, office: Office, printed: int) -> None:
    make.sign_in(client, office.secretary)
    assert ">Correct it<" not in client.get(_page(printed)).text
    assert client.get(_page(printed, "/correct")).status_code == 404
