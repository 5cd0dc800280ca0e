"""Nothing of a locked round is anywhere before its day, nor before every committee has treated its part."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask

from tests.support import make
from tests.support.client import StrictClient
from tests.support.rounds import Office
from tests.web.public.test_reading_what_is_published import CANARY, every_public_page
from tracker import clock
from tracker.deadlines.actions import add_deadline
from tracker.deadlines.models import DeadlineKind
from tracker.domain.contributions import ContributionState
from tracker.domain.workflow import ProgressState
from tracker.rounds.models import Contribution, Round

HERE = "/plans/here"


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    """The round of 2026 is public; that of 2027 is locked and about something that stood in none before."""
    with make.written(app) as session:
        office = Office.of(session)
        area = make.administration(session, office.plan, "SF", name="Skoleforvaltningen")
        old = make.initiative(session, area, "Mentorer", owner=office.owner)
        round_ = make.open_round(session, office.plan, year=2026)
        office.approve(old, round_, "Tolv mentorer.")
        office.lock(round_)
        new = make.initiative(session, area, f"{CANARY} i skolen", owner=office.owner)
        second = make.open_round(session, office.plan, year=2027)
        old.title = f"{CANARY} hedder den"
        session.flush()
        office.approve(old, second, f"{CANARY} er der nu.", progress=ProgressState.completed)
        office.approve(new, second, f"{CANARY} er her.")
        for kind in (DeadlineKind.campaign_window, DeadlineKind.committee_meeting):
            day = clock.today() + timedelta(days=5)
            given = {"plan_id": office.plan.id, "kind": kind, "title": f"{CANARY} kommer"}
            add_deadline(session, **given, first_on=day, last_on=day, initiative=new, by=None, at=clock.now())
        office.lock(second)
        session.commit()
        yield office


def hidden(client: StrictClient, initiative_id: int) -> bool:
    """Whether nothing of 2027 is on any page or file; whether everything is otherwise."""
    gone = [
        f"{HERE}/2027",
        f"{HERE}?year=2027",
        *(f"{HERE}/2027/{rest}" for rest in ("memo", "memo/docx", "memo/pdf")),
        *(f"{HERE}/2027/statuses.{kind}" for kind in ("json", "csv")),
        f"{HERE}/initiatives/{initiative_id}",
    ]
    codes = {client.get(url).status_code for url in gone}
    assert len(codes) == 1, codes
    pages = dict(every_public_page(client))
    said = {url for url, text in pages.items() if CANARY in text or "2027" in text}
    if codes == {404}:
        assert said == set()
        return True
    assert {f"{HERE}/statuses.{kind}" for kind in ("json", "csv")} < said
    assert {HERE, f"{HERE}/2027", f"{HERE}/dates", f"{HERE}/calendar.ics", "/sitemap.xml"} < said
    return False


@pytest.mark.both_databases
def test_a_round_is_public_from_its_day_and_when_all_is_treated(client: StrictClient, office: Office) -> None:
    session, today = office.session, clock.today()
    round_ = session.query(Round).filter_by(year=2027).one()
    part = session.query(Contribution).filter_by(round_id=round_.id).one()
    new = session.query(make.Initiative).filter(make.Initiative.title == f"{CANARY} i skolen").one()
    was = part.state
    etags = set()

    def set_(publish_on: date | None, state: ContributionState) -> bool:
        round_.publish_on, part.state = publish_on, state
        session.commit()
        etags.add(client.get(HERE).headers["ETag"])
        return hidden(client, new.id)

    assert set_(today + timedelta(days=1), was)
    assert set_(None, ContributionState.signed_off)
    assert set_(today, ContributionState.signed_off)
    assert len(etags) == 1, "what is not public changes nothing"
    assert not set_(today, was)
    assert len(etags) == 2
    assert not set_(None, was)


def test_where_nothing_is_public_yet_there_is_no_plan(client: StrictClient, office: Office) -> None:
    for round_ in office.session.query(Round):
        round_.publish_on = clock.today() + timedelta(days=1)
    office.session.commit()
    for rest in ("", "/2026", "/dates", "/data", "/calendar.ics", "/statuses.json", "/2026/memo/pdf"):
        assert client.get(HERE + rest).status_code == 404
    assert HERE not in client.get("/").get_data(as_text=True)
    assert HERE not in client.get("/sitemap.xml").get_data(as_text=True)
