"""The register of moved deadlines: old, new, who and why, counted by whose they are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tests.web.secretariat.conftest import OpenRound
from tracker import clock
from tracker.deadlines import slips
from tracker.deadlines.actions import add_deadline, move_deadline
from tracker.deadlines.models import Deadline, DeadlineKind, Precision
from tracker.plans.models import Plan

PAGE = "/secretariat/here/slips"


@pytest.fixture
def moved(app: Flask, opened: OpenRound) -> OpenRound:
    """The first status was moved twice, the third once; and the plan's own deadline once."""
    with make.written(app) as session:
        first, _second, third = session.scalars(
            select(Deadline).where(Deadline.kind == DeadlineKind.status_due).order_by(Deadline.id)
        )
        plan = session.scalars(select(Plan).where(Plan.slug == "here")).one()
        day = clock.today() + timedelta(days=60)
        own = add_deadline(
            session,
            plan_id=plan.id,
            kind=DeadlineKind.other,
            title="The evaluation",
            first_on=day,
            last_on=day,
            by=None,
            at=clock.now(),
        )
        for deadline, reason in (
            (first, "Illness."),
            (first, "Still ill."),
            (third, "A new owner."),
            (own, "No money yet."),
        ):
            later = deadline.last_on + timedelta(days=7)
            move_deadline(
                session,
                deadline,
                first_on=later,
                last_on=later,
                precision=Precision.day,
                reason=reason,
                version=deadline.version,
                by=opened.office.secretary,
                at=clock.now(),
            )
    return opened


def test_without_a_move_the_page_says_what_comes_here(client: StrictClient, opened: OpenRound) -> None:
    make.sign_in(client, opened.office.secretary)
    assert "No deadline was ever moved." in client.get(PAGE, budget=11).text
    assert "No deadline of this choice" in client.get(f"{PAGE}?administration=BUF").text


@pytest.mark.both_databases
def test_every_move_stands_with_old_new_who_and_why(client: StrictClient, moved: OpenRound) -> None:
    make.sign_in(client, moved.office.secretary)
    page = client.get(PAGE, budget=11).text
    assert "4 moves" in page
    for words in ("Still ill.", "No money yet.", "The evaluation", "Sam Secretary", "Courses for teachers"):
        assert words in page
    old = clock.today() + timedelta(days=21)
    assert f"{old:%d.%m.%Y}" in page
    assert f"{old + timedelta(days=14):%d.%m.%Y}" in page


def test_the_register_is_narrowed_in_the_address(client: StrictClient, moved: OpenRound) -> None:
    make.sign_in(client, moved.office.secretary)
    schools = client.get(f"{PAGE}?administration=BUF").text
    assert "2 moves" in schools
    assert "A new owner." not in schools
    one = client.get(f"{PAGE}?initiative={moved.office.initiatives[2]}").text
    assert "One move" in one
    assert "A new owner." in one


def test_the_moves_are_counted_by_initiative_and_administration(
    client: StrictClient, moved: OpenRound
) -> None:
    make.sign_in(client, moved.office.secretary)
    page = client.get(PAGE).text
    for link in (f'"{PAGE}?initiative={moved.office.initiatives[0]}"', f'"{PAGE}?administration=TMF"'):
        assert link in page
    initiative = client.get(f"/secretariat/here/initiatives/{moved.office.initiatives[0]}").text
    assert "Its deadlines have been moved 2 times in all." in initiative
    assert f'href="{PAGE}?initiative={moved.office.initiatives[0]}"' in initiative


def test_a_long_register_is_read_a_page_at_a_time(
    client: StrictClient, moved: OpenRound, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slips, "A_PAGE", 3)
    make.sign_in(client, moved.office.secretary)
    page = client.get(PAGE).text
    assert "Illness." not in page.replace("Still ill.", "")
    address = page.split("Earlier moves")[0].rsplit('href="', 1)[1].split('"')[0]
    assert "Illness." in client.get(address.replace("&amp;", "&")).text


def test_another_plan_has_a_register_of_its_own(client: StrictClient, app: Flask, moved: OpenRound) -> None:
    with make.written(app) as session:
        other = make.member(session, make.plan(session, "there")).id
    make.sign_in(client, other)
    assert "No deadline was ever moved." in client.get("/secretariat/there/slips").text
    assert client.get(PAGE).status_code == 404
