"""Two plans in one house whose people overlap: no list, count, export, ledger or feed of one shows the other.

What belongs to the plan there carries a word that stands nowhere else. Everybody whose part is in the plan
here asks for everything of the plan here, and never meets it. People belong to the house and not to a plan:
a secretariat chooses owners among all of them, and so their names alone do not carry the word.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support import make
from tests.web.test_rights import Route, routes
from tests.web.world import Browser, Values
from tracker import clock
from tracker.deadlines.actions import add_deadline
from tracker.deadlines.models import DeadlineKind
from tracker.domain.reminders import Place
from tracker.plans.change_proposals import propose
from tracker.plans.models import Administration, Initiative, Membership, MembershipRole, Plan
from tracker.statuses.history import PrintedStatus, record_locked_round

WORD = "Fjernsynsvarme"


@dataclass(frozen=True)
class Town:
    """The people by their part in the plan here, and the ids of the plan here for its addresses."""

    people: dict[str, int]
    here: Values


def _plan(session: Session, slug: str, word: str) -> tuple[Plan, Initiative]:
    plan = make.plan(session, slug, name=f"Plan {word or slug}")
    office = make.administration(session, plan, "BUF", name=f"Schools {word}")
    initiative = make.initiative(session, office, f"Courses {word}")
    record_locked_round(
        session,
        plan_id=plan.id,
        year=2025,
        statuses=[PrintedStatus(initiative, 1, initiative.title, f"Held {word}.")],
        by=None,
        at=clock.now(),
    )
    round_ = make.open_round(session, plan)
    update = make.update_of(session, initiative, round_)
    owner = make.person(session, f"Owner of {slug}")
    make.placed(session, owner, initiative=initiative)
    make.submitted(session, update, by=owner, text=f"Said {word}.")
    day = clock.today()
    add_deadline(
        session,
        plan_id=plan.id,
        kind=DeadlineKind.milestone,
        title=f"Milestone {word}",
        first_on=day,
        last_on=day,
        initiative=initiative,
        by=None,
        at=clock.now(),
    )
    propose(
        session, initiative, title=f"Title {word}", owner=None, reason=word or "x", by=owner, at=clock.now()
    )
    return plan, initiative


@pytest.fixture
def town(app: Flask) -> Town:
    with make.written(app) as session:
        here, initiative = _plan(session, "here", "")
        there, other = _plan(session, "there", WORD)
        people = {
            role.value: make.member(session, here, role).id
            for role in (MembershipRole.lead, MembershipRole.secretariat, MembershipRole.reader)
        }
        owner = make.person(session, "Both Owner")
        schools = session.get_one(Administration, initiative.administration_id)
        made = make.initiative(session, schools, "Meetings", owner=owner)
        cora, dina = make.person(session, "Cora Here"), make.person(session, "Dina Here")
        make.placed(session, cora, administration=schools)
        make.placed(session, dina, initiative=made, place=Place.deputy)
        people |= {"owner": owner.id, "coordinator": cora.id, "deputy": dina.id}
        # The overlap: an owner here who had a part there and has none now, and a reader of both.
        gone = make.placed(session, owner, initiative=other, place=Place.deputy)
        gone.until_on = clock.today().replace(year=clock.today().year - 1)
        spare = make.member(session, there, MembershipRole.reader)
        reads = Membership(
            plan_id=here.id, person_id=spare.id, role=MembershipRole.reader, created_at=clock.now()
        )
        session.add(reads)
        return Town(people, {"plan": here.slug, "slug": here.slug, "initiative_id": made.id,
                             "administration_id": schools.id, "year": 2026})  # fmt: skip


def _said(answer: object) -> str:
    data = answer.get_data()  # type: ignore[attr-defined]
    if data[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(data)) as package:
            data = b"".join(package.read(name) for name in package.namelist())
    return str(data.decode("utf-8", "replace")) + str(answer.headers)  # type: ignore[attr-defined]


def _of_the_plan(app: Flask, values: Values) -> list[Route]:
    """Every page that can be asked for with the ids of the plan here, and of no public page."""
    known = {*values, "kind", "table_kind", "obligation"}
    return [
        one
        for one in routes(app)
        if one.method == "GET" and one.rule.arguments <= known and not one.endpoint.startswith("public.")
    ]


@pytest.mark.parametrize("who", ["lead", "secretariat", "reader", "owner", "deputy", "coordinator"])
def test_nothing_of_the_other_plan_is_seen_by_those_of_this_one(app: Flask, town: Town, who: str) -> None:
    browser = Browser(app, town.people[who])
    shown, answered = [], 0
    for route in _of_the_plan(app, town.here):
        answer = browser.get(route.url(app, town.here))
        answered += answer.status_code == 200
        if WORD.casefold() in _said(answer).casefold():
            shown.append(route.endpoint)
    assert not shown
    assert answered > 3
    there = {**town.here, "plan": "there", "slug": "there"}
    for route in _of_the_plan(app, town.here):
        if "plan" in route.rule.arguments:
            assert browser.get(route.url(app, there)).status_code == 404, route.endpoint


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_whoever_has_a_part_in_both_gets_both_in_one_table(app: Flask, town: Town, kind: str) -> None:
    """The control: the word is there to be found by those who may."""
    with make.written(app) as session:
        owner = make.person(session, "Really Both")
        for slug in ("here", "there"):
            found = select(Initiative).join(Plan, Plan.id == Initiative.plan_id)
            found = found.where(Plan.slug == slug, Initiative.title.like("Courses%"))
            initiative = session.scalars(found).one()
            make.placed(session, owner, initiative=initiative, place=Place.deputy)
        both = owner.id
    said = _said(Browser(app, both).get(f"/my/initiatives.{kind}"))
    assert WORD in said
    assert "Plan here" in said
