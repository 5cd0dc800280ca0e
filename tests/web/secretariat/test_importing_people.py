"""People and owners come from a table: every row is looked through, and all of it or nothing is done."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select
from werkzeug.test import TestResponse

import config
from tests.support import make
from tests.support.client import StrictClient, Watch
from tests.support.forms import fill
from tests.web.secretariat.conftest import Office
from tests.web.world import Browser
from tracker import clock, jobs
from tracker.accounts.models import Person
from tracker.application import create_app
from tracker.audit.models import JournalEntry
from tracker.domain.reminders import Place
from tracker.extensions import db
from tracker.mail.letters import LetterContext, kind_named
from tracker.mail.models import Mail
from tracker.plans.models import Initiative, PeopleUpload, Placement

UPLOAD = "/secretariat/here/people/import"
PREVIEW = f"{UPLOAD}/preview"
EXPORT = "/secretariat/here/export"
HEAD = "Navn;E-mail;Forvaltning;Indsats;Plads;Fra;Til"


def _hand_over(client: StrictClient, content: bytes, name: str = "people.csv") -> TestResponse:
    return client.submit(
        UPLOAD,
        {"file": (io.BytesIO(content), name)},
        follow_redirects=True,
        content_type="multipart/form-data",
    )


def _table(*rows: str, head: str = HEAD) -> bytes:
    return "\r\n".join([head, *rows]).encode()


def _confirm(client: StrictClient, preview: TestResponse) -> TestResponse:
    form = fill(preview.text, PREVIEW, {}, button="Confirm and import")
    return client.post(form.action, data=form.values, follow_redirects=True)


def _places(app: Flask) -> list[tuple[object, ...]]:
    with app.app_context():
        found = select(
            Placement.place,
            Placement.initiative_id,
            Placement.administration_id,
            Person.email,
            Placement.from_on,
            Placement.until_on,
        ).join(Placement.person)
        return sorted((tuple(row) for row in db.session.execute(found)), key=repr)


def _count(app: Flask, table: type[Person | Mail | JournalEntry | Placement]) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.both_databases
def test_new_people_and_places_come_in_after_a_look(client: StrictClient, app: Flask, office: Office) -> None:
    make.sign_in(client, office.secretary)
    rows = (
        "Nina Ny;Nina.NY@example.com;TMF;Signs in parks;ejer;;",
        "Nina Ny;nina.ny@example.com;BUF;Courses for teachers;stedfortræder;01.12.2026;31.12.2026",
        "Kaj Kant;kaj@example.com;Technical and Environmental;;koordinator;;",
        "Only Added;only@example.com;;;;;",
    )
    preview = _hand_over(client, _table(*rows))
    assert "3 people are new and are added." in preview.text
    assert "3 places get somebody, or other days." in preview.text
    assert _count(app, Placement) == 3
    answer = _confirm(client, preview)
    assert "Imported: 3 new people and 3 places." in answer.text
    held = [row for row in _places(app) if row[3] in {"nina.ny@example.com", "kaj@example.com"}]
    one, three = office.initiatives[0], office.initiatives[2]
    today = clock.today()
    assert (Place.owner, three, None, "nina.ny@example.com", today, None) in held
    days = (date(2026, 12, 1), date(2026, 12, 31))
    assert (Place.deputy, one, None, "nina.ny@example.com", *days) in held
    with app.app_context():
        kinds = db.session.scalars(select(Mail.kind)).all()
        assert sorted(kinds) == ["handover"] * 2 + ["invitation"] * 3
        facts = db.session.scalars(select(JournalEntry.fact).where(JournalEntry.plan_id.is_not(None))).all()
        assert facts.count("people_imported") == 1


def test_the_invitation_of_an_import_leads_to_choosing_a_password(
    client: StrictClient, app: Flask, office: Office
) -> None:
    make.sign_in(client, office.secretary)
    _confirm(client, _hand_over(client, _table("Nina Ny;nina@example.com;;;;;")))
    with app.app_context():
        mail = db.session.scalars(select(Mail).where(Mail.kind == "invitation")).one()
        secret = str(app.config["SECRET_KEY"]).encode()
        context = LetterContext("", "en", "Nina Ny", clock.now(), secret=secret)
        said = kind_named("invitation").render(db.session(), mail, context).text
    link = next(word for word in said.split() if word.startswith("/invitation/"))
    visitor = app.test_client()
    assert 'name="password"' in visitor.get(link).text


@pytest.mark.both_databases
def test_a_second_import_of_the_same_changes_nothing(
    client: StrictClient, app: Flask, office: Office
) -> None:
    make.sign_in(client, office.secretary)
    content = _table(
        "Nina Ny;nina.ny@example.com;;Signs in parks;ejer;;",
        "Nina Ny;nina.ny@example.com;;Courses for teachers;stedfortræder;01.12.2026;31.12.2026",
    )
    _confirm(client, _hand_over(client, content))
    before = (_places(app), _count(app, Person), _count(app, Mail), _count(app, JournalEntry))
    again = _hand_over(client, content)
    assert "Everything in the table is in the plan already." in again.text
    assert "Confirm and import" not in again.text
    assert (_places(app), _count(app, Person), _count(app, Mail), _count(app, JournalEntry)) == before


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("Nina;no address;;;;;", "Write an e-mail address such as name@example.com."),
        (";nina@example.com;;;;;", "Write the person&#39;s name."),
        ("Sam Secretary;MY OWN;TMF;;koordinator;;", "You cannot change your own role."),
        ("Søren;søren@example.com;;;;;", "Write an e-mail address such as"),  # which no letter reaches
        ("Nina;nina@example.com;;Signs in parks;chef;;", "“chef” is no place"),
        ("Nina;nina@example.com;;Signs in parks;;;", "Say as what"),
        (
            "Nina;nina@example.com;;Nothing like it;ejer;;",
            "The plan has no such initiative: “Nothing like it”.",
        ),
        ("Nina;nina@example.com;XYZ;Signs in parks;ejer;;", "The plan has no administration called “XYZ”."),
        ("Nina;nina@example.com;BUF;Signs in parks;ejer;;", "The plan has no such initiative"),
        ("Nina;nina@example.com;;;koordinator;;", "Write which administration."),
        ("Nina;nina@example.com;;Signs in parks;ejer;31.02.2026;", "“31.02.2026” is no date."),
        ("Nina;nina@example.com;;Signs in parks;ejer;01.01.9999;", "Give a year between 1990 and 2100."),
        ("Nina;nina@example.com;;Signs in parks;ejer;02.12.2026;01.12.2026", "The last day cannot be before"),
        ("Nina;nina@example.com;;Signs in parks;ejer;01.01.2020;01.02.2020", "The last day has passed."),
        ("Nina;nina@example.com;;Signs in parks;stedfortræder;;", "A deputy needs a last day."),
    ],
)
def test_while_one_row_is_bad_nothing_is_imported(
    client: StrictClient, app: Flask, office: Office, row: str, why: str
) -> None:
    make.sign_in(client, office.secretary)
    before = (_places(app), _count(app, Person), _count(app, Mail))
    with app.app_context():
        row = row.replace("MY OWN", db.session.get_one(Person, office.secretary).email)
    page = _hand_over(client, _table("Good Person;good@example.com;;Signs in parks;ejer;;", row))
    assert "1 row cannot be imported, so nothing is." in page.text
    assert why in page.text
    assert '<td class="numeric" data-title="Row">3</td>' in page.text
    assert "Confirm and import" not in page.text
    app.config["WTF_CSRF_ENABLED"] = False
    assert client.post(PREVIEW, data={"digest": "x"}).status_code == 409
    assert (_places(app), _count(app, Person), _count(app, Mail)) == before


def test_two_rows_for_the_same_place_contradict_each_other(
    client: StrictClient, app: Flask, office: Office
) -> None:
    make.sign_in(client, office.secretary)
    page = _hand_over(
        client,
        _table(
            "Nina;nina@example.com;;Signs in parks;ejer;;",
            "Otto;otto@example.com;;Signs in parks;ejer;;",
        ),
    )
    assert "Row 2 has the same place on the same days." in page.text


def test_a_plan_that_changed_meanwhile_is_shown_anew(
    client: StrictClient, app: Flask, office: Office
) -> None:
    make.sign_in(client, office.secretary)
    preview = _hand_over(client, _table("Nina;nina@example.com;;Signs in parks;ejer;;"))
    with make.written(app) as session:
        parks = session.get_one(Initiative, office.initiatives[2])
        make.placed(session, session.get_one(Person, office.stranger), initiative=parks)
    answer = _confirm(client, preview)
    assert answer.status_code == 409
    assert "The plan has changed since you looked." in answer.text
    assert "Sten Stranger" in answer.text
    assert "Imported: 1 new people and 1 places." in _confirm(client, answer).text


@pytest.mark.parametrize(
    "content",
    [
        _table("Åse Ærø;aase@example.com;;Signs in parks;ejer;;"),
        b"\xef\xbb\xbf" + _table("Åse Ærø;aase@example.com;;Signs in parks;ejer;;"),
        _table("Åse Ærø;aase@example.com;;Signs in parks;ejer;;").decode().encode("cp1252"),
        _table("Åse Ærø;aase@example.com;;Signs in parks;ejer;;").decode().encode("utf-16"),
        _table("Åse Ærø;aase@example.com;;Signs in parks;ejer;;").replace(b";", b","),
        b"sep=;\r\n" + _table("Åse Ærø;aase@example.com;;Signs in parks;ejer;;"),
        "Role,Until,E-mail,Name,Initiative\nOwner,,aase@example.com,Åse Ærø,3\n".encode(),
    ],
    ids=["utf-8", "with its mark", "cp1252", "utf-16", "commas", "sep", "English, other order, number"],
)
def test_a_table_is_read_in_every_usual_dress(
    client: StrictClient, app: Flask, office: Office, content: bytes
) -> None:
    make.sign_in(client, office.secretary)
    _confirm(client, _hand_over(client, content))
    with app.app_context():
        made = db.session.scalars(select(Person).where(Person.email == "aase@example.com")).one()
        assert made.name == "Åse Ærø"
        held = select(Placement.initiative_id).where(Placement.person_id == made.id)
        assert db.session.scalars(held).all() == [office.initiatives[2]]


def _workbook(*rows: tuple[object, ...]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def test_a_workbook_is_read_and_a_formula_is_not_computed(
    client: StrictClient, app: Flask, office: Office
) -> None:
    make.sign_in(client, office.secretary)
    head = ("Name", "E-mail", "Initiative", "Place", "From")
    good = _workbook(head, ("Nina", "nina@example.com", "Signs in parks", "owner", date(2026, 12, 1)))
    assert "01.12.2026" in _hand_over(client, good, "people.xlsx").text
    sly = _workbook(head, ('=CONCAT("a","b")', "nina@example.com", "Signs in parks", "owner", None))
    assert "A cell holds a formula. Write its value instead." in _hand_over(client, sly, "people.xlsx").text


@pytest.mark.both_databases
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_exported_and_handed_over_again_changes_nothing(
    client: StrictClient, app: Flask, office: Office, kind: str
) -> None:
    with make.written(app) as session:
        first = session.get_one(Initiative, office.initiatives[0])
        first.title = "=1+1 is not a sum"
        make.placed(session, make.person(session, "-5 % Minus"), initiative=first, place=Place.deputy)
    make.sign_in(client, office.secretary)
    exported = client.get(f"{EXPORT}/people.{kind}", budget=8)
    page = _hand_over(client, exported.data, f"people.{kind}")
    assert "4 rows say what is so already." in page.text or "Everything in the table" in page.text
    assert "Everything in the table is in the plan already." in page.text


def test_an_export_holds_no_formula(client: StrictClient, app: Flask, office: Office) -> None:
    with make.written(app) as session:
        session.get_one(Initiative, office.initiatives[0]).title = '=HYPERLINK("http://x")'
        session.get_one(Initiative, office.initiatives[1]).title = "\uff1dSUM(1)"
        session.get_one(Initiative, office.initiatives[2]).title = "-5 % fewer"
    make.sign_in(client, office.secretary)
    text = client.get(f"{EXPORT}/initiatives.csv", budget=8).data.decode("utf-8-sig")
    assert '"\'=HYPERLINK(""http://x"")"' in text
    assert "'\uff1dSUM(1)" in text
    assert "'-5 % fewer" in text
    book = load_workbook(io.BytesIO(client.get(f"{EXPORT}/initiatives.xlsx").data))
    titles = [row[2] for row in book.active.iter_rows(min_row=2)]
    assert [cell.data_type for cell in titles] == ["s", "s", "s"]
    assert titles[2].value == "-5 % fewer"


def test_an_export_tells_who_and_how_it_stands(client: StrictClient, app: Flask, office: Office) -> None:
    make.sign_in(client, office.secretary)
    text = client.get(f"{EXPORT}/initiatives.csv").data.decode("utf-8-sig")
    head, first, *_rest = text.splitlines()
    assert head.startswith("No.;Administration;Initiative;")
    assert "Courses for teachers" in first
    assert "Olga Owner <" in first


def test_five_thousand_rows_take_as_many_queries_as_ten(
    client: StrictClient, app: Flask, office: Office
) -> None:
    make.sign_in(client, office.secretary)
    many = [f"Person {n};person{n}@example.com;;;;;" for n in range(5_000)]
    page = _hand_over(client, _table(*many, "Bad;bad;;;;;"))
    assert "1 row cannot be imported" in page.text
    client.get(PREVIEW, budget=22)  # a query for each 500 addresses, and a dozen
    assert _count(app, Person) == 5


def test_people_of_another_secretariat_see_no_table_that_waits(
    client: StrictClient, app: Flask, office: Office
) -> None:
    make.sign_in(client, office.secretary)
    _hand_over(client, _table("Nina;nina@example.com;;Signs in parks;ejer;;"))
    make.sign_in(client, office.lead)
    assert "There is no table that waits." in client.get(PREVIEW, follow_redirects=True).text
    make.sign_in(client, office.owner)
    assert client.get(PREVIEW).status_code == 404


def test_a_place_gets_other_days_from_a_table(client: StrictClient, app: Flask, office: Office) -> None:
    with app.app_context():
        email = db.session.get_one(Person, office.owner).email
    make.sign_in(client, office.secretary)
    last = clock.today() + timedelta(days=40)
    row = f"Olga Owner;{email};;Courses for teachers;ejer;01.01.2020;{last:%d.%m.%Y}"
    _confirm(client, _hand_over(client, _table(row)))
    held = [one for one in _places(app) if one[1] == office.initiatives[0]]
    assert held == [(Place.owner, office.initiatives[0], None, email, date(2020, 1, 1), last)]


@pytest.fixture
def elsewhere(app: Flask, settings: config.Settings, tmp_path: Path) -> Iterator[StrictClient]:
    """The secretary's browser, answered by another machine: the same database, another data folder."""
    other = create_app(settings.model_copy(update={"data_folder": tmp_path / "elsewhere"}))
    other.testing = True
    other.test_client_class = StrictClient
    other.extensions["tests.watch"] = Watch(other)
    browser = other.test_client()
    assert isinstance(browser, StrictClient)
    yield browser
    with other.app_context():
        db.session.remove()
        db.engine.dispose()


