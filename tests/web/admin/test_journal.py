"""The administrator reads the whole journal and has it verified."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from tests.support import make
from tests.support.client import StrictClient
from tests.support.journal import unguarded
from tracker import clock, jobs
from tracker.extensions import db

BUDGET = 20


@pytest.fixture
def administrator(app: Flask, client: StrictClient) -> int:
    with make.written(app) as session:
        make.plan(session, "here", name="Plan for an open town")
        somebody = make.person(session, "Asta Admin", administrator=True).id
    works = jobs.clockwork(app)
    works.tick(clock.now())
    works.close(clock.now())
    make.sign_in(client, somebody)
    return somebody


@pytest.mark.both_databases
def test_the_journal_is_verified_and_says_so(client: StrictClient, administrator: int) -> None:
    assert "has not been verified yet" in client.get("/admin/journal", budget=BUDGET).text
    client.submit("/admin/journal", button="Verify the journal")
    page = client.get("/admin/journal", budget=BUDGET).text
    assert "are as they were written" in page
    assert "Journal verified" in page


@pytest.mark.both_databases
def test_a_journal_that_was_changed_is_said_to_be(
    app: Flask, client: StrictClient, administrator: int
) -> None:
    with app.app_context(), db.engine.begin() as connection, unguarded(connection):
        connection.execute(text("UPDATE journal_entry SET fact = 'approved' WHERE id = 1"))
    client.submit("/admin/journal", button="Verify the journal")
    page = client.get("/admin/journal", budget=BUDGET).text
    assert "Entry 1 is not as it was sealed" in page


@pytest.mark.both_databases
def test_what_is_shown_is_chosen_in_the_address(client: StrictClient, administrator: int) -> None:
    today = clock.today()
    table = "<tbody>"
    only = client.get("/admin/journal?fact=plan_created").text.split(table)[1]
    assert "Plan for an open town" in only
    assert "Person added" not in only
    assert "Asta Admin" in client.get(f"/admin/journal?object=person&id={administrator}").text.split(table)[1]
    assert table in client.get(f"/admin/journal?from={today:%d.%m.%Y}&until={today}").text
    assert "No entry fits" in client.get("/admin/journal?until=2001-01-01").text
    assert "No entry fits" in client.get("/admin/journal?person=999999").text
    assert client.get("/admin/journal?from=x&until=9999-12-31&before=y&id=-1").status_code == 200
