"""What every request is answered with, whatever it asks for."""

from __future__ import annotations

import runpy
import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from gunicorn.config import Config
from sqlalchemy import insert, select, update

from tests.support import forms, make
from tests.support.client import StrictClient
from tests.support.databases import make_settings
from tests.support.source import ROOT
from tracker import clock
from tracker.accounts.models import SignInSession
from tracker.extensions import db
from tracker.plans.models import Plan


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
    assert "object-src 'none'" in headers["Content-Security-Policy"]
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


@pytest.mark.both_databases
def test_a_nul_is_no_page_and_no_account_on_either_database(client: StrictClient) -> None:
    for address in ("/plans/%00", "/secretariat/%00/rounds", "/invitation/%00"):
        assert client.get(address).status_code == 404
    assert client.get("/sign-in?next=%00").status_code == 400
    fields = {"email": "a\x00@example.com", "password": "a long good password"}
    assert client.submit("/sign-in", fields, page=False).status_code == 400


@pytest.mark.both_databases
def test_what_the_database_refuses_is_a_conflict_and_its_words_are_not_logged(
    app: Flask, client: StrictClient, caplog: pytest.LogCaptureFixture
) -> None:
    def twice() -> str:
        for _ in range(2):
            db.session.execute(
                insert(Plan).values(slug="taken", name="Kvadderkvidder", created_at=clock.now())
            )
        return ""

    app.view_functions["public.home"] = twice
    assert client.get("/").status_code == 409
    assert "overtaken" in caplog.text
    assert "Kvadderkvidder" not in caplog.text
    assert "taken" not in caplog.text.replace("overtaken", "")


@pytest.mark.parametrize(
    "target",
    ["//evil", "/\\evil", "https:evil", "%2F%2Fevil", "/%2Fevil", "/%0a/evil", "javascript:alert(1)", "evil",
     "/./\t/evil", "/%5C%5Cevil"],
)  # fmt: skip
@pytest.mark.parametrize("page", ["/language/da", "/sign-in"])
def test_a_way_back_never_leads_away(app: Flask, client: StrictClient, page: str, target: str) -> None:
    with make.written(app) as session:
        olga = make.person(session, "Olga").id
    make.sign_in(client, olga)
    for query in ({"next": target}, f"next={target}"):
        location = client.get(page, query_string=query).location
        assert location.startswith("/")
        assert urlsplit(location).netloc == ""
        assert not location.startswith(("//", "/\\"))


def test_the_cookie_is_kept_from_scripts_and_other_sites(client: StrictClient) -> None:
    cookie = client.get("/language/da").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.settings(base_url="https://tracker.example.com")
def test_behind_tls_the_cookie_is_bound_to_this_host(client: StrictClient) -> None:
    cookie = client.get("/language/da").headers["Set-Cookie"]
    assert cookie.startswith("__Host-tracker=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


@pytest.mark.settings(base_url="https://tracker.example.com")
def test_behind_tls_neither_this_host_nor_one_below_it_is_asked_without(client: StrictClient) -> None:
    asked_for = client.get("/sign-in").headers["Strict-Transport-Security"]
    assert asked_for == "max-age=31536000; includeSubDomains"


def test_signing_in_leaves_nothing_of_the_session_that_was_there(app: Flask, client: StrictClient) -> None:
    with make.written(app) as session:
        make.person(session, "Olga", email="olga@example.com", password="a long good password")
    with client.session_transaction(base_url=app.extensions["settings"].base_url) as before:
        before["planted"] = "by another"
    client.submit("/sign-in", {"email": "olga@example.com", "password": "a long good password"})
    with client.session_transaction(base_url=app.extensions["settings"].base_url) as after:
        assert "planted" not in after
        assert after["_user_id"]


def test_without_the_demonstration_its_pages_do_not_exist(app: Flask, client: StrictClient) -> None:
    assert not [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/demo")]
    assert client.get("/demo/inbox").status_code == 404
    assert client.post("/demo/clock", data={"days": "1"}).status_code in {400, 404}


@pytest.mark.settings(demo=True)
@pytest.mark.parametrize(
    ("asking", "expected"),
    [
        ({}, 200),
        ({"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}, 404),
        ({"headers": {"X-Forwarded-For": "192.0.2.7"}}, 404),
    ],
)
def test_the_demonstration_s_letters_are_for_this_machine_alone(
    client: StrictClient, asking: dict[str, Any], expected: int
) -> None:
    assert client.get("/demo/inbox", **asking).status_code == expected


@pytest.mark.parametrize("mode", ["demo", "debug"])
@pytest.mark.parametrize(
    "address", [{"base_url": "https://tracker.example.com"}, {"extra_hosts": "localhost:1,192.0.2.7:80"}]
)
def test_a_demonstration_never_answers_to_the_world(mode: str, address: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=f"{mode}: must be off"):
        make_settings(database_url="sqlite:///x.db", **{mode: True}, **address)


def test_what_another_site_sends_is_not_shown_as_typed_here(client: StrictClient) -> None:
    sent = {"text": "Call this number"}
    assert "Call this number" in client.post("/my/updates/1", data=sent).text
    strange = client.post("/my/updates/1", data=sent, headers={"Sec-Fetch-Site": "cross-site"})
    assert "Call this number" not in strange.text


def test_the_access_log_shows_no_link_and_stays_on_its_line() -> None:
    careful = runpy.run_path(str(ROOT / "gunicorn.conf.py"))["CarefulLogger"]
    logger = careful(Config())
    request = SimpleNamespace(headers=[], method="GET", uri="", version=(1, 1))
    response = SimpleNamespace(status="200 OK", headers=[], sent=1, response_length=1)
    for path, shown in (
        ("/invitation/abc", "/invitation/-"),
        ("/new-password/abc/d", "/new-password/-"),
        ("/calendar/abc.ics", "/calendar/-"),
        ("//f/abc/updates/1", "//f/-/updates/1"),
        ("///sign-in//letter//abc", "///sign-in//letter//-"),
        ("//invitation/abc\nd", "//invitation/-"),
        ("/a\n\x1b[31mb\u2028", "/a\\n\\x1b[31mb\\u2028"),
        ("/memos/", "/memos/"),
    ):
        environ = {"PATH_INFO": path, "REQUEST_METHOD": "GET", "RAW_URI": path, "SERVER_PROTOCOL": "x"}
        assert logger.atoms(response, request, environ, timedelta(seconds=1))["U"] == shown
