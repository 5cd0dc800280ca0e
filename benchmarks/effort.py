"""What the work costs a person, counted in a real browser: pages loaded, controls touched, keys pressed.

`python -m benchmarks.effort` (`make effort`) writes docs/effort.md. The service runs in this process on a
database of its own; nothing is timed.
"""

from __future__ import annotations

import logging
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from benchmarks.data import TEXT, YEAR, add_initiatives, application
from tests.support.browser import running_browser, visitor
from tests.support.site import serving
from tracker import clock
from tracker.accounts import actions as accounts
from tracker.accounts.models import Language, Person
from tracker.accounts.passwords import hash_password
from tracker.domain.workflow import Outcome, ProgressState
from tracker.extensions import db
from tracker.plans import actions as plans
from tracker.plans.models import Initiative, Membership, MembershipRole, Placement
from tracker.plans.rights import rights_of
from tracker.rounds.models import Round, RoundState, StatusUpdate
from tracker.statuses import writing
from tracker.statuses.history import PrintedStatus, record_locked_round

PAPER = Path(__file__).resolve().parents[1] / "docs" / "effort.md"
PASSWORD = "et langt og hemmeligt ord 42"
INITIATIVES = 42
APPROVALS = 10


@dataclass
class Effort:
    """One task: what it took beside what it may take (None where only the other counts)."""

    task: str
    most_loads: int | None
    most_touches: int | None
    loads: int = 0
    touches: int = 0
    pages: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)

    @property
    def is_met(self) -> bool:
        few_loads = self.most_loads is None or self.loads <= self.most_loads
        return few_loads and (self.most_touches is None or self.touches <= self.most_touches)


class Hand:
    """A person's hand on a page: everything it does is counted."""

    def __init__(self, page: Page, effort: Effort) -> None:
        self.page, self.effort = page, effort
        page.on("domcontentloaded", self._loaded)

    def _loaded(self, _page: Page) -> None:
        self.effort.loads += 1

    def _met(self) -> None:
        self.page.wait_for_load_state()
        self.effort.pages.append(self.page.locator("h1").first.inner_text())

    def open(self, address: str) -> None:
        """Follow a link that came from elsewhere: a page, but no control."""
        self.page.goto(address)
        self._met()

    def choose(self, selector: str, step: str) -> None:
        """A radio button or a tick box, by its label."""
        self._touch(step)
        identity = self.page.locator(selector).get_attribute("id")
        self.page.locator(f'label[for="{identity}"]').click()

    def write(self, selector: str, text: str, step: str) -> None:
        self._touch(step)
        self.page.locator(selector).fill(text)

    def press(self, selector: str, step: str) -> None:
        """A button or a link that leads to a page."""
        self._touch(step)
        with self.page.expect_event("domcontentloaded"):
            self.page.locator(selector).first.click()
        self._met()

    def access_key(self, letter: str, step: str) -> None:
        """Alt and a letter, as a keyboard sends it; Playwright's own keys carry no letter beside Alt."""
        self._touch(step)
        code = {"windowsVirtualKeyCode": ord(letter.upper()), "code": f"Key{letter.upper()}", "key": letter}
        keyboard = self.page.context.new_cdp_session(self.page)
        with self.page.expect_event("domcontentloaded"):
            pressed = {"type": "keyDown", "modifiers": 1, "unmodifiedText": letter, "text": letter}
            keyboard.send("Input.dispatchKeyEvent", code | pressed)
        keyboard.send("Input.dispatchKeyEvent", code | {"type": "keyUp", "modifiers": 1})
        keyboard.detach()
        self._met()

    def _touch(self, step: str) -> None:
        self.effort.touches += 1
        self.effort.steps.append(step)


