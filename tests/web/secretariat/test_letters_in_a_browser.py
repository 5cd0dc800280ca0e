"""The pages of letters, of the queue and of the ledger, as assistive technology and a phone meet them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from playwright.sync_api import Page

from tests.support import make
from tests.support.browser import DESKTOP, PHONE, assert_accessible, assert_fits
from tests.web.secretariat.conftest import OpenRound
from tests.web.secretariat.test_deciding_on_letters import BROKEN, LETTERS, reminding
from tracker import clock
from tracker.accounts.models import Person
from tracker.accounts.passwords import hash_password
from tracker.mail import installation
from tracker.mail.models import Heartbeat, HoldCause, MailState

PASSWORD = "En-lang-adgangskode-42"
NARROW = {"width": 320, "height": 640}


def test_the_pages_of_letters_are_accessible_and_fit_a_phone_while_something_is_wrong(
    app: Flask, new_page: Callable[..., Page], opened: OpenRound
) -> None:
    mail_id = reminding(app, opened, MailState.needs_human, *BROKEN)
    with make.written(app) as session:
        lead = session.get_one(Person, opened.office.lead)
        lead.is_administrator = True
        lead.password_hash = hash_password(PASSWORD, name=lead.name, email=lead.email)
        email = lead.email
        session.add(Heartbeat(process="worker", ticked_at=clock.now() - timedelta(hours=1)))
    page = new_page(viewport=PHONE)
    page.goto("/language/en?next=/sign-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    people, initiatives = "/secretariat/here/people", "/secretariat/here/initiatives"
    paths = [
        LETTERS,
        f"{LETTERS}/{mail_id}",
        "/secretariat/queue",
        "/admin/queue",
        f"{people}/{opened.office.owner}/letters?show=planned",
        f"{initiatives}/{opened.office.initiatives[0]}/letters",
    ]
    for held in (False, True):
        if held:
            with make.written(app) as session:
                installation.hold(session, HoldCause.refusals, "554 no", by=None, at=clock.now())
            paths = ["/secretariat/queue", LETTERS]
        for path in paths:
            for size, check in (
                (DESKTOP, assert_accessible),
                (PHONE, assert_accessible),
                (NARROW, assert_fits),
            ):
                page.set_viewport_size(size)  # type: ignore[arg-type]
                page.goto(path)
                assert "All letters are held" in page.content() or not held
                check(page)
