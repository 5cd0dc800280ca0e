"""Who has a part in a plan reads its locked memos."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.support import make
from tests.support.client import StrictClient
from tests.support.rounds import Office
from tracker.memos.reading import read_bytes
from tracker.plans.models import MembershipRole

MEMO = "/memos/here/2026/1"


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    with make.written(app) as session:
        office = Office.of(session)
        one = make.initiative(session, make.administration(session, office.plan), owner=office.owner)
        round_ = make.open_round(session, office.plan)
        office.approve(one, round_, "Kurset blev holdt.")
        office.lock(round_)
        make.open_round(session, office.plan, year=2027)
        session.commit()
        yield office


def test_a_reader_finds_the_memos_of_the_own_plans(client: StrictClient, office: Office) -> None:
    person = make.member(office.session, office.plan, MembershipRole.reader)
    waiting = make.plan(office.session, "waiting", name="A plan that waits")
    make.member(office.session, waiting)
    office.session.commit()
    page = make.sign_in(client, person).get("/memos/", budget=5).get_data(as_text=True)
    assert "Memo of 2026" in page
    assert "2027" not in page
    assert "A plan that waits" not in page


def test_the_memo_is_read_as_a_page_in_word_and_in_pdf(client: StrictClient, office: Office) -> None:
    person = make.member(office.session, office.plan, MembershipRole.reader)
    office.session.commit()
    make.sign_in(client, person)
    page = client.get(MEMO, budget=5).get_data(as_text=True)
    assert "Kurset blev holdt." in page
    assert "KLADDE" not in page
    word = client.get(f"{MEMO}/docx", budget=5)
    assert read_bytes(word.data, name="memo.docx").memo.rows[0].text == "Kurset blev holdt."
    assert client.get(f"{MEMO}/pdf").data.startswith(b"%PDF-")


def test_an_owner_and_a_coordinator_read_it_too(client: StrictClient, office: Office) -> None:
    assert make.sign_in(client, office.owner).get(MEMO).status_code == 200


def test_an_administrator_reads_what_is_locked_and_nothing_else(client: StrictClient, office: Office) -> None:
    make.plan(office.session, "waiting", name="A plan that waits")
    person = make.person(office.session, "Ada Admin", administrator=True)
    office.session.commit()
    make.sign_in(client, person)
    page = client.get("/memos/", budget=5).text
    assert "Memo of 2026" in page
    assert "A plan that waits" not in page
    assert "as a table" not in page
    assert "Kurset blev holdt." in client.get(MEMO, budget=5).text
    assert client.get(f"{MEMO}/pdf").data.startswith(b"%PDF-")
    assert client.get("/memos/here/statuses.csv").status_code == 404
    assert 'href="/memos/"' in client.get("/admin/people").text


@pytest.mark.parametrize("path", [MEMO, f"{MEMO}/docx", f"{MEMO}/pdf"])
def test_a_stranger_does_not_learn_that_it_is_there(client: StrictClient, office: Office, path: str) -> None:
    stranger = make.member(office.session, make.plan(office.session, "elsewhere"))
    office.session.commit()
    assert make.sign_in(client, stranger).get(path).status_code == 404
    with client.session_transaction(base_url=client.application.extensions["settings"].base_url) as cookie:
        cookie.clear()
    assert client.get(path).status_code == 303


def test_an_open_round_and_an_unknown_version_are_not_there(client: StrictClient, office: Office) -> None:
    make.sign_in(client, office.lead)
    for path in ("/memos/here/2027/1", "/memos/here/2026/2", "/memos/here/2026/1/odt"):
        assert client.get(path).status_code == 404


def test_a_plan_without_a_locked_memo_says_so(client: StrictClient, app: Flask) -> None:
    with make.written(app) as session:
        person = make.member(session, make.plan(session), MembershipRole.reader).id
    page = make.sign_in(client, person).get("/memos/").get_data(as_text=True)
    assert "No memo of this plan is locked yet." in page


def test_somebody_without_a_part_is_told_whom_to_ask(client: StrictClient, app: Flask) -> None:
    with make.written(app) as session:
        person = make.person(session).id
    page = make.sign_in(client, person).get("/memos/", budget=5).get_data(as_text=True)
    assert "You have no part in a plan yet." in page
