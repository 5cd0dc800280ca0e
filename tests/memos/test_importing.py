"""Bringing an earlier memo into a plan."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.support import make
from tracker import clock
from tracker.domain.errors import DomainError, InvalidInput
from tracker.domain.memo import Memo, Row, Section, Table
from tracker.domain.text import Block, Footnote, parse
from tracker.domain.workflow import ProgressState, State
from tracker.extensions import db
from tracker.memos.building import memo_of_round
from tracker.memos.editions import final_edition, memo_of_edition
from tracker.memos.importing.actions import Summary, import_reading, report
from tracker.memos.importing.matching import match
from tracker.memos.reading import Doubt, LeftOut, Reading, Sentence, read
from tracker.plans import queries as plans
from tracker.plans.actions import add_committee
from tracker.plans.models import Administration, Initiative, Plan
from tracker.rounds.models import RoundState, StatusUpdate
from tracker.rounds.queries import round_of


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with app.app_context():
        yield db.session()


def paragraph(text: str) -> Block:
    return Block("paragraph", text)


def memo(*sections: tuple[str, list[tuple[str, str]]], notes: tuple[Footnote, ...] = ()) -> Memo:
    """A memo of these (administration, [(title, text)]), numbered through."""
    number = iter(range(1, 100))
    return Memo(
        title="Status 2025",
        intro=("Her er status.",),
        tables=(
            Table(
                "Tabel 1.",
                tuple(
                    Section(name, tuple(Row(next(number), title, (paragraph(text),)) for title, text in rows))
                    for name, rows in sections
                ),
            ),
        ),
        footnotes=notes,
    )


SMALL = memo(
    ("Skoleforvaltningen", [("Mentorer", "Tolv mentorer er i gang."), ("Besøg", "Otte klasser kom.")]),
    ("Børne- og Fritidsforvaltningen", [("Åbne haller", "Hallerne åbnede 1. maj.")]),
)


def bring(session: Session, plan: Plan, what: Memo, *, year: int = 2025) -> Summary:
    return import_reading(session, Reading(what), slug=plan.slug, year=year, by=None, at=clock.now())


def titles(session: Session, plan: Plan) -> list[str]:
    found = select(Initiative.title).where(Initiative.plan_id == plan.id).order_by(Initiative.id)
    return list(session.scalars(found))


@pytest.mark.both_databases
def test_a_memo_fills_an_empty_plan(session: Session) -> None:
    plan = make.plan(session)
    assert bring(session, plan, SMALL) == Summary(new_administrations=2, new_initiatives=3, rows=3)
    administrations = plans.administrations(session, plan.id)
    assert [(one.code, one.name) for one in administrations] == [
        ("SF", "Skoleforvaltningen"),
        ("BFF", "Børne- og Fritidsforvaltningen"),
    ]
    assert titles(session, plan) == ["Mentorer", "Besøg", "Åbne haller"]


def test_the_round_of_the_memo_is_locked_with_its_texts_and_numbers(session: Session) -> None:
    plan = make.plan(session)
    bring(session, plan, SMALL)
    round_ = round_of(session, plan.id, 2025)
    assert round_ is not None
    assert round_.state is RoundState.locked
    updates = session.scalars(select(StatusUpdate).order_by(StatusUpdate.number)).all()
    assert [(one.number, one.title, one.text) for one in updates] == [
        (1, "Mentorer", "Tolv mentorer er i gang."),
        (2, "Besøg", "Otte klasser kom."),
        (3, "Åbne haller", "Hallerne åbnede 1. maj."),
    ]
    assert {one.state for one in updates} == {State.locked}


def test_how_far_an_initiative_is_is_never_read_out_of_its_text(session: Session) -> None:
    plan = make.plan(session)
    bring(session, plan, memo(("Skoler", [("Mentorer", "Indsatsen er gennemført.")])))
    assert set(session.scalars(select(StatusUpdate.progress))) == {ProgressState.not_stated}


def test_what_the_memo_printed_is_kept_whole_as_the_final_edition(session: Session) -> None:
    plan = make.plan(session)
    bring(session, plan, SMALL)
    round_ = round_of(session, plan.id, 2025)
    assert round_ is not None
    edition = final_edition(session, round_.id)
    assert edition is not None
    assert edition.version == 1
    assert memo_of_edition(edition) == SMALL


@pytest.mark.both_databases
def test_importing_twice_changes_nothing_and_says_so(session: Session) -> None:
    plan = make.plan(session)
    bring(session, plan, SMALL)
    before = [session.scalar(select(func.count()).select_from(table)) for table in (Initiative, StatusUpdate)]
    other = memo(("Andre", [("Ny", "Tekst.")]))
    assert bring(session, plan, other) == Summary(rows=1, already_there=True)
    after = [session.scalar(select(func.count()).select_from(table)) for table in (Initiative, StatusUpdate)]
    assert before == after


@pytest.mark.both_databases
def test_the_next_memo_finds_the_initiatives_of_the_first(session: Session) -> None:
    plan = make.plan(session)
    bring(session, plan, SMALL)
    again = memo(
        ("SKOLEFORVALTNINGEN", [("  mentorer. ", "Nu tyve."), ("Nyt tilbud", "Åbnet.")]),
        ("Børne- og fritidsforvaltningen", [("Åbne haller", "Stadig åbne.")]),
    )
    assert bring(session, plan, again, year=2026) == Summary(new_initiatives=1, matched_initiatives=2, rows=3)
    assert titles(session, plan) == ["Mentorer", "Besøg", "Åbne haller", "Nyt tilbud"]


def test_a_block_under_a_committees_name_belongs_to_its_administration(session: Session) -> None:
    plan = make.plan(session)
    care = make.administration(session, plan, "OF", name="Omsorgsforvaltningen")
    add_committee(
        session, plan, code="OU", name="Omsorgsudvalget", administration=care, by=None, at=clock.now()
    )
    summary = bring(session, plan, memo(("Omsorgsudvalget", [("Besøgsvenner", "Ti venner.")])))
    assert summary.new_administrations == 0
    assert session.scalars(select(Initiative.administration_id)).one() == care.id


def test_an_initiative_that_has_moved_is_known_by_its_title(session: Session) -> None:
    plan = make.plan(session)
    now_here = make.administration(session, plan, "N", name="Nu her")
    make.initiative(session, now_here, "Mentorer")
    make.administration(session, plan, "F", name="Før her")
    summary = bring(session, plan, memo(("Før her", [("Mentorer", "I gang.")])))
    assert summary == Summary(matched_initiatives=1, rows=1)


def test_one_title_in_two_administrations_is_two_initiatives(session: Session) -> None:
    plan = make.plan(session)
    first, second = make.administration(session, plan, name="A"), make.administration(session, plan, name="B")
    of_first, of_second = (make.initiative(session, one, "Kampagne") for one in (first, second))
    bring(session, plan, memo(("B", [("Kampagne", "Om B.")]), ("A", [("Kampagne", "Om A.")])))
    found = select(StatusUpdate.initiative_id, StatusUpdate.text)
    assert {row[0]: row[1] for row in session.execute(found)} == {of_first.id: "Om A.", of_second.id: "Om B."}


def test_two_rows_with_one_title_are_two_initiatives(session: Session) -> None:
    plan = make.plan(session)
    twice = memo(("A", [("Kampagne", "Om foråret."), ("Kampagne", "Om efteråret.")]))
    assert bring(session, plan, twice).new_initiatives == 2
    assert bring(session, plan, twice, year=2026).matched_initiatives == 2


def test_one_administration_in_two_blocks_is_created_once(session: Session) -> None:
    plan = make.plan(session)
    split = memo(
        ("Skoler", [("Mentorer", "Ja.")]), ("Haller", [("Åbent", "Ja.")]), ("Skoler", [("Besøg", "Ja.")])
    )
    assert bring(session, plan, split).new_administrations == 2
    assert [one.name for one in plans.administrations(session, plan.id)] == ["Skoler", "Haller"]


def test_administrations_with_the_same_initials_get_codes_of_their_own(session: Session) -> None:
    plan = make.plan(session)
    bring(
        session, plan, memo(("Skoleforvaltningen", [("A", "Ja.")]), ("Socialforvaltningen", [("B", "Ja.")]))
    )
    assert [one.code for one in plans.administrations(session, plan.id)] == ["SF", "SF2"]


def test_a_memo_without_headings_and_titles_is_imported_all_the_same(session: Session) -> None:
    plan = make.plan(session)
    bring(session, plan, memo(("", [("", "Tekst uden titel.")])))
    assert [one.name for one in plans.administrations(session, plan.id)] == ["Uden forvaltning"]
    assert titles(session, plan) == ["Indsats 1"]


def test_footnotes_are_numbered_within_each_text_and_square_metres_stay(session: Session) -> None:
    plan = make.plan(session)
    with_notes = memo(
        ("Skoler", [("A", "Først¹."), ("B", "Så³ og siden² på 40 m⁴.")]),
        notes=(Footnote(1, "Et."), Footnote(2, "To."), Footnote(3, "Tre.")),
    )
    bring(session, plan, with_notes)
    texts = session.scalars(select(StatusUpdate.text).order_by(StatusUpdate.number)).all()
    assert texts[0] == "Først¹.\n¹ Et."
    assert parse(texts[1]).footnotes == (Footnote(1, "Tre."), Footnote(2, "To."))
    assert parse(texts[1]).blocks == (paragraph("Så¹ og siden² på 40 m⁴."),)


def test_the_round_prints_the_rows_that_were_imported(session: Session) -> None:
    plan = make.plan(session)
    bring(session, plan, SMALL)
    round_ = round_of(session, plan.id, 2025)
    assert round_ is not None
    printed = memo_of_round(session, plan, round_, on=clock.today()).memo
    assert printed.tables == SMALL.tables


@pytest.mark.parametrize("year", [1999, 2101, 0])
def test_a_year_that_no_round_can_have_is_refused(session: Session, year: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        bring(session, make.plan(session), SMALL, year=year)
    assert refused.value.field == "year"


def test_a_memo_without_rows_is_refused(session: Session) -> None:
    plan = make.plan(session)
    with pytest.raises(DomainError, match="nothing to import"):
        bring(session, plan, Memo("Tomt"))
    assert round_of(session, plan.id, 2025) is None


def test_comparing_with_the_plan_changes_nothing(session: Session) -> None:
    plan = make.plan(session)
    found = match(session, plan, SMALL)
    assert (found.new, found.known) == (3, 0)
    assert found.new_administrations == ("Skoleforvaltningen", "Børne- og Fritidsforvaltningen")
    assert session.scalar(select(func.count()).select_from(Administration)) == 0


def test_the_report_names_doubts_and_what_was_left_out() -> None:
    reading = Reading(
        SMALL,
        left_out=(LeftOut("Side 2", Sentence("page foot")),),
        doubts=(Doubt(3, "Åbne", Sentence("the title may go on")),),
    )
    lines = report(reading, Summary(2, 3, 0, 3), dry_run=True).splitlines()
    assert "3 rows, 2 sections, 0 footnotes" in lines
    assert "  doubt, row 3: the title may go on: Åbne" in lines
    assert "  left out, page foot: Side 2" in lines
    assert lines[-1] == "Dry run: nothing was saved."
    assert "nothing was changed" in report(reading, Summary(rows=3, already_there=True), dry_run=False)


def test_last_years_memo_comes_in_whole(session: Session, seed: Path) -> None:
    plan = make.plan(session)
    reading = read(seed / "aarlig-status-2025.docx")
    assert bring(session, plan, reading.memo) == Summary(7, 42, 0, 42)
    round_ = round_of(session, plan.id, 2025)
    assert round_ is not None
    draft = memo_of_round(session, plan, round_, on=clock.today())
    assert [row.text for row in draft.memo.rows] == [row.text for row in reading.memo.rows]
    assert draft.memo.footnotes == reading.memo.footnotes
    assert not draft.missing
