"""Signing in with a password, and choosing one from a letter."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.support import make
from tests.support.client import StrictClient
from tracker import clock
from tracker.accounts import actions, tokens
from tracker.extensions import db
from tracker.mail.models import Mail

PASSWORD = "correct horse battery staple"


def somebody(app: Flask, email: str = "gustav@example.com", password: str | None = PASSWORD) -> int:
    with make.written(app) as session:
        return make.person(session, "Gustav", email=email, password=password).id


def sign_in(
    client: StrictClient, email: str = "gustav@example.com", password: str = PASSWORD, **query: str
) -> TestResponse:
    url = f"/sign-in?{urlencode(query)}" if query else "/sign-in"
    return client.submit(url, {"email": email, "password": password})


def link_in_newest_letter(app: Flask) -> str:
    with app.app_context():
        letter = db.session.scalars(select(Mail).order_by(Mail.id.desc())).first()
        assert letter is not None
        secret = app.config["SECRET_KEY"].encode()
        token = tokens.derive(secret, letter.kind, letter.payload["nonce"])
        path = "invitation" if letter.kind == "invitation" else "new-password"
        return f"/{path}/{token}"


def test_the_right_password_opens_the_page_that_was_asked_for(app: Flask, client: StrictClient) -> None:
    somebody(app)
    assert client.get("/account").headers["Location"] == "/sign-in?next=/account"
    answer = sign_in(client, next="/account")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert "Gustav" in client.get("/account", budget=5).text


def test_a_browser_is_listed_under_its_name(app: Flask, client: StrictClient) -> None:
    somebody(app)
    said = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; rv:131.0) Gecko/20100101 Firefox/131.0"}
    client.submit("/sign-in", {"email": "gustav@example.com", "password": PASSWORD}, headers=said)
    assert "This browser (Firefox, Windows)" in client.get("/account").text


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    app: Flask, client: StrictClient
) -> None:
    somebody(app)
    wrong = sign_in(client, password="something else entirely")
    unknown = sign_in(client, email="nobody@example.com")
    assert wrong.status_code == unknown.status_code == 400
    token = re.compile(r'name="csrf_token"[^>]*>')
    assert token.sub("", wrong.text.replace("gustav", "nobody")) == token.sub("", unknown.text)


def test_ten_wrong_passwords_close_the_account_for_a_while(app: Flask, client: StrictClient) -> None:
    somebody(app)
    for _ in range(10):
        sign_in(client, password="something else entirely")
    assert sign_in(client).status_code == 400


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil", "https:evil", "%2F%2Fevil", "/\t/evil", "javascript:alert(1)", "/%2Fevil"],
)
def test_signing_in_never_leads_elsewhere(app: Flask, client: StrictClient, target: str) -> None:
    somebody(app)
    assert sign_in(client, next=target).headers["Location"] == "/"


def test_a_cookie_from_before_signing_out_opens_nothing(app: Flask, client: StrictClient) -> None:
    somebody(app)
    sign_in(client)
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"], domain="127.0.0.1")
    client.submit("/account", {}, button="Sign out")
    assert cookie is not None
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie.value, domain="127.0.0.1")
    assert client.get("/account").status_code == 303


def test_a_session_ends_after_two_idle_hours(app: Flask, client: StrictClient) -> None:
    somebody(app)
    with time_machine.travel(datetime(2026, 11, 23, 9, tzinfo=UTC), tick=False) as clock:
        sign_in(client)
        clock.move_to(datetime(2026, 11, 23, 10, 59, tzinfo=UTC))
        assert client.get("/account").status_code == 200
        clock.move_to(datetime(2026, 11, 23, 13, 0, tzinfo=UTC))
        assert client.get("/account").status_code == 303


def test_a_forgotten_password_is_replaced_by_letter(app: Flask, client: StrictClient) -> None:
    somebody(app)
    client.submit("/forgotten-password", {"email": "gustav@example.com"})
    link = link_in_newest_letter(app)
    for _ in range(3):
        assert client.get(link, budget=5).status_code == 200  # a mail scanner looks, and uses nothing up
    new = {"password": "four plain words here", "again": "four plain words here"}
    assert client.submit(link, new).status_code == 303
    assert client.get("/account").status_code == 200
    assert client.get(link).status_code == 404
    other = app.test_client()
    assert isinstance(other, StrictClient)
    assert sign_in(other).status_code == 400
    assert sign_in(other, password="four plain words here").status_code == 303


def test_an_unknown_address_gets_no_letter_and_the_same_answer(app: Flask, client: StrictClient) -> None:
    somebody(app)
    known = client.submit("/forgotten-password", {"email": "gustav@example.com"})
    unknown = client.submit("/forgotten-password", {"email": "nobody@example.com"})
    assert known.headers["Location"] == unknown.headers["Location"]
    with app.app_context():
        assert len(db.session.scalars(select(Mail)).all()) == 1


def test_a_short_password_is_refused_with_a_sentence(app: Flask, client: StrictClient) -> None:
    somebody(app)
    client.submit("/forgotten-password", {"email": "gustav@example.com"})
    client.get("/language/en")
    answer = client.submit(link_in_newest_letter(app), {"password": "short", "again": "short"})
    assert answer.status_code == 400
    assert "at least 12 characters" in answer.text


def test_a_new_password_signs_other_browsers_out(app: Flask, client: StrictClient) -> None:
    somebody(app)
    sign_in(client)
    other = app.test_client()
    assert isinstance(other, StrictClient)
    sign_in(other)
    new = {"current": PASSWORD, "password": "four plain words here", "again": "four plain words here"}
    assert client.submit("/account", new).status_code == 303
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 303


def test_whoever_finds_a_browser_open_cannot_try_passwords_without_end(
    app: Flask, client: StrictClient
) -> None:
    """Ten guesses at the present password close that door as well as the front one."""
    somebody(app)
    sign_in(client)
    wrong = {"current": "something else entirely", "password": "four plain words here"}
    for _ in range(10):
        assert client.submit("/account", {**wrong, "again": wrong["password"]}).status_code == 400
    right = {**wrong, "current": PASSWORD, "again": wrong["password"]}
    assert client.submit("/account", right).status_code == 400
    assert sign_in(app.test_client()).status_code == 400


def test_signing_out_asks_the_browser_to_forget_the_pages(app: Flask, client: StrictClient) -> None:
    somebody(app)
    sign_in(client)
    assert client.submit("/account", {}, button="Sign out").headers["Clear-Site-Data"] == '"cache"'


def test_a_sign_in_that_failed_is_in_the_log_without_whose_it_was(
    app: Flask, client: StrictClient, caplog: pytest.LogCaptureFixture
) -> None:
    somebody(app)
    sign_in(client, password="something else entirely")
    assert "a sign-in with a password failed, from '127.0.0.1'" in caplog.text
    assert "gustav" not in caplog.text
    assert "something else" not in caplog.text


def test_an_unknown_address_costs_the_service_what_a_wrong_password_costs(app: Flask) -> None:
    """Counted in the processor's time, so that a busy machine says nothing: the hash is nearly all of it."""
    somebody(app)

    def cost(email: str) -> float:
        with app.app_context():
            began = time.process_time()
            found = actions.check_password(
                db.session(),
                email=email,
                password="something else entirely",
                address="192.0.2.7",
                at=clock.real_now(),
            )
            assert found is None
            return time.process_time() - began

    cost("gustav@example.com")  # with what is loaded once
    known = [cost("gustav@example.com") for _ in range(3)]
    assert min(cost("nobody@example.com") for _ in range(3)) > min(known) / 2
