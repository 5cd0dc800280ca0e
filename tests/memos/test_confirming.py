"""What a person decides of a memo that waits, and what is imported then: exactly that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.support import make
from tracker import clock
from tracker.audit.models import JournalEntry
from tracker.domain.errors import MoveRefused, StaleVersion
from tracker.domain.memo import Memo, Row, Section, Table
from tracker.domain.text import Block, Footnote
from tracker.extensions import db
from tracker.memos.editions import final_edition, memo_of_edition
from tracker.memos.importing.actions import Summary
from tracker.memos.importing.carrying_out import import_decided
from tracker.memos.importing.choices import Aim, Choices, Place, RowChoice, SectionChoice, from_json, to_json
from tracker.memos.importing.confirming import Confirming, Effect, digest
from tracker.memos.importing.decided import decided
from tracker.memos.importing.preparing import prepare
from tracker.memos.importing.uploads import keep_choices
from tracker.memos.models import Edition, MemoUpload
from tracker.memos.reading import Doubt, Reading
from tracker.memos.reading.result import say
from tracker.plans.models import Administration, Initiative, Plan, Standing
from tracker.rounds.models import StatusUpdate
from tracker.rounds.queries import round_of


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with app.app_context():
        yield db.session()


def row(number: int, title: str, text: str) -> Row:
    return Row(number, title, (Block("paragraph", text),))


MEMO = Memo(
    title="Status 2025",
    intro=("Her er status¹.",),
    tables=(
        Table(
            "Tabel 1.",
            (
                Section(
                    "Skoleforvaltningen",
                    (
                        row(1, "Mentorer til nye elever", "Tolv mentorer er i gang²."),
                        row(2, "Besøg på museer", "Otte klasser kom."),
                    ),
                ),
                Section("Fritidsudvalget", (row(3, "Åbne haller", "Hallerne på 40 m⁹ åbnede³."),)),
            ),
        ),
    ),
    footnotes=(Footnote(1, "Af maj."), Footnote(2, "Talt i juni."), Footnote(3, "Og svømmehaller.")),
)


def chosen(session: Session, plan: Plan, memo: Memo = MEMO, **choices: Any) -> Confirming:
    return prepare(session, plan, Reading(memo), Choices(**choices))


def upload(
    session: Session, plan: Plan, choices: Choices, *, memo: Memo = MEMO, accept: bool = True
) -> MemoUpload:
    rows = {
        index: replace(choices.row(index), accepted=accept or choices.row(index).accepted)
        for index in range(len(memo.rows))
    }
    made = MemoUpload(
        plan_id=plan.id,
        year=2025,
        file_name="memo.docx",
        content=b"-",
        sha256="0" * 64,
        uploaded_by_id=make.person(session, "Lea").id,
        uploaded_at=clock.now(),
        choices=to_json(replace(choices, rows=rows)),
    )
    session.add(made)
    session.flush()
    return made


def bring(session: Session, plan: Plan, *, memo: Memo = MEMO, year: int = 2025, **choices: Any) -> Summary:
    """Import a memo with these choices, every row accepted."""
    waits = upload(session, plan, Choices(**choices), memo=memo)
    waits.year = year
    session.flush()
    return carry_out(session, plan, waits, memo)


def carry_out(session: Session, plan: Plan, waits: MemoUpload, memo: Memo = MEMO, shown: str = "") -> Summary:
    reading = Reading(memo)
    found = prepare(session, plan, reading, from_json(waits.choices))
    shown = shown or digest(found, sha256=waits.sha256, version=waits.version, year=waits.year)
    by = waits.uploaded_by_id
    return import_decided(session, waits, plan, reading, shown=shown, by=by, at=clock.now())


def statuses(session: Session) -> list[tuple[int | None, str, str]]:
    found = select(StatusUpdate).order_by(StatusUpdate.id)
    return [(one.number, one.title, one.text) for one in session.scalars(found)]


def edition(session: Session, plan: Plan, year: int = 2025) -> Memo:
    round_ = round_of(session, plan.id, year)
    assert round_ is not None
    kept = final_edition(session, round_.id)
    assert kept is not None
    return memo_of_edition(kept)


def test_what_nobody_touched_is_kept_as_the_very_memo_that_was_read(session: Session) -> None:
    plan = make.plan(session)
    assert bring(session, plan) == Summary(new_administrations=2, new_initiatives=3, rows=3)
    assert edition(session, plan) == MEMO


@pytest.mark.both_databases
def test_a_row_is_imported_as_it_was_mended(session: Session) -> None:
    plan = make.plan(session)
    mended = RowChoice(
        number=7, title="Mentorer", text="- tolv er i gang¹\n- to venter²\n¹ Talt i juni.\n² Af ni."
    )
    bring(session, plan, rows={0: mended})
    assert statuses(session)[0] == (7, "Mentorer", mended.text)
    kept = edition(session, plan)
    assert kept.rows[0].blocks == (Block("bullet", "tolv er i gang²"), Block("bullet", "to venter³"))
    assert kept.rows[2].text == "Hallerne på 40 m⁹ åbnede⁴."
    assert [note.text for note in kept.footnotes] == ["Af maj.", "Talt i juni.", "Af ni.", "Og svømmehaller."]
    assert session.scalars(select(Initiative.title).order_by(Initiative.id)).first() == "Mentorer"


def test_a_note_whose_mark_is_taken_out_goes_and_the_others_follow(session: Session) -> None:
    plan = make.plan(session)
    bring(session, plan, rows={0: RowChoice(text="Tolv mentorer er i gang.")})
    kept = edition(session, plan)
    assert kept.footnotes == (Footnote(1, "Af maj."), Footnote(2, "Og svømmehaller."))
    assert kept.rows[2].text == "Hallerne på 40 m⁹ åbnede²."


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("kind", "title"), [("same", "Mentorordning"), ("renamed", "Mentorer til nye elever")]
)
def test_a_renamed_initiative_keeps_its_title_or_takes_the_new_one_and_is_found_again_by_either(
    session: Session, kind: Any, title: str
) -> None:
    plan = make.plan(session)
    known = make.initiative(session, make.administration(session, plan), "Mentorordning")
    summary = bring(session, plan, rows={0: RowChoice(aim=Aim(kind, known.id))})
    assert (summary.matched_initiatives, known.title) == (1, title)
    assert statuses(session)[0][1] == "Mentorer til nye elever", "the round prints what was printed"
    again = chosen(session, plan)
    assert again.lines[0].initiative is known
    assert again.lines[0].found.former == (kind == "same")
    assert [line.effect for line in again.lines] == [Effect.same] * 3


def test_two_rows_about_one_initiative_make_one_status(session: Session) -> None:
    plan = make.plan(session)
    known = make.initiative(session, make.administration(session, plan), "Skoler og museer")
    both = {index: RowChoice(aim=Aim("same", known.id)) for index in (0, 1)}
    assert bring(session, plan, rows=both) == Summary(2, 1, 1, 2)
    text = "Tolv mentorer er i gang¹.\nOtte klasser kom.\n¹ Talt i juni."
    assert statuses(session)[0] == (1, "Mentorer til nye elever", text)
    assert [one.text for one in edition(session, plan).footnotes] == [
        "Af maj.",
        "Talt i juni.",
        "Og svømmehaller.",
    ]


def test_a_row_goes_into_another_row_whichever_comes_first(session: Session) -> None:
    plan = make.plan(session)
    found = chosen(session, plan, rows={0: RowChoice(aim=Aim("row", 1))})
    assert [(line.effect, line.into) for line in found.lines[:2]] == [(Effect.joined, 1), (Effect.new, None)]
    bring(session, plan, rows={0: RowChoice(aim=Aim("row", 1))})
    assert statuses(session)[0][:2] == (2, "Besøg på museer")
    assert statuses(session)[0][2].startswith("Otte klasser kom.\nTolv mentorer er i gang¹.")


@pytest.mark.parametrize(
    "aims",
    [
        {0: Aim("row", 1), 1: Aim("row", 0)},
        {0: Aim("row", 0)},
        {0: Aim("row", 99)},
        {0: Aim("row", 1), 1: Aim("out")},
        {0: Aim("same", 99_999)},
    ],
)
def test_a_row_that_would_lead_nowhere_stands_for_itself(session: Session, aims: dict[int, Aim]) -> None:
    found = chosen(session, make.plan(session), rows={at: RowChoice(aim=aim) for at, aim in aims.items()})
    assert found.lines[0].effect is Effect.new


def test_a_row_may_be_left_out_and_need_not_be_accepted(session: Session) -> None:
    plan = make.plan(session)
    bring(session, plan, rows={1: RowChoice(aim=Aim("out"))})
    assert [one[0] for one in statuses(session)] == [1, 3]
    assert [one.number for one in edition(session, plan).rows] == [1, 3]


@pytest.mark.both_databases
def test_a_committees_block_is_given_to_its_administration_and_a_row_moved_to_another(
    session: Session,
) -> None:
    plan = make.plan(session)
    leisure = make.administration(session, plan, name="Fritidsforvaltningen")
    bring(
        session,
        plan,
        sections={1: SectionChoice(leisure.id), 0: SectionChoice(None, "Skoler")},
        rows={1: RowChoice(place=Place("section", 1))},
    )
    found = select(Initiative.title, Administration.name).join(Administration).order_by(Initiative.id)
    assert [tuple(one) for one in session.execute(found)] == [
        ("Mentorer til nye elever", "Skoler"),
        ("Besøg på museer", "Fritidsforvaltningen"),
        ("Åbne haller", "Fritidsforvaltningen"),
    ]
    sections = edition(session, plan).sections
    assert [(one.name, len(one.rows)) for one in sections] == [("Skoler", 1), ("Fritidsudvalget", 2)]


def test_a_row_goes_to_an_administration_that_the_memo_does_not_have(session: Session) -> None:
    plan = make.plan(session)
    care = make.administration(session, plan, name="Omsorgsforvaltningen")
    bring(session, plan, rows={2: RowChoice(place=Place("administration", care.id))})
    assert [one.name for one in edition(session, plan).sections] == [
        "Skoleforvaltningen",
        "Omsorgsforvaltningen",
    ]


@pytest.mark.both_databases
def test_an_initiative_that_is_not_mentioned_stays_unless_it_was_merged_into_a_row(session: Session) -> None:
    plan = make.plan(session)
    area = make.administration(session, plan)
    gone, stays = (
        make.initiative(session, area, "Museumsbesøg i maj"),
        make.initiative(session, area, "Noget andet"),
    )
    found = chosen(session, plan)
    assert {one.initiative for one in found.unmentioned} == {gone, stays}
    bring(session, plan, ended={gone.id: 1})
    into = session.get_one(Initiative, gone.merged_into_id)
    assert (gone.standing, into.title, stays.standing) == (
        Standing.merged,
        "Besøg på museer",
        Standing.active,
    )


def test_what_is_much_like_an_initiative_is_pointed_out_with_its_reasons(session: Session) -> None:
    plan = make.plan(session)
    known = make.initiative(session, make.administration(session, plan), "Mentorer til de nye elever")
    line = chosen(session, plan).lines[0]
    assert line.effect is Effect.new, "it is suggested, never taken"
    assert line.doubtful
    (found,) = line.suggestions
    assert (found.initiative_id, found.words) == (known.id, ("mentorer", "elever"))


def test_doubts_of_the_reader_stand_at_their_row(session: Session) -> None:
    reading = Reading(MEMO, doubts=(Doubt(2, "Besøg", say("Where the title ends is a guess.")),))
    found = prepare(session, make.plan(session), reading, Choices())
    assert [line.doubtful for line in found.lines] == [False, True, False]


@pytest.mark.both_databases
def test_nothing_is_imported_otherwise_than_it_was_shown(session: Session) -> None:
    plan = make.plan(session)
    waits = upload(session, plan, Choices())
    found = prepare(session, plan, Reading(MEMO), from_json(waits.choices))
    shown = digest(found, sha256=waits.sha256, version=waits.version, year=waits.year)
    make.initiative(session, make.administration(session, plan), "Åbne haller")
    with pytest.raises(StaleVersion):
        carry_out(session, plan, waits, shown=shown)
    assert not session.scalar(select(func.count()).select_from(StatusUpdate))
    assert carry_out(session, plan, waits).matched_initiatives == 1


def test_nothing_is_imported_before_every_row_is_accepted(session: Session) -> None:
    plan = make.plan(session)
    waits = upload(session, plan, Choices(rows={0: RowChoice(accepted=True)}), accept=False)
    with pytest.raises(MoveRefused):
        carry_out(session, plan, waits)
    assert not session.scalar(select(func.count()).select_from(Initiative))


@pytest.mark.both_databases
def test_importing_twice_changes_nothing_whatever_was_chosen_the_second_time(session: Session) -> None:
    plan = make.plan(session)
    bring(session, plan)
    before = statuses(session)
    assert bring(session, plan, rows={0: RowChoice(title="Andet")}) == Summary(rows=3, already_there=True)
    assert statuses(session) == before
    assert session.scalar(select(func.count()).select_from(Edition)) == 1


def test_the_journal_tells_what_was_decided(session: Session) -> None:
    plan = make.plan(session)
    known = make.initiative(session, make.administration(session, plan), "Mentorordning")
    aims = {
        0: RowChoice(aim=Aim("renamed", known.id)),
        1: RowChoice(aim=Aim("row", 0)),
        2: RowChoice(number=5),
    }
    bring(session, plan, rows=aims)
    facts = select(JournalEntry).where(JournalEntry.fact == "memo_confirmed")
    details = session.scalars(facts).one().details
    assert (details["renamed"], details["joined"], details["edited"]) == ([known.id], [2], [5])
    assert session.scalars(select(JournalEntry).where(JournalEntry.fact == "initiative_edited")).one()


def test_a_choice_of_a_row_that_is_read_otherwise_now_must_be_looked_at_again(session: Session) -> None:
    choice = RowChoice(title="Mentorer", accepted=True, of="of another reading")
    line = chosen(session, make.plan(session), rows={0: choice}).lines[0]
    assert (line.row.title, line.settled, line.doubtful) == ("Mentorer", False, True)


@pytest.mark.both_databases
def test_choices_made_from_an_older_page_are_refused(session: Session) -> None:
    waits = upload(session, make.plan(session), Choices(), accept=False)
    first = waits.version
    assert keep_choices(session, waits, Choices(rows={0: RowChoice(title="A")}), version=first)
    with pytest.raises(StaleVersion):
        keep_choices(session, waits, Choices(rows={0: RowChoice(title="B")}), version=first)
    assert not keep_choices(session, waits, Choices(rows={0: RowChoice(title="A")}), version=waits.version)


aims = st.builds(Aim, st.sampled_from(["found", "new", "out"])) | st.builds(
    Aim, st.sampled_from(["same", "renamed", "row"]), st.integers(0, 99)
)
places = st.none() | st.builds(Place, st.sampled_from(["section", "administration"]), st.integers(0, 99))
row_choices = st.builds(
    RowChoice,
    number=st.none() | st.integers(1, 99),
    title=st.none() | st.text(max_size=9),
    text=st.none() | st.text(max_size=9),
    place=places,
    aim=aims,
    accepted=st.booleans(),
    of=st.text("0123456789abcdef", max_size=16),
)


@settings(max_examples=40, deadline=None)
@given(
    rows=st.dictionaries(st.integers(0, 2), row_choices, max_size=3),
    ended=st.dictionaries(st.integers(1, 9), st.integers(0, 9), max_size=3),
    sections=st.dictionaries(
        st.integers(0, 1), st.builds(SectionChoice, st.none() | st.integers(0, 9), st.text(max_size=5))
    ),
)
def test_choices_come_back_from_their_json_form(rows: Any, ended: Any, sections: Any) -> None:
    said = Choices(rows, sections, ended)
    assert from_json(to_json(said)) == said


def test_whatever_is_chosen_every_row_is_printed_joined_or_left_out_once(session: Session) -> None:
    plan = make.plan(session)
    area = make.administration(session, plan, name="Skoleforvaltningen")
    known = [make.initiative(session, area, title) for title in ("Mentorer til nye elever", "Andet")]

    @settings(max_examples=40, deadline=None)
    @given(st.lists(row_choices, min_size=3, max_size=3))
    def check(rows: list[RowChoice]) -> None:
        there = [
            replace(
                one,
                aim=Aim(one.aim.kind, known[one.aim.id % 2].id)
                if one.aim.kind in {"same", "renamed"}
                else one.aim,
            )
            for one in rows
        ]
        found = chosen(session, plan, rows=dict(enumerate(there)))
        result = decided(found)
        assert len(result.memo.rows) == len(result.lines) == len(result.match.rows) == len(found.printed)
        assert {line.into for line in found.lines if line.into is not None} <= {
            line.index for line in found.printed
        }
        about = [line.initiative.id for line in found.printed if line.initiative]
        assert len(about) == len(set(about)), "an initiative has one status in a round"
        assert len({note.number for note in result.memo.footnotes}) == len(result.memo.footnotes)

    check()
