"""The secretariat reads the draft, sees what it lacks, and locks the memo."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

import pytest
from docx import Document
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tests.support.rounds import Office
from tracker.domain.workflow import Outcome, ProgressState
from tracker.extensions import db
from tracker.memos.building import memo_of_round
from tracker.memos.editions import final_edition, memo_of_edition
from tracker.memos.reading import read_bytes
from tracker.plans.models import Administration, MembershipRole, Plan
from tracker.rounds.models import Round
from tracker.rounds.queries import round_of

EDITIONS = "/secretariat/here/editions"
MEMO = "/secretariat/here/rounds/2026/memo"
LOCK = "Lock the memo of 2026"
VARIED = [
    "## Hvad der er sket\nHoldt to gange¹ på 400 m³.\n- i foråret\n- i efteråret²\n¹ Side 4.\n² Kun ledere.",
    "1. Udvalget drøfter målingen\n2. Forvaltningen skriver\n3. Forslaget sendes ud\nSå tages stilling.",
    "## Først\nEn linje.\n## Så\n- et\n- to\n1. tre\n2. fire\nSlut.",
    'Citat: "Vi mødes" – og <b>ikke</b> & mere. ' + "En lang sætning om arbejdet i bydelen. " * 150,
    "3: spor\n1. januar 2026 begyndte arbejdet.",
    "Der er 40 deltagere på 2 hold³.\n³ Talt i maj.",
    "Kort.",
]


@dataclass
class Here:
    lead: int
    clerk: int


@pytest.fixture
def here(app: Flask) -> Here:
    """A plan with one status in each of seven administrations; six are approved, the seventh is missing."""
    with make.written(app) as session:
        office = Office.of(session)
        office.plan.office, office.plan.council = "Kontor for Trivsel", "Byrådet"
        office.plan.coordinating_administration = "Skoleforvaltningen"
        clerk = make.member(session, office.plan, MembershipRole.secretariat)
        ours = [
            make.initiative(
                session,
                make.administration(session, office.plan, f"F{number}", name=f"Forvaltning {number}"),
                f"Indsats {number} om skoler, klubber og foreninger",
                owner=office.owner,
            )
            for number in range(1, 8)
        ]
        round_ = make.open_round(session, office.plan)
        for initiative, text in zip(ours[:6], VARIED, strict=False):
            office.approve(initiative, round_, text)
        return Here(office.lead.id, clerk.id)


def approve_the_last(app: Flask) -> None:
    with make.written(app) as session:
        plan = session.query(Plan).one()
        round_ = session.query(Round).one()
        lead, owner = session.query(make.Person).order_by(make.Person.id).limit(2).all()
        office = Office(session, plan, lead, owner)
        last = session.query(make.Initiative).order_by(make.Initiative.id.desc()).limit(1).one()
        office.approve(last, round_, VARIED[6], progress=ProgressState.completed)


def test_the_page_names_who_is_missing_and_how_far_they_are(client: StrictClient, here: Here) -> None:
    page = make.sign_in(client, here.lead).get(EDITIONS, budget=7).get_data(as_text=True)
    assert "1 initiative lacks approval" in page
    assert "Indsats 7 om skoler" in page
    assert "Owner" in page
    assert "Not started" in page
    assert "can be locked when each status is approved or waived" in page
    assert LOCK not in page


def test_the_draft_is_read_as_a_page(client: StrictClient, here: Here) -> None:
    page = make.sign_in(client, here.clerk).get(MEMO, budget=7).get_data(as_text=True)
    assert "KLADDE" in page
    assert "7. Indsats 7 om skoler, klubber og foreninger (F7): ikke påbegyndt" in page
    assert "Holdt to gange" in page
    assert "Status er endnu ikke modtaget." in page
    assert "Kontor for Trivsel" in page


def test_the_draft_in_word_is_marked_and_lists_what_is_missing(client: StrictClient, here: Here) -> None:
    answer = make.sign_in(client, here.clerk).get(f"{MEMO}/docx", budget=7)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="status-here-2026-kladde.docx"'
    assert answer.headers["Cache-Control"] == "no-store"
    document = Document(io.BytesIO(answer.data))
    front = "\n".join(one.text for one in document.paragraphs)
    assert "7. Indsats 7 om skoler, klubber og foreninger (F7): ikke påbegyndt" in front
    assert "KLADDE" in document.sections[0].header.part.blob.decode() or "KLADDE" in "".join(
        part.blob.decode() for part in document.part.package.iter_parts() if "header" in part.partname
    )


def test_the_draft_in_pdf_is_marked_on_each_page(client: StrictClient, here: Here) -> None:
    answer = make.sign_in(client, here.clerk).get(f"{MEMO}/pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="status-here-2026-kladde.pdf"'
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages]
    assert len(pages) > 1
    assert all("KLADDE" in page for page in pages)
    assert "ikke påbegyndt" in pages[0]


def test_locking_early_is_refused_with_a_sentence(client: StrictClient, app: Flask, here: Here) -> None:
    make.sign_in(client, here.lead)
    answer = client.post("/secretariat/here/rounds/2026/lock", data={"csrf_token": token(client)})
    assert answer.status_code == 409
    assert "cannot be locked before each status is approved or waived" in answer.get_data(as_text=True)
    with app.app_context():
        assert db.session.query(Round).one().locked_at is None


def token(client: StrictClient) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(EDITIONS).get_data(as_text=True))
    assert found
    return found[1]


def test_an_edition_for_a_meeting_is_kept_and_names_what_is_not_approved(
    client: StrictClient, app: Flask, here: Here
) -> None:
    make.sign_in(client, here.clerk)
    with app.app_context():
        last = db.session.scalars(select(Administration).where(Administration.code == "F7")).one().id
    page = client.submit(
        EDITIONS, {"rows": str(last)}, button="Keep this edition", follow_redirects=True
    ).text
    assert "The edition is kept as it stands now." in page
    assert "Edition 1 for the committee of F7" in page
    page = client.submit(EDITIONS, {"rows": ""}, button="Keep this edition", follow_redirects=True).text
    assert "Edition 1 of all initiatives, for a meeting" in page
    files = re.findall(r'href="(/secretariat/here/editions/\d+/docx)"', client.get(EDITIONS, budget=14).text)
    read = [read_bytes(client.get(url).data, name="memo.docx") for url in files]
    assert sorted(len(one.memo.rows) for one in read) == [1, 7]
    for one in read:
        assert any("Indsats 7 om skoler" in piece.text for piece in one.left_out)
    assert client.submit(EDITIONS, {"rows": "987654"}, button="Keep this edition").status_code == 400


def test_only_a_lead_locks(client: StrictClient, app: Flask, here: Here) -> None:
    approve_the_last(app)
    make.sign_in(client, here.clerk)
    page = client.get(EDITIONS).get_data(as_text=True)
    assert "A lead of the secretariat can lock the memo." in page
    assert LOCK not in page
    answer = client.post("/secretariat/here/rounds/2026/lock", data={"csrf_token": token(client)})
    assert answer.status_code == 404


def test_the_lead_locks_and_finds_the_edition(client: StrictClient, app: Flask, here: Here) -> None:
    approve_the_last(app)
    make.sign_in(client, here.lead)
    page = client.submit(EDITIONS, button=LOCK, follow_redirects=True).get_data(as_text=True)
    assert "The memo of 2026 is locked as edition 1." in page
    assert "Edition 1" in page
    assert LOCK not in page
    assert client.get(f"{MEMO}/docx").status_code == 404, "a locked memo has no draft"
    shown = client.get(MEMO, budget=6).get_data(as_text=True)
    assert "KLADDE" not in shown
    assert "Edition 1, locked" in shown
    again = client.post("/secretariat/here/rounds/2026/lock", data={"csrf_token": token(client)})
    assert again.status_code == 409
    assert "locked already" in again.get_data(as_text=True)


def files_of(client: StrictClient) -> dict[str, str]:
    """The addresses of the locked edition's files, by kind."""
    page = client.get(EDITIONS).get_data(as_text=True)
    return {
        kind: url for url, kind in re.findall(r'href="(/secretariat/here/editions/\d+/(docx|pdf))"', page)
    }


