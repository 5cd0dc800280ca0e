"""A calendar program reads deadlines under a secret address, without a cookie."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask
from icalendar import Calendar, Event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.support import make
from tests.support.client import StrictClient
from tracker import clock
from tracker.accounts.actions import deactivate
from tracker.accounts.models import Language, Person
from tracker.deadlines import feeds
from tracker.deadlines.actions import add_deadline, cancel_deadline, meet_deadline, move_deadline
from tracker.deadlines.models import CalendarFeed, Deadline, DeadlineKind, Precision
from tracker.domain.ladders import ObligationKind
from tracker.extensions import db
from tracker.plans.models import Initiative, Placement, Plan
from tracker.reminders.ladders import change_ladder
from tracker.rounds.models import Round

pytestmark = pytest.mark.both_databases
CANARY = "Kvadderkvidder"


@dataclass(frozen=True)
class World:
    """Ids: an owner of the first of two initiatives, a coordinator of its administration, a secretary."""

    plan: int
    owner: int
    deputy: int
    coordinator: int
    secretary: int
    initiative: int
    other: int
    update: int
    deadlines: dict[str, int]

    def uid(self, name: str) -> str:
        return f"deadline-{self.deadlines[name]}@"


def _day(ahead: int) -> date:
    return clock.today() + timedelta(days=ahead)


def _add(session: Session, plan: Plan, kind: DeadlineKind, ahead: int = 30, **values: object) -> Deadline:
    given: dict[str, object] = {
        "title": kind.value,
        "first_on": _day(ahead),
        "last_on": _day(ahead),
        **values,
    }
    return add_deadline(
        session,
        plan_id=plan.id,
        kind=kind,
        by=None,
        at=clock.now(),
        **given,  # type: ignore[arg-type]
    )


@pytest.fixture
def world(app: Flask) -> World:
    with make.written(app) as session:
        plan = make.plan(session, "here", name="Plan for an open town")
        schools, streets = (
            make.administration(session, plan, "BUF"),
            make.administration(session, plan, "TMF"),
        )
        owner, deputy = (
            make.person(session, "Olga Owner"),
            make.person(session, "Dina", language=Language.danish),
        )
        coordinator, secretary = make.person(session, "Carl"), make.member(session, plan, name="Sam")
        mine = make.initiative(session, schools, "Courses", owner=owner)
        other = make.initiative(session, streets, "Signs", owner=make.person(session, "Oscar"))
        make.placed(session, coordinator, administration=schools)
        round_ = make.open_round(session, plan)
        deadlines = {
            "campaign": _add(
                session,
                plan,
                DeadlineKind.campaign_window,
                initiative=mine,
                last_on=_day(60),
                title="Posters",
            ),
            "grants": _add(session, plan, DeadlineKind.application_round, initiative=mine),
            "delivery": _add(session, plan, DeadlineKind.delivery, initiative=mine),
            "milestone": _add(session, plan, DeadlineKind.milestone, initiative=mine, title=CANARY),
            "theirs": _add(session, plan, DeadlineKind.delivery, initiative=other),
            "papers": _add(session, plan, DeadlineKind.committee_papers, administration=schools),
            "their papers": _add(session, plan, DeadlineKind.committee_papers, administration=streets),
            "meeting": _add(session, plan, DeadlineKind.committee_meeting, administration=schools),
        }
        return World(
            plan=plan.id,
            owner=owner.id,
            deputy=deputy.id,
            coordinator=coordinator.id,
            secretary=secretary.id,
            initiative=mine.id,
            other=other.id,
            update=make.update_of(session, mine, round_).id,
            deadlines={name: deadline.id for name, deadline in deadlines.items()},
        )


@pytest.fixture
def address(app: Flask) -> Callable[..., str]:
    """Makes a feed of a person or a plan and gives its path."""

    def make_one(**subject: int) -> str:
        secret = app.config["SECRET_KEY"].encode()
        with make.written(app) as session:
            whose = feeds.Subject(**subject)
            feeds.make_feed(session, whose, secret=secret, by=None, at=clock.now())
            return f"/calendar/{feeds.token_of(session, whose, secret=secret)}.ics"

    return make_one


def read(client: StrictClient, address: str) -> dict[str, Event]:
    """The events of a feed by UID up to its host."""
    answer = client.get(address, budget=6)
    assert answer.status_code == 200
    found = [one for one in Calendar.from_ical(answer.data).walk("VEVENT") if isinstance(one, Event)]
    by_uid = {str(one["UID"]).partition("@")[0] + "@": one for one in found}
    assert len(by_uid) == len(found)
    return by_uid


def test_an_owner_reads_what_is_theirs(
    client: StrictClient, world: World, address: Callable[..., str]
) -> None:
    found = read(client, address(person_id=world.owner))
    own = {world.uid(name) for name in ("campaign", "grants", "delivery", "milestone")}
    assert set(found) == own | {f"status-{world.update}@"}
    status = found[f"status-{world.update}@"]
    assert status["SUMMARY"] == "Status: Courses"
    assert status["URL"] == f"{client.application.extensions['settings'].base_url}/updates/{world.update}"
    assert found[world.uid("campaign")]["SUMMARY"] == "Campaign period: Posters · Courses"
    assert found[world.uid("campaign")].decoded("DTEND") == _day(61)


def test_a_coordinator_and_a_secretary_read_what_the_ladder_reminds_them_of(
    client: StrictClient, app: Flask, world: World, address: Callable[..., str]
) -> None:
    theirs, office = address(person_id=world.coordinator), address(person_id=world.secretary)
    assert set(read(client, theirs)) == {world.uid("papers")}
    assert set(read(client, office)) == {world.uid(name) for name in ("papers", "their papers", "meeting")}
    with make.written(app) as session:
        change_ladder(
            session,
            plan_id=world.plan,
            kind=ObligationKind.committee_papers,
            steps=(),
            version=None,
            by=None,
            at=clock.now(),
        )
    assert read(client, theirs) == {}
    assert set(read(client, office)) == {world.uid("meeting")}


def test_the_feed_is_in_the_persons_language_and_needs_no_cookie(
    client: StrictClient, app: Flask, world: World, address: Callable[..., str]
) -> None:
    with make.written(app) as session:
        initiative, deputy = (
            session.get_one(Initiative, world.initiative),
            session.get_one(Person, world.deputy),
        )
        make.placed(session, deputy, initiative=initiative, place=make.Place.deputy)
    path = address(person_id=world.deputy)
    answer = client.get(path)
    assert "SUMMARY:Leverance: delivery · Courses" in answer.text
    assert "X-WR-CALNAME:Frister: Dina" in answer.text
    assert "SUMMARY:Delivery: delivery · Courses" in client.get(f"{path}?language=en").text
    assert client.get(f"{path}?language=xx").data == answer.data
    assert "Set-Cookie" not in answer.headers
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, max-age=900"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_a_program_that_has_it_as_it_is_gets_nothing_more(
    client: StrictClient, app: Flask, world: World, address: Callable[..., str]
) -> None:
    path = address(person_id=world.owner)
    tag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "private, max-age=900"
    with make.written(app) as session:
        _moved(session, world.deadlines["delivery"], 45)
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


def _moved(session: Session, deadline_id: int, ahead: int) -> None:
    deadline = session.get_one(Deadline, deadline_id)
    somebody = session.query(Person.id).order_by(Person.id).first()
    assert somebody is not None
    move_deadline(
        session,
        deadline,
        first_on=_day(ahead),
        last_on=_day(ahead),
        precision=Precision.day,
        reason="The printer is ill",
        version=deadline.version,
        by=somebody.id,
        at=clock.now() + timedelta(seconds=ahead),
    )


def test_a_deadline_that_moves_keeps_its_uid_and_raises_its_sequence(
    client: StrictClient, app: Flask, world: World, address: Callable[..., str]
) -> None:
    path, uid = address(person_id=world.owner), world.uid("delivery")
    seen = [read(client, path)[uid]]
    for ahead in (45, 30):  # there and back
        with make.written(app) as session:
            _moved(session, world.deadlines["delivery"], ahead)
        seen.append(read(client, path)[uid])
    assert [one["SEQUENCE"] for one in seen] == [0, 1, 2]
    assert [one.decoded("DTSTART") for one in seen] == [_day(30), _day(45), _day(30)]
    stamps = [one.decoded("DTSTAMP") for one in seen]
    assert stamps[0] < stamps[1] <= stamps[2]


def test_what_is_cancelled_says_so_for_a_while_and_then_is_gone(
    client: StrictClient, app: Flask, world: World, address: Callable[..., str]
) -> None:
    path = address(person_id=world.owner)
    with make.written(app) as session:
        at, gone = clock.now(), clock.now() - timedelta(days=61)
        for name, when in (("delivery", at), ("grants", gone)):
            deadline = session.get_one(Deadline, world.deadlines[name])
            cancel_deadline(session, deadline, reason="No money", by=world.owner, at=when)
        meet_deadline(session, session.get_one(Deadline, world.deadlines["milestone"]), by=world.owner, at=at)
    found = read(client, path)
    assert found[world.uid("delivery")]["STATUS"] == "CANCELLED"
    assert found[world.uid("delivery")]["SEQUENCE"] == 1
    assert found[world.uid("milestone")]["SUMMARY"].startswith("Done: ")
    assert found[world.uid("milestone")]["STATUS"] == "CONFIRMED"
    assert world.uid("grants") not in found


def test_a_status_that_was_submitted_is_done_and_a_locked_round_is_over(
    client: StrictClient, app: Flask, world: World, address: Callable[..., str]
) -> None:
    path, uid = address(person_id=world.owner), f"status-{world.update}@"
    with make.written(app) as session:
        initiative = session.get_one(Initiative, world.initiative)
        round_ = session.query(Round).one()
        update = make.update_of(session, initiative, round_)
        make.submitted(session, update, by=session.get_one(Person, world.owner), text=CANARY)
    assert read(client, path)[uid]["SUMMARY"] == "Done: Status: Courses"
    with make.written(app) as session:
        session.query(Round).one().state = "locked"
    assert uid not in read(client, path)


def test_rights_are_those_of_the_moment(
    client: StrictClient, app: Flask, world: World, address: Callable[..., str]
) -> None:
    path = address(person_id=world.owner)
    assert read(client, path)
    with make.written(app) as session:
        placement = session.query(Placement).filter_by(person_id=world.owner).one()
        placement.until_on = clock.today() - timedelta(days=1)
    assert read(client, path) == {}


def test_the_plans_feed_has_the_common_dates_and_nothing_of_a_person(
    client: StrictClient, app: Flask, world: World, address: Callable[..., str]
) -> None:
    path = address(plan_id=world.plan)
    names = ("campaign", "papers", "their papers", "meeting")
    assert set(read(client, path)) == {world.uid(name) for name in names}
    said = client.get(path).text + client.get(f"{path}?language=en").text
    with app.app_context():
        people = [person.name for person in db.session.query(Person)]
    assert not [name for name in [*people, CANARY, "example.com/my"] if name in said]
    assert "X-WR-CALNAME:Frister: Plan for an open town" in said
    assert "X-WR-CALNAME:Deadlines: Plan for an open town" in said


def test_addresses_that_answer_nobody_all_look_alike(
    client: StrictClient, app: Flask, world: World, address: Callable[..., str]
) -> None:
    unknown = f"/calendar/{'0' * 64}.ics"
    revoked, departed = address(person_id=world.owner), address(person_id=world.coordinator)
    renewed, new = address(person_id=world.secretary), address(person_id=world.secretary)
    for path in (revoked, departed, new):
        assert client.get(path).status_code == 200
    with make.written(app) as session:
        feeds.revoke_feed(session, feeds.Subject(person_id=world.owner), by=None, at=clock.now())
        deactivate(session, session.get_one(Person, world.coordinator), by=None, at=clock.now())
    answers = [client.get(path) for path in (unknown, revoked, departed, renewed)]
    assert [one.status_code for one in answers] == [404] * 4
    assert len({_without_tokens(one) for one in answers}) == 1
    assert client.get(new).status_code == 200


def _without_tokens(answer: TestResponse) -> tuple[str, str]:
    page = re.sub(r"[0-9a-f]{64}", "-", answer.text)
    headers = [
        (name, value) for name, value in answer.headers if name not in {"Content-Length", "Set-Cookie"}
    ]
    return page, str(headers)


def test_the_table_alone_gives_no_address_away(
    app: Flask, client: StrictClient, world: World, address: Callable[..., str]
) -> None:
    token = address(person_id=world.owner).removeprefix("/calendar/").removesuffix(".ics")
    with app.app_context():
        feed = db.session.query(CalendarFeed).one()
        assert token not in {str(value) for value in vars(feed).values()}
        assert client.get(f"/calendar/{feed.token_hash}.ics").status_code == 404
        other = feeds.token_of(
            db.session(), feeds.Subject(person_id=world.owner), secret=b"another installation's secret"
        )
    assert other is None


def test_another_secret_makes_every_address_useless(
    app: Flask, client: StrictClient, world: World, address: Callable[..., str]
) -> None:
    path = address(person_id=world.owner)
    app.config["SECRET_KEY"] = "another secret of the installation"
    assert client.get(path).status_code == 404
