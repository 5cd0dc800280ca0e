"""What was exported, opened in a spreadsheet and saved there comes in again and changes nothing."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tests.web.secretariat.conftest import Office
from tests.web.secretariat.test_importing_people import EXPORT, HEAD, _confirm, _hand_over, _places, _table
from tracker import clock
from tracker.accounts.models import Person
from tracker.domain.reminders import Place
from tracker.extensions import db
from tracker.plans.models import Administration, Initiative, Placement
from tracker.plans.placing import Wanted, place_people

DAY = re.compile(r"\d{2}\.\d{2}\.\d{4}")
NOTHING = "Everything in the table is in the plan already."
# What spreadsheets like to take for something else.
TITLES = (
    'Kurser i "ligebehandling"; for lærere på Ærø',
    "=1+1 er ikke en sum",
    "-5 % færre",
    "@alle",
    "1/2",
    "1. maj",
    "O'Hara",
    "'citat'",
    "Titel med  to mellemrum",
    "+45 12 34 56 78",
    "Åben skole",
    "Aaben skole",
)


@pytest.fixture
def plan_in_danish(app: Flask, office: Office) -> Office:
    """The plan with titles and names that are easily mistaken, and places of every kind."""
    with make.written(app) as session:
        schools = session.scalars(select(Administration).where(Administration.code == "BUF")).one()
        aase, bo = make.person(session, "Åse Ærø-Østergård"), make.person(session, "Bo O'Hara")
        made = [make.initiative(session, schools, title, owner=aase) for title in TITLES]
        signs = session.get_one(Initiative, office.initiatives[2])
        twin = make.initiative(session, schools, signs.title, owner=bo)
        wanted = [
            Wanted(Place.deputy, bo.id, date(2026, 12, 1), date(2027, 3, 1), initiative_id=made[0].id),
            Wanted(Place.deputy, aase.id, date(2027, 3, 2), date(2027, 3, 9), initiative_id=made[0].id),
            Wanted(Place.owner, bo.id, date(2030, 1, 1), initiative_id=made[1].id),
            Wanted(Place.head, bo.id, date(2026, 1, 1), administration_id=schools.id),
            Wanted(Place.coordinator, aase.id, clock.today(), date(2027, 1, 1), administration_id=schools.id),
            Wanted(Place.owner, aase.id, date(2026, 1, 1), initiative_id=signs.id),
        ]  # fmt: skip
        place_people(session, twin.plan_id, wanted, by=None, at=clock.now())
    return office


def _as_a_workbook_of_libreoffice(exported: bytes) -> bytes:
    """Days are days with a Danish format, whole numbers are numbers, and styled empty cells follow."""
    book, out = Workbook(), io.BytesIO()
    book.create_sheet("Ark2")
    sheet = book.active
    for row in csv.reader(io.StringIO(exported.decode("utf-8-sig"), newline=""), delimiter=";"):
        sheet.append([_typed(cell) for cell in row])
    for row in sheet.iter_rows(min_row=2, min_col=8, max_col=12):
        for cell in row:
            cell.number_format = "DD/MM/YY"
    book.save(out)
    return out.getvalue()


def _typed(cell: str) -> object:
    if DAY.fullmatch(cell):
        day, month, year = (int(part) for part in cell.split("."))
        return date(year, month, day)
    return int(cell) if cell.isdigit() else cell or None


def _as_text_of_excel(exported: bytes) -> bytes:
    """Semicolons, days as a Danish Excel shows them, and Windows' letters."""
    rows = csv.reader(io.StringIO(exported.decode("utf-8-sig"), newline=""), delimiter=";")
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([_dashed(cell) for cell in row] for row in rows)
    return out.getvalue().encode("cp1252")


def _dashed(cell: str) -> str:
    day = _typed(cell)
    return f"{day:%d-%m-%Y}" if isinstance(day, date) else cell


def _as_utf_8(exported: bytes) -> bytes:
    return b"\xef\xbb\xbf" + _as_text_of_excel(exported).decode("cp1252").encode()


def _with_everything_quoted(exported: bytes) -> bytes:
    rows = csv.reader(io.StringIO(exported.decode("utf-8-sig"), newline=""), delimiter=";")
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=",", quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


