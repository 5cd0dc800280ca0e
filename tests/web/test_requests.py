"""What every request is answered with, whatever it asks for."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.support import forms, make
from tests.support.client import StrictClient
from tracker import clock
from tracker.accounts.models import SignInSession
from tracker.extensions import db


def test_a_name_that_is_not_ours_is_refused(app: Flask, client: StrictClient) -> None:
    answer = client.get("/sign-in", base_url="http://evil.example", page=False)
    assert answer.status_code == 400


def test_an_unexpected_fault_has_a_number_and_no_trace(app: Flask, client: StrictClient) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.view_functions["public.home"] = lambda: 1 / 0
    answer = client.get("/")
    assert answer.status_code == 500
    assert "ZeroDivisionError" not in answer.text
    assert "referencenummer" in answer.text.lower() or "reference number" in answer.text.lower()


def test_every_answer_carries_the_security_headers(client: StrictClient) -> None:
    headers = client.get("/sign-in").headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_a_form_without_its_token_changes_nothing(client: StrictClient) -> None:
    answer = client.post("/sign-in", data={"email": "a@example.com", "password": "x"})
    assert answer.status_code == 400


@pytest.mark.both_databases
@pytest.mark.parametrize("path", ["/account", "/account/language"])
def test_whoever_has_thought_for_some_minutes_is_seen_again_and_answered_at_once(
    app: Flask, client: StrictClient, path: str
) -> None:
    """The note of the visit never waits for the request's own transaction, which holds SQLite's lock."""
    with make.written(app) as session:
        olga = make.person(session, "Olga").id
    make.sign_in(client, olga)
    token = forms.fill(client.get("/account").text, "/account", {}, button="Save the language").values[
        "csrf_token"
    ]
    with make.written(app) as session:
        long_ago = clock.real_now() - timedelta(minutes=3)
        session.execute(update(SignInSession).values(last_seen_at=long_ago))
    method = "get" if path == "/account" else "post"
    started = time.monotonic()
    answer = client.open(path, method=method, data={"csrf_token": token, "language": "en"})
    assert answer.status_code in {200, 303}
    assert time.monotonic() - started < 5
    with app.app_context():
        seen = db.session.scalars(select(SignInSession.last_seen_at)).one()
        assert clock.real_now() - seen < timedelta(minutes=1)
