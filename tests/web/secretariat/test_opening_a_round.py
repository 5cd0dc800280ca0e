"""The lead opens a year's round and sees beforehand for whom."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tests.web.secretariat.conftest import Office, OpenRound
from tracker import clock
from tracker.deadlines.models import Deadline, DeadlineKind
from tracker.domain.workflow import State
from tracker.extensions import db
from tracker.holidays_dk import plan_calendar
from tracker.plans.models import Initiative, MembershipRole, Standing
from tracker.rounds.models import Round, StatusUpdate
from tracker.rounds.queries import rounds_of
from tracker.statuses.history import PrintedStatus, record_locked_round

NEW = "/secretariat/here/rounds/new"


def _in_three_weeks() -> str:
    return f"{clock.today() + timedelta(days=21):%d.%m.%Y}"


def test_without_a_round_the_page_says_what_to_do_first(client: StrictClient, office: Office) -> None:
    make.sign_in(client, office.lead)
    page = client.get("/secretariat/here/rounds", budget=8).text
    assert "There is no round yet. Import last year's memo first" in page.replace("&#39;", "'")
    assert f'href="{NEW}"' in page


def test_who_is_not_a_lead_is_told_who_opens_it(client: StrictClient, office: Office) -> None:
    make.sign_in(client, office.secretary)
    assert NEW not in client.get("/secretariat/here/rounds").text
    assert client.get(NEW).status_code == 404
    assert client.post(NEW, data={"year": "2026"}).status_code in {400, 404}


def test_the_lead_sees_who_cannot_be_reached(client: StrictClient, office: Office) -> None:
    make.sign_in(client, office.lead)
    page = client.get(NEW, budget=8).text
    assert "2 of 3 initiatives have an owner or a deputy who can be reached." in page
    assert "TMF: Signs in parks" in page


def test_opening_gives_every_initiative_a_status(client: StrictClient, office: Office) -> None:
    make.sign_in(client, office.lead)
    answer = client.submit(NEW, {"year": "2026", "due_on": _in_three_weeks()}, follow_redirects=True)
    assert "The round of 2026 is open." in answer.text
    assert "0 of 3 approved or waived" in answer.text
    assert client.get("/secretariat/here/rounds").location.endswith("/rounds/2026")


def test_a_date_that_has_passed_is_refused_and_nothing_typed_is_lost(
    client: StrictClient, office: Office
) -> None:
    make.sign_in(client, office.lead)
    answer = client.submit(NEW, {"year": "2027", "due_on": "1.2.2024"})
    assert answer.status_code == 400
    assert "The deadline must be later than today." in answer.text
    assert 'value="2027"' in answer.text


def test_a_date_that_is_none_is_shown_again(client: StrictClient, office: Office) -> None:
    make.sign_in(client, office.lead)
    answer = client.submit(NEW, {"due_on": "next week"})
    assert answer.status_code == 400
    assert "Write the date as in 20.10.2026." in answer.text
    assert 'value="next week"' in answer.text


def test_a_year_cannot_be_opened_twice(client: StrictClient, app: Flask, opened: OpenRound) -> None:
    make.sign_in(client, opened.office.lead)
    answer = client.submit(NEW, {"year": "2026", "due_on": _in_three_weeks()})
    assert answer.status_code == 400
    assert "The round of 2026 exists already." in answer.text
    with app.app_context():
        from tracker.plans.queries import plan

        found = plan(db.session(), "here")
        assert found is not None
        assert len(rounds_of(db.session(), found.id)) == 1


@pytest.fixture
def printed(app: Flask, office: Office) -> Office:
    """Last year's memo printed all three; since then the second has been discontinued."""
    with make.written(app) as session:
        made = [session.get_one(Initiative, one) for one in office.initiatives]
        record_locked_round(
            session,
            plan_id=made[0].plan_id,
            year=2025,
            statuses=[PrintedStatus(one, n, one.title, "It was held.") for n, one in enumerate(made, 1)],
            by=None,
            at=clock.now(),
        )
        made[1].standing = Standing.discontinued
    return office


