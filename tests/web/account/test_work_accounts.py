"""Signing in at the municipality's own identity provider, and what it must not be tricked into."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.support import make
from tests.support.client import StrictClient
from tests.support.oidc import CLIENT_ID, CLIENT_SECRET, IdentityProvider, _key, identity_provider
from tracker import clock
from tracker.accounts import actions
from tracker.accounts.models import Person, PersonIdentity, SignInSession
from tracker.audit.models import JournalEntry
from tracker.extensions import db

EMAIL = "gustav@example.com"
NOT_TRUSTED = "did not succeed"


@pytest.fixture(scope="module")
def running() -> Iterator[IdentityProvider]:
    with identity_provider() as one:
        yield one


@pytest.fixture
def provider(running: IdentityProvider) -> IdentityProvider:
    fresh = IdentityProvider(running.url, key=running.key)
    vars(running).update(vars(fresh))
    running.person(subject="subject-1", email="Gustav@Example.com")
    return running


@pytest.fixture
def settings(database_url: str, tmp_path: Path, provider: IdentityProvider) -> object:
    from tests.support.databases import make_settings

    secret = tmp_path / "client-secret"
    secret.write_text(CLIENT_SECRET + "\n")
    secret.chmod(0o600)
    return make_settings(
        database_url=database_url,
        data_folder=tmp_path / "data",
        oidc_issuer=provider.url,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret_file=secret,
    )


@pytest.fixture
def gustav(app: Flask, client: StrictClient) -> int:
    client.get("/language/en")
    with make.written(app) as session:
        return make.person(session, "Gustav", email=EMAIL).id


def way_back(client: StrictClient, start: str = "/sign-in/work-account") -> str:
    """The address at which the provider sends the browser back, with its query."""
    sent = client.get(start)
    assert sent.status_code == 303
    back = requests.get(sent.headers["Location"], allow_redirects=False, timeout=10).headers["Location"]
    parts = urlsplit(back)
    assert f"{parts.scheme}://{parts.netloc}" == client.application.extensions["settings"].base_url
    return f"{parts.path}?{parts.query}"


def sign_in(client: StrictClient) -> TestResponse:
    return client.get(way_back(client))


def stored(app: Flask) -> tuple[int, int]:
    """Sessions, and accounts that are connected."""
    with app.app_context():
        counted = [select(func.count(table.id)) for table in (SignInSession, PersonIdentity)]
        sessions, accounts = (db.session.scalar(one) or 0 for one in counted)
    return sessions, accounts


@pytest.mark.both_databases
def test_a_work_account_signs_its_person_in_and_leads_on(
    app: Flask, client: StrictClient, gustav: int, provider: IdentityProvider
) -> None:
    assert "Sign in with your work account" in client.get("/sign-in?next=/account").text
    answer = client.get(way_back(client, "/sign-in/work-account?next=/account"))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert "Gustav" in client.get("/account").text
    assert provider.verified == 1
    with app.app_context():
        row = db.session.scalars(select(PersonIdentity)).one()
        assert (row.person_id, row.issuer, row.subject) == (gustav, provider.url, "subject-1")
        assert "identity_linked" in db.session.scalars(select(JournalEntry.fact)).all()


def test_the_second_time_the_account_counts_and_not_the_address(
    app: Flask, client: StrictClient, gustav: int, provider: IdentityProvider
) -> None:
    sign_in(client)
    provider.person(subject="subject-1", email="another@example.com", verified=False)
    other = app.test_client()
    assert isinstance(other, StrictClient)
    assert sign_in(other).status_code == 303
    assert stored(app) == (2, 1)


def _expired(provider: IdentityProvider) -> None:
    provider.claims |= {"iat": int(time.time()) - 7200, "exp": int(time.time()) - 3600}


def _new_key_of_nobody(provider: IdentityProvider) -> None:
    provider.signing_key = _key("first")


WRONG: dict[str, Callable[[IdentityProvider], object]] = {
    "nonce": lambda one: one.claims.update(nonce="another"),
    "no nonce": lambda one: one.claims.update(nonce=None),
    "state": lambda one: setattr(one, "state", "another"),
    "signature": _new_key_of_nobody,
    "unknown key": lambda one: setattr(one, "signing_key", _key("second")),
    "audience": lambda one: one.claims.update(aud="another service"),
    "issued to another": lambda one: one.claims.update(aud=[CLIENT_ID, "other"], azp="other"),
    "several audiences": lambda one: one.claims.update(aud=[CLIENT_ID, "other"]),
    "issuer": lambda one: one.claims.update(iss="https://other.example.com"),
    "expired": _expired,
    "no end": lambda one: one.claims.update(exp=None),
    "nobody": lambda one: one.claims.update(sub=None),
    "alg none": lambda one: setattr(one, "algorithm", "none"),
    "public key as a shared secret": lambda one: setattr(one, "algorithm", "HS256"),
}


@pytest.mark.parametrize("what", WRONG)
def test_an_answer_that_is_not_right_signs_nobody_in_and_stores_nothing(
    app: Flask, client: StrictClient, gustav: int, provider: IdentityProvider, what: str
) -> None:
    WRONG[what](provider)
    answer = sign_in(client)
    assert answer.status_code == 400
    assert NOT_TRUSTED in answer.text
    assert stored(app) == (0, 0)
    assert client.get("/account").status_code == 303


def test_another_issuer_with_the_same_subject_is_somebody_else(
    app: Flask, client: StrictClient, gustav: int, provider: IdentityProvider
) -> None:
    with make.written(app) as session:
        other = PersonIdentity(
            person_id=gustav, issuer="https://old.example.com", subject="subject-1", created_at=clock.now()
        )
        session.add(other)
    provider.person(subject="subject-1", email="stranger@example.com")
    answer = sign_in(client)
    assert answer.status_code == 400
    assert "nobody here has its e-mail address" in answer.text
    assert stored(app) == (0, 1)


def test_the_answer_of_another_browser_signs_nobody_in(
    app: Flask, client: StrictClient, gustav: int, provider: IdentityProvider
) -> None:
    """Somebody else's finished sign-in, pressed upon this browser, is not this browser's."""
    other = app.test_client()
    assert isinstance(other, StrictClient)
    back = way_back(other)
    assert client.get(back).status_code == 400
    way_back(client)
    assert client.get(back).status_code == 400
    assert stored(app) == (0, 0)


def test_an_answer_works_once(
    app: Flask, client: StrictClient, gustav: int, provider: IdentityProvider
) -> None:
    back = way_back(client)
    assert client.get(back).status_code == 303
    client.post("/sign-out")
    assert client.get(back).status_code == 400


@pytest.mark.parametrize(
    ("email", "verified", "sentence"),
    [("nobody@example.com", True, "nobody here"), (EMAIL, False, "no confirmed e-mail address")],
)
def test_nobody_is_made_from_an_account(
    app: Flask,
    client: StrictClient,
    gustav: int,
    provider: IdentityProvider,
    email: str,
    verified: bool,
    sentence: str,
) -> None:
    provider.person(subject="subject-9", email=email, verified=verified)
    answer = sign_in(client)
    assert answer.status_code == 400
    assert sentence in answer.text
    with app.app_context():
        assert db.session.scalar(select(func.count(Person.id))) == 1
    assert stored(app) == (0, 0)


@pytest.mark.parametrize(
    "email",
    [
        "ni\u212aolaj@example.com",
        "niko\u200blaj@example.com",
        " nikolaj@example.com",
        "nikolaj@example.com\x01",
    ],
)
def test_an_address_that_only_looks_like_somebodys_is_nobodys(
    app: Flask, client: StrictClient, gustav: int, provider: IdentityProvider, email: str
) -> None:
    with make.written(app) as session:
        make.person(session, "Nikolaj", email="nikolaj@example.com")
    provider.person(subject="subject-9", email=email)
    answer = sign_in(client)
    assert answer.status_code == 400
    assert "nobody here" in answer.text
    assert stored(app) == (0, 0)


def test_capital_letters_in_an_address_are_small_ones(
    app: Flask, client: StrictClient, gustav: int, provider: IdentityProvider
) -> None:
    provider.person(subject="subject-9", email="Gustav@Example.COM")
    assert sign_in(client).status_code == 303


def test_a_code_is_handed_to_nobody_whom_the_provider_points_at(
    app: Flask, client: StrictClient, gustav: int, provider: IdentityProvider
) -> None:
    provider.token_moved = True
    assert sign_in(client).status_code == 400
    assert stored(app) == (0, 0)


def test_an_address_that_was_given_to_somebody_else_opens_nothing(
    app: Flask, client: StrictClient, gustav: int, provider: IdentityProvider
) -> None:
    sign_in(client)
    provider.person(subject="subject-2", email=EMAIL)
    other = app.test_client()
    assert isinstance(other, StrictClient)
    other.get("/language/en")
    answer = sign_in(other)
    assert answer.status_code == 400
    assert "Another work account" in answer.text
    assert stored(app) == (1, 1)


def test_who_has_left_does_not_sign_in(
    app: Flask, client: StrictClient, gustav: int, provider: IdentityProvider
) -> None:
    sign_in(client)
    with make.written(app) as session:
        actions.deactivate(session, session.get_one(Person, gustav), by=gustav, at=clock.now())
    assert client.get("/account").status_code == 303
    assert sign_in(client).status_code == 400


def test_new_keys_of_the_provider_are_fetched(
    app: Flask, client: StrictClient, gustav: int, provider: IdentityProvider
) -> None:
    sign_in(client)
    provider.key = _key("newer")
    other = app.test_client()
    assert isinstance(other, StrictClient)
    assert sign_in(other).status_code == 303


def test_a_provider_that_calls_itself_otherwise_is_not_used(
    app: Flask, client: StrictClient, gustav: int, provider: IdentityProvider
) -> None:
    from tracker.accounts.openid import _known

    _known.clear()
    provider.metadata = {"issuer": "https://other.example.com"}
    answer = client.get("/sign-in/work-account")
    assert answer.status_code == 503
    assert "cannot be reached at the moment" in answer.text


def test_where_the_person_declines_a_sentence_says_so(
    app: Flask, client: StrictClient, gustav: int, provider: IdentityProvider
) -> None:
    client.get("/sign-in/work-account")
    answer = client.get("/sign-in/work-account/back?error=access_denied&state=x")
    assert answer.status_code == 400
    assert NOT_TRUSTED in answer.text
