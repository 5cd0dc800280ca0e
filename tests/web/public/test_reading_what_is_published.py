"""Anybody reads what has been locked, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.support import make
from tests.support.client import StrictClient
from tests.support.rounds import Office
from tracker import clock
from tracker.deadlines.actions import add_deadline
from tracker.deadlines.models import Deadline, DeadlineKind
from tracker.domain.workflow import Outcome, ProgressState, State
from tracker.memos.editions import freeze_final
from tracker.memos.publishing.dates import KINDS
from tracker.memos.publishing.plans import counts_by_year, public_plan
from tracker.memos.reading import read_bytes
from tracker.plans.models import MembershipRole, Standing
from tracker.plans.rights import rights_of
from tracker.rounds.models import Round
from tracker.statuses import corrections, keeping
from tracker.statuses.models import KeptCause

CANARY = "kanariefugl"
YEARS = "/plans/here"


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    """A plan with the locked round of 2026 and nothing open."""
    with make.written(app) as session:
        office = Office.of(session)
        school = make.administration(session, office.plan, "SF", name="Skoleforvaltningen")
        leisure = make.administration(session, office.plan, "FF", name="Fritidsforvaltningen")
        ours = [
            make.initiative(session, area, title, owner=office.owner)
            for area, title in ((school, "Mentorer"), (school, "Besøg"), (leisure, "Åbne haller"))
        ]
        round_ = make.open_round(session, office.plan)
        office.approve(ours[0], round_, "Tolv mentorer er i gang¹.\n¹ Talt i maj.")
        office.approve(
            ours[1], round_, "Besøgene er udskudt.", progress=ProgressState.delayed, reason=f"{CANARY}"
        )
        hidden = make.update_of(session, ours[2], round_)
        hidden.text, hidden.progress, hidden.comment = f"{CANARY} i kladden", ProgressState.planned, CANARY
        office.waive(ours[2], round_, outcome=Outcome.discontinued, reason="Hallen er solgt.")
        office.lock(round_)
        session.commit()
        yield office


def every_public_page(client: StrictClient) -> Iterator[tuple[str, str]]:
    """Each page and file that a visitor or a search engine reaches from the front page, with what it says.

    Absolute addresses of our own count too; of a choice the address is asked that its form would ask.
    """
    ours = re.escape(client.application.extensions["settings"].base_url)
    waiting = ["/", "/plans/", "/robots.txt", "/sitemap.xml", f"{YEARS}?year=2026&state=delayed"]
    seen: set[str] = set()
    while waiting:
        url = unescape(waiting.pop()) or "/"
        if url in seen or url.startswith(("/language", "/sign-in", "/static")):
            continue
        seen.add(url)
        answer = client.get(url)
        assert answer.status_code == 200, url
        text = said_by(answer)
        if answer.mimetype in {"text/html", "application/xml", "text/plain"}:
            waiting += [link.split("#")[0] for link in re.findall(rf'href="(?:{ours})?(/[^"]*)"', text)]
            waiting += re.findall(rf"(?:<loc>|Sitemap: ){ours}([^<\s]*)", text)
        yield url, text


def said_by(answer: TestResponse) -> str:
    """Everything that an answer says, whatever its kind, its headers included."""
    data = answer.data
    if data.startswith(b"%PDF-"):
        said = "\n".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    elif data.startswith(b"PK"):
        with ZipFile(BytesIO(data)) as package:
            said = "".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())
    else:
        said = data.decode("utf-8")
    return f"{said}\n{answer.headers}"


def test_the_front_page_lists_plans_with_a_locked_memo(client: StrictClient, office: Office) -> None:
    other = make.plan(office.session, "empty", name="A plan without a memo")
    area = make.administration(office.session, other)
    make.initiative(office.session, area)
    make.open_round(office.session, other)
    office.session.commit()
    page = client.get("/", budget=1).get_data(as_text=True)
    assert "Plan here" in page
    assert "A plan without a memo" not in page
    assert client.get("/plans/empty").status_code == 404
    assert client.get("/plans/nowhere").status_code == 404


def test_the_front_page_says_when_nothing_is_published(client: StrictClient) -> None:
    client.get("/language/en")
    assert "No status has been published yet." in client.get("/").get_data(as_text=True)


def test_a_plan_shows_its_statuses_by_administration_and_the_numbers(
    client: StrictClient, office: Office
) -> None:
    client.get("/language/en")
    page = client.get(YEARS, budget=4).get_data(as_text=True)
    assert (
        page.index("Skoleforvaltningen</h3>")
        < page.index("Mentorer")
        < page.index("Fritidsforvaltningen</h3>")
    )
    assert "3 initiatives have a status in 2026." in page
    assert "Tolv mentorer er i gang" in page
    assert "Indsatsen er udgået. Hallen er solgt." in page
    bar = re.search(r'role="img"\s+aria-label="([^"]+)"', page)
    assert bar
    assert bar[1] == "How far the initiatives are: Started 1, Delayed 1, Discontinued 1"


@pytest.mark.both_databases
def test_an_initiative_shows_its_statuses_over_the_years(client: StrictClient, office: Office) -> None:
    session, first = office.session, _initiative(office, "Mentorer")
    other = [_initiative(office, title) for title in ("Besøg", "Åbne haller")]
    other[1].standing = Standing.active  # taken up again
    second = make.open_round(session, office.plan, year=2027)
    office.approve(first, second, "Nu tyve mentorer.", progress=ProgressState.completed)
    for one in other:
        office.approve(one, second)
    first.funder = "Puljen"
    session.commit()
    url = f"/plans/here/initiatives/{first.id}"
    client.get("/language/en")
    assert "Nu tyve" not in client.get(url, budget=5).get_data(as_text=True)
    office.lock(second)
    session.commit()
    page = client.get(url, budget=5).get_data(as_text=True)
    assert page.index("Nu tyve mentorer.") < page.index("Tolv mentorer er i gang")
    assert "Puljen" in page
    assert 'href="/plans/here/2027/memo"' in page
    assert "Nu tyve mentorer." in client.get(YEARS).get_data(as_text=True)
    assert "Nu tyve mentorer." not in client.get(f"{YEARS}/2026").get_data(as_text=True)
    assert 'href="/plans/here/2026"' in client.get(YEARS).get_data(as_text=True)


@pytest.mark.both_databases
def test_a_correction_that_is_not_printed_yet_leaves_how_far_it_was(
    client: StrictClient, office: Office
) -> None:
    session, first = office.session, _initiative(office, "Mentorer")
    round_ = session.scalars(select(Round)).one()
    update = make.update_of(session, first, round_)
    wording = corrections.Wording("Femten mentorer.", ProgressState.completed, "", "Et tal var forkert.")
    version, at = update.version, clock.now()
    proposed = corrections.propose(
        session, update, wording, version=version, rights=office.rights, by=office.lead, at=at
    )
    other = make.member(session, office.plan)
    rights = rights_of(session, other.id, administrator=False, on=clock.today())
    corrections.confirm(session, update, proposed.id, version=version, rights=rights, by=other, at=at)
    session.commit()
    client.get("/language/en")
    for url in (YEARS, f"/plans/here/initiatives/{first.id}"):
        page = client.get(url, budget=6).get_data(as_text=True)
        assert "Tolv mentorer er i gang" in page
        assert "Started" in page
        assert "Not stated" not in page
        assert "Completed" not in page
    public = public_plan(session, "here", on=clock.today())
    assert public is not None
    assert counts_by_year(session, public) == {2026: {"started": 1, "delayed": 1, "discontinued": 1}}
    office.lock(round_)
    session.commit()
    page = client.get(YEARS).get_data(as_text=True)
    assert "Femten mentorer." in page
    assert "How far the initiatives are: Delayed 1, Completed 1, Discontinued 1" in page


def _initiative(office: Office, title: str) -> make.Initiative:
    return office.session.query(make.Initiative).filter_by(title=title).one()


@pytest.mark.both_databases
def test_no_word_that_is_not_locked_is_on_any_public_page(client: StrictClient, office: Office) -> None:
    """Draft, submitted, approved, returned and kept text, comments and remarks of an open round."""
    session = office.session
    _initiative(office, "Åbne haller").standing = Standing.active  # taken up again
    round_ = make.open_round(session, office.plan, year=2027)
    draft, submitted, approved = (
        _initiative(office, title) for title in ("Mentorer", "Besøg", "Åbne haller")
    )
    unsaved = make.update_of(session, draft, round_)
    unsaved.text, unsaved.comment, unsaved.remark, unsaved.state = CANARY, CANARY, CANARY, State.draft
    typed = keeping.Typed(text=CANARY, others={}, made_from=1)
    keeping.keep(session, unsaved, typed, cause=KeptCause.autosaved, by=office.owner, at=clock.now())
    office.submit(submitted, round_, f"{CANARY}.", comment=CANARY)
    office.approve(approved, round_, f"{CANARY}.")
    fresh = make.initiative(session, make.administration(session, office.plan, name=CANARY), CANARY)
    approved.title = f"{CANARY} hedder den nu"
    round_.intro = round_.caption = round_.case_number = CANARY
    for kind in DeadlineKind:
        dated(office, kind, CANARY, initiative=draft, words=CANARY)
        dated(office, kind, CANARY, initiative=fresh)
        if kind not in KINDS:
            dated(office, kind, CANARY)
    session.commit()
    pages = dict(every_public_page(client))
    assert {
        f"/plans/here/initiatives/{draft.id}",
        *(f"{YEARS}/2026/memo/{kind}" for kind in ("docx", "pdf")),
        *(f"{YEARS}/2026/statuses.{kind}" for kind in ("json", "csv")),
        *(f"{YEARS}/{name}" for name in ("statuses.json", "statuses.csv", "dates", "data", "calendar.ics")),
        *("/sitemap.xml", "/robots.txt", "/schemas/published-statuses-1.json"),
    } <= pages.keys()
    assert [url for url, text in pages.items() if CANARY in text] == []
    at = client.application.url_map.bind("x")
    reached = {at.match(url.split("?")[0], return_rule=True)[0].rule for url in pages}
    assert {rule.rule for rule in client.application.url_map.iter_rules() if _is_public(rule)} <= reached
    assert client.get(f"/plans/here/initiatives/{fresh.id}").status_code == 404
    for path in ("/plans/here/0", "/plans/here/2027", "/plans/here/2027/memo", "/plans/here/2027/memo/pdf"):
        assert client.get(path).status_code == 404


def _is_public(rule: Rule) -> bool:
    """Whether an address shows something of plans to everybody, without a secret in it."""
    others = {"livez", "readyz", "metrics", "choose_language", "calendar"}
    room, _, view = rule.endpoint.partition(".")
    return room == "public" and view not in others


def dated(office: Office, kind: DeadlineKind, title: str, **values: Any) -> Deadline:
    """A deadline of the plan a week ahead."""
    day = clock.today() + timedelta(days=7)
    given = {"first_on": day, "last_on": day, **values}
    return add_deadline(
        office.session, plan_id=office.plan.id, kind=kind, title=title, by=None, at=clock.now(), **given
    )


def test_a_correction_is_public_when_its_edition_is_locked(client: StrictClient, office: Office) -> None:
    session = office.session
    round_ = session.query(Round).one()
    update = make.update_of(session, _initiative(office, "Mentorer"), round_)
    update.state, update.text, update.progress = State.approved, f"{CANARY}.", ProgressState.completed
    session.commit()
    assert [url for url, text in every_public_page(client) if CANARY in text] == []
    update.state, update.text = State.locked, "Rettet: tretten mentorer."
    freeze_final(session, office.plan, round_, by=None, at=clock.now())
    session.commit()
    assert "Rettet: tretten mentorer." in client.get(YEARS).get_data(as_text=True)
    assert "Rettet: tretten mentorer." in client.get(f"{YEARS}/2026/memo").get_data(as_text=True)


def test_the_locked_memo_is_read_and_downloaded_by_anybody(client: StrictClient, office: Office) -> None:
    page = client.get(f"{YEARS}/2026/memo", budget=2).get_data(as_text=True)
    assert "Talt i maj." in page
    word = client.get(f"{YEARS}/2026/memo/docx", budget=2)
    assert word.headers["Content-Disposition"] == 'attachment; filename="status-here-2026.docx"'
    assert len(read_bytes(word.data, name="memo.docx").memo.rows) == 3
    pdf = client.get(f"{YEARS}/2026/memo/pdf", budget=2)
    assert pdf.data.startswith(b"%PDF-")


def test_whoever_has_the_file_already_is_told_so(client: StrictClient, office: Office) -> None:
    first = client.get(f"{YEARS}/2026/memo/docx")
    again = client.get(f"{YEARS}/2026/memo/docx", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not again.data


def test_a_page_is_sent_again_only_when_it_has_changed(client: StrictClient, office: Office) -> None:
    had = {"If-None-Match": client.get(YEARS).headers["ETag"]}
    assert client.get(YEARS, headers=had).status_code == 304
    client.get("/language/en")
    assert client.get(YEARS, headers=had).status_code == 200, "it is another page in another language"
    signed_in = make.sign_in(client, office.lead).get(YEARS)
    assert signed_in.headers["Cache-Control"] == "no-store"
    assert "ETag" not in signed_in.headers


def test_an_initiative_of_another_plan_is_not_found(client: StrictClient, office: Office) -> None:
    session = office.session
    second = Office.of(session, "there")
    one = make.initiative(session, make.administration(session, second.plan), owner=second.owner)
    round_ = make.open_round(session, second.plan)
    second.approve(one, round_)
    second.lock(round_)
    session.commit()
    assert client.get(f"/plans/there/initiatives/{one.id}").status_code == 200
    assert client.get(f"/plans/here/initiatives/{one.id}").status_code == 404


def test_who_is_signed_in_goes_from_the_front_page_to_the_own_pages(
    client: StrictClient, office: Office
) -> None:
    assert make.sign_in(client, office.lead).get("/").location == "/secretariat/here/rounds"
    assert "Plan here" in client.get("/plans/").get_data(as_text=True)


def test_a_reader_goes_from_the_front_page_to_the_memos(client: StrictClient, office: Office) -> None:
    person = make.member(office.session, office.plan, MembershipRole.reader)
    office.session.commit()
    assert make.sign_in(client, person).get("/").location == "/memos/"
