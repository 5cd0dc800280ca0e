"""Opening a round, and what an owner does with a status update. Nothing here commits.

Each verb asks `domain.workflow`, journals, queues its letters and plans the reminders anew, all in the
caller's transaction. What the secretariat does stands in `tracker.rounds.review`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, func, select
from sqlalchemy import update as change
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tracker import clock
from tracker.accounts.models import Person
from tracker.audit.actions import record
from tracker.deadlines.actions import move_deadline
from tracker.deadlines.models import Deadline, DeadlineKind, DeadlineState, Precision
from tracker.domain.errors import InvalidInput, MoveRefused, StaleVersion
from tracker.domain.text import clean
from tracker.domain.workflow import Move, Outcome, ProgressState, Role, next_state
from tracker.plans.models import Administration, Initiative, Plan
from tracker.plans.queries import active_initiatives, administrations
from tracker.plans.rights import Rights
from tracker.reminders.actions import replan
from tracker.rounds import letters
from tracker.rounds.models import (
    Contribution,
    ContributionState,
    KeptDraft,
    RevisionKind,
    Round,
    RoundState,
    StatusRevision,
    StatusUpdate,
)
from tracker.rounds.obligations import open_obligations
from tracker.rounds.queries import kept_draft, round_of, unsubmitted

LONGEST_TEXT = 40_000
LONGEST_REASON = 4_000
LAST_YEAR = 2100


@dataclass(frozen=True)
class Content:
    """What an owner fills in. `text` is in the editing form; `comment` is for the secretariat alone."""

    text: str
    progress: ProgressState = ProgressState.not_stated
    outcome: Outcome | None = Outcome.reported
    reason: str = ""
    comment: str = ""

    def cleaned(self) -> Content:
        """The same without what cannot be kept, so that nothing invisible passes for a text."""
        return replace(
            self,
            text=clean(self.text).strip(),
            reason=clean(self.reason).strip(),
            comment=clean(self.comment).strip(),
        )


def open_round(
    session: Session, plan: Plan, *, year: int, due_on: date, by: int | None, at: datetime
) -> Round:
    """Open a year's round: one status update, with its deadline, for every active initiative.

    Raises InvalidInput on `year` when the plan has that round, on `due_on` when the day is not ahead.
    """
    today = clock.local_date(at)
    if not 2000 <= year <= LAST_YEAR:
        raise InvalidInput("year", "Give a year between 2000 and 2100.")
    lock_plan(session, plan.id)  # of two that open it at once, the second finds the first one's round
    if round_of(session, plan.id, year):
        raise InvalidInput("year", "The round of %(year)s exists already.", year=year)
    if due_on <= today:
        raise InvalidInput("due_on", "The deadline must be later than today.")
    if due_on.year > LAST_YEAR:
        raise InvalidInput("due_on", "Give a year between 2000 and 2100.")
    chosen = active_initiatives(session, plan.id)
    if not chosen:
        raise InvalidInput("year", "The plan has no active initiative yet. Add or import them first.")
    round_ = Round(
        plan_id=plan.id, year=year, state=RoundState.open, due_on=due_on, opened_at=at, opened_by_id=by
    )
    session.add(round_)
    session.flush()
    record(
        session,
        "round_opened",
        "round",
        round_.id,
        by=by,
        at=at,
        plan_id=plan.id,
        year=year,
        due_on=due_on.isoformat(),
    )
    for administration in administrations(session, plan.id):
        session.add(_contribution(round_, administration))
    join_round(session, round_, chosen, at=at)
    return round_


def lock_plan(session: Session, plan_id: int) -> None:
    """Keep others from opening a round of the plan, or adding to it, until the transaction ends.

    SQLite needs no lock of its own: there, writers follow each other anyway.
    """
    session.execute(select(Plan.id).where(Plan.id == plan_id).with_for_update(key_share=True))


def _contribution(round_: Round, administration: Administration) -> Contribution:
    return Contribution(
        round_id=round_.id, administration_id=administration.id, state=ContributionState.collecting
    )


def join_round(
    session: Session, round_: Round, initiatives: Iterable[Initiative], *, at: datetime
) -> list[StatusUpdate]:
    """Give each initiative a status update in an open round, due when the round is; plan its reminders."""
    due_on = round_.due_on
    assert due_on is not None
    chosen = list(initiatives)
    deadlines = [
        Deadline(
            plan_id=round_.plan_id,
            initiative_id=initiative.id,
            round_id=round_.id,
            kind=DeadlineKind.status_due,
            title=f"Status {round_.year}",
            first_on=due_on,
            last_on=due_on,
            precision=Precision.day,
            state=DeadlineState.open,
            created_at=at,
        )
        for initiative in chosen
    ]
    session.add_all(deadlines)
    session.flush()
    updates = [
        StatusUpdate(
            round_id=round_.id, initiative_id=initiative.id, deadline_id=deadline.id, title=initiative.title
        )
        for initiative, deadline in zip(chosen, deadlines, strict=True)
    ]
    session.add_all(updates)
    session.flush()
    replan_updates(session, [update.id for update in updates], at=at)
    return updates


def replan_updates(session: Session, ids: Iterable[int], *, at: datetime) -> None:
    """Plan the reminders of some updates anew."""
    today = clock.local_date(at)
    replan(session, open_obligations(session, today=today, ids=ids), now=at)


def mark_opened(connection: Connection, update_id: int, *, at: datetime) -> None:
    """Remember when the form was first opened by someone who may write it.

    Takes a connection, because reading a page writes in a small transaction of its own; the version stays.
    """
    connection.execute(
        change(StatusUpdate)
        .where(StatusUpdate.id == update_id, StatusUpdate.first_opened_at.is_(None))
        .values(first_opened_at=at)
    )


def save(
    session: Session,
    update: StatusUpdate,
    content: Content,
    *,
    version: int,
    rights: Rights,
    by: Person,
    at: datetime,
) -> None:
    """Save a draft made from `version`; a text that is already saved makes no second revision.

    Raises StaleVersion when somebody has saved since, and what `domain.workflow` raises.
    """
    content = content.cleaned()
    state = next_state(
        update.state,
        Move.save,
        roles=rights.roles_on(update.initiative),
        version_matches=update.version == version,
        round_open=update.round.state is RoundState.open,
    )
    changed = _apply(update, content)
    update.state = state
    update.saved_at = at
    if changed:
        add_revision(session, update, RevisionKind.saved, by=by.id, at=at)
    forget_kept(session, update, by=by)
    journal(session, "saved", update, by=by.id, at=at, **_on_behalf(update, rights))
    flush(session)


def submit(
    session: Session,
    update: StatusUpdate,
    content: Content,
    *,
    version: int,
    rights: Rights,
    by: Person,
    at: datetime,
) -> None:
    """Submit the status: fixes a revision, ends its reminders, receipts the owner, tells the secretariat.

    Raises StaleVersion, InvalidInput on the part that is missing, and what `domain.workflow` raises.
    """
    content = content.cleaned()
    state = next_state(
        update.state,
        Move.submit,
        roles=rights.roles_on(update.initiative),
        version_matches=update.version == version,
        round_open=update.round.state is RoundState.open,
        outcome=content.outcome,
        progress=content.progress,
        text=content.text,
        reason=content.reason,
    )
    _apply(update, content)
    update.state = state
    update.saved_at = update.submitted_at = at
    update.submitted_by_id = by.id
    update.remark = ""
    revision = add_revision(session, update, RevisionKind.submitted, by=by.id, at=at)
    forget_kept(session, update, by=by)
    journal(
        session,
        "submitted",
        update,
        by=by.id,
        at=at,
        revision=revision.number,
        **_on_behalf(update, rights),
    )
    flush(session)
    letters.queue_submitted(session, update, revision, by=by, at=at)
    replan_updates(session, [update.id], at=at)


def withdraw(session: Session, update: StatusUpdate, *, rights: Rights, by: Person, at: datetime) -> None:
    """Take a submitted status back to go on writing."""
    update.state = next_state(
        update.state,
        Move.withdraw,
        roles=rights.roles_on(update.initiative),
        is_submitter=update.submitted_by_id == by.id,
        round_open=update.round.state is RoundState.open,
    )
    update.submitted_at = update.submitted_by_id = None
    journal(session, "withdrawn", update, by=by.id, at=at)
    flush(session)
    replan_updates(session, [update.id], at=at)


def keep_draft(
    session: Session, update: StatusUpdate, text: str, *, version: int, by: Person, at: datetime
) -> KeptDraft:
    """Keep a text that could not be saved over a newer one, for its author alone."""
    kept = kept_draft(session, update.id, by.id)
    if kept is None:
        kept = KeptDraft(update_id=update.id, person_id=by.id)
        session.add(kept)
    kept.made_from_version, kept.text, kept.at = version, clean(text)[:LONGEST_TEXT], at
    session.flush()
    return kept


def forget_kept(session: Session, update: StatusUpdate, *, by: Person) -> None:
    """Throw one's own kept text away: it has been used, or is not wanted."""
    kept = kept_draft(session, update.id, by.id)
    if kept is not None:
        session.delete(kept)


