"""One whole year, from an empty database to the public page, as the people of a secretariat live it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tests.support.browser import visitor
from tests.support.databases import make_settings, migrate
from tests.support.site import serving
from tracker import cli, clock, jobs
from tracker.accounts.models import Person
from tracker.application import create_app
from tracker.demonstration import content
from tracker.demonstration.inbox import start_inbox
from tracker.domain.memo import Head, Memo, Row, Section, Table
from tracker.domain.workflow import Outcome
from tracker.extensions import db
from tracker.memos.reading import read
from tracker.memos.writing import Letterhead, write_docx
from tracker.plans.rights import rights_of
from tracker.rounds.models import StatusUpdate
from tracker.statuses import waiving

PASSWORD = "a password of many words"
TEXT = "Kurset er holdt to gange i foråret.\n- 60 deltog\n- 12 meldte fra\nDet fortsætter i 2027."


@pytest.fixture
def installation(empty_database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """A new installation on an empty database, with a clock that can be moved and a real inbox."""
    inbox, mail_port = start_inbox(tmp_path / "inbox")
    migrate(empty_database_url, data_folder=tmp_path)
    app = create_app(
        make_settings(database_url=empty_database_url, data_folder=tmp_path, demo=True, mail_port=mail_port)
    )
    works = jobs.clockwork(app)
    app.extensions["tick"] = lambda: works.tick(clock.now())
    yield app
    works.close(clock.now())
    inbox.stop()
    clock.allow_moving(None)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def memo_file(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Last year's memo in Word: the demonstration plan's texts, written as a memo."""
    demonstration = content.load()
    sections = tuple(
        Section(
            name=administration.name,
            rows=tuple(
                Row(one.number, one.title, one.parsed.blocks)
                for one in demonstration.initiatives
                if one.administration == administration.code
            ),
        )
        for administration in demonstration.administrations
    )
    memo = Memo(
        title="Årlig status 2025",
        head=Head(office="Kontoret", administration="Forvaltningen"),
        intro=("Notatet gør status.",),
        tables=(Table(caption="Tabel 1. Status.", sections=sections),),
    )
    file = tmp_path / "status-2025.docx"
    file.write_bytes(write_docx(memo, letterhead=Letterhead("Kommunen"), created=clock.real_now()))
    return file


class Story:
    """The people of the story, each in a browser of their own, reading English pages."""

    def __init__(self, app: Flask, browsers: Callable[[], Page]) -> None:
        self.app, self.browsers = app, browsers

    def visitor(self) -> Page:
        page = self.browsers()
        page.goto("/language/en")
        return page

    def tick(self) -> None:
        with self.app.app_context():
            self.app.extensions["tick"]()

    def letter_to(self, address: str, *, subject: str = "") -> Page:
        """Open the newest letter to an address, in the inbox in the browser."""
        self.tick()
        page = self.visitor()
        page.goto("/demo/inbox")
        rows = page.locator("tbody tr").filter(has_text=address)
        rows.filter(has_text=subject).first.get_by_role("link").click()
        return page

    def join(self, address: str) -> Page:
        """Follow the invitation in a letter and choose a password; ends signed in."""
        page = self.letter_to(address, subject="You are invited")
        page.locator(".letter-text a").filter(has_text="/invitation/").click()
        page.get_by_label("New password").fill(PASSWORD)
        page.get_by_label("The same password again").fill(PASSWORD)
        page.get_by_role("button", name="Save the password and sign in").click()
        expect(page.get_by_text("Your password has been chosen")).to_be_visible()
        return page


@pytest.mark.both_databases
def test_from_an_empty_database_to_the_published_memo(
    installation: Flask, browser: Browser, memo_file: Path, tmp_path: Path
) -> None:
    with serving(installation) as site, ExitStack() as stack:
        story = Story(
            installation,
            lambda: stack.enter_context(visitor(browser, base_url=site, locale="en-GB")).new_page(),
        )
        lead = _people_and_plan(story, _first_administrator(installation))
        _import_last_years_memo(lead, memo_file)
        _name_an_owner(lead)
        _open_the_round(lead)
        owner = _an_owner_writes(story)
        _the_secretariat_returns_it(lead)
        _the_owner_answers(story, owner)
        _the_secretariat_approves_it(lead)
        _nothing_is_expected_of_the_others(installation)
        _lock_and_download(lead, tmp_path)
        _the_public_reads_it(story)