def _uploads(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(PeopleUpload)) or 0


@pytest.mark.both_databases
def test_what_one_machine_has_shown_is_confirmed_on_another(
    client: StrictClient, app: Flask, office: Office, elsewhere: StrictClient
) -> None:
    make.sign_in(client, office.secretary)
    make.sign_in(elsewhere, office.secretary)
    shown = _hand_over(client, _table("Åse Ærø;aase@example.com;;Signs in parks;ejer;;"))
    assert "people.csv" in elsewhere.get(UPLOAD).text
    preview = elsewhere.get(PREVIEW)
    assert "Åse Ærø" in preview.text
    assert "Imported: 1 new people and 1 places." in _confirm(elsewhere, preview).text
    assert "There is no table that waits." in _confirm(client, shown).text
    assert _uploads(app) == 0


@pytest.mark.both_databases
def test_a_newer_table_is_not_imported_by_the_preview_of_an_older_one(
    client: StrictClient, app: Flask, office: Office
) -> None:
    make.sign_in(client, office.secretary)
    older = _hand_over(client, _table("Nina;nina@example.com;;Signs in parks;ejer;;"))
    _hand_over(client, _table("Otto;otto@example.com;;Signs in parks;ejer;;"), "newer.csv")
    before = _places(app)
    answer = _confirm(client, older)
    assert answer.status_code == 409
    assert "Another table has been handed over since." in answer.text
    assert "newer.csv" in answer.text
    assert "otto@example.com" in answer.text
    assert (_places(app), _uploads(app)) == (before, 1)