def move_status_deadline(
    session: Session,
    update: StatusUpdate,
    *,
    due_on: date,
    reason: str,
    version: int,
    by: int,
    at: datetime,
) -> None:
    """Move one update's deadline: slip register, journal, reminders planned anew."""
    assert update.deadline is not None
    move_deadline(
        session,
        update.deadline,
        first_on=due_on,
        last_on=due_on,
        precision=Precision.day,
        reason=reason,
        version=version,
        by=by,
        at=at,
    )
    replan_updates(session, [update.id], at=at)


def sign_off(session: Session, contribution: Contribution, *, by: Person, at: datetime) -> None:
    """The coordinator signs an administration's contribution off, on behalf of its head.

    Doing it twice changes nothing. Raises MoveRefused while a status of the administration is not submitted.
    """
    if contribution.state is ContributionState.signed_off:
        return
    if unsubmitted(session, contribution.round_id, contribution.administration_id):
        raise MoveRefused("The contribution can be signed off when every status has been submitted.")
    contribution.state = ContributionState.signed_off
    contribution.signed_off_at, contribution.signed_off_by_id = at, by.id
    record(session, "signed_off", "contribution", contribution.id, by=by.id, at=at)


def add_revision(
    session: Session, update: StatusUpdate, kind: RevisionKind, *, by: int | None, at: datetime
) -> StatusRevision:
    """Fix the update's content as it stands under the next number. Raises StaleVersion."""
    flush(session)
    last = session.scalar(
        select(func.max(StatusRevision.number)).where(StatusRevision.update_id == update.id)
    )
    revision = StatusRevision(
        update_id=update.id,
        number=(last or 0) + 1,
        kind=kind,
        progress=update.progress,
        reason=update.reason,
        text=update.text,
        remark=update.remark,
        by_id=by,
        at=at,
    )
    session.add(revision)
    session.flush()
    return revision


