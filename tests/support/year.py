"""A plan in its round, with an owner, a coordinator, a secretary and a session that is never committed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.support import make
from tracker import clock
from tracker.accounts.models import Person
from tracker.domain.workflow import Outcome, ProgressState
from tracker.extensions import db
from tracker.plans.models import Administration, Initiative, Plan
from tracker.plans.rights import Rights, rights_of
from tracker.rounds.models import Round, StatusUpdate
from tracker.statuses import review, writing
from tracker.statuses.writing import Content

FILLED = Content(text="Two meetings were held.", progress=ProgressState.started, outcome=Outcome.reported)


@dataclass
class Year:
    session: Session
    plan: Plan
    administration: Administration
    initiative: Initiative
    owner: Person
    coordinator: Person
    secretary: Person
    round: Round
    update: StatusUpdate

    def rights(self, person: Person) -> Rights:
        return rights_of(self.session, person.id, administrator=False, on=clock.today())

    def save(
        self, content: Content = FILLED, *, by: Person | None = None, version: int | None = None
    ) -> None:
        by = by or self.owner
        version = self.update.version if version is None else version
        writing.save(
            self.session, self.update, content, version=version, rights=self.rights(by), by=by, at=clock.now()
        )

    def submit(self, content: Content = FILLED, *, by: Person | None = None) -> None:
        by = by or self.owner
        writing.submit(
            self.session,
            self.update,
            content,
            version=self.update.version,
            rights=self.rights(by),
            by=by,
            at=clock.now(),
        )

    def withdraw(self, *, version: int | None = None) -> None:
        writing.withdraw(
            self.session,
            self.update,
            version=self.update.version if version is None else version,
            rights=self.rights(self.owner),
            by=self.owner,
            at=clock.now(),
        )

    def return_(self, remark: str = "Please add how many came.", *, version: int | None = None) -> None:
        review.return_(
            self.session,
            self.update,
            remark=remark,
            due_on=clock.today() + timedelta(days=7),
            version=self.update.version if version is None else version,
            rights=self.rights(self.secretary),
            by=self.secretary,
            at=clock.now(),
        )


@pytest.fixture
def year(app: Flask) -> Iterator[Year]:
    with app.app_context():
        session = db.session()
        plan = make.plan(session)
        secretary = make.member(session, plan)
        administration = make.administration(session, plan)
        owner = make.person(session, "Olga Owner")
        coordinator = make.person(session, "Kira")
        make.placed(session, coordinator, administration=administration)
        initiative = make.initiative(session, administration, "Meetings", owner=owner)
        round_ = make.open_round(session, plan)
        update = make.update_of(session, initiative, round_)
        yield Year(session, plan, administration, initiative, owner, coordinator, secretary, round_, update)
        session.rollback()
