"""Make the pictures of the README again: docs/screens/round.png and memo.png.

`.venv/bin/python scripts/pictures.py` starts the demonstration on a temporary folder and drives Chromium as
its people do: the lead opens a round, owners write and submit, the secretariat reads, approves and returns.
The memo's picture is the first page of the PDF that anybody may fetch. Takes a few minutes.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import typst
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tracker import clock  # noqa: E402 - the script is run by its path
from tracker.demonstration import content  # noqa: E402
from tracker.demonstration.loader import PASSWORD  # noqa: E402

SCREENS = ROOT / "docs" / "screens"
WINDOW = {"width": 1280, "height": 1080}
MOST_BYTES = 300_000
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
NEWS = "Forløbet er holdt to gange i år, og erfaringerne er samlet i en kort vejledning."
REMARK = "Skriv gerne, hvor mange der deltog, og hvornår vejledningen er færdig."


def main() -> int:
    """Make both pictures; 1 with a sentence when one is too large for a README."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        _demonstration(Path(folder)) as address,
        sync_playwright() as drivers,
    ):
        browser = drivers.chromium.launch(executable_path=_chromium(), args=FLAGS)
        _play(browser, address)
        _picture_of_round(browser, address)
        _picture_of_memo(address, Path(folder))
        browser.close()
    large = [path.name for path in sorted(SCREENS.glob("*.png")) if path.stat().st_size > MOST_BYTES]
    if large:
        print(f"too large, more than {MOST_BYTES} bytes: {', '.join(large)}", file=sys.stderr)
    return 1 if large else 0


@contextmanager
def _demonstration(folder: Path) -> Iterator[str]:
    """The demonstration, served until the block ends; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "flask", "tracker", "demo", "--port", str(port), "--data", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as running:
        try:
            _wait_for(f"{address}/livez", running)
            yield address
        finally:
            running.terminate()


def _wait_for(url: str, running: subprocess.Popen[bytes]) -> None:
    for _ in range(120):
        if running.poll() is not None:
            raise SystemExit("the demonstration did not start")
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.5)
        else:
            return
    raise SystemExit("the demonstration did not answer")


def _chromium() -> str:
    names = [os.environ.get("BROWSER_EXECUTABLE"), "chromium", "chromium-browser", "google-chrome"]
    found = next(filter(None, (shutil.which(name) for name in names if name)), None)
    if found is None:
        raise SystemExit("no browser: install chromium, or name one in BROWSER_EXECUTABLE")
    return found


@contextmanager
def _somebody(browser: Browser, address: str, email: str, *, script: bool = False) -> Iterator[Page]:
    """A page on which this person is signed in; without JavaScript unless asked for."""
    context = browser.new_context(
        base_url=address, locale="da-DK", viewport=WINDOW, java_script_enabled=script, device_scale_factor=1
    )
    page = context.new_page()
    page.goto("/sign-in")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form:has([name=password]) [type=submit]").click()
    yield page
    context.close()


def _play(browser: Browser, address: str) -> None:
    """A round in its third week: opened, partly written, partly read."""
    demonstration = content.load()
    with _somebody(browser, address, _email("lead")) as page:
        page.goto(f"/secretariat/{demonstration.plan.slug}/rounds/new")
        page.locator("[name=due_on]").fill((clock.today() + timedelta(days=21)).strftime("%d.%m.%Y"))
        page.locator("form:has([name=due_on]) [type=submit]").click()
        opened = page.url
    owners = [one for one in demonstration.people_with("owner") if one.left_on is None]
    for place, owner in enumerate(owners):
        if place % 4 != 3:
            with _somebody(browser, address, owner.email) as page:
                _write(page, draft=place % 5 == 4)
    with _somebody(browser, address, _email("secretariat")) as page:
        _read(page, opened)


def _email(role: str) -> str:
    return content.load().people_with(role)[0].email


def _write(page: Page, *, draft: bool) -> None:
    """Write what the person owes, on up to three initiatives; a draft is saved and not submitted."""
    page.goto("/my/")
    links = page.locator("a[href*='/my/updates/']").evaluate_all(
        "all => all.map(one => one.getAttribute('href'))"
    )
    for href in list(dict.fromkeys(links))[:3]:
        page.goto(href)
        page.locator("[name=text]").fill(NEWS)
        page.locator("button[name=action][value=start]").click()
        page.locator("[name=outcome][value=reported]").check(force=True)
        page.locator("[name=progress][value=started]").check(force=True)
        page.locator(f"button[name=action][value={'save' if draft else 'submit'}]").click()


def _read(page: Page, opened: str) -> None:
    """Of what was submitted: approve most, return the fifth, take the seventh and leave the rest."""
    page.goto(f"{opened}?state=submitted")
    links = page.locator("#updates ~ * a[href*='/updates/']").evaluate_all(
        "all => all.map(one => one.getAttribute('href'))"
    )
    for place, href in enumerate(dict.fromkeys(links)):
        page.goto(href)
        if place % 7 == 4:
            page.locator("details").evaluate_all("all => all.forEach(one => (one.open = true))")
            form = page.locator("form[action$='/return']")
            form.locator("textarea").fill(REMARK)
            form.locator("[type=submit]").click()
        elif place % 7 == 6:
            page.locator("form[action$='/take'] [type=submit]").click()
        elif place % 3 != 2:
            page.locator("form[action$='/approve'] [type=submit]").click()


def _picture_of_round(browser: Browser, address: str) -> None:
    with _somebody(browser, address, _email("lead"), script=True) as page:
        page.goto(f"/secretariat/{content.load().plan.slug}/rounds")
        page.wait_for_load_state("networkidle")
        page.screenshot(path=SCREENS / "round.png")


def _picture_of_memo(address: str, folder: Path) -> None:
    """The first page of last year's memo, as the PDF sets it."""
    demonstration = content.load()
    year = max(one.year for one in demonstration.rounds if one.locked_on)
    url = f"{address}/plans/{demonstration.plan.slug}/{year}/memo/pdf"
    with urllib.request.urlopen(url, timeout=60) as answer:
        (folder / "memo.pdf").write_bytes(answer.read())
    source = folder / "page.typ"
    source.write_text(
        "#set page(width: 21cm, height: 29.7cm, margin: 0pt)\n"
        '#block(stroke: 0.5pt + gray, image("memo.pdf", page: 1, width: 100%))\n',
        encoding="utf-8",
    )
    picture = typst.compile(source, format="png", ppi=85)
    assert isinstance(picture, bytes)
    (SCREENS / "memo.png").write_bytes(picture)


if __name__ == "__main__":
    raise SystemExit(main())
