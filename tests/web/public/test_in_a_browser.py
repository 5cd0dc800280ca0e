"""The public pages as a browser shows them: without script, on a phone, and to assistive technology."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Flask
from playwright.sync_api import Page, expect

from tests.support import make
from tests.support.browser import PHONE, assert_accessible, assert_fits
from tests.support.rounds import Office
from tracker import clock
from tracker.deadlines.actions import add_deadline
from tracker.domain.workflow import ProgressState
from tracker.memos.publishing.dates import KINDS


def test_on_a_phone_without_script_one_finds_a_status_and_the_dates(
    app: Flask, new_page: Callable[..., Page]
) -> None:
    year = clock.today().year
    with make.written(app) as session:
        office = Office.of(session)
        area = make.administration(session, office.plan, name="Beskæftigelses- og Integrationsforvaltningen")
        ours = [make.initiative(session, area, title, owner=office.owner) for title in ("Haller", "Besøg")]
        round_ = make.open_round(session, office.plan, year=year)
        office.approve(ours[0], round_, "Tre haller.")
        office.approve(ours[1], round_, "To besøg.", progress=ProgressState.delayed, reason="Sne.")
        office.lock(round_)
        for number in range(12):
            given = {"plan_id": office.plan.id, "kind": KINDS[number % 3], "by": None, "at": clock.now()}
            days = {"first_on": date(year, number + 1, 1), "last_on": date(year, 12, 31 - number % 2)}
            add_deadline(session, title=f"Uge {number}", **given, **days)  # type: ignore[arg-type]
    scriptless = new_page(viewport=PHONE, java_script_enabled=False)
    scriptless.goto("/plans/here")
    scriptless.get_by_label("Hvor langt").select_option("delayed")
    scriptless.get_by_role("button", name="Vis").click()
    expect(scriptless.get_by_role("heading", name="2. Besøg")).to_be_visible()
    expect(scriptless.get_by_role("heading", name="1. Haller")).to_have_count(0)
    page = new_page(viewport=PHONE)
    for path in ("/plans/here?state=delayed", "/plans/here?state=completed", "/plans/here/data"):
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)
    page.goto("/plans/here/dates")
    assert_accessible(page)
    assert_fits(page)
    picture = page.locator("svg.timeline")
    expect(picture.locator(".timeline-number")).to_have_count(12)
    frame = picture.bounding_box()
    assert frame is not None
    boxes = [one.bounding_box() for one in picture.locator(".timeline-number").all()]
    for box in boxes:
        assert box is not None
        assert frame["x"] - 2 <= box["x"]
        assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 2
        assert box["height"] >= 10, "a number keeps its size on a phone"
