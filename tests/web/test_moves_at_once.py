"""Two moves of one status at the same moment, on either database: each is done whole, or refused whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.web.test_at_once import FILLED, at_once
from tests.web.world import Browser
from tracker import clock
from tracker.accounts.models import Person
from tracker.domain.reminders import Place
from tracker.domain.workflow import State
from tracker.extensions import db
from tracker.mail.models import Mail
from tracker.memos.models import Edition
from tracker.plans.models import Initiative, MembershipRole, Plan
from tracker.plans.placing import place_person
from tracker.rounds.models import StatusRevision, StatusUpdate
from tracker.statuses.models import KeptDraft

pytestmark = pytest.mark.both_databases
WAIVED = {"waive-outcome": "discontinued", "waive-reason": "No money."}


@pytest.fixture
def office(app: Flask) -> dict[str, int]:
    """A plan with one initiative and its open round: an owner, the next owner, a secretary and the lead."""
    with make.written(app) as session:
        plan = make.plan(session, "here")
        owner, following = make.person(session, "Olga"), make.person(session, "Oscar")
        initiative = make.initiative(session, make.administration(session, plan), "Courses", owner=owner)
        return {
            "owner": owner.id,
            "following": following.id,
            "secretary": make.member(session, plan).id,
            "lead": make.member(session, plan, MembershipRole.lead).id,
            "update": make.update_of(session, initiative, make.open_round(session, plan)).id,
        }


def _form(app: Flask, office: dict[str, int], **fields: object) -> Callable[[], int]:
    browser = Browser(app, office["owner"])
    return lambda: browser.post(f"/my/updates/{office['update']}", **{**FILLED, **fields}).status_code


def _review(app: Flask, office: dict[str, int], who: str, move: str, **fields: object) -> Callable[[], int]:
    browser, url = Browser(app, office[who]), f"/secretariat/here/updates/{office['update']}/{move}"
    return lambda: browser.post(url, **fields).status_code


def _stands(app: Flask, office: dict[str, int]) -> tuple[State, int]:
    with app.app_context():
        found = db.session.get_one(StatusUpdate, office["update"])
        return found.state, found.version


def _letters(app: Flask) -> Counter[str]:
    with app.app_context():
        return Counter(db.session.scalars(select(Mail.kind)))


def _texts(app: Flask) -> list[str]:
    """Every text that is kept somewhere."""
    with app.app_context():
        session = db.session()
        return [*session.scalars(select(StatusRevision.text)), *session.scalars(select(KeptDraft.text))]


def test_a_status_that_is_waived_while_it_is_submitted_is_waived_and_its_text_is_kept(
    app: Flask, office: dict[str, int]
) -> None:
    _, version = _stands(app, office)
    answers = at_once(
        _form(app, office), _review(app, office, "lead", "waive", **WAIVED, **{"waive-version": version})
    )
    state, _ = _stands(app, office)
    done = answers[303]
    assert set(answers) <= {303, 409}
    assert done >= 1
    assert state is (State.waived if done == 2 or not _letters(app)["receipt"] else State.submitted)
    assert FILLED["text"] in _texts(app)


def test_of_a_lock_and_a_reopening_one_is_done(app: Flask, office: dict[str, int]) -> None:
    assert _form(app, office)() == 303
    _, version = _stands(app, office)
    assert _review(app, office, "secretary", "approve", version=version)() == 303
    _, version = _stands(app, office)
    lead = Browser(app, office["lead"])
    answers = at_once(
        lambda: lead.post("/secretariat/here/rounds/2026/lock").status_code,
        _review(
            app,
            office,
            "lead",
            "reopen",
            **{"reopen-version": version, "reopen-reason": "A number is wrong."},
        ),
    )
    assert answers == {303: 1, 409: 1}
    state, _ = _stands(app, office)
    with app.app_context():
        editions = db.session.scalars(select(Edition.id)).all()
    assert (state, len(editions)) in {(State.locked, 1), (State.returned, 0)}


def test_a_status_submitted_while_another_takes_over_is_the_first_owners_or_kept_for_them(
    app: Flask, office: dict[str, int]
) -> None:
    def take_over() -> int:
        with make.written(app) as session:
            initiative = session.scalars(select(Initiative)).one()
            place_person(
                session,
                session.get_one(Person, office["following"]),
                place=Place.owner,
                plan_id=session.scalars(select(Plan.id)).one(),
                initiative=initiative,
                from_on=clock.today(),
                by=None,
                at=clock.now(),
            )
        return 0

    answers = at_once(_form(app, office), take_over)
    state, _ = _stands(app, office)
    with app.app_context():
        submitted_by = db.session.get_one(StatusUpdate, office["update"]).submitted_by_id
    assert set(answers) <= {0, 303, 401, 404}  # whoever hands the last place over is signed out
    done = (State.submitted, office["owner"])
    assert (state, submitted_by) == (done if answers[303] else (State.not_started, None))
    assert bool(_letters(app)["receipt"]) is bool(answers[303])


def test_saved_withdrawn_and_approved_at_once_a_status_has_one_history(
    app: Flask, office: dict[str, int]
) -> None:
    assert _form(app, office)() == 303
    _, version = _stands(app, office)
    owner = Browser(app, office["owner"])
    answers = at_once(
        lambda: owner.post(f"/my/updates/{office['update']}/withdraw").status_code,
        _review(app, office, "secretary", "approve", version=version),
        _review(app, office, "lead", "take", **{"take-version": version}),
    )
    state, _ = _stands(app, office)
    assert set(answers) <= {303, 409}
    assert state in {State.draft, State.approved, State.in_review}
    with app.app_context():
        numbers = db.session.scalars(select(StatusRevision.number).order_by(StatusRevision.number)).all()
    assert numbers == list(range(1, len(numbers) + 1))
