"""An invitation: it can be sent again, expires, and ends when the person leaves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tests.web.test_at_once import at_once
from tests.web.world import Browser
from tracker import clock
from tracker.accounts import actions, letters, one_use
from tracker.accounts.models import Person, TokenPurpose
from tracker.extensions import db
from tracker.mail.models import Mail

CHOSEN = {"password": "four plain words here", "again": "four plain words here"}


@pytest.fixture
def moving() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 23, 8, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def admin(moving: time_machine.Traveller, app: Flask, client: StrictClient) -> StrictClient:
    with make.written(app) as session:
        made = make.person(session, "Admin", administrator=True)
    return make.sign_in(client, made.id)


@pytest.fixture
def hanne(app: Flask, admin: StrictClient) -> int:
    with make.written(app) as session:
        return make.person(session, "Hanne", email="hanne@example.com").id


def links(app: Flask) -> list[str]:
    """Those of every invitation, oldest first."""
    from tracker.accounts import tokens

    with app.app_context():
        mails = db.session.scalars(select(Mail).where(Mail.kind == "invitation").order_by(Mail.id)).all()
        secret = app.config["SECRET_KEY"].encode()
        return [f"/invitation/{tokens.derive(secret, 'invitation', one.payload['nonce'])}" for one in mails]


def visitor(app: Flask) -> StrictClient:
    other = app.test_client()
    assert isinstance(other, StrictClient)
    return other


def invite_again(admin: StrictClient, person_id: int) -> None:
    page = admin.get(f"/admin/people/{person_id}").text
    action = re.search(r'action="([^"]*invit[^"]*)"', page)
    assert action is not None, "no way to send the invitation again"
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    assert admin.post(action[1], data={"csrf_token": token[1]}).status_code == 303


def test_sent_again_it_replaces_the_one_before(app: Flask, admin: StrictClient, hanne: int) -> None:
    invite_again(admin, hanne)
    invite_again(admin, hanne)
    first, second = links(app)
    assert visitor(app).get(first).status_code == 404
    assert visitor(app).submit(second, CHOSEN).status_code == 303
    assert visitor(app).get(second).status_code == 404
    with app.app_context():
        mails = db.session.scalars(select(Mail).where(Mail.kind == "invitation").order_by(Mail.id)).all()
        assert all(letters._still_wanted(db.session(), one) for one in mails)  # nothing leaves in vain


def test_it_lasts_fourteen_days(
    app: Flask, admin: StrictClient, hanne: int, moving: time_machine.Traveller
) -> None:
    invite_again(admin, hanne)
    (link,) = links(app)
    moving.shift(timedelta(days=14) - timedelta(minutes=1))
    assert visitor(app).get(link).status_code == 200
    moving.shift(timedelta(minutes=1))
    assert visitor(app).get(link).status_code == 404


def test_it_ends_when_the_person_leaves_and_stays_ended(app: Flask, admin: StrictClient, hanne: int) -> None:
    invite_again(admin, hanne)
    (link,) = links(app)
    with make.written(app) as session:
        person = session.get_one(Person, hanne)
        actions.deactivate(session, person, by=hanne, at=clock.now())
    assert visitor(app).get(link).status_code == 404
    with make.written(app) as session:
        actions.reactivate(session, session.get_one(Person, hanne), by=hanne, at=clock.now())
    assert visitor(app).get(link).status_code == 404


@pytest.mark.both_databases
@pytest.mark.parametrize("purpose", ["invitation", "new-password"])
def test_of_two_who_follow_one_link_at_the_same_moment_one_chooses(app: Flask, purpose: str) -> None:
    """Whoever comes second is told that the link has been used, and does not replace the password."""
    secret, now, real = app.config["SECRET_KEY"].encode(), clock.now(), clock.real_now()
    with make.written(app) as session:
        person = make.person(session, "Hanne", email="hanne@example.com")
        kind = TokenPurpose.invitation if purpose == "invitation" else TokenPurpose.password_reset
        token = one_use.queue_token(
            session, person, kind, timedelta(hours=1), secret=secret, at=now, real_at=real
        )
    browsers = [Browser(app, None) for _ in range(4)]
    chosen = [f"four plain words here {number}" for number in range(4)]
    answers = at_once(
        *(
            _choosing(one, f"/{purpose}/{token}", password)
            for one, password in zip(browsers, chosen, strict=True)
        )
    )
    assert answers == {303: 1, 404: 3}


def _choosing(browser: Browser, link: str, password: str) -> Callable[[], int]:
    return lambda: browser.post(link, password=password, again=password).status_code
