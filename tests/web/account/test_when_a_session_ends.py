"""When a signed-in browser is signed out: by its person, by the clock, and by what happens to the person."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support import make
from tests.support.client import StrictClient
from tracker import clock
from tracker.accounts import actions
from tracker.accounts.models import Person, SignInSession
from tracker.audit.models import JournalEntry
from tracker.domain.reminders import Place
from tracker.extensions import db
from tracker.plans import actions as plans
from tracker.plans.models import Initiative, MembershipRole, Placement, Plan
from tracker.plans.placing import Wanted, end_place, place_people, place_person

MORNING = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture
def moving() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def olga(moving: time_machine.Traveller, app: Flask, client: StrictClient) -> int:
    """The owner of two initiatives, signed in."""
    with make.written(app) as session:
        plan = make.plan(session, "here")
        schools = make.administration(session, plan, "BUF")
        olga = make.person(session, "Olga")
        for title in ("Courses", "Signs"):
            make.initiative(session, schools, title, owner=olga)
    make.sign_in(client, olga.id)
    assert is_signed_in(client)
    return olga.id


def is_signed_in(client: StrictClient) -> bool:
    return client.get("/account").status_code == 200


def test_after_twelve_hours_however_busy(
    moving: time_machine.Traveller, client: StrictClient, olga: int
) -> None:
    for _ in range(11):
        moving.shift(timedelta(hours=1))
        assert is_signed_in(client)
    moving.shift(timedelta(minutes=59))
    assert is_signed_in(client)
    moving.shift(timedelta(minutes=2))
    assert not is_signed_in(client)


def test_after_two_hours_without_a_page(
    moving: time_machine.Traveller, client: StrictClient, olga: int
) -> None:
    moving.shift(timedelta(minutes=119))
    assert is_signed_in(client)
    moving.shift(timedelta(minutes=121))
    assert not is_signed_in(client)


def _gets_a_role(session: Session, person: Person) -> None:
    plan = session.scalars(select(Plan)).one()
    plans.grant(session, plan, person, MembershipRole.reader, by=None, at=clock.now())


def _loses_a_role(session: Session, person: Person) -> None:
    plan = session.scalars(select(Plan)).one()
    other = make.person(session, "Other")
    plans.withdraw_role(session, plan, person, MembershipRole.reader, by=other.id, at=clock.now())


def _leaves(session: Session, person: Person) -> None:
    actions.deactivate(session, person, by=person.id, at=clock.now())


def _gets_another_address(session: Session, person: Person) -> None:
    actions.change_email(session, person, email="new@example.com", by=person.id, at=clock.now())


def _hands_the_last_place_over(session: Session, person: Person) -> None:
    other = make.person(session, "Other")
    for initiative in session.scalars(select(Initiative)):
        make_owner(session, initiative, other)


def make_owner(session: Session, initiative: Initiative, person: Person) -> None:
    place_person(
        session,
        person,
        place=Place.owner,
        plan_id=initiative.plan_id,
        initiative=initiative,
        from_on=clock.today(),
        by=None,
        at=clock.now(),
    )


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "happens",
    [_gets_a_role, _loses_a_role, _leaves, _gets_another_address, _hands_the_last_place_over],
)
def test_at_once_when_the_person(
    app: Flask, client: StrictClient, olga: int, happens: Callable[[Session, Person], None]
) -> None:
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"], domain="127.0.0.1")
    with make.written(app) as session:
        happens(session, session.get_one(Person, olga))
    assert not is_signed_in(client)
    assert cookie is not None
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie.value, domain="127.0.0.1")
    assert not is_signed_in(client)  # nor with the cookie from before
    with app.app_context():
        assert db.session.scalars(select(SignInSession)).one().ended_at is not None


def test_not_when_a_place_is_left(app: Flask, client: StrictClient, olga: int) -> None:
    with make.written(app) as session:
        one = session.scalars(select(Initiative).where(Initiative.title == "Courses")).one()
        make_owner(session, one, make.person(session, "Other"))
    assert is_signed_in(client)


@pytest.mark.both_databases
def test_where_it_is_not_wanted_any_more_and_nowhere_else(
    moving: time_machine.Traveller, app: Flask, client: StrictClient, olga: int
) -> None:
    """The account page lists one's own live browsers; each other one is ended there, or all of them."""
    at_home, on_the_phone, lost, others = (_browser(app) for _ in range(4))
    with make.written(app) as session:
        other = make.person(session, "Other").id
    make.sign_in(lost, olga)
    moving.shift(timedelta(hours=1, minutes=59))
    assert is_signed_in(client)
    make.sign_in(others, other)
    moving.shift(timedelta(minutes=2))  # the lost one has been idle for two hours
    for browser in (at_home, on_the_phone):
        moving.shift(timedelta(minutes=1))
        make.sign_in(browser, olga)
    page = client.get("/account", budget=9).text
    assert page.count("Another browser") == 2
    assert page.count("This browser") == 1
    newest = re.findall(r'Sign out there<span class="sr-only"> ([^<]+)<', page)[0]
    assert client.submit("/account", button=f"Sign out there {newest}").status_code == 303
    assert not is_signed_in(on_the_phone)
    assert is_signed_in(at_home)
    answer = client.submit("/account", button="Sign out everywhere but here", follow_redirects=True)
    assert "You are signed out in one other browser." in answer.text
    assert "You are signed in nowhere else." in answer.text
    assert not is_signed_in(at_home)
    assert is_signed_in(client)
    assert is_signed_in(others)
    with app.app_context():
        noted = select(JournalEntry).where(JournalEntry.fact == "signed_out_elsewhere")
        entries = db.session.scalars(noted.order_by(JournalEntry.id)).all()
        assert [(one.actor_id, one.object_id, one.details) for one in entries] == [
            (olga, olga, {"browsers": 1}),
            (olga, olga, {"browsers": 1}),
        ]


