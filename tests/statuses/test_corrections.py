"""After the lock: a lead proposes, another confirms, and a further edition is printed beside the first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.rounds import Office
from tracker import clock
from tracker.accounts.models import Person
from tracker.audit.models import JournalEntry
from tracker.domain.errors import InvalidInput, MoveRefused, NotAllowed, StaleVersion
from tracker.domain.workflow import Move, ProgressState, State
from tracker.extensions import db
from tracker.mail.models import Mail
from tracker.memos.editions import editions_of, final_edition, memo_of_edition
from tracker.memos.files import FileKind, edition_file
from tracker.memos.publishing.locked import published_round
from tracker.plans.models import MembershipRole
from tracker.plans.rights import Rights, rights_of
from tracker.rounds.models import RevisionKind, Round, StatusRevision, StatusUpdate
from tracker.statuses import corrections
from tracker.statuses.corrections import Wording
from tracker.statuses.history import PrintedStatus, record_locked_round
from tracker.statuses.models import Correction
from tracker.statuses.moves import moves_of

pytestmark = pytest.mark.both_databases

RIGHT = Wording("Seventy people came.", ProgressState.completed, "", "The number was of the year before.")


@dataclass
class Locked:
    """A round of one status, locked as edition 1."""

    office: Office
    secretary: Person
    round: Round
    update: StatusUpdate

    def rights(self, person: Person) -> Rights:
        return rights_of(self.office.session, person.id, administrator=False, on=clock.today())

    def propose(
        self, wording: Wording = RIGHT, *, by: Person | None = None, version: int | None = None
    ) -> Correction:
        by = by or self.office.lead
        return corrections.propose(
            self.office.session,
            self.update,
            wording,
            version=self.update.version if version is None else version,
            rights=self.rights(by),
            by=by,
            at=clock.now(),
        )

    def confirm(
        self, correction: Correction, *, by: Person | None = None, version: int | None = None
    ) -> None:
        by = by or self.secretary
        corrections.confirm(
            self.office.session,
            self.update,
            correction.id,
            version=self.update.version if version is None else version,
            rights=self.rights(by),
            by=by,
            at=clock.now(),
        )

    def decline(self, correction: Correction, *, by: Person | None = None) -> None:
        by = by or self.secretary
        corrections.decline(
            self.office.session, self.update, correction.id, rights=self.rights(by), by=by, at=clock.now()
        )


@pytest.fixture
def locked(app: Flask) -> Iterator[Locked]:
    with app.app_context():
        session = db.session()
        office = Office.of(session)
        initiative = make.initiative(
            session, make.administration(session, office.plan), "Courses", owner=office.owner
        )
        round_ = make.open_round(session, office.plan)
        update = office.approve(initiative, round_, "Sixty people came.")
        office.lock(round_)
        yield Locked(office, make.member(session, office.plan), round_, update)
        session.rollback()


def test_a_confirmed_correction_is_printed_in_a_further_edition_and_the_first_stays(locked: Locked) -> None:
    session, plan = locked.office.session, locked.office.plan
    first = final_edition(session, locked.round.id)
    assert first is not None
    before = [edition_file(first, plan, year=2026, kind=kind).digest for kind in FileKind]
    locked.confirm(locked.propose())
    assert (locked.update.state, locked.update.text) == (State.approved, RIGHT.text)
    revision = session.get_one(StatusRevision, locked.update.approved_revision_id)
    assert (revision.kind, revision.text, revision.by_id) == (
        RevisionKind.corrected,
        RIGHT.text,
        locked.office.lead.id,
    )
    assert [one.version for one in editions_of(session, [locked.round.id])] == [1]
    second = locked.office.lock(locked.round)
    assert second.version == 2
    assert locked.update.state is State.locked
    session.expire(first)
    assert [edition_file(first, plan, year=2026, kind=kind).digest for kind in FileKind] == before
    printed = [str(memo_of_edition(one).rows[0].blocks) for one in (first, second)]
    assert "Sixty people came." in printed[0]
    assert "Seventy people came." in printed[1]
    assert (memo_of_edition(second).rows[0].number, memo_of_edition(second).rows[0].title) == (1, "Courses")


def test_until_the_next_lock_the_public_reads_what_was_locked(locked: Locked) -> None:
    session, plan = locked.office.session, locked.office.plan
    locked.confirm(locked.propose())
    shown = published_round(session, plan.id, 2026)
    assert shown is not None
    assert (shown.edition.version, shown.total) == (1, 1)
    assert "Seventy" not in str(shown)
    locked.office.lock(locked.round)
    shown = published_round(session, plan.id, 2026)
    assert shown is not None
    assert "Seventy people came." in str(shown.parts)


def test_without_a_correction_a_locked_round_is_not_locked_again(locked: Locked) -> None:
    locked.propose()
    with pytest.raises(MoveRefused):
        locked.office.lock(locked.round)


def test_the_others_are_told_and_then_the_owner(locked: Locked) -> None:
    correction = locked.propose()
    session = locked.office.session
    told = session.execute(select(Mail.kind, Mail.person_id).where(Mail.kind.like("correct%")))
    assert told.all() == [("correction_proposed", locked.secretary.id)]
    locked.confirm(correction)
    told = session.execute(select(Mail.kind, Mail.person_id).where(Mail.kind == "corrected"))
    assert told.all() == [("corrected", locked.office.owner.id)]


def test_nobody_confirms_an_own_proposal_and_only_a_lead_proposes(locked: Locked) -> None:
    with pytest.raises(NotAllowed):
        locked.propose(by=locked.secretary)
    correction = locked.propose()
    with pytest.raises(NotAllowed):
        locked.confirm(correction, by=locked.office.lead)
    with pytest.raises(NotAllowed):
        locked.confirm(correction, by=locked.office.owner)
    another = make.member(locked.office.session, locked.office.plan, MembershipRole.lead, "Lise")
    locked.confirm(correction, by=another)
    assert locked.update.state is State.approved


def test_a_declined_correction_changes_nothing_and_another_may_be_proposed(locked: Locked) -> None:
    before = (locked.update.version, locked.update.text, locked.update.state)
    correction = locked.propose()
    locked.decline(correction, by=locked.office.lead)  # whoever proposed takes it back
    assert (correction.confirmed, correction.answered_by_id) == (False, locked.office.lead.id)
    assert (locked.update.version, locked.update.text, locked.update.state) == before
    again = locked.propose(replace(RIGHT, text="Sixty-five people came."))
    with pytest.raises(StaleVersion):
        locked.confirm(correction)
    locked.confirm(again)
    with pytest.raises(StaleVersion):
        locked.decline(again)


def test_proposing_the_same_twice_is_one_proposal_and_another_waits(locked: Locked) -> None:
    assert locked.propose() is locked.propose()
    with pytest.raises(MoveRefused):
        locked.propose(replace(RIGHT, text="Sixty-five people came."))
    assert (
        len(locked.office.session.scalars(select(Mail).where(Mail.kind == "correction_proposed")).all()) == 1
    )


def test_a_correction_of_what_was_not_read_is_refused(locked: Locked) -> None:
    with pytest.raises(StaleVersion):
        locked.propose(version=1)
    correction = locked.propose()
    with pytest.raises(StaleVersion):
        locked.confirm(correction, version=1)
    assert locked.update.state is State.locked


@pytest.mark.parametrize(
    ("wording", "field"),
    [
        (replace(RIGHT, why=" "), "why"),
        (replace(RIGHT, why="x" * 2_001), "why"),
        (replace(RIGHT, text=" "), "text"),
        (replace(RIGHT, text="x" * 40_001), "text"),
        (replace(RIGHT, progress=ProgressState.not_stated), "progress"),
        (replace(RIGHT, progress=ProgressState.delayed), "reason"),
        (replace(RIGHT, text="Sixty people came.", progress=ProgressState.started), "text"),
    ],
)
def test_what_is_missing_is_refused_by_name(locked: Locked, wording: Wording, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        locked.propose(wording)
    assert refused.value.field == field
    assert locked.office.session.scalars(select(Correction)).all() == []


def test_a_text_of_an_open_round_is_not_corrected(locked: Locked) -> None:
    correction = locked.propose()
    locked.confirm(correction)
    with pytest.raises(MoveRefused):
        locked.propose(replace(RIGHT, text="Eighty people came."))


def test_between_correction_and_lock_nothing_is_reopened_or_waived(locked: Locked) -> None:
    locked.confirm(locked.propose())
    open_to_lead = moves_of(
        locked.office.session, locked.update, rights=locked.office.rights, by=locked.office.lead
    )
    assert open_to_lead == (Move.lock,)


def test_an_imported_memo_whose_states_nobody_stated_is_corrected_too(locked: Locked) -> None:
    session, plan = locked.office.session, locked.office.plan
    round_ = record_locked_round(
        session,
        plan_id=plan.id,
        year=2024,
        statuses=[PrintedStatus(locked.update.initiative, 7, "Courses of old", "They were hled.")],
        by=None,
        at=clock.now(),
    )
    locked.round, locked.update = round_, make.update_of(session, locked.update.initiative, round_)
    locked.confirm(locked.propose(Wording("They were held.", ProgressState.not_stated, "", "A slip.")))
    row = memo_of_edition(locked.office.lock(round_)).rows[0]
    assert (row.number, row.title) == (7, "Courses of old")
    assert "They were held." in str(row.blocks)


def test_the_journal_names_who_proposed_and_holds_no_words(locked: Locked) -> None:
    locked.confirm(locked.propose(replace(RIGHT, text="Kvadderkvidder", why="Kvadderkvidder")))
    session = locked.office.session
    session.flush()
    entries = session.scalars(
        select(JournalEntry).where(JournalEntry.fact.like("correct%")).order_by(JournalEntry.id)
    ).all()
    assert [(one.fact, one.actor_id) for one in entries] == [
        ("correction_proposed", locked.office.lead.id),
        ("corrected", locked.secretary.id),
    ]
    assert entries[1].details["person_id"] == locked.office.lead.id
    assert "Kvadder" not in str([one.details for one in entries])
