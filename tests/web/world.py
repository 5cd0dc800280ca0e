"""Two plans with everybody who may ask for a page, for the tests of who may do what."""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import dataclass, field
from datetime import date, timedelta

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.support import make
from tracker import clock
from tracker.accounts.actions import open_session
from tracker.accounts.models import Person
from tracker.accounts.queries import live_session
from tracker.deadlines.actions import add_deadline
from tracker.deadlines.models import DeadlineKind
from tracker.domain.reminders import Place
from tracker.domain.workflow import ProgressState
from tracker.extensions import db
from tracker.mail import outbox
from tracker.mail.models import Mail
from tracker.memos.editions import freeze_final
from tracker.memos.models import MemoUpload
from tracker.plans.actions import add_committee
from tracker.plans.change_proposals import propose
from tracker.plans.models import Initiative, Membership, MembershipRole, Placement, Plan
from tracker.reminders.saved import keep
from tracker.rounds.models import Round, StatusUpdate
from tracker.statuses import form_links, keeping
from tracker.statuses.history import PrintedStatus, record_locked_round
from tracker.statuses.models import Figure, KeptCause, Qualifier

CANARY = "Kvadderkvidder"
PRINCIPALS = (
    "anonymous",
    "reader",
    "owner",
    "deputy",
    "former_deputy",
    "coming_deputy",
    "other_owner",
    "coordinator",
    "other_coordinator",
    "head",
    "secretariat",
    "lead",
    "administrator",
    "elsewhere",
)
Values = dict[str, object]


@dataclass
class World:
    """`people` by principal; `here` and `there` fill the addresses of one plan's and another's pages.

    `beside` is what `other_owner` has in the plan here, in the administration of `other_coordinator`.
    """

    people: dict[str, int] = field(default_factory=dict)
    here: Values = field(default_factory=dict)
    there: Values = field(default_factory=dict)
    beside: Values = field(default_factory=dict)


def build(session: Session) -> World:
    world = World()
    here = make.plan(session, "here", name="The plan here")
    there = make.plan(session, "there", name="The plan there")
    for role, name in (
        (MembershipRole.reader, "reader"),
        (MembershipRole.secretariat, "secretariat"),
        (MembershipRole.lead, "lead"),
    ):
        world.people[name] = make.member(session, here, role).id
    elsewhere = make.member(session, there, MembershipRole.lead, "Elsewhere")
    world.people["elsewhere"] = elsewhere.id
    world.people["administrator"] = make.person(session, "Admin", administrator=True).id
    world.here = _plan(session, here, world.people)
    others: dict[str, int] = {}
    world.there = _plan(session, there, others)
    world.beside = world.here | _beside(session, here, world.people["other_owner"])
    return world


def _beside(session: Session, plan: Plan, owner_id: int) -> Values:
    found = select(Initiative).join(Placement, Placement.initiative_id == Initiative.id)
    other = session.scalars(found.where(Placement.person_id == owner_id, Placement.plan_id == plan.id)).one()
    round_ = session.scalars(select(Round).where(Round.plan_id == plan.id, Round.year == 2026)).one()
    update = make.update_of(session, other, round_)
    make.submitted(session, update, by=session.get_one(Person, owner_id), text="They were put up.")
    return {
        "initiative_id": other.id,
        "administration_id": other.administration_id,
        "update_id": update.id,
        "deadline_id": _milestone(session, other, "Posts"),
    }


def _plan(session: Session, plan: Plan, people: dict[str, int]) -> Values:
    today = clock.today()
    schools, streets = make.administration(session, plan, "BUF"), make.administration(session, plan, "TMF")
    people["owner"] = (owner := make.person(session, "Olga")).id
    people["other_owner"] = (other := make.person(session, "Oscar")).id
    mine = make.initiative(session, schools, "Courses", owner=owner)
    make.initiative(session, streets, "Signs", owner=other)
    for principal, first, last in (
        ("former_deputy", today - timedelta(days=30), today - timedelta(days=1)),
        ("deputy", today, today),
        ("coming_deputy", today + timedelta(days=1), today + timedelta(days=9)),
    ):
        people[principal] = _deputy(session, mine, first, last).id
    for principal, administration, place in (
        ("coordinator", schools, Place.coordinator),
        ("other_coordinator", streets, Place.coordinator),
        ("head", schools, Place.head),
    ):
        person = make.person(session, principal.capitalize())
        make.placed(session, person, administration=administration, place=place)
        people[principal] = person.id
    past = record_locked_round(
        session,
        plan_id=plan.id,
        year=2025,
        statuses=[PrintedStatus(mine, 1, "Courses", "They were held.")],
        by=None,
        at=clock.now(),
    )
    edition = freeze_final(session, plan, past, by=None, at=clock.now())
    update = _draft(session, plan, mine, owner)
    spare = make.person(session, "Spare")
    membership = Membership(
        plan_id=plan.id, person_id=spare.id, role=MembershipRole.reader, created_at=clock.now()
    )
    upload = MemoUpload(
        plan_id=plan.id,
        year=2024,
        file_name="memo.txt",
        content=b"1. Courses",
        sha256=hashlib.sha256(b"").hexdigest(),
        uploaded_by_id=spare.id,
        uploaded_at=clock.now(),
    )
    session.add_all([membership, upload])
    session.flush()
    return {
        "plan": plan.slug,
        "slug": plan.slug,
        "initiative_id": mine.id,
        "update_id": update.id,
        "deadline_id": _milestone(session, mine),
        "administration_id": schools.id,
        "committee_id": add_committee(session, plan, code="BUU", name="Schools", by=None, at=clock.now()).id,
        "edition_id": edition.id,
        "mail_id": _letter(session, plan, owner),
        "upload_id": upload.id,
        "forecast_id": keep(session, [], plan_id=plan.id, days=30, by=None, at=clock.now()).id,
        "person_id": spare.id,
        "membership_id": membership.id,
        "placement_id": _placement(session, mine, owner),
        "change_id": _change(session, mine, owner),
        "link_id": form_links.make(
            session, update.round_id, owner.id, secret=b"s" * 32, by=None, at=clock.now()
        ).id,
        "figure_id": _figure(session, update),
        "session_id": _signed_in(session, owner),
        "version": edition.version,
    }