def _first_administrator(app: Flask) -> str:
    """`flask tracker people add --administrator`, run against this installation; gives the printed link."""
    settings = app.extensions["settings"]
    environment = {
        "TRACKER_DATABASE_URL": settings.database_url,
        "TRACKER_SECRET_KEY": settings.secret_key.get_secret_value(),
        "TRACKER_BASE_URL": settings.base_url,
        "TRACKER_MAIL_SENDER": settings.mail_sender,
        "TRACKER_MAIL_SERVER": settings.mail_server,
        "TRACKER_MAIL_SECURITY": settings.mail_security.value,
        "TRACKER_DATA_FOLDER": str(settings.data_folder),
        "TRACKER_DEMO": "true",
    }
    arguments = ["people", "add", "Asta Admin", "asta@example.com", "--administrator", "--language", "en"]
    result = CliRunner(env=environment).invoke(cli.tracker, arguments)
    assert result.exit_code == 0, result.output
    found = re.search(r"http\S+/invitation/\S+", result.output)
    assert found
    return found[0]


def _people_and_plan(story: Story, link: str) -> Page:
    """The administrator joins, adds the lead of the secretariat and makes the plan; the lead joins."""
    page = story.visitor()
    page.goto(link)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Save the password and sign in").click()
    page.goto("/admin/people/new")
    page.get_by_label("Name", exact=True).fill("Lea Lead")
    page.get_by_label("E-mail address").fill("lea@example.com")
    page.get_by_label("English").check()
    page.get_by_role("button", name="Add and invite").click()
    page.goto("/admin/plans/new")
    page.get_by_label("Name of the plan").fill("Handleplan for nærdemokrati")
    page.get_by_label("Short name in addresses").fill("naerdemokrati")
    page.get_by_label("Authority").fill("Kommunen")
    page.get_by_label("Office").fill("Kontoret")
    _choose(page.get_by_label("Lead of its secretariat"), "Lea Lead")
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_role("alert").or_(page.locator(".alert-success"))).to_be_visible()
    return story.join("lea@example.com")


def _choose(field: Locator, text: str) -> None:
    """The option of a list that begins with this text."""
    value = field.locator("option").filter(has_text=text).first.get_attribute("value")
    field.select_option(value=value)


def _import_last_years_memo(lead: Page, memo_file: Path) -> None:
    lead.goto("/secretariat/naerdemokrati/memo-import")
    lead.get_by_label("The memo").set_input_files(memo_file)
    lead.get_by_label("Year").fill("2025")
    lead.get_by_role("button", name="Read the memo").click()
    expect(lead.locator("main")).to_contain_text("42")
    lead.get_by_role("button", name="Accept all 42 rows").click()
    lead.get_by_role("button", name="Confirm and import").first.click()
    lead.goto("/secretariat/naerdemokrati/rounds/2025")
    expect(lead.locator("tbody tr").filter(has_text="Locked")).to_have_count(42)


def _name_an_owner(lead: Page) -> None:
    """The lead invites Oda and makes her the owner of the first initiative."""
    lead.goto("/secretariat/naerdemokrati/people/new")
    lead.get_by_label("Name", exact=True).fill("Oda Owner")
    lead.get_by_label("E-mail address").fill("oda@example.com")
    lead.get_by_label("English").check()
    lead.get_by_role("button", name="Add and invite").click()
    lead.goto("/secretariat/naerdemokrati/initiatives")
    lead.locator("tbody tr").first.get_by_role("link").first.click()
    form = lead.locator("form").filter(has=lead.get_by_role("button", name="Name the owner"))
    _choose(form.locator("select"), "Oda Owner")
    form.get_by_role("button", name="Name the owner").click()
    expect(lead.locator(".alert-success")).to_be_visible()


def _open_the_round(lead: Page) -> None:
    due_on = date.today() + timedelta(days=40)  # noqa: DTZ011 - the test's own day, as the lead would see it
    lead.goto("/secretariat/naerdemokrati/rounds/new")
    lead.get_by_label("Year").fill("2026")
    lead.get_by_label("Deadline of the statuses").fill(f"{due_on:%d.%m.%Y}")
    lead.get_by_role("button", name="Open the round").click()
    expect(lead.get_by_role("heading", level=1)).to_contain_text("2026")


