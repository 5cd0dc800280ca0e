"""Somebody who owns more than fits on a page: the most urgent first, and nothing is left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from tests.support import make
from tests.support.client import StrictClient
from tracker import clock
from tracker.accounts.models import Person
from tracker.deadlines.models import Deadline, DeadlineKind
from tracker.domain.reminders import Place
from tracker.domain.workflow import State
from tracker.extensions import db
from tracker.plans.models import Initiative, Placement
from tracker.rounds.models import Round, StatusUpdate
from tracker.statuses.own_list import A_PAGE, Group, own_page

MANY = A_PAGE + 4
BUDGET = 7

pytestmark = pytest.mark.both_databases


@dataclass(frozen=True)
class Held:
    person: int
    plan: int
    initiatives: list[int]


@pytest.fixture
def held(app: Flask) -> Held:
    """A person with fifty-four initiatives in an open round: the last one is returned, the one before it is
    approved, the first rests, and the second is due before all others.
    """
    with make.written(app) as session:
        plan = make.plan(session)
        administration = make.administration(session, plan)
        many = make.person(session, "Many")
        session.execute(
            insert(Initiative),
            [
                {
                    "plan_id": plan.id,
                    "administration_id": administration.id,
                    "position": number,
                    "title": f"Number {number:03}",
                    "created_at": clock.now(),
                }
                for number in range(1, MANY + 1)
            ],
        )
        found = list(session.scalars(select(Initiative).order_by(Initiative.position)))
        _hold(session, many, found)
        round_ = Round(plan_id=plan.id, year=2026, due_on=clock.today(), opened_at=clock.now())
        session.add(round_)
        session.flush()
        for one in found[1:]:
            due_on = clock.today() + timedelta(days=2 if one is found[1] else 9)
            _update(session, round_, one, _state_of(one, found), due_on)
        return Held(many.id, plan.id, [one.id for one in found])


def _state_of(one: Initiative, found: list[Initiative]) -> State:
    return {found[-1]: State.returned, found[-2]: State.approved}.get(one, State.not_started)


def test_the_first_page_has_the_most_urgent_and_says_how_many_there_are(
    client: StrictClient, held: Held
) -> None:
    make.sign_in(client, held.person)
    page = client.get("/my/", budget=BUDGET).text
    assert f"You have {MANY} initiatives. The most urgent stand first, 50 on a page." in page
    assert f"{MANY - 2} statuses wait for you." in page
    assert "Returned to you (1)" in page
    assert f"To write ({MANY - 3})" in page
    titles = _titles(page)
    assert titles[:3] == [f"Number {MANY:03}", "Number 002", "Number 003"]
    assert len(titles) == A_PAGE
    assert "No status is asked for yet" not in page


def test_every_initiative_stands_on_one_page_and_only_there(client: StrictClient, held: Held) -> None:
    make.sign_in(client, held.person)
    first, second = client.get("/my/").text, client.get("/my/?page=2", budget=BUDGET).text
    assert 'href="/my/?page=2"' in first
    assert 'href="/my/"' in second
    assert sorted(_titles(first) + _titles(second)) == [f"Number {one:03}" for one in range(1, MANY + 1)]
    assert _titles(second)[-2:] == [f"Number {MANY - 1:03}", "Number 001"]
    assert "Done (1)" in second


@pytest.mark.parametrize("asked", ["?page=3", f"?page={2**32}", "?dates=2"])
def test_a_page_that_is_no_more_leads_to_the_first(client: StrictClient, held: Held, asked: str) -> None:
    make.sign_in(client, held.person)
    answer = client.get(f"/my/{asked}")
    assert (answer.status_code, answer.location) == (303, "/my/")


@pytest.mark.parametrize("asked", ["?page=0", "?page=-1", "?page=x", "?page=%2B2", "?page=", "?page=1e3"])
def test_what_is_no_page_is_the_first_one(client: StrictClient, held: Held, asked: str) -> None:
    make.sign_in(client, held.person)
    assert "Returned to you (1)" in client.get(f"/my/{asked}").text


def test_the_other_deadlines_come_a_page_at_a_time_by_date(
    app: Flask, client: StrictClient, held: Held
) -> None:
    with make.written(app) as session:
        for number, initiative_id in enumerate(held.initiatives):
            day = clock.today() + timedelta(days=number + 1)
            session.add(_deadline(held.plan, initiative_id, DeadlineKind.milestone, f"Step {number:03}", day))
    make.sign_in(client, held.person)
    first = client.get("/my/", budget=BUDGET).text
    assert f"Milestones and other deadlines ({MANY})" in first
    assert "Step 000" in first
    assert "Step 049" in first
    assert "Step 050" not in first
    second = client.get("/my/?dates=2", budget=BUDGET).text
    assert re.findall(r"Step \d+", second) == ["Step 050", "Step 051", "Step 052", "Step 053"]
    assert "Step 000" not in client.get("/my/?page=2").text


def test_passed_deadlines_are_counted_beyond_the_page(app: Flask, client: StrictClient, held: Held) -> None:
    with make.written(app) as session:
        session.execute(update(StatusUpdate).values(state=State.approved))
        for initiative_id in held.initiatives:
            day = clock.today() - timedelta(days=30)
            session.add(_deadline(held.plan, initiative_id, DeadlineKind.milestone, "Step", day))
    make.sign_in(client, held.person)
    assert f"No status waits for you now, but {MANY} deadlines below have passed." in client.get("/my/").text
    assert "No status waits for you now" not in client.get("/my/?page=2").text


def test_what_was_held_once_or_will_be_is_not_in_the_list(app: Flask, held: Held) -> None:
    with make.written(app) as session:
        today = clock.today()
        gone, coming = session.scalars(select(Placement).order_by(Placement.initiative_id).limit(2))
        gone.from_on, gone.until_on = today - timedelta(days=9), today - timedelta(days=1)
        coming.from_on = today + timedelta(days=1)
    with app.app_context():
        page = own_page(db.session(), held.person, on=clock.today())
    assert page.total == MANY - 2
    assert page.counts[Group.resting] == 0


def test_owner_and_deputy_of_one_initiative_has_it_once_as_its_owner(app: Flask, held: Held) -> None:
    with make.written(app) as session:
        last = session.get_one(Initiative, held.initiatives[-1])
        make.placed(session, session.get_one(Person, held.person), initiative=last, place=Place.deputy)
    with app.app_context():
        page = own_page(db.session(), held.person, on=clock.today())
    assert page.total == MANY
    assert (page.lines[0].initiative_id, page.lines[0].role) == (held.initiatives[-1], Place.owner)


def test_the_list_shows_the_newest_round_of_each_initiative(app: Flask, held: Held) -> None:
    with make.written(app) as session:
        last = session.get_one(Initiative, held.initiatives[-1])
        past = Round(plan_id=held.plan, year=2025, due_on=clock.today(), opened_at=clock.now())
        session.add(past)
        session.flush()
        _update(session, past, last, State.draft, clock.today())
    with app.app_context():
        page = own_page(db.session(), held.person, on=clock.today())
    assert page.total == MANY
    assert (page.lines[0].state, page.lines[0].year) == (State.returned, 2026)


def test_initiatives_of_many_plans_cost_no_query_more(app: Flask, client: StrictClient, held: Held) -> None:
    make.sign_in(client, held.person)
    client.get("/my/")
    client.get("/my/")
    few = len(client.watch.statements)
    with make.written(app) as session:
        owner = session.get_one(Person, held.person)
        for _ in range(6):
            plan = make.plan(session)
            make.initiative(session, make.administration(session, plan), owner=owner)
            make.open_round(session, plan)
    page = client.get("/my/").text
    assert f"To write ({MANY + 3})" in page
    assert len(client.watch.statements) == few


def _titles(page: str) -> list[str]:
    return re.findall(r"/my/initiatives/\d+\">(Number \d+)<", page)


def _hold(session: Session, person: Person, initiatives: list[Initiative]) -> None:
    session.add_all(
        Placement(
            plan_id=one.plan_id,
            place=Place.owner,
            initiative_id=one.id,
            person_id=person.id,
            from_on=clock.today(),
        )
        for one in initiatives
    )


def _update(session: Session, round_: Round, initiative: Initiative, state: State, due_on: date) -> None:
    due = _deadline(round_.plan_id, initiative.id, DeadlineKind.status_due, "Status", due_on)
    session.add(due)
    session.flush()
    session.add(
        StatusUpdate(round_id=round_.id, initiative_id=initiative.id, deadline_id=due.id, state=state)
    )
    session.flush()


def _deadline(plan_id: int, initiative_id: int, kind: DeadlineKind, title: str, day: date) -> Deadline:
    return Deadline(
        plan_id=plan_id,
        initiative_id=initiative_id,
        kind=kind,
        title=title,
        first_on=day,
        last_on=day,
        created_at=clock.now(),
    )
