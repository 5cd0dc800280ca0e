"""The memo's pages as a browser shows them: without script, on a phone, and to assistive technology."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from playwright.sync_api import Page

from tests.support import make
from tests.support.browser import PHONE, assert_accessible, assert_fits
from tests.support.rounds import Office
from tests.web.secretariat.test_importing_a_memo import word_file

PASSWORD = "En-lang-adgangskode-42"


def test_a_memo_is_imported_on_a_phone_without_script_and_read_by_the_public(
    app: Flask, new_page: Callable[..., Page]
) -> None:
    with make.written(app) as session:
        office = Office.of(session)
        office.lead.password_hash = make.hash_password(PASSWORD, name="Lead", email=office.lead.email)
        email = office.lead.email
    page = new_page(viewport=PHONE, java_script_enabled=False)
    page.goto("/language/en?next=/sign-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.goto("/secretariat/here/memo-import")
    page.set_input_files(
        "[name=memo]", {"name": "memo.docx", "mimeType": "application/zip", "buffer": word_file()}
    )
    page.get_by_role("button", name="Read the memo").click()
    page.get_by_role("button", name="Accept all 2 rows").click()
    page.get_by_role("button", name="Confirm and import").click()
    assert page.url.endswith("/secretariat/here/rounds/2025") or "The memo of" in page.content()


def test_the_pages_of_the_memo_are_accessible_and_fit_a_phone(
    app: Flask, new_page: Callable[..., Page]
) -> None:
    with make.written(app) as session:
        office = Office.of(session)
        office.lead.password_hash = make.hash_password(PASSWORD, name="Lead", email=office.lead.email)
        email = office.lead.email
        area = make.administration(session, office.plan)
        ours = [make.initiative(session, area, owner=office.owner) for _ in range(2)]
        first = make.open_round(session, office.plan)
        for one in ours:
            office.approve(one, first, "## Sket\nHoldt to gange¹.\n- et\n- to\n¹ I maj.")
        office.lock(first)
        second = make.open_round(session, office.plan, year=2027)
        office.approve(ours[0], second)
        paths = [
            *("/", "/plans/here", f"/plans/here/initiatives/{ours[0].id}", "/plans/here/2026/memo"),
            *("/memos/", "/memos/here/2026/1"),
            *("/secretariat/here/editions", "/secretariat/here/memo-import"),
            "/secretariat/here/rounds/2027/memo",
        ]
    page = new_page(viewport=PHONE)
    page.goto("/sign-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    for path in paths:
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)
    page.goto("/secretariat/here/memo-import")
    page.set_input_files(
        "[name=memo]", {"name": "memo.docx", "mimeType": "application/zip", "buffer": word_file()}
    )
    page.click("main form button[type=submit]")
    assert "/memo-import/" in page.url
    here = page.url
    for part in ("/front", "/administrations", "/unmentioned", "/left-out", "/import", ""):
        page.goto(here + part)
        assert_accessible(page)
        assert_fits(page)
    page.fill("[name=r0-number]", "elleve")
    page.fill("[name=r1-other]", "Findes ikke")
    page.locator("[name=r0-title]").press("Tab")
    page.locator("main form .form-actions button[value=save]").press("Enter")
    assert page.locator("[aria-invalid=true]").count() == 2
    assert_accessible(page)
    assert_fits(page)