def _signed_in(session: Session, person: Person) -> int:
    """Another browser in which the person is signed in."""
    token = open_session(session, person, at=clock.real_now())
    found = live_session(session, token, at=clock.real_now())
    assert found is not None
    return found.id


def _deputy(session: Session, initiative: Initiative, first: date, last: date) -> Person:
    from tracker.plans.placing import place_person

    person = make.person(session, "Dina")
    place_person(
        session,
        person,
        place=Place.deputy,
        plan_id=initiative.plan_id,
        initiative=initiative,
        from_on=first,
        until_on=last,
        by=None,
        at=clock.now(),
    )
    return person


def _draft(session: Session, plan: Plan, initiative: Initiative, owner: Person) -> StatusUpdate:
    """An update whose every text holds the canary: submitted, returned with a remark, and written on."""
    update = make.update_of(session, initiative, make.open_round(session, plan))
    make.submitted(
        session,
        update,
        by=owner,
        text=f"{CANARY} text",
        progress=ProgressState.delayed,
        reason=f"{CANARY} reason",
        comment=f"{CANARY} comment",
    )
    update.remark = f"{CANARY} remark"
    for cause in KeptCause:
        typed = keeping.Typed(text=f"{CANARY} kept", others={"reason": f"{CANARY} kept"}, made_from=1)
        keeping.keep(session, update, typed, cause=cause, by=owner, at=clock.now())
    session.flush()
    return update


def _placement(session: Session, initiative: Initiative, owner: Person) -> int:
    found = select(Placement.id).where(
        Placement.initiative_id == initiative.id, Placement.person_id == owner.id
    )
    return session.scalars(found).one()


def _change(session: Session, initiative: Initiative, owner: Person) -> int:
    reason = f"{CANARY} reason"
    made = propose(session, initiative, title="Other", owner=None, reason=reason, by=owner, at=clock.now())
    return made.id


def _figure(session: Session, update: StatusUpdate) -> int:
    made = Figure(
        update_id=update.id, position=1, label=f"{CANARY} figure", qualifier=Qualifier.about, value="5"
    )
    session.add(made)
    session.flush()
    return made.id


def _milestone(session: Session, initiative: Initiative, title: str = f"{CANARY} milestone") -> int:
    day = clock.today() + timedelta(days=40)
    made = add_deadline(
        session,
        plan_id=initiative.plan_id,
        kind=DeadlineKind.milestone,
        title=title,
        first_on=day,
        last_on=day,
        initiative=initiative,
        by=None,
        at=clock.now(),
    )
    return made.id


def _letter(session: Session, plan: Plan, owner: Person) -> int:
    key = f"rights:{plan.id}"
    row = outbox.row_for(
        kind="reminders",
        dedupe_key=key,
        person_id=owner.id,
        address=owner.email,
        payload={"day": clock.today().isoformat(), "sequence": 9},
        plan_id=plan.id,
        at=clock.now(),
    )
    ids: dict[str, int] = outbox.queue_all(session, [row])
    assert session.get(Mail, ids[key]) is not None
    return ids[key]


class Browser:
    """One principal's browser: it holds a session and a form's token, and is no stricter than a visitor."""

    def __init__(self, app: Flask, person_id: int | None) -> None:
        self.app, self.person_id = app, person_id
        self.base_url: str = app.extensions["settings"].base_url
        self.client = FlaskClient(app, app.response_class, use_cookies=True)
        raw = hashlib.sha1(os.urandom(16), usedforsecurity=False).hexdigest()
        self.token = URLSafeTimedSerializer(app.secret_key or "", salt="wtf-csrf-token").dumps(raw)
        with self.client.session_transaction(base_url=self.base_url) as cookie:
            cookie["csrf_token"] = raw
            cookie["language"] = "en"
            if person_id is not None:
                cookie["_user_id"] = self._session(person_id)
                cookie["_fresh"] = True

    def _session(self, person_id: int) -> str:
        with self.app.app_context():
            session = db.session()
            token = open_session(session, session.get_one(Person, person_id), at=clock.real_now())
            session.commit()
        return token

    def get(self, url: str) -> TestResponse:
        return self.client.get(url, base_url=self.base_url, buffered=True)

    def ask(self, method: str, url: str) -> TestResponse:
        """Ask with another method than those of a link or a form."""
        return self.client.open(url, method=method, base_url=self.base_url, buffered=True)

    def post(self, url: str, *, token: bool = True, **fields: object) -> TestResponse:
        """Send a form with its token, in the shape of one that may carry a file."""
        data = {**({"csrf_token": self.token} if token else {}), "file": (io.BytesIO(b""), "")} | fields
        return self.client.post(url, base_url=self.base_url, data=data, buffered=True)
