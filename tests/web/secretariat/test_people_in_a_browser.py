"""The pages of people, owners and proposed changes, as assistive technology and a phone meet them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from tests.support import make
from tests.support.browser import DESKTOP, PHONE, assert_accessible, assert_fits, screenshot
from tests.web.secretariat.conftest import OpenRound
from tracker import clock
from tracker.accounts.models import Person
from tracker.accounts.passwords import hash_password
from tracker.plans.change_proposals import propose
from tracker.plans.models import Initiative, Placement

PASSWORD = "En-lang-adgangskode-42"
ROWS = """Navn;E-mail;Forvaltning;Indsats;Plads;Fra;Til
Nina Ny;nina.ny@example.com;TMF;Signs in parks;ejer;;
Nina Ny;nina.ny@example.com;BUF;Courses for teachers;stedfortræder;01.12.2026;31.12.2026
"""
BAD = ROWS + "Bo;bo@example.com;TMF;Nothing like it;ejer;;\n"


def _sign_in(page: Page, email: str, language: str) -> None:
    page.goto(f"/language/{language}?next=/sign-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")


def _look(page: Page, name: str) -> None:
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    assert_accessible(page)
    screenshot(page, f"people-{name}-1280")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert_accessible(page)
    assert_fits(page)
    screenshot(page, f"people-{name}-360")


def _import(page: Page, rows: str) -> None:
    page.goto("/secretariat/here/people/import")
    file = {"name": "people.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    page.set_input_files("input[type=file]", file)  # type: ignore[arg-type]
    page.click("main button[type=submit]")


def _prepared(app: Flask, opened: OpenRound) -> tuple[str, str, int, int]:
    """The addresses of the secretary and of the owner, a proposal, and the owner's place."""
    with make.written(app) as session:
        secretary = session.get_one(Person, opened.office.secretary)
        owner = session.get_one(Person, opened.office.owner)
        for one in (secretary, owner):
            one.password_hash = hash_password(PASSWORD, name=one.name, email=one.email)
        initiative = session.get_one(Initiative, opened.office.initiatives[0])
        stranger = session.get_one(Person, opened.office.stranger)
        made = propose(
            session,
            initiative,
            title="Courses for teachers and leaders",
            owner=stranger,
            reason="Leaders take part as well.",
            by=owner,
            at=clock.now(),
        )
        held = select(Placement.id).where(Placement.initiative_id == initiative.id)
        return secretary.email, owner.email, made.id, session.scalars(held).one()


def test_the_pages_of_people_are_accessible_and_fit_a_phone(
    app: Flask, new_page: Callable[..., Page], opened: OpenRound
) -> None:
    secretary, owner, change, placement = _prepared(app, opened)
    here, office = "/secretariat/here", opened.office
    page = new_page()
    _sign_in(page, secretary, "en")
    for name, path in {
        "people": f"{here}/people",
        "person": f"{here}/people/{office.owner}",
        "end": f"{here}/places/{placement}/end",
        "assigning": f"{here}/people/owners?all=1",
        "coverage": f"{here}/people/coverage",
        "upload": f"{here}/people/import",
        "exports": f"{here}/export",
        "changes": f"{here}/changes",
        "change": f"{here}/changes/{change}",
        "initiative": f"{here}/initiatives/{office.initiatives[0]}",
    }.items():
        page.goto(path)
        _look(page, name)
    for name, rows in {"preview": ROWS, "preview-bad": BAD}.items():
        _import(page, rows)
        _look(page, name)
    page.goto(f"{here}/people/owners?all=1")
    page.select_option("[name=person]", str(office.stranger))
    page.get_by_role("button", name="See what changes").click()
    _look(page, "assign")
    other = new_page()
    _sign_in(other, owner, "en")
    for name, path in {
        "hand-over": f"/my/initiatives/{office.initiatives[0]}/hand-over",
        "propose": f"/my/initiatives/{office.initiatives[0]}/propose",
        "own-initiative": f"/my/initiatives/{office.initiatives[0]}",
    }.items():
        other.goto(path)
        _look(other, name)


def test_many_owners_are_named_without_a_script(
    app: Flask, new_page: Callable[..., Page], opened: OpenRound
) -> None:
    secretary, *_rest = _prepared(app, opened)
    page = new_page(java_script_enabled=False)
    _sign_in(page, secretary, "en")
    page.goto("/secretariat/here/people/owners")
    page.click("text=Show and tick all")
    page.select_option("[name=person]", str(opened.office.stranger))
    page.get_by_role("button", name="See what changes").click()
    page.get_by_role("button", name="Confirm the new owner").click()
    assert page.get_by_text("Sten Stranger owns the 3 ticked initiatives.").is_visible()
