"""The secretariat looks last year's memo through, row by row, before any of it is in the plan."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from docx import Document
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.support import make
from tests.support.client import StrictClient
from tests.support.forms import fill
from tests.web.secretariat.test_importing_a_memo import MEMO, TEXT, counts, hand_over, office, word_file
from tracker.domain.memo import Row, Section
from tracker.domain.text import Block
from tracker.extensions import db
from tracker.memos.models import MemoUpload
from tracker.memos.reading.result import say
from tracker.plans.models import Initiative, MembershipRole, Plan, Standing
from tracker.rounds.models import StatusUpdate
from tracker.web.secretariat.memo_confirming_words import translated

__all__ = ["office"]
FILE = word_file()


@pytest.fixture
def preview(office: StrictClient) -> str:
    """The address of a memo that waits."""
    return hand_over(office, FILE).location


def known(app: Flask, *titles: str) -> list[int]:
    """Initiatives of the plan, in an administration that the memo does not name."""
    with make.written(app) as session:
        area = make.administration(session, session.scalars(select(Plan)).one(), name="Kulturforvaltningen")
        return [make.initiative(session, area, title).id for title in titles]


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def press(client: StrictClient, page: TestResponse, url: str, button: str, **fields: str) -> TestResponse:
    """Press a button on a page that was loaded before."""
    form = fill(
        text_of(page), url, {name.replace("_", "-"): value for name, value in fields.items()}, button=button
    )
    return client.post(form.action, data=form.values, content_type="multipart/form-data")


def imported(app: Flask) -> list[tuple[int | None, str, str]]:
    with app.app_context():
        found = db.session.scalars(select(StatusUpdate).order_by(StatusUpdate.id))
        return [(one.number, one.title, one.text) for one in found]


def test_what_is_mended_is_kept_until_tomorrow_and_imported_then(
    office: StrictClient, app: Flask, preview: str
) -> None:
    mended = {"r0-number": "11", "r0-title": "Mentorer til alle", "r0-text": "- Tolv\r\n- Tretten"}
    answer = office.submit(preview, mended, button="Save", budget=22)
    assert answer.status_code == 303
    tomorrow = text_of(office.get(hand_over(office, FILE).location))
    assert "Mentorer til alle" in tomorrow, "the same file, handed over again, is the one that waits"
    assert "Tolv mentorer er i gang" in tomorrow, "what the file says stands beside it"
    assert counts(app) == (0, 0, 0, 0)
    summary = office.submit(preview, button="Accept all 2 rows").location
    office.submit(summary, button="Confirm and import")
    assert imported(app)[0] == (11, "Mentorer til alle", "- Tolv\n- Tretten")
    with app.app_context():
        lead = make.member(db.session(), db.session.scalars(select(Plan)).one(), MembershipRole.lead).id
        db.session.commit()
    journal = text_of(make.sign_in(office, lead).get("/secretariat/here/journal"))
    assert "Earlier memo handed over" in journal
    assert "Earlier memo confirmed" in journal


def test_rows_are_accepted_one_by_one_and_opened_again(office: StrictClient, preview: str) -> None:
    first = office.submit(preview, button="Accept this row 1. Mentorer")
    assert first.location.endswith("#row-1"), "the next row that waits"
    page = text_of(office.get(preview))
    assert "1 row waits to be accepted." in page
    last = office.submit(preview, button="Accept this row 2. Besøg")
    assert last.location.endswith("/import")
    assert "Confirm and import" in text_of(office.get(last.location))
    office.submit(preview, button="Open it again 1. Mentorer")
    assert "1 row is not accepted yet" in text_of(office.get(last.location))


def test_rows_without_a_doubt_are_accepted_at_once_and_the_others_shown_first(
    office: StrictClient, app: Flask
) -> None:
    known(app, "Mentorerne")
    preview = hand_over(office).location
    page = text_of(office.get(preview))
    assert "To look at (1)" in page
    assert "is much like this one" in page
    assert "“Mentorerne”: 1 of 1 words are alike (mentorer)." in page
    assert 'id="row-1"' not in page
    assert 'id="row-1"' in text_of(office.get(f"{preview}?show=all"))
    office.submit(preview, button="Accept 1 row without a doubt")
    assert "1 row waits to be accepted." in text_of(office.get(preview))


def test_a_row_is_matched_with_another_initiative_or_joined_with_another_row(
    office: StrictClient, app: Flask
) -> None:
    (kept, _other) = known(app, "Ældre bliver mentorer", "Noget andet")
    preview = hand_over(office).location
    office.submit(
        f"{preview}?show=all", {"r0-other": "ældre bliver mentorer", "r1-other": "1"}, button="Save"
    )
    page = text_of(office.get(f"{preview}?show=all"))
    assert "Part of row 1" in page
    assert f'<option value="same:{kept}" selected>' in page
    summary = office.submit(
        f"{preview}?show=all", {"r0-aim": f"renamed:{kept}"}, button="Accept all 2 rows"
    ).location
    shown = text_of(office.get(summary))
    assert "<del>Ældre bliver mentorer</del> <ins>Mentorer</ins>" in shown
    assert "1 row becomes part of another row" in shown
    office.submit(summary, button="Confirm and import")
    text = "Tolv mentorer er i gang¹.\n- Otte klasser\n- To museer\n¹ Talt i maj."
    assert imported(app) == [(1, "Mentorer", text)]
    with app.app_context():
        assert db.session.get_one(Initiative, kept).title == "Mentorer"


SLIPS = (
    ("r0-number", "elleve", "Write the number in digits."),
    ("r0-number", "0", "Write the number in digits."),
    ("r0-title", "x" * 1_001, "A title can have at most 1000 characters."),
    ("r0-other", "Findes ikke", "The plan has no initiative with this title."),
    ("r0-other", "99", "The memo has no other row 99."),
)
ON_NO_LIST = (
    {"r0-aim": "same:999999"},
    {"r0-aim": "row:77"},
    {"r0-aim": "row:0"},
    {"r0-aim": "everything"},
    {"r0-place": "administration:999999"},
    {"r0-place": "section:40"},
    {"r0-place": "elsewhere"},
)


def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(
    office: StrictClient, app: Flask, preview: str
) -> None:
    for field, typed, sentence in SLIPS:
        fields = {field: typed, "r1-text": "Skrevet i rækken under."}
        answer = office.submit(preview, fields, button="Accept all 2 rows")
        page = text_of(answer)
        assert answer.status_code == 400, fields
        assert page.count(sentence) == 2, "once in the summary, once at the field"
        assert f'href="#{field}"' in page
        assert "Skrevet i rækken under." in page
    for fields in ON_NO_LIST:
        answer = office.submit(preview, fields, button="Save")
        assert answer.status_code == 400, fields
        assert "Choose one from the list." in text_of(answer)
    with app.app_context():
        assert db.session.scalars(select(MemoUpload.choices)).one() == {}


@pytest.mark.both_databases
def test_of_two_tabs_the_second_is_shown_both_and_loses_nothing(
    office: StrictClient, app: Flask, preview: str
) -> None:
    here, there = office.get(preview), office.get(preview)
    changed = press(office, there, preview, "Save", r0_text="Fra den anden fane.", r1_number="22")
    assert changed.status_code == 303
    answer = press(office, here, preview, "Save", r0_text="Fra den første fane.")
    page = text_of(answer)
    assert answer.status_code == 409
    for words in ("Fra den første fane.", "Saved meanwhile", "Fra den anden fane.", 'value="22"'):
        assert words in page
    assert press(office, answer, preview, "Save").status_code == 303
    kept = text_of(office.get(preview))
    assert "Fra den første fane." in kept
    assert "Fra den anden fane." not in kept
    assert 'value="22"' in kept, "what was not touched here is as it was chosen there"


def test_a_slip_of_the_hand_does_not_hide_that_somebody_was_quicker(
    office: StrictClient, preview: str
) -> None:
    here, there = office.get(preview), office.get(preview)
    press(office, there, preview, "Save", r0_text="Fra den anden fane.")
    answer = press(office, here, preview, "Save", r0_text="Min tekst.", r1_number="elleve")
    assert answer.status_code == 409
    assert "Fra den anden fane." in text_of(answer)
    slip = press(office, answer, preview, "Save")
    assert slip.status_code == 400, "the number is still no number"
    press(office, office.get(preview), preview, "Save", r0_text="Fra den tredje fane.")
    assert press(office, slip, preview, "Save", r1_number="11").status_code == 409


def test_what_was_not_looked_at_is_not_imported(office: StrictClient, app: Flask, preview: str) -> None:
    summary = office.submit(preview, button="Accept all 2 rows").location
    looked_at = office.get(summary, budget=11)
    known(app, "Besøg")
    answer = press(office, looked_at, summary, "Confirm and import")
    assert answer.status_code == 409
    assert "1 initiative is in the plan already and gets this status." in text_of(answer)
    assert counts(app) == (1, 0, 0, 0)
    assert press(office, answer, summary, "Confirm and import").status_code == 303
    assert counts(app) == (2, 1, 2, 1)


def test_a_button_that_was_not_there_imports_nothing(office: StrictClient, app: Flask, preview: str) -> None:
    page = office.get(preview)
    form = fill(text_of(page), preview, {}, button="Save")
    sent = {"csrf_token": form.values["csrf_token"], "digest": "0" * 64}
    assert office.post(f"{preview}/import", data=sent).status_code == 409
    assert counts(app) == (0, 0, 0, 0)


def test_a_section_is_given_to_an_administration_of_the_plan(office: StrictClient, app: Flask) -> None:
    known(app, "Noget andet")
    here = f"{hand_over(office).location}/administrations"
    assert "Kulturforvaltningen" in text_of(office.get(here, budget=11))
    with app.app_context():
        id_ = str(db.session.scalars(select(Initiative.administration_id)).one())
    office.submit(here, {"s0-administration": id_}, button="Save")
    summary = text_of(office.get(here.replace("/administrations", "/import")))
    assert "New administrations" not in summary
    assert office.submit(here, {"s0-administration": "999999"}, button="Save").status_code == 400
    assert office.submit(here, {"s0-name": "x" * 201}, button="Save").status_code == 400


def test_what_the_memo_does_not_mention_is_listed_and_merged_only_when_somebody_says_so(
    office: StrictClient, app: Flask
) -> None:
    gone, stays = known(app, "Oldinge i skolen", "Cykler til alle")
    preview = hand_over(office).location
    here = f"{preview}/unmentioned"
    page = text_of(office.get(here, budget=11))
    assert "Oldinge i skolen" in page
    assert "Cykler til alle" in page
    refused = office.submit(here, {f"u{gone}": "17"}, button="Save")
    assert refused.status_code == 400
    assert "The memo has no row 17 of its own." in text_of(refused)
    office.submit(here, {f"u{gone}": "2"}, button="Save")
    summary = office.submit(preview, button="Accept all 2 rows").location
    assert "“Oldinge i skolen” into row 2, “Besøg”" in text_of(office.get(summary))
    office.submit(summary, button="Confirm and import")
    with app.app_context():
        standings = [db.session.get_one(Initiative, one).standing for one in (gone, stays)]
    assert standings == [Standing.merged, Standing.active]


def test_what_was_left_out_stands_with_its_place(office: StrictClient, preview: str) -> None:
    assert "Kontoret takker" not in text_of(office.get(f"{preview}/left-out"))
    word, file = Document(io.BytesIO(FILE)), io.BytesIO()
    word.add_paragraph("Kontoret takker for bidragene.")
    word.save(file)
    page = text_of(office.get(f"{hand_over(office, file.getvalue()).location}/left-out", budget=11))
    assert "Kontoret takker for bidragene." in page
    assert 'data-title="Place">paragraph ' in page


def test_where_a_piece_stands_is_said_in_one_language(app: Flask) -> None:
    place = say("%(place)s, deleted text", place=say("paragraph %(number)s", number=3))
    with app.test_request_context(), force_locale("da"):
        assert translated(place) == "afsnit 3, slettet tekst"
    assert str(place) == "paragraph 3, deleted text"


def test_a_memo_of_a_thousand_rows_is_looked_through_a_page_at_a_time(
    office: StrictClient, app: Flask
) -> None:
    many = tuple(
        Row(at, f"Indsats om emne {at}", (Block("paragraph", f"Der er sket noget i sag {at}."),))
        for at in range(1, 1_001)
    )
    memo = replace(MEMO, tables=(replace(MEMO.tables[0], sections=(Section("Skoleforvaltningen", many),)),))
    preview = hand_over(office, word_file(memo)).location
    page = office.get(f"{preview}?page=7", budget=11)
    assert text_of(page).count('name="row"') == 20
    assert 'value="Indsats om emne 121"' not in text_of(page), "a title is a text of several lines"
    assert "Indsats om emne 121" in text_of(page)
    answer = press(office, page, preview, "Save and go to the next page", r120_title="En anden titel")
    assert "page=8" in answer.location
    assert "En anden titel" in text_of(office.get(f"{preview}?page=7"))
    assert "Indsats om emne 1000" in text_of(office.get(f"{preview}?page=999"))


def test_a_text_longer_than_a_form_can_send_is_left_as_it_is(office: StrictClient) -> None:
    long = Row(1, "Lang", (Block("paragraph", "ord " * 110_000),))
    memo = replace(MEMO, tables=(replace(MEMO.tables[0], sections=(Section("Skoler", (long,)),)),))
    preview = hand_over(office, word_file(memo)).location
    page = office.get(preview)
    assert "This text is too long to be changed here." in text_of(page)
    assert press(office, page, preview, "Save", r0_title="Kort").status_code == 303


def test_what_the_file_holds_is_text_and_never_markup(office: StrictClient) -> None:
    row = Row(1, "<script>alert(1)</script>", (Block("paragraph", "<img src=x onerror=alert(2)>"),))
    memo = replace(MEMO, tables=(replace(MEMO.tables[0], sections=(Section("<b>Skoler</b>", (row,)),)),))
    preview = hand_over(office, word_file(memo)).location
    for part in ("", "/administrations", "/import"):
        page = text_of(office.get(preview + part))
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b>Skoler" not in page


def test_another_file_takes_the_place_of_the_one_that_waits(office: StrictClient, preview: str) -> None:
    office.submit(preview, {"r0-title": "Valgt"}, button="Save")
    before = office.get(preview)
    other = hand_over(office, TEXT.encode(), name="memo.txt").location
    late = press(office, before, preview, "Save", r0_title="For sent")
    assert late.status_code in {404, 409}, "a database may give the number of what has gone to the next one"
    kept = text_of(office.get(other))
    assert "Valgt" not in kept
    assert "For sent" not in kept


def test_a_wrong_year_is_put_right_without_losing_what_was_chosen(office: StrictClient, preview: str) -> None:
    office.submit(preview, {"r0-title": "Valgt"}, button="Save")
    again = text_of(office.get(hand_over(office, FILE, year="2024").location))
    assert "What was read from the memo of 2024" in again
    assert "Valgt" in again
