"""The same moment: several browsers press at once, on either database. One wins, the others are told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.web.world import Browser
from tracker import clock
from tracker.domain.workflow import State
from tracker.extensions import db
from tracker.mail.models import Mail
from tracker.memos.models import Edition
from tracker.plans.models import Initiative, MembershipRole, Plan
from tracker.rounds.models import RevisionKind, Round, RoundState, StatusRevision, StatusUpdate

pytestmark = pytest.mark.both_databases

FILLED = {
    "action": "submit",
    "version": "1",
    "outcome": "reported",
    "progress": "started",
    "text": "The course was held.",
}


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    """An owner, two of the secretariat and their lead, in the plan `here` without a round."""
    with make.written(app) as session:
        plan = make.plan(session, "here")
        schools = make.administration(session, plan, "BUF")
        owner = make.person(session, "Olga")
        make.initiative(session, schools, "Courses", owner=owner)
        return {
            "owner": owner.id,
            "first": make.member(session, plan).id,
            "second": make.member(session, plan).id,
            "lead": make.member(session, plan, MembershipRole.lead).id,
            "administration": schools.id,
        }


def _opened(app: Flask) -> int:
    with make.written(app) as session:
        initiative, plan = session.scalars(select(Initiative)).one(), session.scalars(select(Plan)).one()
        return make.update_of(session, initiative, make.open_round(session, plan)).id


def _submitted(app: Flask, owner: int) -> tuple[int, int]:
    update_id = _opened(app)
    assert Browser(app, owner).post(f"/my/updates/{update_id}", **FILLED).status_code == 303
    with app.app_context():
        return update_id, db.session.get_one(StatusUpdate, update_id).version


def at_once(*presses: Callable[[], int]) -> Counter[int]:
    """What the presses were answered, all begun at the same moment."""
    start = Barrier(len(presses))

    def press(one: Callable[[], int]) -> int:
        start.wait()
        return one()

    with ThreadPoolExecutor(len(presses)) as pool:
        return Counter(pool.map(press, presses))


def _press(browser: Browser, url: str, **fields: object) -> Callable[[], int]:
    return lambda: browser.post(url, **fields).status_code


def test_submitted_eight_times_is_one_status_and_one_letter_each(app: Flask, people: dict[str, int]) -> None:
    url = f"/my/updates/{_opened(app)}"
    answers = at_once(*(_press(Browser(app, people["owner"]), url, **FILLED) for _ in range(8)))
    assert set(answers) <= {303}  # pressing twice is done once, and says so
    with app.app_context():
        kinds = db.session.scalars(select(StatusRevision.kind)).all()
        letters = db.session.execute(select(Mail.kind, Mail.person_id)).all()
    assert kinds == [RevisionKind.submitted]
    assert len(letters) == len(set(letters)) == 4  # a receipt, and one to each of the secretariat


def test_of_an_approval_and_a_return_one_is_done(app: Flask, people: dict[str, int]) -> None:
    update_id, version = _submitted(app, people["owner"])
    url = f"/secretariat/here/updates/{update_id}"
    day = f"{clock.today() + timedelta(days=9):%d.%m.%Y}"
    back = {"return-version": str(version), "return-comment": "How many came?", "return-new_date": day}
    answers = at_once(
        _press(Browser(app, people["first"]), f"{url}/approve", version=str(version)),
        _press(Browser(app, people["second"]), f"{url}/return", **back),
    )
    assert answers == {303: 1, 409: 1}
    with app.app_context():
        kinds = db.session.scalars(select(StatusRevision.kind).order_by(StatusRevision.number)).all()
        state = db.session.scalars(select(StatusUpdate.state)).one()
        returned = db.session.scalars(select(Mail).where(Mail.kind == "returned")).all()
    assert kinds == [RevisionKind.submitted, RevisionKind(state.value)]
    assert len(returned) == (state is State.returned)


def test_a_round_that_two_open_is_one_round(app: Flask, people: dict[str, int]) -> None:
    fields = {"year": "2026", "due_on": f"{clock.today() + timedelta(days=30):%d.%m.%Y}"}
    url = "/secretariat/here/rounds/new"
    answers = at_once(*(_press(Browser(app, people["lead"]), url, **fields) for _ in range(3)))
    assert answers == {303: 1, 400: 2}
    with app.app_context():
        assert len(db.session.scalars(select(Round.id)).all()) == 1
        assert len(db.session.scalars(select(StatusUpdate.id)).all()) == 1


def test_what_is_added_while_the_memo_is_locked_is_in_it_or_in_no_round(
    app: Flask, people: dict[str, int]
) -> None:
    update_id, version = _submitted(app, people["owner"])
    secretary, lead = Browser(app, people["first"]), Browser(app, people["lead"])
    approval = f"/secretariat/here/updates/{update_id}/approve"
    assert secretary.post(approval, version=str(version)).status_code == 303
    new = {"title": "Benches", "administration": str(people["administration"]), "origin": "original"}
    answers = at_once(
        _press(lead, "/secretariat/here/rounds/2026/lock"),
        _press(secretary, "/secretariat/here/initiatives/new", **new),
    )
    assert set(answers) <= {303, 409}
    with app.app_context():
        states = set(db.session.scalars(select(StatusUpdate.state)))
        locked = db.session.scalars(select(Round.state)).one() is RoundState.locked
        editions = db.session.scalars(select(Edition.id)).all()
    assert states == ({State.locked} if locked else {State.approved, State.not_started})
    assert len(editions) == locked
