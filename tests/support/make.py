"""Small things to test with: a person, a plan, an initiative, a round, and a browser that is signed in.

Each takes the session first, uses the verbs of the application, and commits nothing. Names and addresses
are invented; `unique` numbers keep them apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tests.support.client import StrictClient
from tracker import clock
from tracker.accounts import actions as accounts
from tracker.accounts.models import Language, Person
from tracker.accounts.passwords import hash_password
from tracker.domain.reminders import Place
from tracker.domain.workflow import Outcome, ProgressState
from tracker.extensions import db
from tracker.plans import actions as plans
from tracker.plans.models import Administration, Initiative, Membership, MembershipRole, Placement, Plan
from tracker.plans.placing import place_person
from tracker.plans.rights import rights_of
from tracker.rounds import opening
from tracker.rounds.models import Round, StatusUpdate
from tracker.statuses import writing

_numbers = count(1)
LONG_AGO = date(2020, 1, 1)


@contextmanager
def written(app: Flask) -> Iterator[Session]:
    """A session whose work is committed at the end, so that the next request sees it."""
    with app.app_context():
        session = db.session()
        yield session
        session.commit()


def person(
    session: Session,
    name: str = "Person",
    *,
    email: str | None = None,
    administrator: bool = False,
    password: str | None = None,
    language: Language = Language.english,
) -> Person:
    """A person who reads English, so that tests find the sentences that stand in the code."""
    first = name.split(maxsplit=1)[0].lower().encode("ascii", "ignore").decode() or "person"
    made = accounts.add_person(
        session,
        name=name,
        email=email or f"{first}{next(_numbers)}@example.com",
        language=language,
        administrator=administrator,
        by=None,
        at=clock.now(),
    )
    if password is not None:
        made.password_hash = hash_password(password, name=made.name, email=made.email)
    return made


def plan(session: Session, slug: str | None = None, *, name: str | None = None) -> Plan:
    slug = slug or f"plan-{next(_numbers)}"
    return plans.create_plan(
        session, slug=slug, name=name or f"Plan {slug}", authority="Exampleville", by=None, at=clock.now()
    )


def administration(
    session: Session, plan: Plan, code: str | None = None, *, name: str | None = None
) -> Administration:
    code = code or f"A{next(_numbers)}"
    return plans.add_administration(
        session, plan, code=code, name=name or f"Administration {code}", by=None, at=clock.now()
    )


def initiative(
    session: Session, administration: Administration, title: str | None = None, *, owner: Person | None = None
) -> Initiative:
    made = plans.add_initiative(
        session,
        administration,
        title=title or f"Initiative {next(_numbers)}",
        by=None,
        at=clock.now(),
    )
    if owner is not None:
        placed(session, owner, initiative=made)
    return made


def placed(
    session: Session,
    person: Person,
    *,
    initiative: Initiative | None = None,
    administration: Administration | None = None,
    place: Place | None = None,
) -> Placement:
    """Owner of an initiative or coordinator of an administration, unless `place` says otherwise."""
    target = initiative or administration
    assert target is not None
    return place_person(
        session,
        person,
        place=place or (Place.owner if initiative else Place.coordinator),
        plan_id=target.plan_id,
        initiative=initiative,
        administration=administration,
        from_on=LONG_AGO,
        by=None,
        at=clock.now(),
    )


def member(
    session: Session, plan: Plan, role: MembershipRole = MembershipRole.secretariat, name: str | None = None
) -> Person:
    """Somebody with a role in the whole plan: secretariat, lead or reader."""
    made = person(session, name or role.value.capitalize())
    session.add(Membership(plan_id=plan.id, person_id=made.id, role=role, created_at=clock.now()))
    session.flush()
    return made


def open_round(session: Session, plan: Plan, *, year: int = 2026, due_on: date | None = None) -> Round:
    """The plan's round, due in three weeks."""
    due_on = due_on or clock.today() + timedelta(days=21)
    return opening.open_round(session, plan, year=year, due_on=due_on, by=None, at=clock.now())


def update_of(session: Session, initiative: Initiative, round_: Round) -> StatusUpdate:
    """The initiative's update in a round, with the relations that the verbs need."""
    found = (
        select(StatusUpdate)
        .options(
            joinedload(StatusUpdate.initiative).joinedload(Initiative.administration),
            joinedload(StatusUpdate.round),
            joinedload(StatusUpdate.deadline),
        )
        .where(StatusUpdate.initiative_id == initiative.id, StatusUpdate.round_id == round_.id)
    )
    return session.scalars(found).one()


def submitted(
    session: Session,
    update: StatusUpdate,
    *,
    by: Person,
    text: str = "The course was held twice, with sixty people taking part.",
    progress: ProgressState = ProgressState.started,
    reason: str = "",
    comment: str = "",
) -> StatusUpdate:
    """The update as its owner (or another who may write it) submits it."""
    content = writing.Content(
        text=text, progress=progress, outcome=Outcome.reported, reason=reason, comment=comment
    )
    rights = rights_of(session, by.id, administrator=False, on=clock.today())
    writing.submit(session, update, content, version=update.version, rights=rights, by=by, at=clock.now())
    return update


def sign_in(client: StrictClient, person: Person | int, *, language: str = "en") -> StrictClient:
    """Sign the client's browser in as a person, without the sign-in page; pages come in English."""
    app = client.application
    person_id = person if isinstance(person, int) else person.id
    with app.app_context():
        session = db.session()
        token = accounts.open_session(session, session.get_one(Person, person_id), at=clock.real_now())
        session.commit()
    with client.session_transaction(base_url=app.extensions["settings"].base_url) as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
        cookie["language"] = language
    return client
