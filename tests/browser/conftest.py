"""The demonstration plan in the middle of its round, served to a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tests.support import make
from tests.support.client import StrictClient, Watch
from tests.support.databases import make_settings, migrate
from tests.support.site import serving
from tracker import clock, jobs
from tracker.accounts.models import Person
from tracker.application import create_app
from tracker.demonstration.loader import load_demonstration
from tracker.domain.reminders import Place
from tracker.domain.workflow import Outcome
from tracker.extensions import db
from tracker.plans.models import Placement
from tracker.plans.rights import holds_on, rights_of
from tracker.rounds.models import StatusUpdate
from tracker.statuses import review, waiving, writing

# One person for each way of having a part in the plan; an empty key is somebody who is not signed in.
PEOPLE = {
    "anyone": "",
    "lead": "mette.holm@example.com",
    "owner": "fatima.bennani@example.com",
    "coordinator": "sara.elkhatib@example.com",
    "reader": "solveig.rask@example.com",
    "administrator": "jens.friis@example.com",
}


@pytest.fixture(scope="module")
def mid_round(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application on the demonstration plan: round open, statuses in every state, letters queued."""
    folder = tmp_path_factory.mktemp("mid-round")
    url = f"sqlite:///{folder / 'tracker.db'}"
    migrate(url, data_folder=folder)
    app = create_app(make_settings(database_url=url, data_folder=folder, demo=True))
    app.testing = True
    app.test_client_class = StrictClient
    app.extensions["tests.watch"] = Watch(app)
    works = jobs.clockwork(app)
    app.extensions["tick"] = lambda: works.tick(clock.now())
    with app.app_context():
        _fill()
    yield app
    clock.allow_moving(None)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _fill() -> None:
    session = db.session()
    plan = load_demonstration(session, at=clock.now())
    lead = session.scalars(select(Person).where(Person.email == PEOPLE["lead"])).one()
    round_ = make.open_round(session, plan)
    updates = session.scalars(
        select(StatusUpdate)
        .options(
            joinedload(StatusUpdate.initiative),
            joinedload(StatusUpdate.round),
            joinedload(StatusUpdate.deadline),
        )
        .where(StatusUpdate.round_id == round_.id)
        .order_by(StatusUpdate.id)
    ).all()
    rights = rights_of(session, lead.id, administrator=False, on=clock.today())
    with_owner = _owners()
    for place, update in enumerate(updates):
        if place % 6 == 0 or update.initiative_id not in with_owner:
            continue
        owner = session.get_one(Person, with_owner[update.initiative_id])
        if place % 6 == 1:
            own = rights_of(session, owner.id, administrator=False, on=clock.today())
            draft = writing.Content(text="Et udkast, der endnu ikke er sendt.")
            writing.save(session, update, draft, version=update.version, rights=own, by=owner, at=clock.now())
            continue
        make.submitted(session, update, by=owner, text="Forløbet er holdt to gange med tres deltagere.")
        if place % 6 == 3:
            remark = "Skriv gerne, hvor mange der deltog."
            due_on = clock.today()
            review.return_(
                session,
                update,
                remark=remark,
                due_on=due_on,
                version=update.version,
                rights=rights,
                by=lead,
                at=clock.now(),
            )
        elif place % 6 == 4:
            review.approve(session, update, version=update.version, rights=rights, by=lead, at=clock.now())
        elif place % 6 == 5:
            reason = "Indsatsen er lagt sammen med en anden."
            waiving.waive(
                session,
                update,
                outcome=Outcome.merged,
                reason=reason,
                merged_into_id=updates[0].initiative_id,
                version=update.version,
                rights=rights,
                by=lead,
                at=clock.now(),
            )
    session.commit()


def _owners() -> dict[int, int]:
    """The person who owns each initiative today."""
    held = select(Placement.initiative_id, Placement.person_id).where(
        Placement.place == Place.owner, holds_on(clock.today())
    )
    return {initiative: person for initiative, person in db.session.execute(held) if initiative}


@pytest.fixture(scope="module")
def mid_round_site(mid_round: Flask) -> Iterator[str]:
    with serving(mid_round) as url:
        yield url
