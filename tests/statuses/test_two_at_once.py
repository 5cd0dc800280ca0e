"""Two transactions at the same moment: one wins, the other is told, and no text is overwritten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.support import make
from tests.support.year import FILLED
from tracker import clock
from tracker.accounts.models import Person
from tracker.domain.errors import StaleVersion
from tracker.extensions import db
from tracker.mail.models import Mail
from tracker.plans.models import Initiative
from tracker.plans.rights import rights_of
from tracker.rounds.models import Round, StatusRevision, StatusUpdate
from tracker.statuses import writing

pytestmark = pytest.mark.postgresql


@pytest.fixture
def sessions(app: Flask) -> Iterator[tuple[Session, Session]]:
    with make.written(app) as session:
        plan = make.plan(session)
        make.member(session, plan)
        owner = make.person(session, "Olga")
        make.initiative(session, make.administration(session, plan), owner=owner)
        make.open_round(session, plan)
    with app.app_context(), Session(db.engine) as first, Session(db.engine) as second:
        yield first, second


def _loaded(session: Session) -> tuple[StatusUpdate, Person]:
    round_, initiative = session.scalars(select(Round)).one(), session.scalars(select(Initiative)).one()
    return make.update_of(session, initiative, round_), session.scalars(
        select(Person).where(Person.name == "Olga")
    ).one()


@pytest.mark.parametrize("verb", [writing.save, writing.submit])
def test_the_second_of_two_is_told_that_it_is_stale(sessions: tuple[Session, Session], verb: object) -> None:
    loaded = [_loaded(session) for session in sessions]
    assert callable(verb)
    for number, (session, (update, owner)) in enumerate(zip(sessions, loaded, strict=True)):
        content = replace(FILLED, text=f"Text {number}")
        rights = rights_of(session, owner.id, administrator=False, on=clock.today())
        if number == 0:
            verb(session, update, content, version=update.version, rights=rights, by=owner, at=clock.now())
            session.commit()
        else:
            with pytest.raises(StaleVersion):
                verb(
                    session, update, content, version=update.version, rights=rights, by=owner, at=clock.now()
                )
            session.rollback()
    with Session(db.engine) as after:
        assert after.scalars(select(StatusUpdate.text)).all() == ["Text 0"]
        assert after.scalar(select(func.count(StatusRevision.id))) == 1
        assert (after.scalar(select(func.count(Mail.id))) or 0) in {0, 2}
