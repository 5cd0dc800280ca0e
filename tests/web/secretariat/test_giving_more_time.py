"""An owner asks for more time; the secretariat sees who asks, and gives it or says why not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tests.support.forms import fill
from tests.web.secretariat.conftest import OpenRound
from tracker import clock
from tracker.deadlines.models import Deadline, DeadlineMove
from tracker.extensions import db
from tracker.mail.models import Mail
from tracker.rounds.models import StatusUpdate
from tracker.statuses.models import MoreTimeRequest

BUDGET = 9


@pytest.fixture
def asked(client: StrictClient, opened: OpenRound) -> int:
    """An owner has asked for twenty days more; the id of the update."""
    update_id = opened.updates[0]
    make.sign_in(client, opened.office.owner)
    fields = {"new_date": _day(41), "reason": "Two are ill."}
    answer = client.submit(f"/my/updates/{update_id}/more-time", fields, follow_redirects=True)
    assert "The secretariat has got your request." in answer.text
    return update_id


def _day(days: int) -> str:
    return f"{clock.today() + timedelta(days=days):%d.%m.%Y}"


def _page(update_id: int) -> str:
    return f"/secretariat/here/updates/{update_id}/more-time"


def _due(app: Flask, update_id: int) -> str:
    with app.app_context():
        found = select(Deadline.last_on).join(StatusUpdate, StatusUpdate.deadline_id == Deadline.id)
        return f"{db.session.scalars(found.where(StatusUpdate.id == update_id)).one():%d.%m.%Y}"


def _letters(app: Flask) -> list[tuple[str, int | None]]:
    with app.app_context():
        return [(kind, who) for kind, who in db.session.execute(select(Mail.kind, Mail.person_id))]


def test_who_asks_stands_on_the_status_and_in_a_list_and_gets_more_time(
    client: StrictClient, app: Flask, opened: OpenRound, asked: int
) -> None:
    office = opened.office
    assert {("more_time_asked", office.secretary), ("more_time_asked", office.lead)} <= set(_letters(app))
    make.sign_in(client, office.secretary)
    assert "More time is asked for" in client.get(f"/secretariat/here/updates/{asked}").text
    listed = client.get("/secretariat/here/more-time", budget=BUDGET).text
    assert "1 request waits for your answer." in listed
    assert "Two are ill." in listed
    assert 'href="/secretariat/here/more-time"' in client.get("/secretariat/here/rounds/2026").text
    page = client.get(_page(asked), budget=BUDGET).text
    assert f'value="{_day(41)}"' in page  # the day that was wished for stands there already
    fields = {"grant-granted_on": _day(35), "grant-answer": "Not a day longer."}
    answer = client.submit(_page(asked), fields, button="Move the deadline", follow_redirects=True)
    assert "The deadline is moved. Whoever asked gets a letter." in answer.text
    assert _due(app, asked) == _day(35)
    assert ("more_time_answered", office.owner) in _letters(app)
    assert "Nobody waits for an answer." in client.get("/secretariat/here/more-time").text

    make.sign_in(client, office.owner)
    told = client.get(f"/my/updates/{asked}/more-time").text
    assert "The deadline was moved to" in told
    assert "Not a day longer." in told
    assert "Until when do you need time?" in told  # one may ask again


def test_who_is_told_no_reads_why(client: StrictClient, app: Flask, opened: OpenRound, asked: int) -> None:
    make.sign_in(client, opened.office.secretary)
    nothing = client.submit(_page(asked), {"decline-answer": " "}, button="Keep the deadline")
    assert nothing.status_code == 400
    assert "Write why there is no more time, so that the owner knows." in nothing.text
    fields = {"decline-answer": "The committee meets on the day after."}
    client.submit(_page(asked), fields, button="Keep the deadline")
    assert _due(app, asked) == _day(21)
    make.sign_in(client, opened.office.owner)
    told = client.get(f"/my/updates/{asked}/more-time").text
    assert "The deadline was kept." in told
    assert "The committee meets on the day after." in told


@pytest.mark.parametrize("day", ["01.02.2024", "31.12.9999", "31.02.2027", ""])
def test_a_day_that_cannot_be_is_said_at_the_field_and_the_words_stay(
    client: StrictClient, app: Flask, opened: OpenRound, asked: int, day: str
) -> None:
    make.sign_in(client, opened.office.secretary)
    fields = {"grant-granted_on": day, "grant-answer": "Because you asked."}
    answer = client.submit(_page(asked), fields, button="Move the deadline")
    assert answer.status_code == 400
    assert "Because you asked." in answer.text
    assert _due(app, asked) == _day(21)


def test_an_answer_that_comes_second_says_so_and_keeps_its_words(
    client: StrictClient, app: Flask, opened: OpenRound, asked: int
) -> None:
    make.sign_in(client, opened.office.secretary)
    page = client.get(_page(asked)).text
    late = fill(page, _page(asked), {"decline-answer": "There is no time."}, button="Keep the deadline")
    client.submit(_page(asked), button="Move the deadline")
    answer = client.post(late.action, data=late.values)
    assert answer.status_code == 409
    assert "There is no time." in answer.text
    assert _due(app, asked) == _day(41)
    with app.app_context():
        assert len(db.session.scalars(select(DeadlineMove)).all()) == 1


def test_an_answer_never_meets_another_request(
    client: StrictClient, app: Flask, opened: OpenRound, asked: int
) -> None:
    """The page stood open while the first request was declined and another was asked."""
    make.sign_in(client, opened.office.secretary)
    page = client.get(_page(asked)).text
    old = fill(page, _page(asked), {}, button="Move the deadline")
    client.submit(_page(asked), {"decline-answer": "No."}, button="Keep the deadline")
    make.sign_in(client, opened.office.owner)
    client.submit(f"/my/updates/{asked}/more-time", {"new_date": _day(90), "reason": "Please."})
    make.sign_in(client, opened.office.secretary)
    assert client.post(old.action, data=old.values).status_code == 409
    assert _due(app, asked) == _day(21)
    with app.app_context():
        waiting = select(MoreTimeRequest).where(MoreTimeRequest.answered_at.is_(None))
        assert db.session.scalars(waiting).one().reason == "Please."
