"""What the verbs of a round promise: one revision a text, one letter a reader, no overwritten text."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.year import FILLED, Year
from tracker import clock
from tracker.audit.models import JournalEntry
from tracker.deadlines.models import Deadline, DeadlineKind
from tracker.domain.contributions import ContributionState
from tracker.domain.errors import InvalidInput, MoveRefused, NotAllowed, StaleVersion
from tracker.domain.reminders import Place
from tracker.domain.workflow import Outcome, ProgressState, State
from tracker.mail.models import Mail
from tracker.reminders.models import ItemState, ReminderItem
from tracker.rounds import contributions, opening
from tracker.rounds.models import RevisionKind, StatusRevision
from tracker.statuses import keeping, mending, review, writing
from tracker.statuses.models import KeptCause, KeptDraft
from tracker.succession.placing import assign, leave

pytestmark = pytest.mark.both_databases


def _revisions(year: Year) -> list[RevisionKind]:
    found = select(StatusRevision.kind).where(StatusRevision.update_id == year.update.id)
    return list(year.session.scalars(found.order_by(StatusRevision.number)))


def _letters(year: Year) -> list[tuple[str, int | None]]:
    return [
        (kind, person)
        for kind, person in year.session.execute(select(Mail.kind, Mail.person_id).order_by(Mail.id))
    ]


def _planned(year: Year) -> set[tuple[str, int]]:
    found = select(ReminderItem.obligation_kind, ReminderItem.person_id).where(
        ReminderItem.state == ItemState.planned
    )
    return {(kind, person) for kind, person in year.session.execute(found)}


def test_opening_a_round_gives_each_active_initiative_an_update_a_deadline_and_reminders(year: Year) -> None:
    due = year.session.scalars(select(Deadline).where(Deadline.kind == DeadlineKind.status_due)).one()
    assert (due.initiative_id, due.round_id, due.last_on) == (
        year.initiative.id,
        year.round.id,
        year.round.due_on,
    )
    assert year.update.state is State.not_started
    assert ("status_due", year.owner.id) in _planned(year)


def test_a_round_is_opened_once_a_year_and_for_a_day_ahead(year: Year) -> None:
    for again, due_on in ((2026, clock.today() + timedelta(days=30)), (2027, clock.today())):
        with pytest.raises(InvalidInput):
            opening.open_round(year.session, year.plan, year=again, due_on=due_on, by=None, at=clock.now())


def test_a_saved_text_is_one_revision_however_often_it_is_saved(year: Year) -> None:
    year.save()
    year.save()
    assert _revisions(year) == [RevisionKind.saved]
    assert year.update.state is State.draft


def test_a_text_from_an_old_version_overwrites_nothing(year: Year) -> None:
    old = year.update.version
    year.save(by=year.coordinator)
    with pytest.raises(StaleVersion):
        year.save(replace(FILLED, text="Mine"), version=old)
    assert year.update.text == FILLED.text


def test_submitting_tells_the_owner_and_the_secretariat_once_and_ends_the_reminders(year: Year) -> None:
    year.submit()
    with pytest.raises(MoveRefused):
        year.submit()
    assert _letters(year) == [("receipt", year.owner.id), ("submitted", year.secretary.id)]
    assert _revisions(year) == [RevisionKind.submitted]
    assert not {one for one in _planned(year) if one[0] == "status_due"}


def test_what_the_coordinator_submits_is_receipted_to_the_owner_too(year: Year) -> None:
    year.submit(by=year.coordinator)
    assert {one for one in _letters(year) if one[0] == "receipt"} == {
        ("receipt", year.coordinator.id),
        ("receipt", year.owner.id),
    }
    entry = year.session.scalars(select(JournalEntry).where(JournalEntry.fact == "submitted")).one()
    assert entry.details["on_behalf"] is True


def test_the_journal_holds_no_text(year: Year) -> None:
    secret = "a word that nobody else writes"
    year.save(replace(FILLED, text=secret, comment=secret, reason=secret))
    year.submit(replace(FILLED, text=secret))
    year.return_(secret)
    year.session.flush()
    assert secret not in str([one.details for one in year.session.scalars(select(JournalEntry))])


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (replace(FILLED, text=" "), "text"),
        (replace(FILLED, outcome=None), "outcome"),
        (replace(FILLED, progress=ProgressState.not_stated), "progress"),
        (replace(FILLED, progress=ProgressState.delayed), "reason"),
        (replace(FILLED, progress=ProgressState.discontinued), "reason"),
        (replace(FILLED, outcome=Outcome.nothing_new), "reason"),
        (replace(FILLED, text="x" * 40_001), "text"),
    ],
)
def test_what_is_missing_is_refused_by_name(year: Year, content: writing.Content, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        year.submit(content)
    assert refused.value.field == field
    assert year.update.state is State.not_started
    assert _letters(year) == []


def test_a_returned_status_is_written_on_and_submitted_again(year: Year) -> None:
    year.submit()
    year.return_()
    assert ("returned", year.owner.id) in _letters(year)
    assert ("returned", year.owner.id) in _planned(year)
    year.save(replace(FILLED, text="Two meetings, sixty people."))
    assert year.update.state is State.returned
    year.submit(replace(FILLED, text="Two meetings, sixty people."))
    assert year.update.remark == ""
    assert _revisions(year) == [
        RevisionKind.submitted,
        RevisionKind.returned,
        RevisionKind.saved,
        RevisionKind.submitted,
    ]
    assert not {one for one in _planned(year) if one[0] == "returned"}


def test_a_text_that_was_not_read_is_not_returned(year: Year) -> None:
    year.submit()
    read = year.update.version
    year.withdraw()
    year.submit(replace(FILLED, text="Three meetings were held."))
    with pytest.raises(StaleVersion):
        year.return_(version=read)
    assert year.update.state is State.submitted
    assert "returned" not in {kind for kind, _ in _letters(year)}


def test_withdrawing_plans_the_reminders_again(year: Year) -> None:
    year.submit()
    year.withdraw()
    assert year.update.state is State.draft
    assert ("status_due", year.owner.id) in _planned(year)


def test_a_text_that_was_mended_meanwhile_is_not_withdrawn_unseen(year: Year) -> None:
    year.submit()
    read = year.update.version
    mending.mend(
        year.session,
        year.update,
        text="Two meetings were held in May.",
        reason="",
        version=read,
        rights=year.rights(year.secretary),
        by=year.secretary,
        at=clock.now(),
    )
    with pytest.raises(StaleVersion):
        year.withdraw(version=read)
    year.withdraw()
    assert (year.update.state, year.update.text) == (State.draft, "Two meetings were held in May.")


def test_whoever_submitted_does_not_approve(year: Year) -> None:
    make.placed(year.session, year.secretary, initiative=year.initiative, place=Place.deputy)
    year.submit(by=year.secretary)
    with pytest.raises(NotAllowed):
        review.approve(
            year.session,
            year.update,
            version=year.update.version,
            rights=year.rights(year.secretary),
            by=year.secretary,
            at=clock.now(),
        )


def test_approving_fixes_the_revision_and_meets_the_deadline(year: Year) -> None:
    year.submit()
    review.approve(
        year.session,
        year.update,
        version=year.update.version,
        rights=year.rights(year.secretary),
        by=year.secretary,
        at=clock.now(),
    )
    fixed = year.session.get_one(StatusRevision, year.update.approved_revision_id)
    assert (fixed.kind, fixed.text) == (RevisionKind.approved, FILLED.text)
    assert not {one for one in _planned(year) if one[0] in {"status_due", "returned", "review"}}


def test_a_kept_text_is_one_a_person_and_cause_and_goes_when_a_text_is_saved(year: Year) -> None:
    for text in ("First", "Second"):
        for cause in KeptCause:
            typed = keeping.Typed(text=text, others={}, made_from=1)
            keeping.keep(year.session, year.update, typed, cause=cause, by=year.owner, at=clock.now())
    assert list(year.session.scalars(select(KeptDraft.text))) == ["Second", "Second"]
    year.save()
    year.session.flush()
    assert list(year.session.scalars(select(KeptDraft.text))) == []


def test_a_contribution_is_signed_off_only_when_every_status_is_in(year: Year) -> None:
    def sign_off() -> ContributionState:
        share = contributions.share_of(year.session, year.round, year.administration.id)
        assert share is not None
        rights = year.rights(year.coordinator)
        contributions.sign_off(year.session, share, rights=rights, by=year.coordinator, at=clock.now())
        return share.contribution.state

    with pytest.raises(MoveRefused, match="Still missing: Meetings"):
        sign_off()
    year.submit()
    assert sign_off() is ContributionState.signed_off


def test_a_new_owner_is_reminded_instead_of_the_old(year: Year) -> None:
    new = make.person(year.session, "Nanna")
    assign(year.session, year.initiative, new, from_on=clock.today(), by=None, at=clock.now())
    owners = {person for kind, person in _planned(year) if kind == "status_due"}
    assert new.id in owners
    assert year.owner.id not in owners


def test_whoever_leaves_gets_no_letter_and_the_deputy_steps_in(year: Year) -> None:
    deputy = make.person(year.session, "Dina")
    make.placed(year.session, deputy, initiative=year.initiative, place=Place.deputy)
    leave(year.session, year.owner, by=year.secretary.id, at=clock.now())
    assert year.owner.id not in {person for _, person in _planned(year)}
    year.submit(by=deputy)
    told = [("handover", deputy.id), ("receipt", deputy.id), ("submitted", year.secretary.id)]
    assert _letters(year) == told


def test_opening_the_form_is_remembered_once_and_leaves_the_version(app: Flask, year: Year) -> None:
    first = clock.now()
    before = year.update.version
    writing.mark_opened(year.session.connection(), year.update.id, at=first)
    writing.mark_opened(year.session.connection(), year.update.id, at=first + timedelta(days=1))
    year.session.refresh(year.update, ["first_opened_at", "version"])
    assert (year.update.first_opened_at, year.update.version) == (first, before)
