"""Who gets what: every address of the application, asked for by everybody, as rights.csv says.

`y` is answered (also with "this is missing" or "not now"), `-` does not exist for them, `x` is forbidden,
`s` is sent to sign in. A route without a row fails.
"""

from __future__ import annotations

import csv
import logging
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import Connection, delete, func, select
from sqlalchemy.engine import make_url
from werkzeug.routing import BuildError, Rule
from werkzeug.test import TestResponse

from tests.support import make
from tests.web.world import CANARY, PRINCIPALS, Browser, Values, World, build
from tracker.audit.models import AccessEntry
from tracker.database import Base
from tracker.extensions import db

TABLE = Path(__file__).with_name("rights.csv")
MISSING = 987_654
# Who may read a status that is not approved: those who write it, and those who approve it.
READS_DRAFTS = {"owner", "deputy", "coordinator", "secretariat", "lead"}
# Those of them who write it only for others: whatever shows them words of it notes who has read them.
NOTED = {"coordinator", "lead"}
DRAFT = re.compile(rf"{CANARY}(?:<[^>]*>|\s)*(?:text|comment|remark|kept|figure)")
# Who asks for what an address does not do.
ASK_AMISS = {"anonymous", "owner", "lead"}
# What a page that is only looked at may note: when a browser was seen, when a form was first opened.
NOTES = {("sign_in_session", "last_seen_at"), ("status_update", "first_opened_at")}
# And who read a draft, which is kept outside of the journal's chain.
LOGS = {"access_log"}
IDS = ("initiative_id", "update_id", "deadline_id", "administration_id", "committee_id", "edition_id",
       "mail_id", "upload_id", "forecast_id", "person_id", "membership_id", "figure_id", "link_id",
       "placement_id", "change_id", "session_id")  # fmt: skip


@dataclass(frozen=True)
class Route:
    endpoint: str
    method: str
    rule: Rule

    def url(self, app: Flask, values: Values) -> str:
        given = {"code": "en", "kind": "docx", "token": "nobody", "purpose": "invitation",
                 "filename": "icon.svg", "year": 2025, "obligation": "status_due",
                 "table_kind": "csv", **values}  # fmt: skip
        if self.endpoint in {"secretariat.memo", "secretariat.draft_download", "secretariat.lock_memo"}:
            given["year"] = 2026  # the open round
        if {"administration_id", "year"} <= self.rule.arguments:
            given["year"] = 2026  # what an administration hands in
        adapter = app.url_map.bind("x")
        found = {name: given[name] for name in self.rule.arguments}
        try:
            return adapter.build(self.endpoint, found, method=self.method)
        except BuildError as error:  # pragma: no cover - a new kind of address needs a value above
            raise AssertionError(f"no values for {self.endpoint}") from error


def routes(app: Flask) -> Iterator[Route]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield Route(rule.endpoint, method, rule)


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    with make.written(app) as session:
        built = build(session)
    with closing(Database(app)) as database:
        app.extensions["tests.database"] = database
        yield built