@pytest.mark.both_databases
def test_a_person_who_left_in_between_is_not_placed(client: StrictClient, app: Flask, office: Office) -> None:
    with app.app_context():
        email = db.session.get_one(Person, office.stranger).email
    make.sign_in(client, office.secretary)
    preview = _hand_over(client, _table(f"Sten Stranger;{email};;Signs in parks;ejer;;"))
    with make.written(app) as session:
        session.get_one(Person, office.stranger).active = False
    before = _places(app)
    answer = _confirm(client, preview)
    assert answer.status_code == 409
    assert "The plan has changed since you looked." in answer.text
    assert "Sten Stranger has left and cannot hold a place." in answer.text
    assert _places(app) == before


@pytest.mark.both_databases
def test_of_two_confirmations_at_the_same_moment_one_imports(
    client: StrictClient, app: Flask, office: Office
) -> None:
    make.sign_in(client, office.secretary)
    _hand_over(client, _table("Nina;nina@example.com;;;;;"))
    tabs = [Browser(app, office.secretary), Browser(app, office.secretary)]
    forms = [fill(one.get(PREVIEW).text, PREVIEW, {}, button="Confirm and import") for one in tabs]
    start = Barrier(len(tabs))

    def confirm(number: int) -> str:
        start.wait()
        answer = tabs[number].client.post(PREVIEW, data=forms[number].values, base_url=tabs[number].base_url)
        return str(answer.location)

    with ThreadPoolExecutor(len(tabs)) as pool:
        went = sorted(one.rsplit("/", 1)[-1] for one in pool.map(confirm, range(len(tabs))))
    assert went == ["import", "people"]
    assert _count(app, Person) == 6


