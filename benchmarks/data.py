"""What is measured on: a database with a plan of 42 initiatives, one of 1,000, and whoever reads them.

Invented throughout. The plan of 42 has ten earlier rounds, so that each initiative has a history.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

import config
from tracker import clock, migrating
from tracker.accounts import actions as accounts
from tracker.accounts.models import Language, Person
from tracker.application import create_app
from tracker.domain.reminders import Place
from tracker.domain.workflow import State
from tracker.extensions import db
from tracker.plans import actions as plans
from tracker.plans.models import Initiative, Membership, MembershipRole, Placement, Plan
from tracker.rounds import opening
from tracker.rounds.models import Round, StatusUpdate
from tracker.statuses.history import PrintedStatus, record_locked_round

YEAR = clock.today().year
SECRET = secrets.token_hex(32)
ADMINISTRATIONS = 7
TEXT = (
    "Kurset er holdt to gange med tres deltagere, og en fælles vejledning er sendt til skoler og klubber.\n\n"
    "- Evalueringen foreligger inden sommer.\n- Næste hold begynder efter ferien.\n\n"
    "Indsatsen følger planen, og der er sat midler af til det kommende år."
)
# What a round looks like half-way.
STATES = (State.not_started, State.approved, State.draft, State.submitted, State.returned, State.approved)


@dataclass(frozen=True)
class Filled:
    """A filled database: what the addresses need, and the cookie of a signed-in secretariat."""

    rounds: dict[str, int]
    initiative: int
    cookie: str


def environment(folder: Path, port: int) -> dict[str, str]:
    """The settings of the service on the folder's database."""
    return {
        "TRACKER_DATABASE_URL": f"sqlite:///{folder / 'tracker.db'}",
        "TRACKER_DATA_FOLDER": str(folder),
        "TRACKER_SECRET_KEY": SECRET,
        "TRACKER_BASE_URL": f"http://127.0.0.1:{port}",
        "TRACKER_MAIL_SENDER": "plan@example.com",
        "TRACKER_MAIL_SERVER": "127.0.0.1",
        "TRACKER_MAIL_PORT": "9",
        "TRACKER_MAIL_SECURITY": "none",
        "TRACKER_DEMO": "false",
        "TRACKER_DEBUG": "false",
        "TRACKER_EMBEDDED_CLOCK": "false",
    }


def application(folder: Path, port: int = 8000) -> Flask:
    """The service in this process, on the folder's database, brought up to date."""
    given = {
        name.removeprefix("TRACKER_").lower(): value for name, value in environment(folder, port).items()
    }
    app = create_app(config.Settings(_env_file=None, **given))  # type: ignore[arg-type]
    logging.getLogger("alembic").setLevel(logging.WARNING)
    migrating.prepare(app)
    with app.app_context():
        migrating.upgrade()
    return app


def fill(app: Flask) -> Filled:
    """Both plans, each with an open round half-way through, and a secretariat that is signed in."""
    with app.app_context():
        session = db.session()
        reader = _person(session, "Sonja Sekretær")
        opened = {
            slug: _plan(session, slug, count, reader, earlier)
            for slug, count, earlier in (("forty-two", 42, 9), ("thousand", 1_000, 1))
        }
        token = accounts.open_session(session, reader, at=clock.real_now())
        session.commit()
        first = session.scalars(
            select(Initiative.id).where(Initiative.plan_id == opened["forty-two"].plan_id)
        ).first()
        assert first is not None
        numbers = {slug: one.id for slug, one in opened.items()}
    return Filled(numbers, first, cookie_of(app, token))


def cookie_of(app: Flask, token: str) -> str:
    """The cookie of a browser that is signed in with `token`."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    # As a browser's is after its first page: from then on a page that is only read sets no cookie.
    kept = {"_user_id": token, "_fresh": True, "language": "da", "csrf_token": secrets.token_hex(20)}
    value = serializer.dumps(kept)
    return f"{app.config['SESSION_COOKIE_NAME']}={value}"


def _person(session: Session, name: str, *, number: int = 0) -> Person:
    return accounts.add_person(
        session,
        name=name,
        email=f"{name.split(maxsplit=1)[0].lower()}{number}@example.com",
        language=Language.danish,
        by=None,
        at=clock.now(),
    )


def _plan(session: Session, slug: str, count: int, reader: Person, earlier: int) -> Round:
    at = clock.now()
    made = plans.create_plan(
        session, slug=slug, name=f"Planen {slug}", authority="Eksempelby", by=None, at=at
    )
    session.add(
        Membership(plan_id=made.id, person_id=reader.id, role=MembershipRole.secretariat, created_at=at)
    )
    initiatives = add_initiatives(session, made, count)
    for year in range(YEAR - earlier, YEAR):
        printed = [
            PrintedStatus(one, number, one.title, f"{TEXT}\n\nSådan stod det i {year}.")
            for number, one in enumerate(initiatives, 1)
        ]
        record_locked_round(session, plan_id=made.id, year=year, statuses=printed, by=None, at=at)
    return half_way(session, made)


def half_way(session: Session, plan: Plan) -> Round:
    """The plan's round of this year, in which every state occurs."""
    opened = opening.open_round(
        session, plan, year=YEAR, due_on=clock.today() + timedelta(days=21), by=None, at=clock.now()
    )
    ids = session.scalars(select(StatusUpdate.id).where(StatusUpdate.round_id == opened.id)).all()
    for place, state in enumerate(STATES):
        some = ids[place :: len(STATES)]
        for start in range(0, len(some), 500):
            session.execute(
                update(StatusUpdate)
                .where(StatusUpdate.id.in_(some[start : start + 500]))
                .values(state=state, text="" if state is State.not_started else TEXT),
                execution_options={"synchronize_session": False},
            )
    return opened


def add_initiatives(session: Session, plan: Plan, count: int) -> list[Initiative]:
    """So many initiatives in seven administrations, each with an owner; nobody owns more than three."""
    at = clock.now()
    administrations = [
        plans.add_administration(
            session, plan, code=f"F{number}", name=f"Forvaltningen for område {number}", by=None, at=at
        )
        for number in range(1, ADMINISTRATIONS + 1)
    ]
    owners = [_person(session, f"Ejer{plan.id} Nummer {one}", number=one) for one in range(-(-count // 3))]
    size = -(-count // ADMINISTRATIONS)
    session.execute(
        insert(Initiative),
        [
            {
                "plan_id": plan.id,
                "administration_id": administrations[number // size].id,
                "position": number % size + 1,
                "title": f"Indsats {number + 1}: flere uddannede medarbejdere i skoler, klubber & foreninger",
                "funder": "Budget",
                "created_at": at,
            }
            for number in range(count)
        ],
    )
    found = list(
        session.scalars(select(Initiative).where(Initiative.plan_id == plan.id).order_by(Initiative.id)).all()
    )
    session.execute(
        insert(Placement),
        [
            {
                "plan_id": plan.id,
                "place": Place.owner,
                "initiative_id": one.id,
                "person_id": owners[number // 3].id,
                "from_on": date(2020, 1, 1),
            }
            for number, one in enumerate(found)
        ],
    )
    return found
