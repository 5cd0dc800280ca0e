"""When the database does not answer: a page that says so, and keeps what was typed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import html5lib
import pytest
from flask import Flask
from sqlalchemy import event

from tests.support.databases import make_settings, migrate
from tests.support.forms import fill
from tests.support.postgres import own_server
from tests.web.owner.conftest import Place, browser_of, place  # noqa: F401 - a fixture
from tracker.application import create_app
from tracker.extensions import db

TYPED = "Two meetings were held,\nand a third was put off until the spring."
FIELDS = {"text": TYPED, "outcome": "reported", "progress": "started"}


@contextmanager
def read_only(app: Flask) -> Iterator[None]:
    """As a disk that is full or a file that may not be written: whatever writes is refused."""

    def refuse(connection: object, _record: object) -> None:
        connection.execute("PRAGMA query_only=ON")  # type: ignore[attr-defined]

    with app.app_context():
        engine = db.engine
    engine.dispose()
    event.listen(engine, "connect", refuse)
    try:
        yield
    finally:
        event.remove(engine, "connect", refuse)
        engine.dispose()


def test_what_was_typed_is_kept_and_can_be_sent_once_more(app: Flask, place: Place) -> None:  # noqa: F811
    owner = browser_of(app, place.owner)
    form = fill(owner.get(place.form).text, place.form, FIELDS, button="Save draft")
    with read_only(app):
        answer = owner.post(place.form, data=form.values)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "The service cannot answer right now" in answer.text
    again = fill(answer.text, place.form, {}, button="Send it once more")
    assert {name: again.values[name][0].replace("\r\n", "\n") for name in FIELDS} == FIELDS
    sent = owner.post(again.action, data=again.values)
    assert sent.status_code == 303
    assert "a third was put off" in owner.get(place.form).text


def test_a_password_is_not_written_into_the_page(app: Flask) -> None:
    browser = app.test_client()
    browser.get("/language/en")
    typed = {"email": "anna@example.com", "password": "Demonstration-42"}
    form = fill(browser.get("/sign-in").text, "/sign-in", typed)
    with read_only(app):
        answer = browser.post("/sign-in", data=form.values)
    assert answer.status_code == 503
    assert "anna@example.com" in answer.text
    assert "Demonstration-42" not in answer.text
    assert "Passwords and files are not kept" in answer.text


@pytest.mark.postgresql
def test_a_database_that_is_gone_is_said_and_comes_back(tmp_path: Path) -> None:
    with own_server() as server:
        url = server.url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        migrate(url, data_folder=tmp_path)
        app = create_app(make_settings(database_url=url, data_folder=tmp_path))
        base_url = app.extensions["settings"].base_url
        browser = app.test_client()
        assert browser.get("/plans/", base_url=base_url).status_code == 200
        server.stop_at_once()
        gone = browser.get("/plans/", base_url=base_url)
        assert gone.status_code == 503
        assert html5lib.parse(gone.text) is not None
        assert browser.get("/readyz", base_url=base_url).status_code == 503
        assert browser.get("/livez", base_url=base_url).status_code == 200
        server.start()
        assert browser.get("/plans/", base_url=base_url).status_code == 200
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
