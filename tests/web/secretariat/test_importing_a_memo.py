"""The secretariat brings last year's memo in: hands it over, looks at what was read, confirms."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.memos.reading.word_files import new
from tests.support import make
from tests.support.client import StrictClient
from tracker.clock import real_now
from tracker.domain.memo import Head, Memo, Row, Section, Table
from tracker.domain.text import Block, Footnote
from tracker.extensions import db
from tracker.memos.importing.uploads import tidy_name
from tracker.memos.models import Edition, MemoUpload
from tracker.memos.writing import Letterhead, write_docx, write_pdf
from tracker.plans.models import Initiative, MembershipRole, Plan
from tracker.rounds.models import Round, StatusUpdate

HERE = "/secretariat/here/memo-import"
MEMO = Memo(
    title="Status på planen 2025",
    head=Head(office="Kontoret"),
    intro=("Her er status.",),
    tables=(
        Table(
            "Tabel 1. Indsatser.",
            (
                Section(
                    "Skoleforvaltningen",
                    (
                        Row(1, "Mentorer", (Block("paragraph", "Tolv mentorer er i gang¹."),)),
                        Row(2, "Besøg", (Block("bullet", "Otte klasser"), Block("bullet", "To museer"))),
                    ),
                ),
            ),
        ),
    ),
    footnotes=(Footnote(1, "Talt i maj."),),
)


def word_file(memo: Memo = MEMO) -> bytes:
    return write_docx(memo, letterhead=Letterhead("Eksempelby"), created=real_now())


@pytest.fixture
def office(client: StrictClient, app: Flask) -> StrictClient:
    """Somebody of the secretariat of the plan "here", signed in."""
    with make.written(app) as session:
        person_id = make.member(session, make.plan(session, "here")).id
    return make.sign_in(client, person_id)


def hand_over(
    client: StrictClient, data: bytes | None = None, *, name: str = "status-2025.docx", year: str = "2025"
) -> TestResponse:
    content = word_file() if data is None else data
    return client.submit(HERE, {"memo": (io.BytesIO(content), name), "year": year}, button="Read the memo")


def counts(app: Flask) -> tuple[int, ...]:
    """Rows of the plan: initiatives, rounds, statuses, editions."""
    with app.app_context():
        session = db.session()
        tables = (Initiative, Round, StatusUpdate, Edition)
        return tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def accept_all(client: StrictClient, preview: str, *, rows: int = 2) -> TestResponse:
    return client.submit(preview, button=f"Accept all {rows} rows", budget=22)


def confirm(client: StrictClient, preview: str) -> TestResponse:
    """Accept every row as it was read, look at what will happen, and confirm it."""
    return client.submit(accept_all(client, preview).location, button="Confirm and import")


def test_the_preview_shows_what_was_read_and_nothing_is_in_the_plan_yet(
    office: StrictClient, app: Flask
) -> None:
    answer = hand_over(office)
    assert answer.status_code == 303
    page = office.get(answer.location, budget=11).get_data(as_text=True)
    for words in (
        "status-2025.docx",
        "1. ",
        "Mentorer",
        "Tolv mentorer er i gang",
        "Otte klasser",
        "Talt i maj.",
    ):
        assert words in page
    assert "Nothing is saved in the plan until you confirm it" in page
    summary = office.get(f"{answer.location}/import", budget=11).get_data(as_text=True)
    assert "2 initiatives are new in the plan" in summary
    assert "New administrations: Skoleforvaltningen." in summary
    assert "2 rows are not accepted yet" in summary
    assert "Confirm and import" not in summary
    assert counts(app) == (0, 0, 0, 0)


def test_confirming_brings_the_memo_in_and_leads_to_the_round(office: StrictClient, app: Flask) -> None:
    answer = confirm(office, hand_over(office).location)
    assert answer.status_code == 303
    assert answer.location.endswith("/secretariat/here/rounds/2025")
    assert "2 statuses, 2 new initiatives" in office.get(answer.location).get_data(as_text=True)
    assert counts(app) == (2, 1, 2, 1)


def test_importing_the_same_memo_again_changes_nothing_and_says_so(office: StrictClient, app: Flask) -> None:
    first = hand_over(office).location
    confirm(office, first)
    second = hand_over(office).location
    again = office.get(f"{second}/import").get_data(as_text=True)
    assert "The plan has the round of 2025 already" in again
    assert "Confirm and import" not in again
    for upload in (first, second):
        twice = office.post(f"{upload}/import", data={"csrf_token": _token(again)}, follow_redirects=True)
        assert "The plan has the round of 2025 already. Nothing was changed." in twice.get_data(as_text=True)
    assert counts(app) == (2, 1, 2, 1)
    looked = office.get(first, follow_redirects=True)
    assert "The memo of 2025 has been imported." in looked.get_data(as_text=True)


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


def test_known_initiatives_are_told_from_new_ones(office: StrictClient, app: Flask) -> None:
    with make.written(app) as session:
        here = session.scalars(select(Plan)).one()
        area = make.administration(session, here, "SKF", name="Skoleforvaltningen")
        make.initiative(session, area, "Mentorer")
    page = office.get(f"{hand_over(office).location}/import").get_data(as_text=True)
    assert "1 initiative is new in the plan" in page
    assert "1 initiative is in the plan already" in page
    assert "New administrations" not in page


def test_a_table_of_proposals_is_kept_in_the_memo_and_makes_no_initiatives(
    office: StrictClient, app: Flask
) -> None:
    idea = Row(1, "Ny idé", (Block("paragraph", "Måske."),))
    proposals = Table("Tabel 2. Nye forslag.", (Section("Andre", (idea,)),), kind="new")
    preview = hand_over(office, word_file(replace(MEMO, tables=(*MEMO.tables, proposals)))).location
    summary = office.get(f"{preview}/import").get_data(as_text=True)
    assert "It is kept in the memo, but not made an initiative." in summary
    confirm(office, preview)
    assert counts(app) == (2, 1, 2, 1)


def test_an_initiative_that_has_moved_is_pointed_out(office: StrictClient, app: Flask) -> None:
    with make.written(app) as session:
        here = session.scalars(select(Plan)).one()
        make.initiative(session, make.administration(session, here), "Mentorer")
    page = office.get(hand_over(office).location).get_data(as_text=True)
    assert "The plan has this initiative under another administration." in page


def test_a_pdf_is_read_and_imported_like_a_word_file(office: StrictClient, app: Flask) -> None:
    file = write_pdf(MEMO, letterhead=Letterhead("Eksempelby"), created=real_now())
    preview = hand_over(office, file, name="status-2025.pdf").location
    page = office.get(f"{preview}?show=all", budget=11).get_data(as_text=True)
    assert "status-2025.pdf" in page
    assert "page 1, table 1, row " in page
    assert "Tolv mentorer er i gang" in page
    confirm(office, preview)
    assert counts(app) == (2, 1, 2, 1)


TEXT = """Status på planen 2025
Tabel 1. Indsatser.
Skoleforvaltningen
Indsats Status
1. Mentorer til nye elever Der er nu tolv mentorer i gang på fire skoler.
2. Besøg på museer Otte klasser har været på besøg i løbet af foråret.
"""


def test_a_plain_text_file_is_shown_beside_its_own_lines_the_doubtful_rows_first(
    office: StrictClient,
) -> None:
    preview = hand_over(office, TEXT.encode(), name="memo.txt").location
    page = office.get(preview).get_data(as_text=True)
    assert "The initiative has no status text." in page
    assert "page 1, line 5" in page
    assert "1. Mentorer til nye elever Der er nu tolv mentorer i gang på fire skoler." in page
    assert 'aria-current="page">To look at (2)' in page


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "memo.docx", "The file is empty."),
        (b"%PDF-1.7 \n%%EOF", "memo.pdf", "The PDF is damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 60, "memo.docx", "neither a Word document"),
        (b"PK\x03\x04 broken", "memo.docx", "The Word file is damaged"),
    ],
)
def test_a_file_that_cannot_be_read_gets_one_sentence_and_changes_nothing(
    office: StrictClient, app: Flask, data: bytes, name: str, sentence: str
) -> None:
    answer = hand_over(office, data, name=name, year="2024")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert page.count(sentence) == 2, "once in the summary, once at the field"
    assert 'value="2024"' in page, "what was typed is still there"
    with app.app_context():
        assert not db.session.scalar(select(func.count()).select_from(MemoUpload))


def test_a_word_file_without_a_table_is_refused(office: StrictClient) -> None:
    file = io.BytesIO()
    new("Kontoret", intro=["Kun brødtekst."]).save(file)
    answer = hand_over(office, file.getvalue())
    assert answer.status_code == 400
    assert "table" in answer.get_data(as_text=True)


@pytest.mark.parametrize("year", ["", "1999", "next"])
def test_a_year_must_be_given(office: StrictClient, year: str) -> None:
    assert hand_over(office, year=year).status_code == 400


def test_a_file_must_be_chosen(office: StrictClient) -> None:
    answer = office.submit(HERE, {"year": "2025"}, button="Read the memo")
    assert answer.status_code == 400
    assert "Choose the file with the memo." in answer.get_data(as_text=True)


def test_a_file_above_50_mb_is_refused(office: StrictClient) -> None:
    answer = office.post(
        HERE,
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(50 * 1024 * 1024 + 1)},
    )
    assert answer.status_code == 413
    assert "50 MB" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("C:\\fakepath\\memo.docx", "memo.docx"),
        ("../../etc/passwd", "passwd"),
        ("<b>me\r\nmo</b>.docx", "b>.docx"),
        ("årlig status.docx", "årlig status.docx"),
        ("", "memo"),
        ("a" * 400 + ".docx", "a" * 250 + ".docx"),
    ],
)
def test_the_name_of_the_file_is_one_plain_line(sent: str, kept: str) -> None:
    assert tidy_name(sent) == kept


def test_an_upload_is_for_its_own_plan_alone(office: StrictClient, app: Flask) -> None:
    preview = hand_over(office).location
    with make.written(app) as session:
        other = make.member(session, make.plan(session, "elsewhere")).id
    stranger = make.sign_in(app.test_client(), other)  # type: ignore[arg-type]
    assert stranger.get(preview).status_code == 404
    assert stranger.get(preview.replace("/here/", "/elsewhere/")).status_code == 404


def test_who_comes_back_finds_the_memo_that_waits(office: StrictClient, app: Flask) -> None:
    hand_over(office, name="first.docx")
    preview = hand_over(office, name="second.docx").location
    page = office.get(HERE, budget=6).get_data(as_text=True)
    assert "second.docx" in page
    assert preview in page
    assert "first.docx" not in page
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(MemoUpload)) == 1


def test_a_reader_of_the_plan_cannot_import(client: StrictClient, app: Flask) -> None:
    with make.written(app) as session:
        person_id = make.member(session, make.plan(session, "here"), MembershipRole.reader).id
    assert make.sign_in(client, person_id).get(HERE).status_code == 404


def test_last_years_memo_is_shown_and_imported(office: StrictClient, app: Flask, seed: Path) -> None:
    preview = hand_over(office, (seed / "aarlig-status-2025.docx").read_bytes()).location
    with office.query_budget(11):
        page = office.get(f"{preview}/import").get_data(as_text=True)
    assert "42 initiatives are new in the plan" in page
    confirmed = accept_all(office, preview, rows=42).location
    office.submit(confirmed, button="Confirm and import")
    assert counts(app) == (42, 1, 42, 1)
