"""The addresses in letters lead each reader to the page that is theirs, and strangers nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask

from tests.support import make
from tests.support.client import StrictClient
from tracker import clock
from tracker.accounts.models import Person
from tracker.deadlines.actions import add_deadline
from tracker.deadlines.models import DeadlineKind
from tracker.domain.reminders import Place
from tracker.plans.models import Initiative, MembershipRole
from tracker.rounds.models import Round


@dataclass(frozen=True)
class Letters:
    """The ids that stand in letters of one initiative, and of its people."""

    people: dict[str, int]
    initiative: int
    administration: int
    round: int
    update: int
    delivery: int
    papers: int


@pytest.fixture
def letters(app: Flask) -> Letters:
    with make.written(app) as session:
        plan = make.plan(session, "here")
        administration = make.administration(session, plan)
        owner, deputy = make.person(session, "Olga Owner"), make.person(session, "Dan Deputy")
        coordinator = make.person(session, "Carl Coordinator")
        initiative = make.initiative(session, administration, owner=owner)
        make.placed(session, deputy, initiative=initiative, place=Place.deputy)
        make.placed(session, coordinator, administration=administration)
        round_ = make.open_round(session, plan)
        day = clock.today() + timedelta(days=30)
        dates = {"plan_id": plan.id, "first_on": day, "last_on": day, "by": None, "at": clock.now()}
        delivery = add_deadline(
            session, kind=DeadlineKind.delivery, title="A report", initiative=initiative, **dates
        )
        papers = add_deadline(
            session,
            kind=DeadlineKind.committee_papers,
            title="Papers",
            administration=administration,
            **dates,
        )
        return Letters(
            people={
                "owner": owner.id,
                "deputy": deputy.id,
                "coordinator": coordinator.id,
                "secretariat": make.member(session, plan).id,
                "reader": make.member(session, plan, MembershipRole.reader).id,
                "elsewhere": make.member(session, make.plan(session, "there"), MembershipRole.lead).id,
                "administrator": make.person(session, administrator=True).id,
            },
            initiative=initiative.id,
            administration=administration.id,
            round=round_.id,
            update=make.update_of(session, initiative, round_).id,
            delivery=delivery.id,
            papers=papers.id,
        )


def _leads(client: StrictClient, letters: Letters, who: str, path: str) -> str:
    make.sign_in(client, letters.people[who])
    answer = client.get(path, budget=8)
    assert answer.status_code == 303
    return answer.location


@pytest.mark.parametrize("path", ["/updates/1", "/updates/99999", "/deadlines/1", "/deadlines/99999"])
def test_somebody_who_is_not_signed_in_signs_in_first(
    client: StrictClient, letters: Letters, path: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == 303
    assert answer.location == f"/sign-in?next={path}"


@pytest.mark.parametrize("who", ["owner", "deputy"])
def test_a_status_leads_whoever_writes_it_to_the_form(
    client: StrictClient, letters: Letters, who: str
) -> None:
    assert _leads(client, letters, who, f"/updates/{letters.update}") == f"/my/updates/{letters.update}"


def test_a_status_leads_the_coordinator_to_the_administration(client: StrictClient, letters: Letters) -> None:
    there = _leads(client, letters, "coordinator", f"/updates/{letters.update}")
    assert there == f"/administrations/{letters.administration}"


def test_a_status_leads_the_secretariat_to_read_it(client: StrictClient, letters: Letters) -> None:
    there = _leads(client, letters, "secretariat", f"/updates/{letters.update}")
    assert there == f"/secretariat/here/updates/{letters.update}"


def test_a_secretary_who_also_coordinates_reads_what_waits(
    client: StrictClient, app: Flask, letters: Letters
) -> None:
    with make.written(app) as session:
        initiative = session.get_one(Initiative, letters.initiative)
        secretary = session.get_one(Person, letters.people["secretariat"])
        make.placed(session, secretary, initiative=initiative, place=Place.deputy)
    path = f"/updates/{letters.update}"
    assert _leads(client, letters, "secretariat", path) == f"/my/updates/{letters.update}"
    with make.written(app) as session:
        update = make.update_of(
            session,
            session.get_one(Initiative, letters.initiative),
            session.get_one(Round, letters.round),
        )
        make.submitted(session, update, by=session.get_one(Person, letters.people["owner"]))
    there = f"/secretariat/here/updates/{letters.update}"
    assert _leads(client, letters, "secretariat", path) == there


def test_a_deadline_leads_the_owner_to_the_initiative(client: StrictClient, letters: Letters) -> None:
    there = _leads(client, letters, "owner", f"/deadlines/{letters.delivery}")
    assert there == f"/my/initiatives/{letters.initiative}"


def test_a_deadline_leads_the_coordinator_to_the_administration(
    client: StrictClient, letters: Letters
) -> None:
    for deadline_id in (letters.delivery, letters.papers):
        there = _leads(client, letters, "coordinator", f"/deadlines/{deadline_id}")
        assert there == f"/administrations/{letters.administration}"


def test_a_deadline_leads_the_secretariat_to_the_plans_deadlines(
    client: StrictClient, letters: Letters
) -> None:
    there = _leads(client, letters, "secretariat", f"/deadlines/{letters.papers}")
    assert there == f"/secretariat/here/deadlines/{letters.papers}"


@pytest.mark.parametrize("who", ["reader", "elsewhere", "administrator"])
def test_a_stranger_finds_nothing(client: StrictClient, letters: Letters, who: str) -> None:
    make.sign_in(client, letters.people[who])
    for path in (f"/updates/{letters.update}", f"/deadlines/{letters.papers}", "/updates/99999"):
        assert client.get(path).status_code == 404


def test_an_owner_does_not_find_the_papers_of_the_administration(
    client: StrictClient, letters: Letters
) -> None:
    make.sign_in(client, letters.people["owner"])
    assert client.get(f"/deadlines/{letters.papers}").status_code == 404
