"""Carrying out what a person has decided of a memo: exactly what was shown, all of it or nothing.

Nothing here commits.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.audit.actions import record
from tracker.domain.errors import InvalidInput, MoveRefused, StaleVersion
from tracker.initiatives.changing import change
from tracker.memos.importing.actions import Summary, check_rows, has_round, record_round, summary_of
from tracker.memos.importing.choices import from_json
from tracker.memos.importing.confirming import Confirming, Effect, digest
from tracker.memos.importing.decided import Decided, decided
from tracker.memos.importing.front import written
from tracker.memos.importing.preparing import prepare
from tracker.memos.models import MemoUpload
from tracker.memos.reading import Reading
from tracker.plans.models import Administration, Committee, Initiative, Plan, Standing
from tracker.rounds.models import Round


def import_decided(
    session: Session, upload: MemoUpload, plan: Plan, reading: Reading, *, shown: str, by: int, at: datetime
) -> Summary:
    """Import a memo as it was decided. `shown` is the digest of what the person has looked at.

    Raises StaleVersion when that is not what would be done any more, MoveRefused while a row is not accepted,
    DomainError when no row is left to import. A round that is there already stays as it is.
    """
    if has_round(session, plan, upload.year):
        upload.confirmed_at = upload.confirmed_at or at
        return Summary(rows=len(reading.memo.rows), already_there=True)
    found = prepare(session, plan, reading, from_json(upload.choices))
    if shown != digest(found, sha256=upload.sha256, version=upload.version, year=upload.year):
        raise StaleVersion()
    if found.open:
        raise MoveRefused("There are rows that nobody has accepted yet.")
    result = decided(found)
    check_rows(result.memo)
    round_, statuses = record_round(session, plan, result.memo, result.match, year=upload.year, by=by, at=at)
    made = {line.index: one.initiative for line, one in zip(result.lines, statuses, strict=True)}
    _rename(session, result, made, by=by, at=at)
    _end(session, found, made, by=by, at=at)
    upload.confirmed_at = at
    _note(session, upload, round_, found, by=by, at=at)
    return summary_of(result.match)


def _rename(session: Session, result: Decided, made: dict[int, Initiative], *, by: int, at: datetime) -> None:
    """Give initiatives the titles that were printed, where a person said so."""
    for line, match in zip(result.lines, result.match.rows, strict=True):
        if line.effect is Effect.renamed and made[line.index].title != match.title:
            _change(session, made[line.index], by=by, at=at, title=match.title)


def _end(session: Session, found: Confirming, made: dict[int, Initiative], *, by: int, at: datetime) -> None:
    """Merge initiatives that the memo does not mention into those of its rows, where a person said so."""
    for one in found.unmentioned:
        if one.into is None:
            continue
        into = made[one.into]
        if into.standing is not Standing.active:
            raise InvalidInput("merged_into", "That initiative takes no part in the rounds itself.")
        _change(session, one.initiative, by=by, at=at, standing=Standing.merged, merged_into_id=into.id)


def _change(session: Session, initiative: Initiative, *, by: int, at: datetime, **other: Any) -> None:
    """Change some facts of an initiative and leave the others."""
    committee_id = initiative.deciding_committee_id
    facts: dict[str, Any] = {
        "title": initiative.title,
        "administration": session.get_one(Administration, initiative.administration_id),
        "standing": initiative.standing,
        "merged_into_id": initiative.merged_into_id,
        "description": initiative.description,
        "origin": initiative.origin,
        "origin_decision": initiative.origin_decision,
        "origin_on": initiative.origin_on,
        "funder": initiative.funder,
        "deciding_committee": session.get_one(Committee, committee_id) if committee_id is not None else None,
        "first_year": initiative.first_year,
        "last_year": initiative.last_year,
        "version": initiative.version,
    }
    change(session, initiative, **{**facts, **other}, by=by, at=at)


def _note(
    session: Session, upload: MemoUpload, round_: Round, found: Confirming, *, by: int, at: datetime
) -> None:
    """What of the file was imported otherwise than it was read."""
    record(
        session,
        "memo_confirmed",
        "round",
        round_.id,
        by=by,
        at=at,
        plan_id=upload.plan_id,
        upload_id=upload.id,
        sha256=upload.sha256,
        front=written(found.choices.front),
        edited=[line.row.number for line in found.lines if line.choice.edited],
        renamed=[
            line.initiative.id for line in found.lines if line.effect is Effect.renamed and line.initiative
        ],
        joined=[line.row.number for line in found.lines if line.effect is Effect.joined],
        left_out=[line.row.number for line in found.lines if line.effect is Effect.out],
        merged=[one.initiative.id for one in found.unmentioned if one.into is not None],
    )
