"""Signing in with a letter: for the browser that asked, for ten minutes, once, and not by looking at it."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from tests.support import make
from tests.support.client import StrictClient
from tracker import clock
from tracker.accounts import actions, throttle, tokens
from tracker.accounts.models import AccountToken, Person, SignInFailure, SignInMeans, SignInSession
from tracker.extensions import db
from tracker.mail.models import Mail

EMAIL = "gustav@example.com"
CSRF = re.compile(r'name="csrf_token"[^>]*>')


@pytest.fixture
def gustav(app: Flask, client: StrictClient) -> int:
    client.get("/language/en")
    with make.written(app) as session:
        return make.person(session, "Gustav", email=EMAIL).id


@pytest.fixture
def moving() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 23, 9, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def other_browser(app: Flask) -> StrictClient:
    other = app.test_client()
    assert isinstance(other, StrictClient)
    other.get("/language/en")
    return other


def ask(client: StrictClient, email: str = EMAIL) -> str:
    """What the page says to whoever asks."""
    answer = client.submit("/sign-in", {"email": email}, button="Send me a sign-in letter")
    assert answer.status_code == 303
    return client.get(answer.headers["Location"]).text


def links(app: Flask) -> list[str]:
    """Those of all letters, oldest first."""
    with app.app_context():
        letters = db.session.scalars(select(Mail).where(Mail.kind == "sign_in").order_by(Mail.id)).all()
        secret = app.config["SECRET_KEY"].encode()
        return [
            f"/sign-in/letter/{tokens.derive(secret, 'sign_in', one.payload['nonce'])}" for one in letters
        ]


def is_signed_in(client: StrictClient) -> bool:
    return client.get("/account").status_code == 200


def refusal(client: StrictClient, link: str) -> str:
    """The text that refuses, which is the same for who looks and for who presses the button elsewhere."""
    looked = client.get(link)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/sign-in").text)
    assert token is not None
    pressed = client.post(link, data={"csrf_token": token[1]})
    assert looked.status_code == pressed.status_code == 404
    said = _main(looked.text)
    assert said == _main(pressed.text)
    assert "Ask for a new letter in this browser" in said
    assert not is_signed_in(client)
    return said


def _main(page: str) -> str:
    found = re.search(r"<main.*</main>", page, re.DOTALL)
    assert found is not None
    return found[0]


def test_the_letter_signs_in_and_leads_to_the_page_that_was_asked_for(
    app: Flask, client: StrictClient, gustav: int
) -> None:
    page = client.get("/account", follow_redirects=True)
    assert "Send me a sign-in letter" in page.text
    client.submit("/sign-in?next=/account", {"email": EMAIL}, button="Send me a sign-in letter")
    (link,) = links(app)
    answer = client.submit(link, budget=12)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert is_signed_in(client)


def test_looking_at_the_link_uses_nothing_up(app: Flask, client: StrictClient, gustav: int) -> None:
    ask(client)
    (link,) = links(app)
    scanner = other_browser(app)
    for one in (scanner, client):
        one.head(link)
        for _ in range(20):
            one.get(link)
    assert client.submit(link).status_code == 303
    assert is_signed_in(client)


def test_every_link_that_does_not_work_is_refused_with_one_text(
    moving: time_machine.Traveller, app: Flask, client: StrictClient, gustav: int
) -> None:
    ask(client)
    ask(client)
    older, newer = links(app)
    said = [refusal(client, older), refusal(other_browser(app), newer)]
    said.append(refusal(client, newer[:-1] + ("0" if newer[-1] != "0" else "1")))
    said.append(refusal(client, "/sign-in/letter/nonsense"))
    moving.shift(timedelta(minutes=10))
    said.append(refusal(client, newer))
    ask(client)
    newest = links(app)[-1]
    client.submit(newest)
    with make.written(app) as session:
        actions.end_sessions(session, session.get_one(Person, gustav), at=clock.real_now())
    said.append(refusal(client, newest))
    assert len(set(said)) == 1


def test_another_purposes_token_signs_nobody_in(app: Flask, client: StrictClient, gustav: int) -> None:
    with make.written(app) as session:
        invitation = actions.invite(
            session,
            session.get_one(Person, gustav),
            secret=app.config["SECRET_KEY"].encode(),
            by=None,
            at=clock.now(),
            real_at=clock.real_now(),
        )
    ask(client)
    (link,) = links(app)
    refusal(client, f"/sign-in/letter/{invitation}")
    assert client.get(link.replace("/sign-in/letter/", "/invitation/")).status_code == 404
    assert client.get(link.replace("/sign-in/letter/", "/new-password/")).status_code == 404


def test_who_asks_for_the_letters_of_another_does_not_keep_the_other_out(
    app: Flask, client: StrictClient, gustav: int
) -> None:
    ask(client)
    ask(other_browser(app))
    assert client.submit(links(app)[0]).status_code == 303


def test_who_has_left_signs_in_with_no_letter_from_before(
    app: Flask, client: StrictClient, gustav: int
) -> None:
    ask(client)
    (link,) = links(app)
    with make.written(app) as session:
        actions.deactivate(session, session.get_one(Person, gustav), by=gustav, at=clock.now())
    refusal(client, link)


def test_the_tables_hold_neither_the_token_nor_what_the_browser_holds(
    app: Flask, client: StrictClient, gustav: int
) -> None:
    ask(client)
    (link,) = links(app)
    with app.app_context():
        row = db.session.scalars(select(AccountToken)).one()
        assert row.token_hash == tokens.digest(link.rpartition("/")[2])
        assert row.browser_hash is not None
        assert (row.expires_at - row.created_at) == timedelta(minutes=10)
    assert len(link.rpartition("/")[2]) * 4 == 256


@pytest.mark.both_databases
def test_nobody_learns_which_addresses_there_are(app: Flask, client: StrictClient, gustav: int) -> None:
    """Text, status, what is counted, and the time it takes; only the letter itself differs."""
    known, unknown = other_browser(app), other_browser(app)
    said = {CSRF.sub("", ask(browser, who)) for browser, who in ((known, EMAIL), (unknown, "no@example.com"))}
    assert len(said) == 1
    for _ in range(4):
        said |= {CSRF.sub("", ask(known)), CSRF.sub("", ask(unknown, "no@example.com"))}
    assert len(said) == 1
    with app.app_context():
        counted = select(SignInFailure.account, func.count()).group_by(SignInFailure.account)
        assert dict(db.session.execute(counted).all()) == {EMAIL: 3, "no@example.com": 3}
        assert db.session.scalar(select(func.count(Mail.id))) == 3


def test_a_known_address_takes_no_longer_than_an_unknown_one(
    app: Flask, client: StrictClient, gustav: int
) -> None:
    with make.written(app) as session:
        for number in range(12):
            make.person(session, "Person", email=f"known{number}@example.com")
    took: dict[str, list[float]] = {"known": [], "nobody": []}
    for number in range(12):
        for who, times in took.items():
            browser = other_browser(app)
            page = browser.get("/sign-in/letter").text
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
            assert token is not None
            began = time.perf_counter()
            browser.post(
                "/sign-in/letter", data={"csrf_token": token[1], "email": f"{who}{number}@example.com"}
            )
            times.append(time.perf_counter() - began)
    assert statistics.median(took["known"]) < 1.5 * statistics.median(took["nobody"])


@pytest.mark.parametrize("how", ["one address", "one browser's address", "spread"])
def test_a_flood_of_requests_costs_three_letters_an_address_and_locks_nobody_out(
    app: Flask, gustav: int, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(throttle.LIMITS, SignInMeans.letter, throttle.Limits(account=3, address=60))
    flood = app.test_client()
    app.config["WTF_CSRF_ENABLED"] = False
    for number in range(80):
        email = EMAIL if how != "one browser's address" else f"p{number}@example.com"
        peer = f"10.0.{number}.7" if how == "spread" else "10.0.0.7"
        flood.post(
            "/sign-in/letter", data={"email": email}, environ_overrides={"REMOTE_ADDR": peer}, page=False
        )
    with make.written(app) as session:
        assert (session.scalar(select(func.count(Mail.id)).where(Mail.address == EMAIL)) or 0) <= 3
        assert (session.scalar(select(func.count(SignInFailure.id))) or 0) <= 60
        make.person(session, "Hanne", email="hanne@example.com")
    # Behind the same proxy too, unless it was hundreds of accounts that were tried from there.
    peer = "10.0.0.8" if how == "one browser's address" else "10.0.0.7"
    flood.post(
        "/sign-in/letter",
        data={"email": "hanne@example.com"},
        environ_overrides={"REMOTE_ADDR": peer},
        page=False,
    )
    with app.app_context():
        assert db.session.scalar(select(func.count(Mail.id)).where(Mail.address == "hanne@example.com")) == 1


def test_signing_in_gives_the_browser_a_session_of_its_own(
    app: Flask, client: StrictClient, gustav: int
) -> None:
    """A cookie that somebody planted before the sign-in opens nothing afterwards."""
    ask(client)
    planted = client.get_cookie(app.config["SESSION_COOKIE_NAME"], domain="127.0.0.1")
    assert planted is not None
    client.submit(links(app)[0])
    assert is_signed_in(client)
    thief = other_browser(app)
    thief.set_cookie(app.config["SESSION_COOKIE_NAME"], planted.value, domain="127.0.0.1")
    assert not is_signed_in(thief)
    with app.app_context():
        assert db.session.scalar(select(func.count(SignInSession.id))) == 1


@pytest.mark.settings(sign_in_letters=False)
def test_where_letters_are_off_there_are_no_such_pages(client: StrictClient) -> None:
    client.get("/language/en")
    assert "sign-in letter" not in client.get("/sign-in").text
    assert client.get("/sign-in/letter").status_code == 404
    assert client.get("/sign-in/letter/nonsense").status_code == 404


@pytest.mark.settings(sign_in_passwords=False)
def test_where_passwords_are_off_one_signs_in_by_letter_alone(
    app: Flask, client: StrictClient, gustav: int
) -> None:
    assert 'type="password"' not in client.get("/sign-in").text
    assert client.get("/forgotten-password").status_code == 404
    assert client.get("/invitation/nonsense").headers["Location"] == "/sign-in"
    ask(client)
    assert client.submit(links(app)[0]).status_code == 303
    assert 'type="password"' not in client.get("/account").text
