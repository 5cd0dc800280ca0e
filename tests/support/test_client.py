"""The client that every test of a page relies on notices what it promises to notice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, Response, redirect, request
from sqlalchemy import text

from tests.support.client import StrictClient, Watch
from tracker.extensions import db

PAGE = (
    """<!DOCTYPE html><html lang="da"><head><title>Side</title></head><body><h1>Side</h1>{}</body></html>"""
)
POLICY = "default-src 'none'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'"
FORM = """<form method="post" action="/save">
  <input type="hidden" name="token" value="t">
  <label for="n">Navn</label><input id="n" name="name" value="før">
  <label for="c">Farve</label><select id="c" name="colour"><option value="r">rød</option>
    <option value="b" selected>blå</option></select>
  <label><input type="checkbox" name="yes" value="1" checked> Ja</label>
  <button name="do" value="draft">Gem kladde</button> <button name="do" value="send">Indsend</button>
</form>"""


@pytest.fixture
def client(tmp_path: Path) -> Iterator[StrictClient]:
    app = Flask(__name__)
    app.config.update(SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path / 'notes.db'}", TESTING=True)
    app.extensions["settings"] = SimpleNamespace(base_url="http://127.0.0.1:5000")
    db.init_app(app)
    with app.app_context():
        db.session.execute(text("CREATE TABLE note (words TEXT)"))
        db.session.commit()

    @app.post("/write")
    def write() -> Response:
        db.session.execute(text("INSERT INTO note VALUES ('hej')"))
        if "commit" in request.args:
            db.session.commit()
        return Response("done", mimetype="text/plain")

    @app.get("/read/<int:times>")
    def read(times: int) -> Response:
        for _ in range(times):
            db.session.execute(text("SELECT words FROM note"))
        return Response("done", mimetype="text/plain")

    @app.route("/page", methods=["GET", "POST"])
    def page() -> Response:
        return Response(
            PAGE.format(request.args.get("body", "")), headers={"Content-Security-Policy": POLICY}
        )

    @app.get("/form")
    def form() -> Response:
        return Response(PAGE.format(FORM), headers={"Content-Security-Policy": POLICY})

    @app.post("/save")
    def save() -> dict[str, list[str]]:
        return dict(request.form.lists())

    @app.get("/away")
    def away() -> object:
        return redirect("/page")

    app.test_client_class = StrictClient
    app.extensions["tests.watch"] = Watch(app)
    yield app.test_client()  # type: ignore[misc]
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_a_request_that_forgets_to_commit_fails(client: StrictClient) -> None:
    with pytest.raises(AssertionError, match="did not commit"):
        client.post("/write")


def test_a_request_that_commits_passes(client: StrictClient) -> None:
    assert client.post("/write?commit=1").text == "done"


def test_a_request_over_its_budget_fails_and_names_its_queries(client: StrictClient) -> None:
    assert client.get("/read/3", budget=3).text == "done"
    with pytest.raises(AssertionError, match=r"4 x SELECT words"):
        client.get("/read/4", budget=3)
    with client.query_budget(1), pytest.raises(AssertionError, match="its budget is 1"):
        client.get("/read/2")
    assert client.get("/read/9").text == "done"


def test_a_request_does_not_see_what_the_test_has_open(client: StrictClient) -> None:
    with client.application.app_context():
        db.session.execute(text("SELECT 1"))
        client.get("/read/1")
        assert db.session.execute(text("SELECT 2")).scalar() == 2


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<p><div></div></p>", "invalid HTML"),
        ("<h1>To</h1>", "exactly one h1"),
        ("<i id=a></i><i id=a></i>", "more than once: a"),
        ("<form><input name=q></form>", "field without a label"),
        ("<label for=nowhere>Hvor</label>", "label for nothing"),
        ("<p style='color:red'>x</p>", "inline style"),
        ("<script>x()</script>", "inline <script>"),
        ("<a href=# onclick='x()'>x</a>", "inline event handlers"),
        ("<a href='javascript:x()'>x</a>", "javascript: link"),
    ],
)
def test_a_page_that_is_not_sound_fails(client: StrictClient, body: str, fault: str) -> None:
    with pytest.raises(AssertionError, match=fault):
        client.get("/page", query_string={"body": body})


def test_a_sound_page_passes(client: StrictClient) -> None:
    body = "<form><label for=a>A</label><input id=a name=a><label>B <input name=b></label></form>"
    assert client.get("/page", query_string={"body": body}).status_code == 200
    assert client.get("/away", follow_redirects=True).status_code == 200


def test_a_form_is_sent_as_a_person_would_send_it(client: StrictClient) -> None:
    sent = client.submit("/form", {"name": "efter"}, button="Indsend").json
    assert sent == {"token": ["t"], "name": ["efter"], "colour": ["b"], "yes": ["1"], "do": ["send"]}


def test_a_form_that_has_no_such_field_cannot_be_sent(client: StrictClient) -> None:
    with pytest.raises(AssertionError, match="no form on /form has fields"):
        client.submit("/form", {"nobody": "x"})