def journal(
    session: Session, fact: str, update: StatusUpdate, *, by: int | None, at: datetime, **details: object
) -> None:
    record(
        session,
        fact,
        "status_update",
        update.id,
        by=by,
        at=at,
        plan_id=update.round.plan_id,
        state=update.state.value,
        **details,
    )


def flush(session: Session) -> None:
    """Write what is pending; raises StaleVersion when another has changed the row in the meantime."""
    try:
        session.flush()
    except StaleDataError as error:
        raise StaleVersion() from error


def _apply(update: StatusUpdate, content: Content) -> bool:
    """Copy what was filled in (cleaned) onto the update; True when text or state of things changed."""
    if len(content.text) > LONGEST_TEXT:
        raise InvalidInput("text", "The status can have at most %(count)s characters.", count=LONGEST_TEXT)
    if len(content.reason) > LONGEST_REASON:
        raise InvalidInput("reason", "This can have at most %(count)s characters.", count=LONGEST_REASON)
    new = (content.text, content.progress, content.reason, content.outcome)
    changed = new != (update.text, update.progress, update.reason, update.outcome)
    update.text, update.progress, update.reason, update.outcome = new
    update.comment = content.comment[:2_000]
    return changed


def _on_behalf(update: StatusUpdate, rights: Rights) -> dict[str, object]:
    """What the journal adds when somebody writes who is neither owner nor deputy."""
    own = rights.roles_on(update.initiative) & {Role.owner, Role.deputy}
    return {} if own else {"on_behalf": True}
