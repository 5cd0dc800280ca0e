"""The secretariat mends a submitted text: one more version, a letter to whoever wrote it, and four eyes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.support import make
from tests.support.year import FILLED, Year
from tracker import clock
from tracker.accounts.models import Person
from tracker.domain.errors import InvalidInput, MoveRefused, NotAllowed, StaleVersion
from tracker.domain.reminders import Place
from tracker.domain.workflow import Move, Outcome, ProgressState, State
from tracker.mail.letters import LetterContext, kind_named
from tracker.mail.models import Mail
from tracker.rounds.models import RevisionKind, StatusRevision
from tracker.statuses import mending, review, writing
from tracker.statuses.moves import moves_of

pytestmark = pytest.mark.both_databases


def _mend(
    year: Year, text: str, *, by: Person | None = None, reason: str = "", version: int | None = None
) -> None:
    by = by or year.secretary
    mending.mend(
        year.session,
        year.update,
        text=text,
        reason=reason,
        version=year.update.version if version is None else version,
        rights=year.rights(by),
        by=by,
        at=clock.now(),
    )


def _approve(year: Year, by: Person) -> None:
    review.approve(
        year.session,
        year.update,
        version=year.update.version,
        rights=year.rights(by),
        by=by,
        at=clock.now(),
    )


def _kinds(year: Year) -> list[RevisionKind]:
    found = select(StatusRevision.kind).where(StatusRevision.update_id == year.update.id)
    return list(year.session.scalars(found.order_by(StatusRevision.number)))


def _told(year: Year, kind: str) -> list[int | None]:
    return list(year.session.scalars(select(Mail.person_id).where(Mail.kind == kind).order_by(Mail.id)))


@pytest.mark.parametrize("state", [State.submitted, State.in_review])
def test_a_mended_text_is_a_version_of_its_own_and_stays_where_it_was(year: Year, state: State) -> None:
    year.submit()
    if state is State.in_review:
        version, rights = year.update.version, year.rights(year.secretary)
        review.take(
            year.session, year.update, version=version, rights=rights, by=year.secretary, at=clock.now()
        )
    _mend(year, "Two meetings were held in May.")
    assert year.update.state is state
    assert year.update.text == "Two meetings were held in May."
    assert _kinds(year) == [RevisionKind.submitted, RevisionKind.mended]
    first, second = year.session.scalars(select(StatusRevision).order_by(StatusRevision.number))
    assert (first.text, second.text, second.by_id) == (FILLED.text, year.update.text, year.secretary.id)


def test_the_owner_and_whoever_submitted_are_told_once_and_see_it_word_by_word(year: Year) -> None:
    year.submit(by=year.coordinator)
    _mend(year, "Three meetings were held.")
    assert sorted(_told(year, "mended")) == sorted([year.owner.id, year.coordinator.id])  # type: ignore[type-var]
    (change,) = mending.changes_of(year.session, year.update.id)
    assert [(one.kind, one.text.strip()) for one in change.text if one.kind != "equal"] == [
        ("delete", "Two"),
        ("insert", "Three"),
    ]
    assert change.reason == ()


def test_the_letter_leads_to_the_changes_and_holds_no_text(year: Year) -> None:
    year.submit()
    _mend(year, "Three meetings were held.")
    mail = year.session.scalars(select(Mail).where(Mail.kind == "mended")).one()
    for language in ("da", "en"):
        context = LetterContext("https://tracker.example.com", language, "Olga Owner", clock.now())
        letter = kind_named("mended").render(year.session, mail, context)
        for said in (letter.text, letter.html):
            assert f"https://tracker.example.com/my/updates/{year.update.id}/changes" in said
            assert "meetings were held" not in said


def test_whoever_mended_does_not_approve_and_another_does(year: Year) -> None:
    year.submit()
    _mend(year, "Two meetings were held in May.")
    assert Move.approve not in moves_of(
        year.session, year.update, rights=year.rights(year.secretary), by=year.secretary
    )
    with pytest.raises(NotAllowed):
        _approve(year, year.secretary)
    another = make.member(year.session, year.plan, name="Anna")
    _approve(year, another)
    assert year.update.state is State.approved


def test_a_text_that_is_submitted_anew_is_its_owners_again(year: Year) -> None:
    year.submit()
    _mend(year, "Two meetings were held in May.")
    year.return_()
    year.submit(replace(FILLED, text="Two meetings were held in May, with sixty people."))
    _approve(year, year.secretary)
    assert year.update.state is State.approved


def test_nobody_mends_a_text_that_somebody_changed_meanwhile(year: Year) -> None:
    year.submit()
    read = year.update.version
    _mend(year, "Two meetings were held in May.")
    with pytest.raises(StaleVersion):
        _mend(year, "Two meetings were held in June.", version=read)
    assert _kinds(year) == [RevisionKind.submitted, RevisionKind.mended]
    assert len(_told(year, "mended")) == 1


def test_neither_a_draft_nor_an_approved_text_is_mended(year: Year) -> None:
    year.save()
    with pytest.raises(MoveRefused):
        _mend(year, "Another text.")
    year.submit()
    _approve(year, year.secretary)
    with pytest.raises(MoveRefused):
        _mend(year, "Another text.")
    assert _told(year, "mended") == []


@pytest.mark.parametrize("who", ["owner", "coordinator", "deputy"])
def test_only_the_secretariat_mends(year: Year, who: str) -> None:
    year.submit()
    deputy = make.person(year.session, "Dina")
    make.placed(year.session, deputy, initiative=year.initiative, place=Place.deputy)
    by = {"owner": year.owner, "coordinator": year.coordinator, "deputy": deputy}[who]
    with pytest.raises(NotAllowed):
        _mend(year, "Another text.", by=by)


@pytest.mark.parametrize(
    ("content", "text", "reason", "field"),
    [
        (FILLED, " ", "", "text"),
        (FILLED, FILLED.text, "", "text"),
        (FILLED, "x" * 40_001, "", "text"),
        (FILLED, "Short.", "x" * 4_001, "reason"),
        (
            replace(FILLED, progress=ProgressState.delayed, reason="The hall burnt down."),
            "A new text.",
            " ",
            "reason",
        ),
        (replace(FILLED, text="", outcome=Outcome.nothing_new, reason="It rests."), "", "", "reason"),
    ],
)
def test_what_may_not_be_missing_stays(
    year: Year, content: writing.Content, text: str, reason: str, field: str
) -> None:
    year.submit(content)
    with pytest.raises(InvalidInput) as refused:
        _mend(year, text, reason=reason)
    assert refused.value.field == field
    year.session.expire(year.update)
    assert year.update.text == content.text
    assert _told(year, "mended") == []
