"""The secretariat gives out an address for the plan's common dates, and takes it back."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tests.web.secretariat.conftest import Office
from tracker.audit.models import JournalEntry
from tracker.extensions import db

PAGE = "/secretariat/here/calendar"


def address_on(client: StrictClient) -> str:
    (shown,) = re.findall(r'value="(http[^"]+\.ics)"', client.get(PAGE, budget=8).text)
    return str(shown).removeprefix(client.application.extensions["settings"].base_url)


def test_the_page_of_deadlines_leads_to_the_plans_address(client: StrictClient, office: Office) -> None:
    make.sign_in(client, office.secretary)
    assert f'href="{PAGE}"' in client.get("/secretariat/here/deadlines").text
    made = client.submit(PAGE, button="Make an address", follow_redirects=True)
    assert "The plan's calendar has an address." in made.get_data(as_text=True).replace("&#39;", "'")
    assert 'For English, add <span class="nowrap">?language=en</span> to the address.' in made.text
    read = client.get(address_on(client))
    assert (read.status_code, read.mimetype) == (200, "text/calendar")
    assert "X-WR-CALNAME:Frister: Plan for an open town" in read.text


def test_the_secretariat_shares_one_address_and_any_of_them_switches_it_off(
    app: Flask, client: StrictClient, office: Office
) -> None:
    make.sign_in(client, office.secretary)
    client.submit(PAGE, button="Make an address")
    first = address_on(client)
    lead = app.test_client()
    assert isinstance(lead, StrictClient)
    make.sign_in(lead, office.lead)
    assert address_on(lead) == first
    lead.submit(PAGE, button="Make a new address")
    second = address_on(client)
    assert client.get(first).status_code == 404
    client.submit(PAGE, button="Switch the address off")
    assert client.get(second).status_code == 404
    with app.app_context():
        facts = db.session.scalars(select(JournalEntry).where(JournalEntry.object_kind == "calendar_feed"))
        assert [(one.fact, one.actor_id) for one in facts] == [
            ("calendar_feed_made", office.secretary),
            ("calendar_feed_revoked", office.lead),
            ("calendar_feed_made", office.lead),
            ("calendar_feed_revoked", office.secretary),
        ]


def test_the_address_of_one_plan_is_none_of_another(app: Flask, client: StrictClient, office: Office) -> None:
    with make.written(app) as session:
        elsewhere = make.member(session, make.plan(session, "there")).id
    make.sign_in(client, elsewhere)
    assert client.get(PAGE).status_code == 404
    assert client.get("/secretariat/there/calendar").status_code == 200
