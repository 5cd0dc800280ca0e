"""The secretariat sees who did what to an initiative."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from tests.support import make
from tests.support.client import StrictClient
from tests.web.secretariat.conftest import Office
from tracker import clock
from tracker.accounts.actions import deactivate
from tracker.accounts.models import Person
from tracker.audit.actions import record
from tracker.deadlines.actions import add_deadline
from tracker.deadlines.models import DeadlineKind
from tracker.plans.models import Initiative

BUDGET = 20


def address(office: Office) -> str:
    return f"/secretariat/here/initiatives/{office.initiatives[0]}/journal"


@pytest.mark.both_databases
def test_it_says_who_did_what_and_when_also_of_somebody_who_has_left(
    client: StrictClient, app: Flask, office: Office
) -> None:
    with make.written(app) as session:
        initiative = session.get_one(Initiative, office.initiatives[0])
        gone = make.person(session, "Gerda Gone")
        day = clock.today() + timedelta(days=30)
        add_deadline(
            session,
            plan_id=initiative.plan_id,
            kind=DeadlineKind.milestone,
            title="The hall is rented",
            first_on=day,
            last_on=day,
            initiative=initiative,
            by=gone.id,
            at=clock.now(),
        )
        deactivate(session, session.get_one(Person, gone.id), by=None, at=clock.now())
    make.sign_in(client, office.secretary)
    page = client.get(address(office), budget=BUDGET).text
    assert "Gerda Gone" in page
    assert "Deadline added" in page
    assert "The hall is rented" in page
    assert f"{day:%d.%m.%Y}" in page
    assert "Olga Owner" in page  # who took the place
    assert "A play for every school" not in page


@pytest.mark.both_databases
def test_a_long_journal_has_pages(client: StrictClient, app: Flask, office: Office) -> None:
    with make.written(app) as session:
        for number in range(120):
            record(
                session,
                "initiative_edited",
                "initiative",
                office.initiatives[0],
                by=office.lead,
                at=clock.now(),
                revision=number,
            )
    make.sign_in(client, office.secretary)
    first = client.get(address(office), budget=BUDGET).text
    assert first.count("<tr>") == 101
    assert "revision 119" in first
    assert "revision 19<" not in first
    before = first.split("journal?before=")[1].split('"')[0]
    second = client.get(f"{address(office)}?before={before}", budget=BUDGET).text
    assert "revision 19<" in second
    assert "revision 119" not in second


def test_it_is_reached_from_the_initiative(client: StrictClient, office: Office) -> None:
    make.sign_in(client, office.secretary)
    assert address(office) in client.get(f"/secretariat/here/initiatives/{office.initiatives[0]}").text


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "day", ["0001-01-01", "9999-12-31", "01.01.0001", "31.12.9999", "soon", "2026-02-30"]
)
def test_the_first_and_the_last_of_all_days_can_be_asked_for(
    client: StrictClient, office: Office, day: str
) -> None:
    make.sign_in(client, office.lead)
    for query in (f"from={day}", f"until={day}", f"from={day}&until={day}"):
        assert client.get(f"/secretariat/here/journal?{query}").status_code == 200