def main() -> None:
    """Write the page; ends with 1 when something takes more than it may."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="effort-") as folder:
        app = application(Path(folder), _free_port())
        office = _fill(app)
        with serving(app) as address, running_browser() as browser:
            found = list(_tasks(app, browser, address, office))
    PAPER.write_text(_paper(found), encoding="utf-8")
    for one in found:
        print(f"{one.task}: {one.loads} pages, {one.touches} controls, {'met' if one.is_met else 'MISSED'}")
    raise SystemExit(0 if all(one.is_met for one in found) else 1)


@dataclass(frozen=True)
class Office:
    """Addresses of the lead and of an owner of three."""

    lead: str
    owner: str


def _fill(app: Flask) -> Office:
    """A plan of 42 with last year's memo and its owners, and no round yet."""
    with app.app_context():
        session, at = db.session(), clock.now()
        made = plans.create_plan(
            session, slug="plan", name="The plan", authority="Exampleville", by=None, at=at
        )
        lead = accounts.add_person(
            session, name="Lea Lead", email="lea@example.com", language=Language.english, by=None, at=at
        )
        session.add(Membership(plan_id=made.id, person_id=lead.id, role=MembershipRole.lead, created_at=at))
        initiatives = add_initiatives(session, made, INITIATIVES)
        printed = [PrintedStatus(one, number, one.title, TEXT) for number, one in enumerate(initiatives, 1)]
        record_locked_round(session, plan_id=made.id, year=YEAR - 1, statuses=printed, by=None, at=at)
        owner = session.scalars(
            select(Person).join(Placement, Placement.person_id == Person.id).order_by(Placement.id)
        ).first()
        assert owner is not None
        owner.language = Language.english
        for person in (lead, owner):
            person.password_hash = hash_password(PASSWORD, name=person.name, email=person.email)
        session.commit()
        return Office(lead.email, owner.email)


def _tasks(app: Flask, browser: Browser, address: str, office: Office) -> Iterator[Effort]:
    with _signed_in(browser, address, office.lead) as page:
        yield _open_the_round(page)
    mine = _updates(app, office.owner)
    with _signed_in(browser, address, office.owner) as page:
        yield _nothing_new(page, mine[0])
    with _signed_in(browser, address, office.owner) as page:
        yield _a_text(page, mine[1])
    with _signed_in(browser, address, office.lead) as page:
        for way in (_approve_by_clicks, _approve_by_keys):
            _submit(app, APPROVALS)
            yield way(page)


def _open_the_round(page: Page) -> Effort:
    effort = Effort("Open the year's round for 42 initiatives with last year's owners", 6, None)
    hand = Hand(page, effort)
    hand.open("/secretariat/plan/rounds")
    hand.press('a[href$="/rounds/new"]', "Open a round")
    day = clock.today() + timedelta(days=60)
    hand.write("#due_on", f"{day:%d.%m.%Y}", "the deadline")
    hand.press('main form[method="post"] button[type="submit"]', "Open the round")
    assert page.url.endswith(f"/rounds/{YEAR}"), page.url
    return _done(hand)


def _nothing_new(page: Page, update_id: int) -> Effort:
    hand = Hand(page, Effort("From an owner's letter to a submitted “nothing new”", 3, 5))
    hand.open(f"/updates/{update_id}")
    hand.choose('input[name="outcome"][value="nothing_new"]', "There is nothing new")
    hand.write('textarea[name="reason"]', "The next course is held in spring.", "why")
    hand.press('button[name="action"][value="submit"]', "Submit")
    return _done(hand)


def _a_text(page: Page, update_id: int) -> Effort:
    hand = Hand(page, Effort("From an owner's letter to a submitted text", 3, None))
    hand.open(f"/updates/{update_id}")
    if not page.locator('input[name="outcome"][value="reported"]').is_checked():
        hand.choose('input[name="outcome"][value="reported"]', "There is something to report")
    hand.write(
        'textarea[name="text"]', "The course was held twice, with sixty people taking part.", "the text"
    )
    hand.choose('input[name="progress"][value="started"]', "how far it is")
    hand.press('button[name="action"][value="submit"]', "Submit")
    return _done(hand)


def _approve_by_clicks(page: Page) -> Effort:
    return _approve(
        page, "by clicks", lambda hand: hand.press("button[accesskey]", "Approve, and go to the next")
    )


def _approve_by_keys(page: Page) -> Effort:
    return _approve(page, "by keyboard", lambda hand: hand.access_key("a", "Alt + A"))


