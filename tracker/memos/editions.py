"""Editions: freezing what is printed, and locking the round with the final one. Nothing here commits."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from tracker import clock
from tracker.accounts.models import Person
from tracker.audit.actions import record
from tracker.audit.sealing import head
from tracker.domain.errors import MoveRefused, NoRight
from tracker.domain.memo import Memo
from tracker.domain.workflow import SETTLED, Move, Role, State
from tracker.domain.workflow_moves import next_state
from tracker.initiatives.accounting import check_accounted, conclude
from tracker.memos import frozen, wording
from tracker.memos.building import is_printed, memo_of_round, numbered
from tracker.memos.frozen import Source
from tracker.memos.models import Edition, EditionKind
from tracker.memos.publishing.day import consolidate_the_rest
from tracker.memos.writing import EditionNotice
from tracker.plans.models import Administration, Committee, Plan
from tracker.plans.rights import Rights
from tracker.rounds.models import Round, RoundState, StatusRevision, StatusUpdate
from tracker.statuses.corrections import corrected_since_lock
from tracker.statuses.writing import flush


def freeze(
    session: Session,
    round_: Round,
    memo: Memo,
    *,
    kind: EditionKind,
    administration_id: int | None = None,
    by: int | None,
    at: datetime,
) -> Edition:
    """Keep a memo as an edition, under the next version of its kind, with what each row was printed from."""
    last = select(func.max(Edition.version)).where(
        Edition.round_id == round_.id,
        Edition.kind == kind,
        Edition.administration_id.is_not_distinct_from(administration_id),
    )
    sources = sources_of(session, round_, memo)
    edition = Edition(
        round_id=round_.id,
        kind=kind,
        administration_id=administration_id,
        version=(session.scalar(last) or 0) + 1,
        memo=frozen.to_json(memo) | frozen.sources_json(sources),
        hash=frozen.digest(memo),
        journal_head=str(head(session)),
        created_at=at,
        created_by_id=by,
    )
    session.add(edition)
    session.flush()
    record(
        session,
        "edition_frozen",
        "edition",
        edition.id,
        by=by,
        at=at,
        plan_id=round_.plan_id,
        kind=kind.value,
        version=edition.version,
        hash=edition.hash,
        sources=frozen.digest_of_sources(sources),
    )
    return edition


def sources_of(session: Session, round_: Round, memo: Memo) -> list[Source]:
    """The initiative and the revision that each row of a round's memo is printed from: two queries.

    A row whose text was not submitted is printed from no revision.
    """
    newest = (
        select(StatusRevision.update_id, func.max(StatusRevision.id))
        .join(StatusUpdate, StatusUpdate.id == StatusRevision.update_id)
        .where(StatusUpdate.round_id == round_.id)
        .group_by(StatusRevision.update_id)
    )
    revisions = {row[0]: row[1] for row in session.execute(newest)}
    printed = {row.number for row in memo.rows}
    return [
        Source(one.number, one.initiative.id, _revision(one.update, revisions))
        for one in numbered(session, round_)
        if one.number in printed
    ]


def _revision(update: StatusUpdate, newest: Mapping[int, int]) -> int | None:
    if update.state is State.waived or not is_printed(update.state):
        return None
    settled = update.state in {State.approved, State.locked}
    return (update.approved_revision_id if settled else None) or newest.get(update.id)


def freeze_final(session: Session, plan: Plan, round_: Round, *, by: int | None, at: datetime) -> Edition:
    """Keep the round's memo as it stands as the final edition, dated the day the round was locked."""
    on = clock.local_date(round_.locked_at or at)
    memo = memo_of_round(session, plan, round_, on=on).memo
    earlier = final_edition(session, round_.id)
    if earlier is not None:
        # What was listed beside the statuses is not corrected by a further edition.
        lists = [table for table in memo_of_edition(earlier).tables if table.kind != "status"]
        memo = replace(memo, tables=(*(one for one in memo.tables if one.kind == "status"), *lists))
    return freeze(session, round_, memo, kind=EditionKind.final, by=by, at=at)


def freeze_for_meeting(
    session: Session,
    plan: Plan,
    round_: Round,
    *,
    administration_id: int | None = None,
    rights: Rights,
    by: Person,
    at: datetime,
) -> Edition:
    """Keep what the round prints now: an administration's rows for its committee, or the whole.

    It is for the administration's committee, the whole for that of the coordinating administration. What is
    not approved yet is kept after the introduction, for the front to list. No status is moved by it.
    Raises NoRight for anybody outside the secretariat, MoveRefused in a closed round or where the
    administration has no row.
    """
    if plan.id not in rights.secretariat_of:
        raise NoRight()
    if round_.state is not RoundState.open:
        raise MoveRefused("The round is closed.")
    on = clock.local_date(at)
    to = _committee_for(session, plan, administration_id) or plan.council
    draft = memo_of_round(session, plan, round_, on=on, administration_id=administration_id, recipients=to)
    if not draft.memo.rows:
        raise MoveRefused("There is no initiative to print in this round.")
    lacking = [wording.lacking(one.number, one.title, one.administration, one.state) for one in draft.missing]
    memo = replace(draft.memo, intro=(*draft.memo.intro, *wording.lacks_approval(lacking)))
    kind = EditionKind.consolidated if administration_id is None else EditionKind.committee
    return freeze(session, round_, memo, kind=kind, administration_id=administration_id, by=by.id, at=at)


