"""The secretariat plans a round back from its meetings, and moves one with everything that follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tests.support.forms import fill
from tests.web.secretariat.conftest import Office, OpenRound
from tracker import clock
from tracker.deadlines.models import Deadline, DeadlineKind, DeadlineMove, DeadlineState
from tracker.domain.calendar import WorkingCalendar
from tracker.extensions import db
from tracker.holidays_dk import plan_calendar
from tracker.plans.actions import add_committee
from tracker.plans.models import Administration, Plan
from tracker.reminders.models import ItemState, ReminderItem
from tracker.rounds.models import Round, StatusUpdate

PAGE = "/secretariat/here/rounds/2026/meetings"
BUDGET = 14


@dataclass(frozen=True)
class Days:
    """Meetings that can be kept: of BUF, of the coordinating committee, of the council."""

    schools: date
    coordinating: date
    council: date
    calendar: WorkingCalendar

    @property
    def owners(self) -> date:
        return self.calendar.offset(self.calendar.offset(self.schools, -10), -10)


@pytest.fixture
def days() -> Days:
    calendar = plan_calendar("christmas_eve,new_years_eve")
    schools = calendar.next(clock.today() + timedelta(days=80))
    coordinating = calendar.offset(schools, 25)
    return Days(schools, coordinating, calendar.offset(coordinating, 20), calendar)


@pytest.fixture
def committees(app: Flask, opened: OpenRound) -> dict[str, int]:
    """BUU treats what BUF hands in; TMF's committee is the coordinating one. Gives the administrations."""
    with make.written(app) as session:
        plan = session.scalars(select(Plan).where(Plan.slug == "here")).one()
        found = {one.code: one for one in session.scalars(select(Administration))}
        plan.coordinating_administration = found["TMF"].name
        for code, committee in (("BUF", "BUU"), ("TMF", "TMU")):
            add_committee(
                session,
                plan,
                code=committee,
                name=f"Committee {committee}",
                administration=found[code],
                by=None,
                at=clock.now(),
            )
        return {code: one.id for code, one in found.items()}


