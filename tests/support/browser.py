"""A real Chromium, and what is asserted of every page seen through it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

SCREENSHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots"
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}

_FLAGS = [
    "--no-sandbox",  # the tests may run as root, where Chromium has none
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def executable() -> str:
    """The browser to drive. Raises RuntimeError when there is none: these tests are never skipped in
    silence.
    """
    names = [os.environ.get("BROWSER_EXECUTABLE"), "chromium", "chromium-browser", "google-chrome"]
    for name in filter(None, names):
        found = shutil.which(name)
        if found:
            return found
    raise RuntimeError("no browser: install chromium, or name one in BROWSER_EXECUTABLE")


@contextmanager
def running_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visitor(browser: Browser, *, base_url: str, **options: Any) -> Iterator[BrowserContext]:
    """A person with a browser of their own: no cookies, a Danish machine, a desktop's window.

    `options` are Playwright's for a context: `viewport=PHONE`, `java_script_enabled=False`, `locale="en-GB"`.
    Fails at the end when a page broke its content security policy or its script failed.
    """
    settings = {"locale": "da-DK", "timezone_id": "Europe/Copenhagen", "viewport": DESKTOP, **options}
    context = browser.new_context(base_url=base_url, **settings)
    context.set_default_timeout(10_000)
    faults: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            faults.append(message.text)

    context.on("console", heard)
    context.on("weberror", lambda error: faults.append(str(error.error)))
    try:
        yield context
    finally:
        context.close()
    assert not faults, "the browser complained:\n" + "\n".join(faults)


def assert_accessible(page: Page) -> None:
    """No violation of axe's rules (WCAG 2.2 A and AA and best practice) on the page as it stands."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    violations = page.evaluate("axe.run({resultTypes: ['violations']}).then(found => found.violations)")
    assert not violations, f"{page.url} is not accessible:\n" + "\n".join(map(_sentence, violations))


def assert_fits(page: Page) -> None:
    """Nothing sticks out sideways: the page does not scroll in that direction."""
    wide = page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            return [...document.querySelectorAll('body *')]
                .filter(element => element.getBoundingClientRect().right > width + 1)
                .map(element => element.tagName.toLowerCase() + '.' + element.className).slice(0, 8);
        }"""
    )
    assert not wide, f"{page.url} is wider than the window because of: {', '.join(wide)}"


def screenshot(page: Page, name: str) -> None:
    """With SCREENSHOTS=1: the whole page as var/screenshots/<name>.png, for people to look at."""
    if os.environ.get("SCREENSHOTS"):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


def _sentence(violation: dict[str, Any]) -> str:
    places = ", ".join(" ".join(map(str, node["target"])) for node in violation["nodes"][:5])
    return f"  {violation['id']} ({violation['impact']}): {violation['help']}: {places}"
