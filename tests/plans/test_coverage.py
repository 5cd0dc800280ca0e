"""Who can be reached: whom a reminder would find."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.support import make
from tracker import clock
from tracker.domain.reminders import Place
from tracker.extensions import db
from tracker.plans.coverage import coverage_of

pytestmark = pytest.mark.both_databases


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with app.app_context():
        yield db.session()
        db.session.rollback()


def test_an_initiative_is_reached_by_an_owner_or_a_deputy_whose_letters_arrive(session: Session) -> None:
    plan = make.plan(session)
    administration = make.administration(session, plan)
    owner, deputy, gone = (make.person(session, name) for name in ("Olga", "Dina", "Gert"))
    made = {
        title: make.initiative(session, administration, title) for title in ("both", "one", "left", "none")
    }
    make.placed(session, owner, initiative=made["both"])
    make.placed(session, deputy, initiative=made["both"], place=Place.deputy)
    make.placed(session, owner, initiative=made["one"])
    make.placed(session, gone, initiative=made["left"])
    gone.active = False
    session.flush()
    found = coverage_of(session, plan.id, on=clock.today())
    assert (found.total, found.reached) == (4, 2)
    assert {one.title for one in found.unreached} == {"left", "none"}
    owner.undeliverable_at = clock.now()
    session.flush()
    found = coverage_of(session, plan.id, on=clock.today())
    assert {one.title for one in found.unreached} == {"one", "left", "none"}
