"""A person gets an address for their own deadlines, sees it again, and takes it back."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tracker.audit.models import JournalEntry
from tracker.deadlines.models import CalendarFeed
from tracker.extensions import db

PAGE = "/account/calendar"


@pytest.fixture
def person(app: Flask, client: StrictClient) -> int:
    """Somebody with no part in any plan, signed in."""
    with make.written(app) as session:
        made = make.person(session, "Gustav").id
    make.sign_in(client, made)
    return made


def address_on(client: StrictClient) -> str:
    """The address that the page shows, in the field and in the link alike."""
    page = client.get(PAGE, budget=5).text
    (shown,) = re.findall(r'value="(http[^"]+\.ics)"', page)
    assert f'href="webcal:{shown.partition(":")[2]}"' in page
    return str(shown)


def test_the_own_page_leads_to_an_address_that_can_be_read_and_shown_again(
    app: Flask, client: StrictClient, person: int
) -> None:
    assert f'href="{PAGE}"' in client.get("/account").text
    assert "There is no address yet" in client.get(PAGE, budget=5).text
    made = client.submit(PAGE, button="Make an address", follow_redirects=True)
    assert "Your calendar has an address." in made.text
    address = address_on(client)
    base_url = app.extensions["settings"].base_url
    assert address.startswith(f"{base_url}/calendar/")
    assert address_on(client) == address
    visitor = app.test_client()
    answer = visitor.get(address.removeprefix(base_url))
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")


def test_a_new_address_makes_the_old_one_useless(app: Flask, client: StrictClient, person: int) -> None:
    base_url = app.extensions["settings"].base_url
    client.submit(PAGE, button="Make an address")
    old = address_on(client)
    page = client.submit(PAGE, button="Make a new address", follow_redirects=True)
    assert "The old one no longer works." in page.text
    new = address_on(client)
    assert new != old
    assert client.get(old.removeprefix(base_url)).status_code == 404
    assert client.get(new.removeprefix(base_url)).status_code == 200


def test_an_address_that_is_switched_off_answers_nobody(
    app: Flask, client: StrictClient, person: int
) -> None:
    client.submit(PAGE, button="Make an address")
    address = address_on(client).removeprefix(app.extensions["settings"].base_url)
    page = client.submit(PAGE, button="Switch the address off", follow_redirects=True)
    assert "There is no address yet" in page.text
    assert client.get(address).status_code == 404
    with app.app_context():
        facts = db.session.scalars(select(JournalEntry).where(JournalEntry.object_kind == "calendar_feed"))
        assert [(one.fact, one.actor_id) for one in facts] == [
            ("calendar_feed_made", person),
            ("calendar_feed_revoked", person),
        ]
        assert db.session.scalars(select(CalendarFeed.revoked_at)).one() is not None


def test_nobody_touches_the_address_of_another(app: Flask, client: StrictClient, person: int) -> None:
    client.submit(PAGE, button="Make an address")
    address = address_on(client).removeprefix(app.extensions["settings"].base_url)
    with make.written(app) as session:
        other = make.person(session, "Other").id
    theirs = app.test_client()
    assert isinstance(theirs, StrictClient)
    make.sign_in(theirs, other)
    theirs.submit(PAGE, button="Make an address")
    assert address not in theirs.get(PAGE).text
    theirs.submit(PAGE, button="Switch the address off")
    assert client.get(address).status_code == 200


def test_who_is_not_signed_in_is_sent_to_sign_in(client: StrictClient) -> None:
    assert client.get(PAGE).headers["Location"] == f"/sign-in?next={PAGE}"
