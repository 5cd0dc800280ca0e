"""The secretariat corrects what was misread around the rows of an earlier memo: its front and footnotes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.memos.test_confirming import MEMO as NUMBERED
from tests.memos.test_confirming import bring, chosen, edition, statuses
from tests.support import make
from tests.support.client import StrictClient
from tests.web.secretariat.test_confirming_a_memo import press, text_of
from tests.web.secretariat.test_importing_a_memo import MEMO, accept_all, hand_over, office, word_file
from tracker.audit.models import JournalEntry
from tracker.domain.memo import Memo, Table
from tracker.domain.text import Footnote
from tracker.extensions import db
from tracker.memos.editions import memo_of_edition
from tracker.memos.importing.choices import Choices, RowChoice, from_json, to_json
from tracker.memos.importing.confirming import digest
from tracker.memos.importing.front import PARTS, doubts_of_front, with_front
from tracker.memos.models import Edition, MemoUpload
from tracker.memos.reading import Doubt, Reading
from tracker.memos.reading.result import say
from tracker.rounds.models import Round

__all__ = ["office"]
LOOSE = replace(NUMBERED, footnotes=(*NUMBERED.footnotes, Footnote(4, "Uden tal.")))


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with app.app_context():
        yield db.session()


def front(memo: Memo, parts: dict[str, str] | None = None, **notes: str) -> Choices:
    """The choices of parts by name, and of notes by `n` and their place."""
    return with_front(Choices(), memo, parts or {}, {int(name[1:]): text for name, text in notes.items()})


@pytest.mark.both_databases
def test_what_was_misread_is_corrected_and_imported_as_it_was_written(
    office: StrictClient, app: Flask
) -> None:
    preview = hand_over(office, word_file()).location
    here = f"{preview}/front"
    page = text_of(office.get(here, budget=11))
    assert "<bdi>Status på planen 2025</bdi></div>" in page, "the words of the file"
    assert "Status på planen 2025</textarea>" in page, "the field beside them"
    assert "Its mark stands here: row 1." in page
    typed = {
        "front-title": "Status for planen  2025",
        "front-case_number": "2025-0042",
        "front-recipients": "Udvalget",
        "front-intro": "Her er status[^1].\r\n\r\nOg mere.",
        "front-caption": "Tabel 1. Alle indsatser.",
        "note-0": "Talt i juni.",
    }
    answer = office.submit(here, typed, button="Save", budget=22)
    assert answer.location.startswith(here)
    again = text_of(office.get(here))
    assert "<bdi>Status på planen 2025</bdi></div>" in again, "the words of the file stay beside it"
    assert "Its mark stands here: the introduction, row 1." in again
    assert "Talt i juni." in text_of(office.get(preview)), "the row shows its note as it is now"
    summary = accept_all(office, preview).location
    shown = text_of(office.get(summary, budget=11))
    assert "2025-0042" in shown
    assert (
        "as it was corrected: Title, Case number, Recipients, Introduction, Caption of the table, Footno"
        in shown
    )
    office.submit(summary, button="Confirm and import")
    with app.app_context():
        memo = memo_of_edition(db.session.scalars(select(Edition)).one())
        round_ = db.session.scalars(select(Round)).one()
        facts = select(JournalEntry).where(JournalEntry.fact == "memo_confirmed")
        written = db.session.scalars(facts).one().details["front"]
    assert (memo.title, memo.head.case_number, memo.head.recipients, memo.head.office) == (
        *("Status for planen 2025", "2025-0042", "Udvalget"),
        MEMO.head.office,
    )
    assert (memo.intro, memo.caption) == (("Her er status¹.", "Og mere."), "Tabel 1. Alle indsatser.")
    assert memo.footnotes == (Footnote(1, "Talt i juni."),)
    assert (round_.intro, round_.caption) == ("Her er status¹.\nOg mere.", memo.caption)
    assert written == ["title", "case_number", "recipients", "intro", "caption", "footnotes"]


def test_an_untouched_front_is_kept_to_the_letter_and_saving_it_chooses_nothing(
    office: StrictClient, app: Flask
) -> None:
    here = f"{hand_over(office, word_file()).location}/front"
    assert office.submit(here, button="Save").status_code == 303
    with app.app_context():
        assert db.session.scalars(select(MemoUpload.choices)).one() == {}
    odd = replace(MEMO, title="Status  på\u00a0planen ", intro=("  Her er\tstatus. ", ""))
    every = dict.fromkeys(PARTS, "Andet")
    back = with_front(with_front(Choices(), odd, every, {}), odd, {"title": odd.title}, {})
    assert "title" not in back.front.parts
    assert from_json(to_json(back)) == back


SLIPS = (
    ("front-title", " ", "Write the title of the memo."),
    ("front-intro", "Se noten[^7].", "The memo has no footnote 7."),
    ("front-office", "x" * 1_001, "This can have at most 1000 characters."),
    ("note-0", "x" * 5_001, "This can have at most 5000 characters."),
    ("note-0", "", "A mark points at this footnote (row 1), so it cannot be left out."),
)


def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(
    office: StrictClient, app: Flask
) -> None:
    here = f"{hand_over(office, word_file()).location}/front"
    for field, typed, sentence in SLIPS:
        answer = office.submit(here, {field: typed, "front-date": "1. maj 2025"}, button="Save")
        page = text_of(answer)
        assert answer.status_code == 400, field
        assert page.count(sentence) == 2, "once in the summary, once at the field"
        assert f'href="#{field}"' in page
        assert 'value="1. maj 2025"' in page
    with app.app_context():
        assert db.session.scalars(select(MemoUpload.choices)).one() == {}


def test_of_two_tabs_the_second_is_shown_both_and_loses_nothing(office: StrictClient, app: Flask) -> None:
    here = f"{hand_over(office, word_file()).location}/front"
    mine, theirs = office.get(here), office.get(here)
    fields = {"front_title": "Deres titel", "front_caption": "Deres tabel"}
    assert press(office, theirs, here, "Save", **fields).status_code == 303
    answer = press(office, mine, here, "Save", front_title="Min titel", note_0="Min note.")
    page = text_of(answer)
    assert answer.status_code == 409
    for words in ("Min titel", "Min note.", "Saved meanwhile", "Deres titel", "Deres tabel"):
        assert words in page
    assert press(office, answer, here, "Save").status_code == 303
    with app.app_context():
        said = from_json(db.session.scalars(select(MemoUpload.choices)).one()).front
    assert dict(said.parts) == {"title": "Min titel", "caption": "Deres tabel"}
    assert [note.text for note in said.notes.values()] == ["Min note."]


@pytest.mark.both_databases
def test_a_note_is_corrected_wherever_its_mark_stands_and_goes_only_when_none_does(session: Session) -> None:
    plan = make.plan(session)
    mended = RowChoice(text="Tretten er i gang¹, og to venter².\n¹ Talt i juni.\n² Af ni.")
    choices = with_front(Choices(rows={0: mended}), LOOSE, {}, {1: "Talt i juli.", 2: "", 3: ""})
    choices = with_front(choices, LOOSE, {"title": "Status"}, {1: "Talt i august."})
    assert choices.rows[0].text == "Tretten er i gang¹, og to venter².\n¹ Talt i august.\n² Af ni."
    bring(session, plan, memo=LOOSE, rows=choices.rows, front=choices.front)
    assert [text for _number, _title, text in statuses(session)] == [
        choices.rows[0].text,
        "Otte klasser kom.",
        "Hallerne på 40 m⁹ åbnede¹.\n¹ Og svømmehaller.",
    ], "the third note is there again, since its mark stands in a row; the loose one is gone"
    assert [note.text for note in edition(session, plan).footnotes] == [
        *("Af maj.", "Talt i august.", "Af ni.", "Og svømmehaller."),
    ]


def test_a_mark_that_is_taken_out_of_the_front_takes_its_note_along_and_the_others_follow(
    session: Session,
) -> None:
    plan = make.plan(session)
    bring(session, plan, front=front(NUMBERED, {"intro": "Her er status.", "date": "1. maj"}).front)
    kept = edition(session, plan)
    assert [note.text for note in kept.footnotes] == ["Talt i juni.", "Og svømmehaller."]
    assert kept.rows[0].text == "Tolv mentorer er i gang¹."
    before, count = statuses(session), session.scalar(select(func.count()).select_from(Edition))
    assert bring(session, plan, front=front(NUMBERED, {"title": "Andet"}).front).already_there
    assert (statuses(session), session.scalar(select(func.count()).select_from(Edition))) == (before, count)
    assert edition(session, plan) == kept


def test_the_head_alone_moves_no_note_and_any_word_of_the_front_changes_what_is_confirmed(
    session: Session,
) -> None:
    plan = make.plan(session)
    gaps = replace(NUMBERED, footnotes=(*NUMBERED.footnotes[:2], Footnote(7, "Løs."), NUMBERED.footnotes[2]))

    def said(choices: Choices) -> str:
        found = chosen(session, plan, gaps, front=choices.front)
        return digest(found, sha256="0" * 64, version=1, year=2025)

    changed = [front(gaps, {name: "Andet"}) for name in PARTS] + [front(gaps, n0="Andet"), front(gaps, n2="")]
    assert len({said(Choices()), *map(said, changed)}) == len(changed) + 1
    bring(session, plan, memo=gaps, front=front(gaps, {"date": "1. maj"}, n0="Af juni.").front)
    kept = edition(session, plan)
    assert replace(kept, head=gaps.head, footnotes=gaps.footnotes) == gaps
    assert (kept.head.date, kept.footnotes) == ("1. maj", (Footnote(1, "Af juni."), *gaps.footnotes[1:]))


def test_what_is_doubtful_of_the_front_is_named_until_somebody_has_written_it(session: Session) -> None:
    unsure = say("The word was divided at a line's end; whether it was joined rightly is uncertain.")
    memo = replace(MEMO, title="", intro=("Stats borgere.",), tables=(Table("Tabel 1.", MEMO.sections),))
    reading = Reading(memo, doubts=(Doubt(None, "Statsborgere", unsure), Doubt(None, "borgere", unsure)))
    about = [one.about for one in doubts_of_front(reading, Choices())]
    assert about == ["title", "intro"]
    written = front(memo, {"title": "Status", "intro": "Statsborgere."}, n0="Talt i juni.")
    assert doubts_of_front(reading, written) == ()
    other = Reading(replace(memo, head=replace(memo.head, date="2. maj"), footnotes=(Footnote(1, "Talt."),)))
    assert [one.about for one in doubts_of_front(other, written)] == ["title", "intro", 0]
    found = chosen(session, make.plan(session), other.memo, front=written.front)
    assert found.memo.footnotes == (Footnote(1, "Talt."),), "a correction of another note is not used"