def _approve(page: Page, how: str, approve: Callable[[Hand], None]) -> Effort:
    page.goto(f"/secretariat/plan/rounds/{YEAR}")
    hand = Hand(page, Effort(f"Read and approve {APPROVALS} statuses, {how}", None, 20))
    hand.press('a[href$="/queue"]', "Read them one by one")
    for _ in range(APPROVALS):
        approve(hand)
    hand.effort.pages[:-1] = ["a status to read"] * APPROVALS  # each is headed by its own title
    return _done(hand)


def _done(hand: Hand) -> Effort:
    hand.page.wait_for_load_state()
    assert hand.page.locator(".alert-success").count(), f"{hand.effort.task}: {hand.page.url} says no success"
    hand.page.remove_listener("domcontentloaded", hand._loaded)
    return hand.effort


@contextmanager
def _signed_in(browser: Browser, address: str, email: str) -> Iterator[Page]:
    """A browser in which somebody has signed in with a password."""
    with visitor(browser, base_url=address) as context:
        page = context.new_page()
        page.goto("/sign-in")
        page.locator('input[name="email"]').fill(email)
        page.locator('input[name="password"]').fill(PASSWORD)
        with page.expect_event("domcontentloaded"):
            page.locator('main button[type="submit"]').first.click()
        page.wait_for_load_state()
        yield page


def _updates(app: Flask, email: str) -> list[int]:
    """The statuses of this year that a person owns."""
    with app.app_context():
        found = (
            select(StatusUpdate.id)
            .join(Round, Round.id == StatusUpdate.round_id)
            .join(Placement, Placement.initiative_id == StatusUpdate.initiative_id)
            .join(Person, Person.id == Placement.person_id)
            .where(Person.email == email, Round.state == RoundState.open)
            .order_by(StatusUpdate.id)
        )
        return list(db.session().scalars(found))


def _submit(app: Flask, count: int) -> None:
    """As many statuses are submitted by their owners as are missing to `count`."""
    with app.app_context():
        session = db.session()
        waiting = session.scalars(select(StatusUpdate.id).where(StatusUpdate.state == "submitted")).all()
        found = session.execute(
            select(StatusUpdate, Person)
            .join(Placement, Placement.initiative_id == StatusUpdate.initiative_id)
            .join(Person, Person.id == Placement.person_id)
            .options(
                joinedload(StatusUpdate.initiative).joinedload(Initiative.administration),
                joinedload(StatusUpdate.round),
                joinedload(StatusUpdate.deadline),
            )
            .where(StatusUpdate.state == "not_started")
            .limit(count - len(waiting))
        ).all()
        for update, owner in found:
            _submit_one(session, update, owner)
        session.commit()


def _submit_one(session: Session, update: StatusUpdate, owner: Person) -> None:
    content = writing.Content(
        text=f"{TEXT}\n\nThis year it went on.", progress=ProgressState.started, outcome=Outcome.reported
    )
    rights = rights_of(session, owner.id, administrator=False, on=clock.today())
    writing.submit(session, update, content, version=update.version, rights=rights, by=owner, at=clock.now())


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _paper(found: list[Effort]) -> str:
    lines = [
        "# What the work costs a person",
        "",
        "Counted in a real browser by `make effort`, which writes this page. Signing in is not counted.",
        "",
        "| Task | Pages loaded | at most | Controls touched or keys pressed | at most | |",
        "|---|---|---|---|---|---|",
    ]
    for one in found:
        most = [str(limit) if limit is not None else "–" for limit in (one.most_loads, one.most_touches)]
        verdict = "met" if one.is_met else "**missed**"
        lines.append(f"| {one.task} | {one.loads} | {most[0]} | {one.touches} | {most[1]} | {verdict} |")
    for one in found:
        lines += ["", f"## {one.task}", ""]
        lines += [f"- Pages: {_told(one.pages)}.", f"- By hand: {_told(one.steps)}."]
    return "\n".join(lines) + "\n"


def _told(what: list[str]) -> str:
    """One after the other; what comes again and again is said once."""
    told: list[str] = []
    for one in what:
        if told and told[-1].partition(" (×")[0] == one:
            times = int(told[-1].partition("×")[2].rstrip(")") or "1") + 1
            told[-1] = f"{one} (×{times})"
        else:
            told.append(one)
    return "; ".join(told)


if __name__ == "__main__":
    main()