DRESSES: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "as it is, text": ("csv", bytes, "people.csv"),
    "as it is, workbook": ("xlsx", bytes, "people.xlsx"),
    "saved by LibreOffice": ("csv", _as_a_workbook_of_libreoffice, "people.xlsx"),
    "saved by Excel as text": ("csv", _as_text_of_excel, "people.csv"),
    "saved by Excel as UTF-8": ("csv", _as_utf_8, "people.csv"),
    "quoted, with commas": ("csv", _with_everything_quoted, "people.csv"),
}


@pytest.mark.both_databases
@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("dress", DRESSES)
def test_what_went_out_comes_in_and_changes_nothing(
    client: StrictClient, app: Flask, plan_in_danish: Office, dress: str, language: str
) -> None:
    kind, dressed, name = DRESSES[dress]
    make.sign_in(client, plan_in_danish.secretary, language=language)
    exported = client.get(f"{EXPORT}/people.{kind}").data
    make.sign_in(client, plan_in_danish.secretary)
    before = _places(app)
    page = _hand_over(client, dressed(exported), name)
    assert NOTHING in page.text
    assert "Rows to mend" not in page.text
    assert _places(app) == before


def test_everybody_with_a_place_is_in_the_export(
    client: StrictClient, app: Flask, plan_in_danish: Office
) -> None:
    """Else the table would come in again without a change because it says nothing."""
    make.sign_in(client, plan_in_danish.secretary)
    book = load_workbook(io.BytesIO(client.get(f"{EXPORT}/people.xlsx").data))
    told = {(row[1], row[6], row[5] or "") for row in book.active.iter_rows(min_row=2, values_only=True)}
    with app.app_context():
        found = (
            select(Person.email, Placement.place, Initiative.title)
            .join(Placement.person)
            .outerjoin(Initiative, Initiative.id == Placement.initiative_id)
            .where(Placement.until_on.is_(None) | (Placement.until_on >= clock.today()))
        )
        held = {(email, str(place), title or "") for email, place, title in db.session.execute(found)}
    assert told == held
    assert len(held) > len(TITLES)


@pytest.mark.parametrize(
    "typed",
    [
        "01.12.2026", "1.12.2026", "1/12-2026", "1/12 2026", "01-12-2026", "1.12.26", "01-12-26",
        "1. december 2026", "1. dec. 2026", "den 1. december 2026", "2026-12-01", "2026-12-01 00:00:00",
        "01-12-2026 00:00", "01.12.2026 kl. 00.00",
    ],
)  # fmt: skip
def test_a_day_is_read_as_danes_write_it(
    client: StrictClient, app: Flask, office: Office, typed: str
) -> None:
    make.sign_in(client, office.secretary)
    _confirm(client, _hand_over(client, _table(f"Nina;nina@example.com;;Signs in parks;ejer;{typed};")))
    assert [row[4] for row in _places(app) if row[3] == "nina@example.com"] == [date(2026, 12, 1)]


@pytest.mark.parametrize(
    "typed",
    ["december 2026", "ultimo 2026", "1. december", "1/12", "1.-3. december 2026", "46357", "x" * 1_900],
)
def test_what_is_not_one_day_of_one_year_is_asked_for_again(
    client: StrictClient, office: Office, typed: str
) -> None:
    make.sign_in(client, office.secretary)
    page = _hand_over(client, _table(f"Nina;nina@example.com;;Signs in parks;ejer;{typed};"))
    assert f"“{typed}” is no date. Write it as in 20.10.2026." in page.text


def test_a_title_that_became_a_number_stands_for_no_other_initiative(
    client: StrictClient, app: Flask, office: Office
) -> None:
    """A spreadsheet makes 2 of the title 002; the third of the list is meant, not the second."""
    with make.written(app) as session:
        session.get_one(Initiative, office.initiatives[2]).title = "002"
    make.sign_in(client, office.secretary)
    head = HEAD.replace("Indsats", "Nr.;Indsats")
    page = _hand_over(client, _table("Nina;nina@example.com;;3;2;ejer;;", head=head))
    assert "The plan has no such initiative: “2”." in page.text
    by_number = _hand_over(client, _table("Nina;nina@example.com;;3;;ejer;;", head=head))
    assert "1 place gets somebody, or other days." in by_number.text
