"""From a round to the memo, and locking it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date
from io import BytesIO

import docx
import pypdf
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.support import make
from tests.support.rounds import Office
from tracker import clock
from tracker.audit.sealing import head, seal
from tracker.domain.errors import MoveRefused, NoRight, NotAllowed
from tracker.domain.text import Block, Footnote
from tracker.domain.workflow import Outcome, State
from tracker.extensions import db
from tracker.initiatives.changing import add_to_plan
from tracker.memos import files, frozen
from tracker.memos.building import memo_of_round
from tracker.memos.editions import (
    editions_of,
    final_edition,
    freeze_final,
    freeze_for_meeting,
    lock_round,
    memo_of_edition,
    printed_edition,
)
from tracker.memos.files import FileKind, edition_file
from tracker.memos.models import EditionKind
from tracker.memos.reading import read_bytes
from tracker.plans.models import Administration, Committee, MembershipRole, Origin, Standing
from tracker.plans.rights import Rights, rights_of
from tracker.rounds.models import RoundState, StatusRevision, StatusUpdate

DAY = date(2026, 12, 5)
NOT_APPROVED = "Følgende er ikke godkendt endnu:"


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    with app.app_context():
        yield Office.of(db.session())


@pytest.fixture
def session(office: Office) -> Session:
    return office.session


@pytest.mark.both_databases
def test_rows_come_in_the_order_of_the_plan_with_continuous_numbers(office: Office, session: Session) -> None:
    first, second = make.administration(session, office.plan), make.administration(session, office.plan)
    late = make.initiative(session, second, "Last", owner=office.owner)
    make.initiative(session, first, "First", owner=office.owner)
    make.initiative(session, first, "Then", owner=office.owner)
    round_ = make.open_round(session, office.plan)
    office.approve(late, round_, "Approved first.")
    draft = memo_of_round(session, office.plan, round_, on=DAY)
    assert [(row.number, row.title) for row in draft.memo.rows] == [(1, "First"), (2, "Then"), (3, "Last")]
    assert [section.name for section in draft.memo.sections] == [first.name, second.name]
    assert draft.memo.head.date == "5. december 2026"


@pytest.mark.both_databases
def test_a_locked_edition_names_the_head_of_the_journal_it_was_locked_under(
    office: Office, session: Session
) -> None:
    ours = make.initiative(session, make.administration(session, office.plan), "One", owner=office.owner)
    round_ = make.open_round(session, office.plan)
    office.approve(ours, round_, "Text.")
    seal(session, now=clock.now())
    sealed = head(session)
    edition = freeze_final(session, office.plan, round_, by=None, at=clock.now())
    seal(session, now=clock.now())
    assert edition.journal_head == f"{sealed.sequence}:{sealed.hash}"
    data = edition_file(edition, office.plan, year=2026, kind=FileKind.docx).data
    with zipfile.ZipFile(BytesIO(data)) as package:
        foot = package.read("word/footer1.xml").decode()
    assert f"Journal {sealed.sequence}, {sealed.hash[:16]}" in foot


def test_a_draft_prints_no_text_that_was_not_submitted_and_lists_what_lacks_approval(
    office: Office, session: Session
) -> None:
    area = make.administration(session, office.plan, "A")
    ours = [make.initiative(session, area, f"No {n}", owner=office.owner) for n in range(1, 5)]
    round_ = make.open_round(session, office.plan)
    office.approve(ours[0], round_, "Approved text.")
    office.submit(ours[1], round_, "Submitted text.")
    make.update_of(session, ours[2], round_).text = "Halfway written."
    make.update_of(session, ours[2], round_).state = State.draft
    office.waive(ours[3], round_, outcome=Outcome.discontinued, reason="The house was sold.")
    draft = memo_of_round(session, office.plan, round_, on=DAY)
    assert [row.text for row in draft.memo.rows] == [
        "Approved text.",
        "Submitted text.",
        "Status er endnu ikke modtaget.",
        "Indsatsen er udgået. The house was sold.",
    ]
    assert [(one.number, one.state) for one in draft.missing] == [(2, State.submitted), (3, State.draft)]


def test_nothing_new_is_said_before_what_was_written(office: Office, session: Session) -> None:
    one = make.initiative(session, make.administration(session, office.plan), owner=office.owner)
    round_ = make.open_round(session, office.plan)
    update = office.approve(one, round_, "The group meets in May.")
    update.outcome, update.reason = Outcome.nothing_new, "The money comes in spring."
    row = memo_of_round(session, office.plan, round_, on=DAY).memo.rows[0]
    assert row.text.splitlines() == [
        "Der er ikke nyt siden sidste status. The money comes in spring.",
        "The group meets in May.",
    ]


def test_footnotes_are_numbered_through_the_memo_in_the_order_of_reading(
    office: Office, session: Session
) -> None:
    area = make.administration(session, office.plan)
    ours = [make.initiative(session, area, owner=office.owner) for _ in range(2)]
    round_ = make.open_round(session, office.plan)
    office.approve(ours[0], round_, "Later² than first¹.\n¹ One.\n² Two.")
    office.approve(ours[1], round_, "Third¹.\n¹ Three.")
    memo = memo_of_round(session, office.plan, round_, on=DAY).memo
    assert [row.text for row in memo.rows] == ["Later¹ than first².", "Third³."]
    assert memo.footnotes == (Footnote(1, "Two."), Footnote(2, "One."), Footnote(3, "Three."))


def test_square_metres_do_not_become_a_reference_to_another_rows_footnote(
    office: Office, session: Session
) -> None:
    area = make.administration(session, office.plan)
    ours = [make.initiative(session, area, owner=office.owner) for _ in range(2)]
    round_ = make.open_round(session, office.plan)
    office.approve(ours[0], round_, "One¹ and two².\n¹ A.\n² B.")
    office.approve(ours[1], round_, "The hall has 400 m².")
    memo = memo_of_round(session, office.plan, round_, on=DAY).memo
    assert memo.rows[1].text == "The hall has 400 m²."
    assert 2 not in {note.number for note in memo.footnotes}


def test_lists_and_sub_headings_are_printed_as_such(office: Office, session: Session) -> None:
    one = make.initiative(session, make.administration(session, office.plan), owner=office.owner)
    round_ = make.open_round(session, office.plan)
    office.approve(one, round_, "## Done\n- a\n- b\n1. c\n2. d")
    assert memo_of_round(session, office.plan, round_, on=DAY).memo.rows[0].blocks == (
        Block("heading", "Done"),
        Block("bullet", "a"),
        Block("bullet", "b"),
        Block("number", "c", 1),
        Block("number", "d", 2),
    )


def test_one_administrations_rows_keep_the_numbers_of_the_whole(office: Office, session: Session) -> None:
    first, second = make.administration(session, office.plan), make.administration(session, office.plan)
    make.initiative(session, first)
    make.initiative(session, second, "Ours")
    round_ = make.open_round(session, office.plan)
    memo = memo_of_round(session, office.plan, round_, on=DAY, administration_id=second.id).memo
    assert [(row.number, row.title) for row in memo.rows] == [(2, "Ours")]


def test_a_draft_has_the_present_title_and_a_locked_memo_the_one_it_was_locked_with(
    office: Office, session: Session
) -> None:
    one = make.initiative(session, make.administration(session, office.plan), "Old", owner=office.owner)
    round_ = make.open_round(session, office.plan)
    office.approve(one, round_)
    one.title = "Mended"
    assert memo_of_round(session, office.plan, round_, on=DAY).memo.rows[0].title == "Mended"
    office.lock(round_)
    one.title = "Later"
    assert memo_of_round(session, office.plan, round_, on=DAY).memo.rows[0].title == "Mended"


@pytest.mark.both_databases
def test_locking_fixes_numbers_states_and_the_edition(office: Office, session: Session) -> None:
    area = make.administration(session, office.plan)
    ours = [make.initiative(session, area, owner=office.owner) for _ in range(2)]
    round_ = make.open_round(session, office.plan)
    updates = [
        office.approve(ours[0], round_),
        office.waive(
            ours[1], round_, outcome=Outcome.merged, reason="It is part of the first.", into=ours[0]
        ),
    ]
    edition = office.lock(round_)
    assert round_.state is RoundState.locked
    assert [(one.number, one.state) for one in updates] == [(1, State.locked), (2, State.waived)]
    memo = memo_of_edition(edition)
    assert edition.hash == frozen.digest(memo)
    assert memo == memo_of_round(session, office.plan, round_, on=clock.today()).memo
    assert final_edition(session, round_.id) is edition
    assert len(editions_of(session, [round_.id])) == 1


def test_a_round_is_not_locked_while_a_row_lacks_approval(office: Office, session: Session) -> None:
    make.initiative(session, make.administration(session, office.plan))
    round_ = make.open_round(session, office.plan)
    with pytest.raises(MoveRefused, match="approved or waived"):
        office.lock(round_)
    assert round_.state is RoundState.open


def test_a_round_is_locked_once(office: Office, session: Session) -> None:
    one = make.initiative(session, make.administration(session, office.plan), owner=office.owner)
    round_ = make.open_round(session, office.plan)
    office.approve(one, round_)
    office.lock(round_)
    with pytest.raises(MoveRefused, match="locked already"):
        office.lock(round_)
    assert len(editions_of(session, [round_.id])) == 1


def test_the_secretariat_does_not_lock(office: Office, session: Session) -> None:
    one = make.initiative(session, make.administration(session, office.plan), owner=office.owner)
    round_ = make.open_round(session, office.plan)
    office.approve(one, round_)
    clerk = make.member(session, office.plan, MembershipRole.secretariat)
    rights = rights_of(session, clerk.id, administrator=False, on=clock.today())
    with pytest.raises(NotAllowed):
        lock_round(session, office.plan, round_, rights=rights, by=clerk, at=clock.now())


@pytest.mark.both_databases
def test_versions_count_and_the_old_edition_stays_as_it_was(office: Office, session: Session) -> None:
    one = make.initiative(session, make.administration(session, office.plan), owner=office.owner)
    round_ = make.open_round(session, office.plan)
    update = office.approve(one, round_, "As it was.")
    first = office.lock(round_)
    update.text = "As it is."
    second = freeze_final(session, office.plan, round_, by=None, at=clock.now())
    assert (first.version, second.version) == (1, 2)
    assert memo_of_edition(first).rows[0].text == "As it was."
    assert first.hash == frozen.digest(memo_of_edition(first)) != second.hash


@pytest.mark.parametrize("kind", list(FileKind))
def test_a_locked_edition_gives_the_same_bytes_each_time(
    office: Office, session: Session, kind: FileKind
) -> None:
    one = make.initiative(session, make.administration(session, office.plan), owner=office.owner)
    round_ = make.open_round(session, office.plan)
    office.approve(one, round_)
    edition = office.lock(round_)
    first = edition_file(edition, office.plan, year=2026, kind=kind)
    files._edition_data.cache_clear()
    assert edition_file(edition, office.plan, year=2026, kind=kind) == first
    assert first.name == f"status-here-2026.{kind}"


@pytest.mark.both_databases
def test_an_edition_for_a_meeting_prints_copies_and_moves_nothing(office: Office, session: Session) -> None:
    schools, streets = make.administration(session, office.plan), make.administration(session, office.plan)
    ours = [make.initiative(session, area, owner=office.owner) for area in (schools, schools, streets)]
    round_ = make.open_round(session, office.plan)
    approved = office.approve(ours[0], round_, "It was held.")
    submitted = office.submit(ours[1], round_, "It was held twice.")
    drafted = make.update_of(session, ours[2], round_)
    drafted.state, drafted.text = State.draft, "Nobody reads this yet."
    given = {"rights": office.rights, "by": office.lead, "at": clock.now()}
    own = freeze_for_meeting(session, office.plan, round_, administration_id=schools.id, **given)
    whole = freeze_for_meeting(session, office.plan, round_, **given)
    assert (own.kind, own.administration_id, own.version) == (EditionKind.committee, schools.id, 1)
    assert (whole.kind, whole.administration_id, whole.version) == (EditionKind.consolidated, None, 1)
    memo = memo_of_edition(own)
    assert [row.text for row in memo.rows] == ["It was held.", "It was held twice."]
    printed, notice = printed_edition(own)
    assert notice is not None
    assert [f"2. {ours[1].title}" in line for line in notice.missing] == [True]
    assert (*printed.intro, *notice.missing) == tuple(one for one in memo.intro if one != NOT_APPROVED)
    said = str(memo_of_edition(whole))
    assert "Nobody reads this yet." not in said
    assert ours[2].title in "\n".join(memo_of_edition(whole).intro)
    states = [one.state for one in (approved, submitted, drafted)]
    assert states == [State.approved, State.submitted, State.draft]
    assert round_.state is RoundState.open
    drafted.text, submitted.text = "Other.", "Other."
    session.flush()
    assert memo_of_edition(own) == memo
    again = freeze_for_meeting(session, office.plan, round_, administration_id=schools.id, **given)
    assert (again.version, final_edition(session, round_.id)) == (2, None)


@pytest.mark.both_databases
def test_the_front_of_an_edition_for_a_meeting_says_which_it_is_to_whom_and_what_it_lacks(
    office: Office, session: Session
) -> None:
    schools, streets = (make.administration(session, office.plan, code) for code in "AB")
    office.plan.coordinating_administration = streets.name
    for area, name in ((schools, "Skoleudvalget"), (streets, "Gadeudvalget")):
        session.add(Committee(plan_id=office.plan.id, administration_id=area.id, code=name[:3], name=name))
    ours = [make.initiative(session, area, owner=office.owner) for area in (schools, streets)]
    round_ = make.open_round(session, office.plan)
    office.approve(ours[0], round_, "It was held.")
    office.submit(ours[1], round_, "It was held twice.")
    given = {"rights": office.rights, "by": office.lead, "at": clock.now()}
    own = freeze_for_meeting(session, office.plan, round_, administration_id=schools.id, **given)
    whole = freeze_for_meeting(session, office.plan, round_, **given)
    says = {
        own: ("Udgave til Skoleudvalget", "Alle indsatser er godkendt.", "Til: Skoleudvalget", "-udvalg-"),
        whole: ("Samlet udgave til Gadeudvalget", NOT_APPROVED, "Til: Gadeudvalget", "-samlet"),
    }
    for edition, (*front, name) in says.items():
        for kind in FileKind:
            file = edition_file(edition, office.plan, year=2026, kind=kind)
            assert name in file.name
            words, reading = words_in(file.data, kind), read_bytes(file.data, name=file.name)
            assert [line for line in (*front, "ikke det endelige notat") if line not in words] == []
            assert ("godkendt af sekretariatet" in words) == (edition is own)
            assert "KLADDE" not in words
            assert reading.memo.tables == memo_of_edition(edition).tables
            assert not any("godkendt endnu" in line for line in reading.memo.intro)


def words_in(data: bytes, kind: FileKind) -> str:
    """What a file says from its head to its last page, on one line."""
    if kind is FileKind.docx:
        said = [one.text for one in docx.Document(BytesIO(data)).paragraphs]
    else:
        said = [page.extract_text() for page in pypdf.PdfReader(BytesIO(data)).pages]
    return " ".join(" ".join(said).split())


def test_only_the_secretariat_keeps_an_edition_and_only_while_the_round_is_open(
    office: Office, session: Session
) -> None:
    area, empty = make.administration(session, office.plan), make.administration(session, office.plan)
    one = make.initiative(session, area, owner=office.owner)
    round_ = make.open_round(session, office.plan)
    office.approve(one, round_)
    given = {"by": office.lead, "at": clock.now()}
    with pytest.raises(NoRight):
        freeze_for_meeting(session, office.plan, round_, rights=Rights(), **given)
    with pytest.raises(MoveRefused):
        freeze_for_meeting(
            session, office.plan, round_, administration_id=empty.id, rights=office.rights, **given
        )
    office.lock(round_)
    with pytest.raises(MoveRefused):
        freeze_for_meeting(session, office.plan, round_, rights=office.rights, **given)


@pytest.mark.both_databases
def test_a_number_in_a_text_follows_its_row_when_numbers_move(office: Office, session: Session) -> None:
    first, second = make.administration(session, office.plan), make.administration(session, office.plan)
    ours = [make.initiative(session, first, "Courses", owner=office.owner)]
    ours += [make.initiative(session, second, title, owner=office.owner) for title in ("Camps", "Fairs")]
    round_ = make.open_round(session, office.plan)
    office.submit(ours[0], round_, "Held with others (nr. 2-3), see nr. 9 and law nr. 2.")
    _added(session, office, first, "Added")
    draft = memo_of_round(session, office.plan, round_, on=DAY)
    assert [(row.number, row.title) for row in draft.memo.rows] == [
        (1, "Courses"),
        (2, "Added"),
        (3, "Camps"),
        (4, "Fairs"),
    ]
    assert draft.memo.rows[0].text == "Held with others (nr. 3-4), see nr. 9 and law nr. 2."
    (moved,) = [one for one in draft.references if one.has_moved]
    assert (moved.number, moved.leads_to) == (1, ("Camps", "Fairs"))
    update = make.update_of(session, ours[0], round_)
    assert "(nr. 2-3)" in update.text, "what the owner typed stays as it was typed"
    # Written again, the same number goes on meaning what it meant.
    make.submitted(
        session, _opened(session, update), by=office.owner, text="Held twice (nr. 2-3) beside nr. 4."
    )
    draft = memo_of_round(session, office.plan, round_, on=DAY)
    assert draft.memo.rows[0].text == "Held twice (nr. 3-4) beside nr. 4."


@pytest.mark.both_databases
def test_a_number_carried_over_from_last_year_means_last_years_row(office: Office, session: Session) -> None:
    first, second = make.administration(session, office.plan), make.administration(session, office.plan)
    ours = [make.initiative(session, area, f"No {area.code}", owner=office.owner) for area in (first, second)]
    last = make.open_round(session, office.plan, year=2025)
    for one, text in zip(ours, ("Together with the others (nr. 2).", "Held."), strict=True):
        office.approve(one, last, text)
    office.lock(last)
    added = make.initiative(session, first, "Added", owner=office.owner)
    round_ = make.open_round(session, office.plan)
    office.submit(ours[0], round_, "Still together with the others (nr. 2).")
    office.submit(added, round_, "Held like the rest (nr. 2-3, nr. 7).")
    draft = memo_of_round(session, office.plan, round_, on=DAY)
    assert [row.text for row in draft.memo.rows][:2] == [
        "Still together with the others (nr. 3).",
        "Held like the rest (nr. 2-3, nr. 7).",
    ]
    session.delete(make.update_of(session, ours[1], round_))
    session.flush()
    draft = memo_of_round(session, office.plan, round_, on=DAY)
    assert draft.memo.rows[0].text == "Still together with the others (nr. 2)."
    assert [one.reference.lost for one in draft.references if one.number == 1] == [(2,)]


def _added(session: Session, office: Office, area: Administration, title: str) -> None:
    add_to_plan(
        session,
        area,
        title=title,
        origin=Origin.added,
        origin_decision="The budget",
        origin_on=clock.today(),
        by=office.lead.id,
        at=clock.now(),
    )


def _opened(session: Session, update: StatusUpdate) -> StatusUpdate:
    update.state = State.draft
    session.flush()
    return update


@pytest.mark.both_databases
def test_the_memo_lists_what_lacks_money_and_what_is_proposed_when_the_round_prints_it(
    office: Office, session: Session
) -> None:
    area = make.administration(session, office.plan)
    one = make.initiative(session, area, "Running", owner=office.owner)
    round_ = make.open_round(session, office.plan)
    for title, standing in (("A hall", Standing.unfunded), ("A prize", Standing.proposed)):
        made = make.initiative(session, area, title)
        made.standing, made.description = standing, "- for all\n- each year¹\n¹ From spring."
    session.flush()
    office.approve(one, round_, "It runs¹.\n¹ Since May.")
    assert len(memo_of_round(session, office.plan, round_, on=DAY).memo.tables) == 1
    round_.prints_lists, round_.case_number = True, "2026-0001"
    edition = office.lock(round_)
    memo = memo_of_edition(edition)
    assert [table.kind for table in memo.tables] == ["status", "unfunded", "new"]
    assert [row.title for table in memo.tables for row in table.sections[0].rows] == [
        "Running",
        "A hall",
        "A prize",
    ]
    assert memo.tables[1].sections[0].rows[0].text == "- for all\n- each year²"
    assert [note.text for note in memo.footnotes] == ["Since May.", "From spring.", "From spring."]
    assert memo.head.case_number == "2026-0001"
    read = read_bytes(edition_file(edition, office.plan, year=2026, kind=FileKind.docx).data, name="m.docx")
    assert read.memo.tables == memo.tables
    made.title = "Another prize"
    session.flush()
    again = freeze_final(session, office.plan, round_, by=None, at=clock.now())
    assert memo_of_edition(again).tables == memo.tables


@pytest.mark.both_databases
def test_an_edition_keeps_which_revision_each_row_was_printed_from(office: Office, session: Session) -> None:
    area = make.administration(session, office.plan)
    ours = [make.initiative(session, area, owner=office.owner) for _ in range(3)]
    round_ = make.open_round(session, office.plan)
    approved = office.approve(ours[0], round_, "Held.")
    office.submit(ours[1], round_, "Held twice.")
    given = {"rights": office.rights, "by": office.lead, "at": clock.now()}
    edition = freeze_for_meeting(session, office.plan, round_, **given)
    sources = frozen.sources_of_json(edition.memo)
    assert [(one.number, one.initiative_id) for one in sources] == [
        (1, ours[0].id),
        (2, ours[1].id),
        (3, ours[2].id),
    ]
    assert sources[0].revision_id == approved.approved_revision_id
    texts = [
        session.get_one(StatusRevision, one.revision_id).text
        for one in sources
        if one.revision_id is not None
    ]
    assert texts == ["Held.", "Held twice."]
    assert edition.hash == frozen.digest(memo_of_edition(edition))