def _an_owner_writes(story: Story) -> Page:
    """The clock moves; Oda reads her reminder, follows its link, signs in and submits."""
    owner = story.join("oda@example.com")
    owner.get_by_role("button", name="Sign out").first.click()
    operator = story.visitor()
    operator.goto("/demo/clock")
    operator.get_by_label("Days to move forward").fill("3")
    operator.get_by_role("button", name="Move the clock").click()
    letter = story.letter_to("oda@example.com", subject="Reminder")
    letter.locator(".letter-text a").filter(has_text="/updates/").click()
    letter.get_by_label("E-mail address").fill("oda@example.com")
    letter.get_by_label("Password").fill(PASSWORD)
    letter.get_by_role("button", name="Sign in").click()
    expect(letter).to_have_url(re.compile(r"/my/updates/\d+"))
    _write_and_submit(letter, "Et første udkast uden tal.")
    return letter


def _write_and_submit(page: Page, text: str) -> None:
    page.get_by_label("Status", exact=True).fill(text)
    page.get_by_label("Started").check()
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(page.locator(".alert-success")).to_be_visible()


def _update_of_oda(lead: Page) -> None:
    lead.goto("/secretariat/naerdemokrati/rounds/2026?state=submitted")
    lead.locator("table tbody tr").filter(has_text="Oda Owner").get_by_role("link").first.click()


def _the_secretariat_returns_it(lead: Page) -> None:
    _update_of_oda(lead)
    expect(lead.locator("main")).to_contain_text("Et første udkast uden tal.")
    lead.get_by_text("Return it with a comment", exact=True).click()
    lead.get_by_label("What should be changed").fill("Skriv, hvor mange der deltog.")
    lead.get_by_role("button", name="Return it").click()
    expect(lead.locator(".alert-success")).to_be_visible()


def _the_owner_answers(story: Story, owner: Page) -> None:
    """A letter tells Oda that her text came back; she reads the remark behind its link and sends again."""
    letter = story.letter_to("oda@example.com", subject="has come back")
    href = letter.locator(".letter-text a").filter(has_text="/updates/").get_attribute("href")
    assert href
    owner.goto(href)
    expect(owner.locator("main")).to_contain_text("Skriv, hvor mange der deltog.")
    expect(owner.get_by_label("Status", exact=True)).to_have_value("Et første udkast uden tal.")
    _write_and_submit(owner, TEXT)


def _the_secretariat_approves_it(lead: Page) -> None:
    _update_of_oda(lead)
    lead.get_by_role("button", name="Approve").click()
    expect(lead.locator(".alert-success")).to_be_visible()


def _nothing_is_expected_of_the_others(app: Flask) -> None:
    """The other forty-one are waived by the verb itself: forty-one times the same form says no more."""
    with app.app_context():
        session = db.session()
        lead = session.scalars(select(Person).where(Person.email == "lea@example.com")).one()
        rights = rights_of(session, lead.id, administrator=False, on=clock.today())
        waiting = (
            select(StatusUpdate)
            .options(
                joinedload(StatusUpdate.initiative),
                joinedload(StatusUpdate.round),
                joinedload(StatusUpdate.deadline),
            )
            .where(StatusUpdate.state == "not_started")
        )
        for update in session.scalars(waiting).all():
            waiving.waive(
                session,
                update,
                outcome=Outcome.discontinued,
                reason="Indsatsen er afsluttet.",
                version=update.version,
                rights=rights,
                by=lead,
                at=clock.now(),
            )
        session.commit()


def _lock_and_download(lead: Page, folder: Path) -> None:
    """Lock the memo and open what was downloaded with our own reader, and the PDF with another's."""
    lead.goto("/secretariat/naerdemokrati/editions")
    lead.get_by_role("button", name="Lock the memo of 2026").click()
    lead.goto("/secretariat/naerdemokrati/editions")
    files: dict[str, Path] = {}
    for kind in ("docx", "pdf"):
        with lead.expect_download() as download:
            lead.locator(f"main a[href*='/editions/'][href$='{kind}']").first.click()
        files[kind] = folder / f"memo.{kind}"
        download.value.save_as(files[kind])
    memo = read(files["docx"]).memo
    assert len(memo.rows) == 42
    assert len(memo.sections) == 7
    assert memo.rows[0].text == TEXT
    assert [row.number for row in memo.rows] == list(range(1, 43))
    pages = PdfReader(BytesIO(files["pdf"].read_bytes())).pages
    assert "60 deltog" in "".join(page.extract_text() for page in pages)


def _the_public_reads_it(story: Story) -> None:
    anybody = story.visitor()
    anybody.goto("/plans/naerdemokrati")
    expect(anybody.locator("main")).to_contain_text("Kurset er holdt to gange i foråret.")
    expect(anybody.locator("main")).not_to_contain_text("Et første udkast")
