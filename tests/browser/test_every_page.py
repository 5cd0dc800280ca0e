"""Every page that somebody can reach by links is accessible, in both languages, on desktop and phone.

The pages are found by following links from the start page, one page a template for each kind of person, so
a new page is looked at without being named here.
"""

from __future__ import annotations

import re
from collections import deque
from urllib.parse import urlsplit

import html5lib
import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import select

from tests.browser.conftest import PEOPLE
from tests.support import make
from tests.support.browser import DESKTOP, PHONE, assert_accessible, assert_fits, screenshot, visitor
from tests.support.client import StrictClient
from tracker.accounts.models import Person
from tracker.extensions import db

NARROW = {"width": 320, "height": 640}
# The rules that depend on the window are the same in both languages; what a word does to the width is not.
LOOKS = {
    "da": ((assert_accessible, DESKTOP), (assert_accessible, PHONE), (assert_fits, NARROW)),
    "en": ((assert_accessible, DESKTOP), (assert_fits, NARROW)),
}
# Pages that are the same for everybody who is signed in are looked at as one of them.
COMMON = ("account.", "public.")
LOOKS_AT_COMMON = {"anyone", "owner"}
# Pages nobody links to, which a person meets all the same.
UNLINKED = {
    "anyone": ["/forgotten-password", "/no-such-page"],
    "lead": ["/no-such-page"],
    "coordinator": ["/search?q=fo"],
}
NOT_PAGES = re.compile(
    r"^/(static|language|sign-out|livez|readyz)|\.(docx|pdf|ics|csv|json)$|/(docx|pdf)$|/html$"
)


def pages_of(app: Flask, person: str) -> dict[str, str]:
    """An address for each endpoint that this person reaches by links."""
    client = app.test_client()
    assert isinstance(client, StrictClient)
    sign_in(app, client, person)
    adapter = app.url_map.bind("")
    found: dict[str, str] = {}
    waiting = deque(["/", *UNLINKED.get(person, [])])
    seen = set(waiting)
    while waiting:
        url = waiting.popleft()
        answer = client.get(url, page=False, follow_redirects=True)
        if "text/html" not in answer.content_type:
            continue
        path = answer.request.path
        endpoint = adapter.match(path)[0] if answer.status_code == 200 else f"error {answer.status_code}"
        if endpoint in found:
            continue
        found[endpoint] = answer.request.full_path.rstrip("?")
        tree = html5lib.parse(answer.text, treebuilder="etree", namespaceHTMLElements=False)
        for link in tree.iter("a"):
            target = urlsplit(link.get("href") or "")
            local = target.path if not target.netloc else ""
            if local.startswith("/") and not NOT_PAGES.search(local) and local not in seen:
                seen.add(local)
                waiting.append(local)
    return found


def sign_in(app: Flask, client: StrictClient, person: str) -> StrictClient:
    if PEOPLE[person]:
        with app.app_context():
            person_id = db.session.scalars(select(Person.id).where(Person.email == PEOPLE[person])).one()
        make.sign_in(client, person_id)
    return client


def cookie(app: Flask, person: str, language: str) -> list[dict[str, str]]:
    """The cookie of a browser in which this person is signed in and has chosen a language."""
    client = app.test_client()
    assert isinstance(client, StrictClient)
    sign_in(app, client, person)
    client.get(f"/language/{language}", page=False)
    name = app.config["SESSION_COOKIE_NAME"]
    found = client.get_cookie(name, domain="127.0.0.1")
    assert found is not None
    return [{"name": name, "value": found.value, "url": app.extensions["settings"].base_url}]


@pytest.mark.parametrize("person", PEOPLE)
def test_every_page_is_accessible_and_fits(
    mid_round: Flask, mid_round_site: str, browser: Browser, person: str
) -> None:
    pages = pages_of(mid_round, person)
    if person not in LOOKS_AT_COMMON:
        pages = {name: url for name, url in pages.items() if not name.startswith(COMMON)}
    assert len(pages) >= 3, pages
    faults: list[str] = []
    for language, looks in LOOKS.items():
        with visitor(browser, base_url=mid_round_site) as context:
            context.add_cookies(cookie(mid_round, person, language))  # type: ignore[arg-type]
            page = context.new_page()
            for endpoint, url in pages.items():
                page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
                page.goto(url)
                for check, size in looks:
                    page.set_viewport_size(size)  # type: ignore[arg-type]
                    try:
                        check(page)
                    except AssertionError as fault:
                        faults.append(f"{endpoint} ({language}, {size['width']}): {fault}")
                if language == "da":
                    screenshot(page, f"{person}-{endpoint}-320")
    assert not faults, "\n".join(faults)