def _typed(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _fields(days: Days, committees: dict[str, int], **other: date) -> dict[str, str]:
    chosen = {"schools": days.schools, "coordinating": days.coordinating, "council": days.council} | other
    return {
        f"own_{committees['BUF']}": _typed(chosen["schools"]),
        "coordinating": _typed(chosen["coordinating"]),
        "council": _typed(chosen["council"]),
    }


def _keep(client: StrictClient, fields: dict[str, str], reason: str = "The council has set its days.") -> str:
    """Look at what changes, then keep it; the page that comes."""
    seen = client.submit(PAGE, fields, button="See what changes", budget=30)
    assert seen.status_code == 200, seen.text
    sent = fill(seen.text, PAGE, {"reason": reason}, button="Keep these days")
    answer = client.post(sent.action, data=sent.values, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def _planned(app: Flask) -> dict[tuple[str, str], date]:
    with app.app_context():
        found = select(Deadline).where(
            Deadline.kind.in_([DeadlineKind.committee_papers, DeadlineKind.committee_meeting]),
            Deadline.state == DeadlineState.open,
        )
        return {(one.kind.value, one.title): one.last_on for one in db.session.scalars(found)}


def _due(app: Flask, updates: tuple[int, ...]) -> list[date]:
    with app.app_context():
        found = select(StatusUpdate.id, Deadline.last_on).join(
            Deadline, Deadline.id == StatusUpdate.deadline_id
        )
        by_id = {row[0]: row[1] for row in db.session.execute(found)}
        return [by_id[one] for one in updates]


def test_without_meetings_the_page_says_what_to_give(
    client: StrictClient, opened: OpenRound, committees: dict[str, int]
) -> None:
    make.sign_in(client, opened.office.secretary)
    page = client.get(PAGE, budget=BUDGET).text
    assert "Give the days of the meetings." in page
    assert "BUF – Committee BUU" in page
    assert "TMU – Committee TMU" in page


def test_the_council_is_called_what_the_plan_calls_it(
    client: StrictClient, app: Flask, opened: OpenRound, committees: dict[str, int], days: Days
) -> None:
    make.sign_in(client, opened.office.secretary)
    assert "Meeting of the council" in client.get(PAGE).text
    with make.written(app) as session:
        session.scalars(select(Plan).where(Plan.slug == "here")).one().council = "City Council"
    close = days.calendar.offset(days.council, -3)
    page = client.submit(
        PAGE, {**_fields(days, committees), "coordinating": _typed(close)}, button="See what changes"
    ).text
    assert "Meeting of the council" not in page
    for words in ("Meeting of City Council", "Papers for City Council", "Papers before City Council"):
        assert words in page
    assert "The papers for City Council would be due on" in page


@pytest.mark.both_databases
def test_meetings_become_papers_meetings_and_the_owners_deadlines(
    client: StrictClient, app: Flask, opened: OpenRound, committees: dict[str, int], days: Days
) -> None:
    make.sign_in(client, opened.office.secretary)
    seen = client.submit(PAGE, _fields(days, committees), button="See what changes")
    assert "Nothing is moved yet" in seen.text
    assert _planned(app) == {}
    page = _keep(client, _fields(days, committees))
    assert "The meetings are kept" in page
    back = days.calendar.offset
    assert _planned(app) == {
        ("committee_papers", "BUU · Status 2026"): back(days.schools, -10),
        ("committee_meeting", "BUU · Status 2026"): days.schools,
        ("committee_papers", "TMU · Status 2026"): back(days.coordinating, -10),
        ("committee_meeting", "TMU · Status 2026"): days.coordinating,
        ("committee_papers", "Status 2026"): back(days.council, -10),
        ("committee_meeting", "Status 2026"): days.council,
    }
    streets = back(back(days.coordinating, -10), -10)
    assert _due(app, opened.updates) == [days.owners, days.owners, streets]
    with app.app_context():
        moves = db.session.scalars(select(DeadlineMove)).all()
        assert {one.reason for one in moves} == {"The council has set its days."}
        assert {one.moved_by_id for one in moves} == {opened.office.secretary}
        planned = select(ReminderItem.deadline_on).where(
            ReminderItem.state == ItemState.planned, ReminderItem.obligation_id == opened.updates[0]
        )
        assert set(db.session.scalars(planned)) <= {days.owners}
        assert db.session.scalars(select(Round.due_on)).one() == streets


def test_moving_one_meeting_shows_old_and_new_of_everything_that_follows(
    client: StrictClient, app: Flask, opened: OpenRound, committees: dict[str, int], days: Days
) -> None:
    make.sign_in(client, opened.office.secretary)
    _keep(client, _fields(days, committees))
    later = days.calendar.offset(days.schools, 5)
    seen = client.submit(PAGE, _fields(days, committees, schools=later), button="See what changes").text
    for old, new in (
        (days.schools, later),
        (days.calendar.offset(days.schools, -10), days.calendar.offset(later, -10)),
        (days.owners, days.calendar.offset(days.owners, 5)),
    ):
        assert _typed(old) in seen
        assert _typed(new) in seen
    assert "2 statuses are due on" in seen
    assert _planned(app)["committee_meeting", "BUU · Status 2026"] == days.schools
    sent = fill(seen, PAGE, {"reason": "The room was taken."}, button="Keep these days")
    client.post(sent.action, data=sent.values)
    assert _planned(app)["committee_meeting", "BUU · Status 2026"] == later
    with app.app_context():
        reasons = select(DeadlineMove.deadline_id).where(DeadlineMove.reason == "The room was taken.")
        assert len(db.session.scalars(reasons).all()) == 4  # the meeting, its papers, two statuses


def test_from_the_meeting_itself_one_finds_the_page_that_moves_what_follows(
    client: StrictClient, app: Flask, opened: OpenRound, committees: dict[str, int], days: Days
) -> None:
    make.sign_in(client, opened.office.secretary)
    _keep(client, _fields(days, committees))
    with app.app_context():
        wanted = select(Deadline.id).where(Deadline.kind == DeadlineKind.committee_meeting)
        meeting = db.session.scalars(wanted).first()
    page = client.get(f"/secretariat/here/deadlines/{meeting}", budget=16).text
    assert "Moving it here moves nothing else." in page
    assert f'href="{PAGE}"' in page


def test_a_chain_that_cannot_be_kept_is_named_with_the_step_that_breaks(
    client: StrictClient, opened: OpenRound, committees: dict[str, int], days: Days
) -> None:
    make.sign_in(client, opened.office.secretary)
    close = days.calendar.offset(days.coordinating, -3)
    page = client.submit(PAGE, _fields(days, committees, schools=close), button="See what changes").text
    assert "One chain cannot be kept" in page
    assert "The papers of the coordinating committee would be due on" in page
    assert "before the committee of BUF has met" in page
    late = _fields(days, committees) | {"coordinating": _typed(days.council)}
    every = client.submit(PAGE, late, button="See what changes").text
    assert f"{len(committees)} chains cannot be kept" in every
    assert every.count("before the committee in front of it has met") == 1  # what breaks for all, said once
    assert f"({', '.join(committees)})" in every


def test_a_move_needs_a_reason_and_moves_nothing_without(
    client: StrictClient, app: Flask, opened: OpenRound, committees: dict[str, int], days: Days
) -> None:
    make.sign_in(client, opened.office.secretary)
    seen = client.submit(PAGE, _fields(days, committees), button="See what changes")
    sent = fill(seen.text, PAGE, {"reason": " "}, button="Keep these days")
    answer = client.post(sent.action, data=sent.values)
    assert answer.status_code == 400
    assert "Write why the deadline moves." in answer.text
    assert _planned(app) == {}


def test_who_has_a_date_of_their_own_keeps_it(
    client: StrictClient, app: Flask, opened: OpenRound, committees: dict[str, int], days: Days
) -> None:
    from tracker.rounds.due_dates import move_status_deadline

    own = clock.today() + timedelta(days=30)
    with make.written(app) as session:
        found = session.get_one(StatusUpdate, opened.updates[0])
        deadline = session.get_one(Deadline, found.deadline_id)
        session.refresh(found, ["deadline"])
        move_status_deadline(
            session,
            found,
            due_on=own,
            reason="Illness.",
            version=deadline.version,
            by=opened.office.secretary,
            at=clock.now(),
        )
    make.sign_in(client, opened.office.secretary)
    seen = client.submit(PAGE, _fields(days, committees), button="See what changes").text
    assert "One has a date of its own and keeps it." in seen
    _keep(client, _fields(days, committees))
    assert _due(app, opened.updates)[:2] == [own, days.owners]


def test_of_two_who_plan_at_once_the_second_sees_what_the_first_kept(
    client: StrictClient, app: Flask, opened: OpenRound, committees: dict[str, int], days: Days
) -> None:
    make.sign_in(client, opened.office.secretary)
    fields = _fields(days, committees)
    first = client.submit(PAGE, fields, button="See what changes").text
    sent = fill(first, PAGE, {"reason": "Mine."}, button="Keep these days")
    _keep(client, fields, "Theirs.")
    answer = client.post(sent.action, data=sent.values)
    assert answer.status_code == 409
    assert "Somebody else has changed this since you opened it." in answer.text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"council": ""}, "Give the day of the council"),
        ({"council": "soon"}, "Write the date as in 20.10.2026."),
        ({"council": "30.01.2028"}, "Nobody meets on 30.01.2028, which is no working day."),
        ({"coordinating": "24.12.2027"}, "Nobody meets on 24.12.2027, which is no working day."),
        ({"writing": "61"}, "Give a number of working days between 0 and 60."),
        ({"writing": "many"}, "Not a valid integer value."),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    client: StrictClient,
    opened: OpenRound,
    committees: dict[str, int],
    days: Days,
    fields: dict[str, str],
    sentence: str,
) -> None:
    make.sign_in(client, opened.office.secretary)
    answer = client.submit(PAGE, _fields(days, committees) | fields, button="See what changes")
    assert answer.status_code == 400
    assert sentence in answer.text


def test_before_the_round_is_opened_the_days_are_counted_back_and_carried(
    client: StrictClient, office: Office, days: Days
) -> None:
    make.sign_in(client, office.lead)
    page = client.get("/secretariat/here/rounds/plan", budget=BUDGET)
    assert "Give the days of the meetings." in page.text
    sent = fill(page.text, "/secretariat/here/rounds/plan", {"council": _typed(days.council)})
    asked = "&".join(f"{name}={value[0]}" for name, value in sent.values.items())
    counted = client.get(f"/secretariat/here/rounds/plan?{asked}").text
    assert "What follows from the meetings" in counted
    assert "Open the round with these days" in counted
    assert f"council={_typed(days.council)}" in counted
    refused = client.get("/secretariat/here/rounds/plan?council=25.12.2027")  # Christmas, a Saturday
    assert refused.status_code == 400
    assert "Nobody meets on 25.12.2027, which is no working day." in refused.text