@pytest.mark.both_databases
def test_what_others_change_while_the_button_is_pressed_is_seen_first(
    client: StrictClient, app: Flask, office: Office
) -> None:
    make.sign_in(client, office.secretary)
    _hand_over(client, _table("Nina;nina@example.com;;Signs in parks;stedfortræder;;31.12.2026"))
    browser = Browser(app, office.secretary)
    form = fill(browser.get(PREVIEW).text, PREVIEW, {}, button="Confirm and import")
    with app.app_context(), ThreadPoolExecutor(1) as pool:
        session = db.session()
        parks, stranger = (
            session.get_one(Initiative, office.initiatives[2]),
            session.get_one(Person, office.stranger),
        )
        make.placed(session, stranger, initiative=parks, place=Place.deputy)
        pressed = pool.submit(browser.client.post, PREVIEW, data=form.values, base_url=browser.base_url)
        with pytest.raises(TimeoutError):
            pressed.result(timeout=1)
        session.commit()
        answer = pressed.result(timeout=15)
    assert answer.status_code == 409
    assert "The plan has changed since you looked." in answer.text
    assert "Sten Stranger" in answer.text
    assert _count(app, Person) == 5


@pytest.mark.both_databases
def test_a_table_that_nobody_confirms_is_gone_after_a_day(
    client: StrictClient, app: Flask, office: Office
) -> None:
    make.sign_in(client, office.secretary)
    preview = _hand_over(client, _table("Nina;nina@example.com;;Signs in parks;ejer;;"))
    with make.written(app) as session:
        session.scalars(select(PeopleUpload)).one().uploaded_at -= timedelta(days=1)
    assert "people.csv" not in client.get(UPLOAD).text
    assert "There is no table that waits." in _confirm(client, preview).text
    assert _uploads(app) == 1
    works = jobs.clockwork(app)
    works.tick(clock.now())
    works.close(clock.now())
    assert _uploads(app) == 0