def _browser(app: Flask) -> StrictClient:
    found = app.test_client()
    assert isinstance(found, StrictClient)
    return found


@pytest.mark.parametrize("size", [4_000, 8_000, 64_000])
def test_a_cookie_that_is_far_too_long_signs_nobody_in_and_breaks_nothing(
    app: Flask, client: StrictClient, olga: int, size: int
) -> None:
    name = app.config["SESSION_COOKIE_NAME"]
    other = app.test_client()
    answer = other.get("/account", headers={"Cookie": f"{name}={'x' * size}"})
    assert answer.status_code == 303


def test_a_cookie_with_the_token_of_something_else_signs_nobody_in(
    app: Flask, client: StrictClient, olga: int
) -> None:
    with make.written(app) as session:
        token = actions.invite(
            session,
            session.get_one(Person, olga),
            secret=app.config["SECRET_KEY"].encode(),
            by=None,
            at=clock.now(),
            real_at=clock.real_now(),
        )
    other = app.test_client()
    assert isinstance(other, StrictClient)
    with other.session_transaction(base_url=app.extensions["settings"].base_url) as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    assert not is_signed_in(other)


@pytest.mark.both_databases
def test_at_once_when_the_last_place_ends_or_many_are_handed_on_together(
    app: Flask, client: StrictClient, olga: int
) -> None:
    with make.written(app) as session:
        places = session.scalars(select(Placement).order_by(Placement.id)).all()
        yesterday = clock.today() - timedelta(days=1)
        end_place(session, places[0], last_day=yesterday, by=None, at=clock.now())
    assert is_signed_in(client)
    with make.written(app) as session:
        other = make.person(session, "Other").id
        signs = session.scalars(select(Initiative).where(Initiative.title == "Signs")).one()
        wanted = [Wanted(Place.owner, other, clock.today(), initiative_id=signs.id)]
        place_people(session, signs.plan_id, wanted, by=None, at=clock.now())
    assert not is_signed_in(client)