@pytest.fixture
def table() -> dict[tuple[str, str], dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {(row["endpoint"], row["method"]): row for row in csv.DictReader(file)}


def browsers(app: Flask, world: World) -> dict[str, Browser]:
    return {name: Browser(app, world.people.get(name)) for name in PRINCIPALS}


def kind_of(answer: TestResponse) -> str:
    if answer.status_code in {303, 302} and "/sign-in" in (answer.location or ""):
        return "s"
    return {404: "-", 403: "x"}.get(answer.status_code, "y" if answer.status_code < 500 else "!")


Contents = dict[str, list[tuple[object, ...]]]


class Database:
    """What SQLite holds, read again only when somebody has written to it."""

    def __init__(self, app: Flask) -> None:
        url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
        assert url.get_backend_name() == "sqlite"
        self.connection = sqlite3.connect(str(url.database))
        self.version: int | None = None
        self.found: Contents = {}

    def contents(self) -> Contents:
        """Every table but what may be noted."""
        (version,) = self.connection.execute("PRAGMA data_version").fetchone()
        if version != self.version:
            self.version, self.found = version, self._read()
        return self.found

    def close(self) -> None:
        self.connection.close()

    def _read(self) -> Contents:
        connection = self.connection
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        found = {}
        for table in sorted(set(tables) - LOGS):
            names = [row[1] for row in connection.execute(f"PRAGMA table_info('{table}')")]
            kept = ", ".join(f'"{name}"' for name in names if (table, name) not in NOTES)
            found[table] = connection.execute(f'SELECT {kept} FROM "{table}" ORDER BY 1').fetchall()
        return found


def contents(app: Flask) -> Contents:
    """What the database holds: with `world` read again only when it has changed."""
    kept: Database | None = app.extensions.get("tests.database")
    if kept is not None:
        return kept.contents()
    if make_url(app.config["SQLALCHEMY_DATABASE_URI"]).get_backend_name() != "sqlite":
        with app.app_context(), db.engine.connect() as connection:
            return {name: _rows(connection, name) for name in sorted(Base.metadata.tables.keys() - LOGS)}
    with closing(Database(app)) as read_once:
        return read_once.contents()


def _rows(connection: Connection, name: str) -> list[tuple[object, ...]]:
    columns = [column for column in Base.metadata.tables[name].columns if (name, column.name) not in NOTES]
    return [tuple(row) for row in connection.execute(select(*columns).order_by(columns[0]))]


def text_of(answer: TestResponse) -> str:
    """Everything that the answer says, inside a Word file too."""
    said = answer.get_data()
    if said[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(said)) as package:
            said = b"".join(package.read(name) for name in package.namelist())
    return said.decode("utf-8", "replace") + str(answer.headers)


def test_every_route_has_a_row_and_every_row_a_route(
    app: Flask, table: dict[tuple[str, str], dict[str, str]]
) -> None:
    assert {(one.endpoint, one.method) for one in routes(app)} == set(table)


def unnoted(app: Flask, answer: TestResponse) -> bool:
    """Whether the answer shows words of a draft, and nobody has noted who has read them."""
    if not DRAFT.search(text_of(answer)):
        return False
    with make.written(app) as session:
        noted = session.scalar(select(func.count()).select_from(AccessEntry))
        session.execute(delete(AccessEntry))  # the same look is noted once an hour
        return not noted


def test_everybody_sees_what_the_table_says_and_looking_changes_nothing(
    app: Flask, world: World, table: dict[tuple[str, str], dict[str, str]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    asking = browsers(app, world)
    before, wrong = contents(app), []
    for route in (one for one in routes(app) if one.method == "GET"):
        asked = f"?q={CANARY[:6]}" if route.endpoint == "searching.results" else ""
        reads = READS_DRAFTS | {"elsewhere"} if asked else READS_DRAFTS  # who finds what their own plan has
        for name, browser in asking.items():
            answer = browser.get(url := route.url(app, world.here) + asked)
            head = browser.ask("HEAD", url)
            if (head.status_code, head.data) != (answer.status_code, b""):
                wrong.append(f"HEAD {route.endpoint} for {name}: {head.status}, GET {answer.status}")
            expected = table[route.endpoint, "GET"][name]
            if (kind_of(answer)) != expected:
                wrong.append(f"{route.endpoint} for {name}: {answer.status}, not {expected}")
            if name not in reads and CANARY in text_of(answer):
                wrong.append(f"{route.endpoint} shows a draft to {name}")
            if name in NOTED and unnoted(app, answer):
                wrong.append(f"{route.endpoint} shows a draft to {name}, and it is not noted")
        if contents(app) != before:
            wrong.append(f"GET {route.endpoint} changed the database")
            before = contents(app)
    assert not wrong, "\n".join(wrong)
    assert CANARY not in caplog.text


def test_everybody_does_what_the_table_says(
    app: Flask, world: World, table: dict[tuple[str, str], dict[str, str]]
) -> None:
    asking, wrong = browsers(app, world), []
    for route in (one for one in routes(app) if one.method == "POST"):
        if route.endpoint.startswith("account."):
            asking = browsers(app, world)  # who was signed out or has another language begins anew
        for name, browser in asking.items():
            before = contents(app)
            answer = browser.post(route.url(app, world.here))
            expected = table[route.endpoint, "POST"][name]
            if kind_of(answer) != expected:
                wrong.append(f"{route.endpoint} by {name}: {answer.status}, not {expected}")
            if expected != "y" and contents(app) != before:
                wrong.append(f"{route.endpoint} by {name} changed something")
            if name not in READS_DRAFTS and CANARY in text_of(answer):
                wrong.append(f"{route.endpoint} shows a draft to {name}")
    assert not wrong, "\n".join(wrong)


# What is another's is to each of them as what is the owner's is to whoever stands where they stand there.
STANDS_AS = {"owner": "other_owner", "other_owner": "owner", "deputy": "former_deputy", "head": "head",
             "coordinator": "other_coordinator", "other_coordinator": "coordinator"}  # fmt: skip


def test_what_is_another_owner_s_is_theirs_alone(
    app: Flask, world: World, table: dict[tuple[str, str], dict[str, str]]
) -> None:
    """The same table holds with the parts exchanged: the other owner's initiative, status and deadline."""
    asking, wrong = browsers(app, world), []
    for route in routes(app):
        given = set(IDS) & route.rule.arguments
        if not given or not given <= {"initiative_id", "update_id", "deadline_id"}:
            continue
        if route.endpoint.startswith("public."):
            continue  # what has been published is everybody's, and this has not
        for name, part in STANDS_AS.items():
            url, browser = route.url(app, world.beside), asking[name]
            answer = browser.get(url) if route.method == "GET" else browser.post(url)
            expected = table[route.endpoint, route.method][part]
            if kind_of(answer) != expected:
                wrong.append(f"{route.method} {route.endpoint} for {name}: {answer.status}, not {expected}")
    assert not wrong, "\n".join(wrong)


def addresses(app: Flask, world: World) -> dict[str, set[str]]:
    """Every address, each once, with the methods that it has."""
    adapter = app.url_map.bind("x")
    found = {route.url(app, world.here) for route in routes(app)}
    return {url: set(adapter.allowed_methods(urlsplit(url).path)) for url in sorted(found)}


def test_every_address_tells_its_methods_to_everybody_and_does_nothing(app: Flask, world: World) -> None:
    asking, wrong = browsers(app, world), []
    before = contents(app)
    for url, methods in addresses(app, world).items():
        for name, browser in asking.items():
            answer = browser.ask("OPTIONS", url)
            if answer.status_code != 200 or set(answer.allow) != methods or answer.data:
                wrong.append(f"OPTIONS {url} for {name}: {answer.status}, {answer.headers.get('Allow')}")
    assert contents(app) == before
    assert not wrong, "\n".join(wrong)


def test_what_an_address_cannot_do_is_refused_with_what_it_can(app: Flask, world: World) -> None:
    """Before anybody's rights are asked for, so a few of them stand for all."""
    asking = {name: browser for name, browser in browsers(app, world).items() if name in ASK_AMISS}
    before, wrong = contents(app), []
    for url, methods in addresses(app, world).items():
        for method in sorted({"GET", "POST", "PUT", "PATCH", "DELETE"} - methods):
            for name, browser in asking.items():
                answer = browser.ask(method, url)
                if answer.status_code != 405 or set(answer.allow) != methods:
                    wrong.append(f"{method} {url} for {name}: {answer.status}, {answer.headers.get('Allow')}")
    assert contents(app) == before
    assert not wrong, "\n".join(wrong)


def test_a_form_without_its_token_does_nothing_for_anybody(app: Flask, world: World) -> None:
    wrong = []
    for name in ("anonymous", "owner", "lead", "administrator"):
        browser = Browser(app, world.people.get(name))
        before = contents(app)
        for route in (one for one in routes(app) if one.method == "POST"):
            answer = browser.post(route.url(app, world.here), token=False, action="submit", text="x")
            if answer.status_code not in {400, 401, 404}:
                wrong.append(f"{route.endpoint} by {name}: {answer.status}")
        if contents(app) != before:
            wrong.append(f"{name} changed something")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("what", ["another plan's", "missing"])
def test_what_is_not_of_the_plan_looks_like_what_is_not_there(app: Flask, world: World, what: str) -> None:
    """One id at a time is swapped: an object of another plan and one that does not exist look alike."""
    asking = {name: browser for name, browser in browsers(app, world).items() if name != "elsewhere"}
    wrong = []
    for route in routes(app):
        for swapped in (one for one in IDS if one in route.rule.arguments):
            if route.endpoint.startswith("admin.") and (what, swapped) == ("another plan's", "person_id"):
                continue  # people belong to no plan
            value = MISSING if what == "missing" else world.there[swapped]
            url = route.url(app, {**world.here, swapped: value})
            before = contents(app)
            for name, browser in asking.items():
                answer = browser.get(url) if route.method == "GET" else browser.post(url)
                open_to_all = route.endpoint.startswith("public.")
                allowed = {"-"} | ({"s"} if name == "anonymous" and not open_to_all else set())
                if route.endpoint in {"owner.update", "owner.autosave"} and name == "anonymous":
                    allowed.add("y")  # 401, which gives back what was typed, or leaves it on its page
                if kind_of(answer) not in allowed:
                    wrong.append(f"{route.method} {route.endpoint} for {name}: {answer.status}")
                if CANARY in text_of(answer):
                    wrong.append(f"{route.method} {route.endpoint} shows a draft to {name}")
            if contents(app) != before:
                wrong.append(f"{route.method} {route.endpoint} changed something")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("id_", ["-1", "0", str(2**31), str(2**63), "1e3", "%00", "..%2F", "1%20"])
def test_a_number_that_no_row_can_have_is_no_page(app: Flask, world: World, id_: str) -> None:
    lead = Browser(app, world.people["lead"])
    for address in ("/updates/", "/my/updates/", "/deadlines/", "/my/initiatives/"):
        assert lead.get(address + id_).status_code == 404


def test_an_approval_that_names_no_version_is_of_none(app: Flask, world: World) -> None:
    """What was not sent is not filled in with what stands now, which nobody may have read."""
    secretary = Browser(app, world.people["secretariat"])
    answer = secretary.post(f"/secretariat/here/updates/{world.here['update_id']}/approve")
    assert answer.status_code == 409