def test_what_was_locked_is_read_back_from_word_as_the_same_rows(
    client: StrictClient, app: Flask, here: Here
) -> None:
    approve_the_last(app)
    make.sign_in(client, here.lead).submit(EDITIONS, button=LOCK)
    answer = client.get(files_of(client)["docx"])
    assert answer.headers["Content-Disposition"] == 'attachment; filename="status-here-2026.docx"'
    read = read_bytes(answer.data, name="memo.docx")
    with app.app_context():
        round_ = round_of(db.session(), db.session.query(Plan).one().id, 2026)
        assert round_ is not None
        edition = final_edition(db.session(), round_.id)
        assert edition is not None
        locked = memo_of_edition(edition)
    assert [row.text for row in read.memo.rows] == [row.text for row in locked.rows]
    assert read.memo.tables == locked.tables
    assert read.memo.footnotes == locked.footnotes
    assert {str(piece.place) for piece in read.left_out} <= {"page header", "page footer"}


def test_the_locked_pdf_opens_and_has_a_table_for_each_administration(
    client: StrictClient, app: Flask, here: Here
) -> None:
    approve_the_last(app)
    make.sign_in(client, here.lead).submit(EDITIONS, button=LOCK)
    answer = client.get(files_of(client)["pdf"])
    reader = PdfReader(io.BytesIO(answer.data))
    text = "".join(page.extract_text() for page in reader.pages)
    assert "KLADDE" not in text
    assert "1. udgave" in text
    assert answer.data.count(b"/S /Table") == 7 or tables_in(reader) == 7