def _committee_for(session: Session, plan: Plan, administration_id: int | None) -> str:
    """The committee that treats an administration's rows, or the whole: the coordinating administration's."""
    own = Administration.id == administration_id
    if administration_id is None:
        own = Administration.name == plan.coordinating_administration
    found = (
        select(Committee.name)
        .join(Administration, Administration.id == Committee.administration_id)
        .where(Administration.plan_id == plan.id, own)
        .order_by(Committee.id)
        .limit(1)
    )
    return session.scalar(found) or ""


def lock_round(
    session: Session, plan: Plan, round_: Round, *, rights: Rights, by: Person, at: datetime
) -> Edition:
    """Lock every approved status under its printed number and freeze the final edition.

    A round that is locked already is locked once more when one of its statuses was corrected: the corrected
    one goes into a further edition, and the earlier editions stay as they are.

    Raises MoveRefused while a row is neither approved nor waived, while an initiative of last round is not
    accounted for, and when there is nothing to lock,
    NotAllowed for anybody but the lead, StaleVersion when a status was moved in the meantime.
    """
    session.refresh(round_, with_for_update=True)
    if round_.state is RoundState.locked and not corrected_since_lock(session, [round_.id]):
        raise MoveRefused("The memo of %(year)s is locked already.", year=round_.year)
    # Judged by the very rows that are locked: one that is moved meanwhile has another version by then.
    rows = numbered(session, round_)
    settled = all(row.update.state in SETTLED for row in rows)
    roles = frozenset({Role.lead}) if plan.id in rights.leads else frozenset({Role.secretariat})
    next_state(State.approved, Move.lock, roles=roles, every_row_settled=settled)
    if round_.state is RoundState.open:
        check_accounted(session, round_)
        conclude(session, round_, by=by.id, at=at)
    for row in rows:
        update = row.update
        update.title, update.number = row.title, row.number
        if update.state is State.approved:
            update.state = State.locked
            record(
                session,
                "locked",
                "status_update",
                update.id,
                by=by.id,
                at=at,
                plan_id=plan.id,
                number=row.number,
            )
    if round_.state is RoundState.open:
        consolidate_the_rest(session, round_, by=by.id, at=at)
    round_.state = RoundState.locked
    round_.locked_at = at
    flush(session)
    record(session, "round_locked", "round", round_.id, by=by.id, at=at, plan_id=plan.id)
    return freeze_final(session, plan, round_, by=by.id, at=at)


def editions_of(session: Session, round_ids: Collection[int]) -> Sequence[Edition]:
    """The editions of some rounds, newest first, without their memos."""
    found = (
        select(Edition)
        .options(defer(Edition.memo, raiseload=True))
        .where(Edition.round_id.in_(round_ids))
        .order_by(Edition.created_at.desc(), Edition.id.desc())
    )
    return session.scalars(found).all()


def final_edition(session: Session, round_id: int, version: int | None = None) -> Edition | None:
    """A round's final edition: the newest, or the one of a version."""
    found = (
        select(Edition)
        .where(Edition.round_id == round_id, Edition.kind == EditionKind.final)
        .order_by(Edition.version.desc())
        .limit(1)
    )
    if version is not None:
        found = found.where(Edition.version == version)
    return session.scalar(found)


def edition_of(session: Session, plan_id: int, edition_id: int) -> tuple[Edition, int] | None:
    """An edition of a plan with the year of its round."""
    found = (
        select(Edition, Round.year)
        .join(Round, Round.id == Edition.round_id)
        .where(Edition.id == edition_id, Round.plan_id == plan_id)
    )
    row = session.execute(found).one_or_none()
    return (row[0], row[1]) if row else None


def memo_of_edition(edition: Edition) -> Memo:
    """What was frozen, with what lacked approval after the introduction."""
    return frozen.from_json(edition.memo)


def printed_edition(edition: Edition) -> tuple[Memo, EditionNotice | None]:
    """An edition as it is printed, and what its front says: which edition it is, what is not approved in it.

    The final edition has no such notice.
    """
    memo, on = memo_of_edition(edition), clock.local_date(edition.created_at)
    if edition.kind is EditionKind.final:
        return memo, None
    intro, missing = wording.without_lacking(memo.intro)
    to = memo.head.recipients
    if edition.kind is EditionKind.consolidated:
        mark, subject, holds = wording.consolidated(to, edition.version, on)
    else:
        names = wording.joined([section.name for section in memo.sections])
        mark, subject, holds = wording.for_committee(to, names, edition.version, on)
    return replace(memo, intro=intro), EditionNotice(mark, subject, holds, missing)
