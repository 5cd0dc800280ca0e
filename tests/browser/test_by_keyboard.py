"""A round without a mouse, with the script and without: assigned, written, returned, approved, locked.

Everything is reached with the Tab key from the top of a page, and every stop on the way shows where it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.support import make
from tracker import clock
from tracker.plans.models import MembershipRole

PASSWORD = "a password of many words"
TITLE = "Meetings in the library"
TEXT = "Two meetings were held. Sixty people came."
LONGEST_WAY = 120  # stops between the top of a page and the farthest field

# What has the focus: its name, and whether a line around it, or around what its label draws, shows it.
FOCUSED = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const label = one.labels && one.labels[0];
    const drawn = [getComputedStyle(one)];
    if (label) drawn.push(getComputedStyle(label, "::before"), getComputedStyle(label, "::after"));
    const name = label ? label.innerText : one.getAttribute("aria-label") || one.innerText || one.value || "";
    return { name: name.trim(), shown: drawn.some(style => style.outlineStyle !== "none") };
}"""


class Typist:
    """Somebody whose only way through a page is the keyboard."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.goto("/language/en?next=/sign-in")

    def at(self, address: str) -> Typist:
        """A page, by an address from a letter or a bookmark."""
        self.page.goto(address)
        return self

    def reach(self, name: str) -> Typist:
        """Press Tab until what is called this has the focus: its label or its text begins so."""
        passed: list[str] = []
        for _ in range(LONGEST_WAY):
            self.page.keyboard.press("Tab")
            stop = self.page.evaluate(FOCUSED)
            if stop is None:  # past the end of the page; the next stop is its beginning
                continue
            assert stop["shown"], f"{self.page.url}: nothing shows that {stop['name']!r} has the focus"
            if stop["name"].startswith(name):
                return self
            passed.append(stop["name"][:30])
        raise AssertionError(f"{self.page.url}: Tab never comes to {name!r}, only to {passed}")

    def press(self, name: str) -> Typist:
        """A link or a button that leads to another page."""
        self.reach(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self

    def open(self, name: str) -> Typist:
        """What is behind a line."""
        self.reach(name).page.keyboard.press("Enter")
        return self

    def tick(self, name: str) -> Typist:
        self.reach(name).page.keyboard.press("Space")
        return self

    def write(self, name: str, words: str) -> Typist:
        """Words in a field, in the place of what stood there."""
        self.reach(name).page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(words)
        return self

    def choose(self, name: str, first_letters: str) -> Typist:
        """The option of a list that begins so."""
        self.reach(name).page.keyboard.type(first_letters)
        return self

    def reads(self, words: str) -> Typist:
        expect(self.page.locator("main")).to_contain_text(words)
        return self

    def sign_in(self, email: str) -> Typist:
        self.at("/sign-in").write("E-mail address", email).write("Password", PASSWORD).press("Sign in")
        expect(self.page).not_to_have_url(re.compile("sign-in"))
        return self


@pytest.mark.parametrize("script", [True, False], ids=["with the script", "without the script"])
def test_a_round_is_lived_through_without_a_mouse(
    app: Flask, new_page: Callable[..., Page], script: bool
) -> None:
    leads_address, owners_address = _prepare(app)
    lead = Typist(new_page(java_script_enabled=script)).sign_in(leads_address)
    owner = Typist(new_page(java_script_enabled=script)).sign_in(owners_address)
    _assign(lead)
    _ask_for_more_time(owner)
    _write_it(owner)
    _return_it(lead)
    _answer(owner)
    _approve_it(lead)
    _lock(lead)
    assert TEXT in owner.at("/plans/here").page.content()


def _prepare(app: Flask) -> tuple[str, str]:
    """A round of one initiative that nobody owns yet; the addresses of its lead and of who is to own it."""
    with make.written(app) as session:
        plan = make.plan(session, "here")
        lead = make.member(session, plan, MembershipRole.lead, "Lea Lead")
        owner = make.person(session, "Oda Owner", password=PASSWORD)
        lead.password_hash = owner.password_hash
        make.initiative(session, make.administration(session, plan), TITLE)
        make.open_round(session, plan, year=2026)
        return lead.email, owner.email


def _assign(lead: Typist) -> None:
    lead.at("/secretariat/here/people/owners").tick("1").choose("Owner of the ticked", "Oda")
    lead.press("See what changes").reads("Oda Owner").press("Confirm the new owner")
    lead.reads("Oda Owner")


def _ask_for_more_time(owner: Typist) -> None:
    wished = clock.today() + timedelta(days=40)
    owner.at("/my/").press("Write status").press("Ask for more time")
    owner.write("Until when", f"{wished:%d.%m.%Y}").write("Why?", "The figures come in January.")
    owner.press("Ask for more time").reads("The secretariat has got your request.")


def _write_it(owner: Typist) -> None:
    owner.at("/my/").press("Write status").write("Status", "Two meetings were held.").tick("Planned")
    owner.press("Submit").reads("The status has been submitted")


def _return_it(lead: Typist) -> None:
    lead.at("/secretariat/here/rounds/2026").press("Read them one by one").reads("Two meetings were held.")
    lead.open("Return it with a comment").write("What should be changed", "How many came?")
    lead.press("Return it, and go to the next").reads(TITLE)


def _answer(owner: Typist) -> None:
    owner.at("/my/").press("Go on").reads("How many came?").write("Status", TEXT)
    owner.press("Submit").reads("The status has been submitted")


def _approve_it(lead: Typist) -> None:
    lead.at("/secretariat/here/rounds/2026").press("Read them one by one").reads(TEXT)
    lead.press("Approve, and go to the next").reads("Approved")


def _lock(lead: Typist) -> None:
    lead.at("/secretariat/here/editions").press("Lock the memo of 2026")
    lead.reads("Locked")
