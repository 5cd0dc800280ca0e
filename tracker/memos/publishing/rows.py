"""The rows of locked rounds, as their editions print them.

Texts, titles and administrations come from the frozen edition, never from the updates. From an update comes
only which initiative a printed row is about and how far it was when it was printed: one that was corrected
since says what it said before, until the next edition is locked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row as DatabaseRow
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from tracker.domain.memo import Memo, Row
from tracker.domain.text import StatusText
from tracker.domain.workflow import Outcome, ProgressState, State
from tracker.memos.notes import own_text
from tracker.rounds.models import StatusRevision, StatusUpdate

MERGED = "merged"
STANDINGS = (*(state.value for state in ProgressState if state is not ProgressState.not_stated), MERGED)
_LAST = ProgressState.not_stated.value
_Found = DatabaseRow[int, int, int, int | None, str, State, ProgressState, Outcome | None]
_UPDATES = select(
    StatusUpdate.id,
    StatusUpdate.round_id,
    StatusUpdate.initiative_id,
    StatusUpdate.number,
    StatusUpdate.title,
    StatusUpdate.state,
    StatusUpdate.progress,
    StatusUpdate.outcome,
)
_WAIVED = {
    Outcome.merged: MERGED,
    Outcome.discontinued: ProgressState.discontinued.value,
    Outcome.awaiting_funding: ProgressState.awaiting_funding.value,
}


@dataclass(frozen=True)
class PublishedStatus:
    """One printed row. `standing` is the value of a ProgressState, or MERGED."""

    initiative_id: int
    administration: str
    year: int
    number: int
    title: str
    standing: str
    text: StatusText


@dataclass(frozen=True)
class _Printed:
    """A row of a memo with its place in it, counted through."""

    place: int
    administration: str
    row: Row


def printed_statuses(
    session: Session, memos: Mapping[int, tuple[int, Memo]], *, initiative_id: int | None = None
) -> list[PublishedStatus]:
    """The printed rows of some rounds, by round id (year, memo): newest year first, each in printed order.

    One query; a second where a status was corrected and is not printed anew yet.
    """
    found = _UPDATES.where(StatusUpdate.round_id.in_(list(memos)))
    if initiative_id is not None:
        found = found.where(StatusUpdate.initiative_id == initiative_id)
    every = session.execute(found).all()
    before = _printed_before(session, [one.id for one in every if one.state is State.approved])
    pairs = sorted(
        _with_rows(every, memos), key=lambda pair: (-memos[pair[0].round_id][0], pair[1].place, pair[0].id)
    )
    return [
        PublishedStatus(
            initiative_id=one.initiative_id,
            administration=printed.administration,
            year=memos[one.round_id][0],
            number=printed.row.number,
            title=printed.row.title,
            standing=_standing(one.state, before.get(one.id, one.progress), one.outcome),
            text=_text_of(printed.row, memos[one.round_id][1]),
        )
        for one, printed in pairs
    ]


def _text_of(row: Row, memo: Memo) -> StatusText:
    return own_text(row, memo) if memo.footnotes else StatusText(row.blocks)


def counted(standings: Iterable[str]) -> dict[str, int]:
    """How many have which standing, in the order of the standings, without those that nobody has."""
    return _in_order(Counter(standings))


def _in_order(counts: Mapping[str, int]) -> dict[str, int]:
    return {standing: counts[standing] for standing in (*STANDINGS, _LAST) if counts.get(standing)}


def counted_by_round(session: Session, round_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """The same of locked rounds by id, without reading their editions.

    One query; three where a status was corrected and is not printed anew yet.
    """
    counts: dict[int, Counter[str]] = {round_id: Counter() for round_id in round_ids}
    corrected = False
    for round_id, state, progress, outcome, number in session.execute(_counts(tuple(round_ids))):
        if state is State.approved:
            corrected = True
        else:
            counts[round_id][_standing(state, progress, outcome)] += number
    if corrected:
        found = _UPDATES.where(StatusUpdate.round_id.in_(round_ids), StatusUpdate.state == State.approved)
        every = session.execute(found.where(StatusUpdate.number.is_not(None))).all()
        before = _printed_before(session, [one.id for one in every])
        for one in every:
            counts[one.round_id][before.get(one.id, one.progress).value] += 1
    return {round_id: _in_order(some) for round_id, some in counts.items()}


def _counts(round_ids: tuple[int, ...]) -> Select[*tuple[Any, ...]]:
    """How many printed updates of each round have which state, progress and outcome."""
    kinds = (StatusUpdate.round_id, StatusUpdate.state, StatusUpdate.progress, StatusUpdate.outcome)
    return (
        select(*kinds, func.count())
        .where(StatusUpdate.round_id.in_(round_ids), StatusUpdate.number.is_not(None))
        .group_by(*kinds)
    )


def _printed_before(session: Session, corrected: Sequence[int]) -> dict[int, ProgressState]:
    """How far each of some updates of locked rounds was before the correction that waits to be printed.

    Nothing is asked where nothing was corrected.
    """
    if not corrected:
        return {}
    correction = aliased(StatusRevision)
    found = (
        select(StatusRevision.update_id, StatusRevision.progress)
        .join(StatusUpdate, StatusUpdate.id == StatusRevision.update_id)
        .join(correction, correction.id == StatusUpdate.approved_revision_id)
        .where(StatusUpdate.id.in_(corrected), StatusRevision.number < correction.number)
        .order_by(StatusRevision.number)
    )
    return {row.update_id: row.progress for row in session.execute(found)}


def _with_rows(
    found: Iterable[_Found], memos: Mapping[int, tuple[int, Memo]]
) -> Iterator[tuple[_Found, _Printed]]:
    """Each update with the row that the edition prints of it. A memo may use a number twice."""
    by_number: dict[tuple[int, int], _Printed] = {}
    by_title: dict[tuple[int, int, str], _Printed] = {}
    for at, (_, memo) in memos.items():
        for printed in _rows_of(memo):
            by_number[at, printed.row.number] = printed
            by_title[at, printed.row.number, printed.row.title] = printed
    for one in found:
        if one.number is None:
            continue
        known = by_title.get((one.round_id, one.number, one.title)) or by_number.get(
            (one.round_id, one.number)
        )
        if known is not None:
            yield one, known


def _rows_of(memo: Memo) -> Iterator[_Printed]:
    place = 0
    for section in memo.sections:
        for row in section.rows:
            yield _Printed(place, section.name, row)
            place += 1


def _standing(state: State, progress: ProgressState, outcome: Outcome | None) -> str:
    """What was printed. Where no status was expected, what an owner may have chosen before is not public."""
    if state is State.waived:
        return _WAIVED.get(outcome, _LAST) if outcome else _LAST
    return progress.value