def test_each_initiative_of_last_round_stands_there_with_what_becomes_of_it(
    client: StrictClient, printed: Office
) -> None:
    make.sign_in(client, printed.lead)
    page = client.get(NEW, budget=13).text
    assert "2 initiatives of 2025 are carried on." in page
    asked = page.split("What becomes of one initiative")[1]
    assert "A play for every school" in asked
    assert '<option value="discontinued" selected>' in asked
    carried_on = page.split("The initiatives of 2025 that are carried on")[1].split("</details>")[0]
    assert "Signs in parks" in carried_on
    assert "No owner" in carried_on


def test_none_disappears_without_a_reason(client: StrictClient, app: Flask, printed: Office) -> None:
    make.sign_in(client, printed.lead)
    gone = f"reason_{printed.initiatives[1]}"
    answer = client.submit(NEW, {"due_on": _in_three_weeks()})
    assert answer.status_code == 400
    assert "Write a reason." in answer.text
    answer = client.submit(
        NEW, {"due_on": _in_three_weeks(), gone: "Nobody came."}, follow_redirects=True, budget=60
    )
    assert "The round of 2026 is open." in answer.text
    with app.app_context():
        found = select(StatusUpdate).where(StatusUpdate.state == State.waived)
        waived = db.session.scalars(found).one()
        assert (waived.initiative_id, waived.reason) == (printed.initiatives[1], "Nobody came.")


def test_with_meetings_each_administration_gets_a_day_of_its_own(
    client: StrictClient, app: Flask, printed: Office
) -> None:
    calendar = plan_calendar("christmas_eve,new_years_eve")
    council = calendar.next(clock.today() + timedelta(days=150))
    with app.app_context():
        schools = db.session.get_one(Initiative, printed.initiatives[0]).administration_id
    own = calendar.offset(council, -60)
    asked = {
        "council": f"{council:%d.%m.%Y}",
        f"own_{schools}": f"{own:%d.%m.%Y}",
        "writing": "5",
        "handling": "5",
        "committee_papers": "5",
        "coordinating_papers": "5",
        "council_papers": "5",
    }
    make.sign_in(client, printed.lead)
    page = client.get(f"/secretariat/here/rounds/plan?{urlencode(asked)}").text
    address = page.split("Open the round with these days")[0].rsplit('href="', 1)[1].split('"')[0]
    address = address.replace("&amp;", "&")
    shown = client.get(address).text
    assert "What follows from the meetings" in shown
    client.submit(address, {f"reason_{printed.initiatives[1]}": "Nobody came."})
    schools_day, streets_day = calendar.offset(own, -10), calendar.offset(council, -10)
    with app.app_context():
        found = select(Deadline).where(Deadline.kind == DeadlineKind.status_due)
        days = {one.initiative_id: one.last_on for one in db.session.scalars(found)}
        meetings = select(Deadline.last_on).where(Deadline.kind == DeadlineKind.committee_meeting)
        assert set(db.session.scalars(meetings)) == {own, council}
        assert db.session.scalars(select(Round.writing_days).where(Round.year == 2026)).one() == 5
    assert days[printed.initiatives[0]] == schools_day
    assert days[printed.initiatives[2]] == streets_day


def test_42_initiatives_with_last_years_owners_take_three_page_loads(
    client: StrictClient, app: Flask
) -> None:
    with make.written(app) as session:
        plan = make.plan(session, "big")
        lead, owner = make.member(session, plan, MembershipRole.lead).id, make.person(session, "Olga")
        made = [
            make.initiative(session, administration, owner=owner)
            for administration in [make.administration(session, plan) for _ in range(7)]
            for _ in range(6)
        ]
        record_locked_round(
            session,
            plan_id=plan.id,
            year=2025,
            statuses=[PrintedStatus(one, n, one.title, "It was held.") for n, one in enumerate(made, 1)],
            by=None,
            at=clock.now(),
        )
    make.sign_in(client, lead)
    new = "/secretariat/big/rounds/new"
    assert f'href="{new}"' in client.get("/secretariat/big/rounds").text
    assert "42 initiatives of 2025 are carried on." in client.get(new, budget=13).text
    answer = client.submit(new, {"due_on": _in_three_weeks()}, follow_redirects=True)
    assert "0 of 42 approved or waived" in answer.text


def test_a_plan_without_initiatives_cannot_be_opened(client: StrictClient, app: Flask) -> None:
    with make.written(app) as session:
        lead = make.member(session, make.plan(session, "empty"), MembershipRole.lead).id
    make.sign_in(client, lead)
    assert "no active initiative yet" in client.get("/secretariat/empty/rounds/new").text