def tables_in(reader: PdfReader) -> int:
    """How many table tags the document's structure has."""
    waiting, found = [reader.trailer["/Root"]["/StructTreeRoot"]], 0
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            found += node.get("/S") == "/Table"
            waiting += [node["/K"]] if "/K" in node else []
    return found


def test_a_waived_row_is_printed_with_its_reason(client: StrictClient, app: Flask, here: Here) -> None:
    with make.written(app) as session:
        plan, round_ = session.query(Plan).one(), session.query(Round).one()
        lead, owner = session.query(make.Person).order_by(make.Person.id).limit(2).all()
        last = session.query(make.Initiative).order_by(make.Initiative.id.desc()).limit(1).one()
        office = Office(session, plan, lead, owner)
        office.waive(last, round_, outcome=Outcome.discontinued, reason="Huset er solgt.")
        draft = memo_of_round(session, plan, round_, on=make.LONG_AGO)
        assert draft.memo.rows[6].text == "Indsatsen er udgået. Huset er solgt."
        assert not draft.missing


def test_an_edition_of_another_plan_is_not_found(client: StrictClient, app: Flask, here: Here) -> None:
    approve_the_last(app)
    make.sign_in(client, here.lead).submit(EDITIONS, button=LOCK)
    url = files_of(client)["docx"]
    with make.written(app) as session:
        other = make.member(session, make.plan(session, "elsewhere"), MembershipRole.lead).id
    make.sign_in(client, other)
    assert client.get(url.replace("/here/", "/elsewhere/")).status_code == 404
    assert client.get(url).status_code == 404


def test_without_a_round_the_page_says_what_to_do(client: StrictClient, app: Flask) -> None:
    with make.written(app) as session:
        lead = make.member(session, make.plan(session, "here"), MembershipRole.lead).id
    page = make.sign_in(client, lead).get(EDITIONS, budget=6).get_data(as_text=True)
    assert "There is no memo yet." in page
    assert "/secretariat/here/memo-import" in page
    assert client.get(MEMO).status_code == 404
