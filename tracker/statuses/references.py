"""Which rows the numbers in a status text mean, noted when the text is written down.

An owner types "nr. 27-29" as in any memo. Numbers belong to one edition, so the journal keeps which
initiatives they stood for: what was carried over from the last locked round means the rows of that round,
anything else the rows as they are numbered when it is written. What a number meant once it goes on meaning
while it stands in the text.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from tracker.audit.actions import record
from tracker.audit.models import JournalEntry
from tracker.domain.cross_references import numbers_in
from tracker.plans.models import Administration, Initiative
from tracker.rounds.models import Round, RoundState, StatusUpdate

NOTED = "references_noted"
PRINTED_ORDER = (
    StatusUpdate.number.is_(None),
    StatusUpdate.number,
    Administration.position,
    Initiative.position,
)


def numbering(session: Session, round_id: int) -> dict[int, int]:
    """The initiative of each number as the round's rows are numbered now: one query."""
    found = (
        select(StatusUpdate.number, StatusUpdate.initiative_id)
        .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
        .join(Administration, Administration.id == Initiative.administration_id)
        .where(StatusUpdate.round_id == round_id)
        .order_by(*PRINTED_ORDER)
    )
    return {number or index: id_ for index, (number, id_) in enumerate(session.execute(found), start=1)}


def meanings(session: Session, update_ids: Collection[int]) -> dict[int, dict[int, int]]:
    """For each update the initiative that each number of its text was written for: one query, or none."""
    if not update_ids:
        return {}
    found = (
        select(JournalEntry.object_id, JournalEntry.details)
        .where(
            JournalEntry.object_kind == "status_update",
            JournalEntry.object_id.in_(list(update_ids)),
            JournalEntry.fact == NOTED,
        )
        .order_by(JournalEntry.id)
    )
    return {
        update_id: {int(number): initiative for number, initiative in details["rows"].items()}
        for update_id, details in session.execute(found)
    }


def note(session: Session, update: StatusUpdate, *, by: int | None, at: datetime) -> None:
    """Journal what the numbers in the update's text mean, where that is not known: no query without any."""
    numbers = numbers_in(update.text)
    if not numbers:
        return
    known = meanings(session, [update.id]).get(update.id, {})
    fresh = [number for number in numbers if number not in known]
    rows = {number: known[number] for number in numbers if number in known}
    if fresh:
        carried, here = _carried_over(session, update), numbering(session, update.round_id)
        meant = {number: carried.get(number, here.get(number)) for number in fresh}
        rows |= {number: initiative for number, initiative in meant.items() if initiative is not None}
    if rows != known:
        said = {str(number): rows[number] for number in sorted(rows)}
        record(
            session,
            NOTED,
            "status_update",
            update.id,
            by=by,
            at=at,
            plan_id=update.round.plan_id,
            rows=said,
        )


def _carried_over(session: Session, update: StatusUpdate) -> dict[int, int]:
    """What the numbers in the initiative's last locked text mean."""
    found = (
        select(StatusUpdate)
        .join(Round, Round.id == StatusUpdate.round_id)
        .options(load_only(StatusUpdate.id, StatusUpdate.round_id, StatusUpdate.text))
        .where(
            StatusUpdate.initiative_id == update.initiative_id,
            Round.state == RoundState.locked,
            Round.year < update.round.year,
        )
        .order_by(Round.year.desc())
        .limit(1)
    )
    last = session.scalar(found)
    numbers = numbers_in(last.text) if last is not None else ()
    if last is None or not numbers:
        return {}
    printed = numbering(session, last.round_id) | meanings(session, [last.id]).get(last.id, {})
    return {number: printed[number] for number in numbers if number in printed}
