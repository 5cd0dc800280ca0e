"""What the public may read: locked rounds, as their newest final edition prints them, and nothing else.

Texts and titles come from the frozen edition, never from the updates. From an update comes only which
initiative a printed row is about and how far it was when it was printed: one that was corrected since says
what it said before, until the next edition is locked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Exists, func, select
from sqlalchemy import Row as DatabaseRow
from sqlalchemy.orm import Session, aliased, defer, joinedload

from tracker.domain.memo import Memo, Row
from tracker.domain.text import StatusText
from tracker.domain.workflow import Outcome, ProgressState, State
from tracker.memos.editions import memo_of_edition
from tracker.memos.models import Edition, EditionKind
from tracker.memos.notes import own_text
from tracker.plans.models import Administration, Initiative, Plan
from tracker.plans.rights import Rights
from tracker.rounds.models import Round, RoundState, StatusRevision, StatusUpdate

MERGED = "merged"
STANDINGS = (*(state.value for state in ProgressState if state is not ProgressState.not_stated), MERGED)
_LAST = ProgressState.not_stated.value
_Found = DatabaseRow[int, int, int, str, int | None, str, State, ProgressState, Outcome | None]


@dataclass(frozen=True)
class PublishedPlan:
    """A plan with the years of its locked rounds, newest first."""

    plan: Plan
    years: tuple[int, ...]


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
class PublishedPart:
    """An administration's rows, with the count of each standing."""

    name: str
    statuses: tuple[PublishedStatus, ...]
    counts: Mapping[str, int]


@dataclass(frozen=True)
class PublishedRound:
    """A locked round as its newest final edition prints it."""

    year: int
    edition: Edition
    memo: Memo
    parts: tuple[PublishedPart, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have which standing, in the order of the standings, without those that lack rows."""
        return counted(status for part in self.parts for status in part.statuses)

    @property
    def total(self) -> int:
        return sum(len(part.statuses) for part in self.parts)


def published_plans(session: Session, rights: Rights | None = None) -> list[PublishedPlan]:
    """The plans that have a locked round, or those of them that a person has a part in, by name."""
    found = (
        select(Plan, Round.year)
        .join(Round, Round.plan_id == Plan.id)
        .where(Round.state == RoundState.locked, _has_edition())
        .order_by(Plan.name, Plan.id, Round.year.desc())
    )
    if rights is not None:
        found = found.where(Plan.id.in_(sorted(rights.plans)))
    pairs = [(plan, year) for plan, year in session.execute(found)]
    return [
        PublishedPlan(plan, tuple(year for _, year in group))
        for plan, group in groupby(pairs, key=lambda pair: pair[0])
    ]


def published_years(session: Session, plan_id: int) -> Sequence[int]:
    """The years of a plan's locked rounds, newest first."""
    found = (
        select(Round.year)
        .where(Round.plan_id == plan_id, Round.state == RoundState.locked, _has_edition())
        .order_by(Round.year.desc())
    )
    return session.scalars(found).all()


def final_editions(session: Session, plan_ids: Iterable[int]) -> list[tuple[Edition, int, int]]:
    """Every final edition of locked rounds: (edition without its memo, plan id, year), newest first."""
    found = (
        select(Edition, Round.plan_id, Round.year)
        .join(Round, Round.id == Edition.round_id)
        .options(defer(Edition.memo, raiseload=True))
        .where(
            Round.plan_id.in_(sorted(plan_ids)),
            Round.state == RoundState.locked,
            Edition.kind == EditionKind.final,
        )
        .order_by(Round.year.desc(), Edition.version.desc())
    )
    return [(edition, plan_id, year) for edition, plan_id, year in session.execute(found)]


def published_edition(
    session: Session, plan_id: int, year: int, version: int | None = None
) -> Edition | None:
    """The final edition of a locked round: the newest, or the one of a version."""
    found = (
        select(Edition)
        .join(Round, Round.id == Edition.round_id)
        .where(
            Round.plan_id == plan_id,
            Round.year == year,
            Round.state == RoundState.locked,
            Edition.kind == EditionKind.final,
        )
        .order_by(Edition.version.desc())
        .limit(1)
    )
    if version is not None:
        found = found.where(Edition.version == version)
    return session.scalar(found)


def published_round(session: Session, plan_id: int, year: int) -> PublishedRound | None:
    """A locked round by administration: two queries, however many rows."""
    edition = published_edition(session, plan_id, year)
    if edition is None:
        return None
    memo = memo_of_edition(edition)
    statuses = _statuses(session, {edition.round_id: (year, memo)})
    parts = tuple(
        PublishedPart(name, rows, counted(rows))
        for name, group in groupby(statuses, key=lambda one: one.administration)
        for rows in [tuple(group)]
    )
    return PublishedRound(year, edition, memo, parts)


def published_initiative(session: Session, plan_id: int, initiative_id: int) -> Initiative | None:
    """An initiative of the plan with its administration and deciding committee."""
    found = (
        select(Initiative)
        .options(joinedload(Initiative.administration), joinedload(Initiative.deciding_committee))
        .where(Initiative.id == initiative_id, Initiative.plan_id == plan_id)
    )
    return session.scalar(found)


def published_history(session: Session, initiative: Initiative) -> list[PublishedStatus]:
    """What the locked rounds have said of an initiative, newest first: two queries."""
    newest = (
        select(Edition.round_id, func.max(Edition.version).label("version"))
        .where(Edition.kind == EditionKind.final)
        .group_by(Edition.round_id)
        .subquery()
    )
    found = (
        select(Edition, Round.year)
        .join(newest, (newest.c.round_id == Edition.round_id) & (newest.c.version == Edition.version))
        .join(Round, Round.id == Edition.round_id)
        .join(
            StatusUpdate,
            (StatusUpdate.round_id == Round.id) & (StatusUpdate.initiative_id == initiative.id),
        )
        .where(
            Round.plan_id == initiative.plan_id,
            Round.state == RoundState.locked,
            Edition.kind == EditionKind.final,
        )
    )
    memos = {edition.round_id: (year, memo_of_edition(edition)) for edition, year in session.execute(found)}
    statuses = _statuses(session, memos, initiative_id=initiative.id)
    return sorted(statuses, key=lambda one: one.year, reverse=True)


def counted(statuses: Iterable[PublishedStatus]) -> dict[str, int]:
    counts = Counter(one.standing for one in statuses)
    return {standing: counts[standing] for standing in (*STANDINGS, _LAST) if counts[standing]}


def _statuses(
    session: Session, memos: Mapping[int, tuple[int, Memo]], *, initiative_id: int | None = None
) -> list[PublishedStatus]:
    """The printed rows of some rounds in the order of the plan, each with its initiative."""
    found = (
        select(
            StatusUpdate.id,
            StatusUpdate.round_id,
            StatusUpdate.initiative_id,
            Administration.name,
            StatusUpdate.number,
            StatusUpdate.title,
            StatusUpdate.state,
            StatusUpdate.progress,
            StatusUpdate.outcome,
        )
        .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
        .join(Administration, Administration.id == Initiative.administration_id)
        .where(StatusUpdate.round_id.in_(list(memos)))
        .order_by(Administration.position, StatusUpdate.number, StatusUpdate.id)
    )
    if initiative_id is not None:
        found = found.where(StatusUpdate.initiative_id == initiative_id)
    every = session.execute(found).all()
    printed = _printed_before(session, [one.id for one in every if one.state is State.approved])
    return [
        PublishedStatus(
            initiative_id=one.initiative_id,
            administration=one.name,
            year=memos[one.round_id][0],
            number=row.number,
            title=row.title,
            standing=_standing(one.state, printed.get(one.id, one.progress), one.outcome),
            text=own_text(row, memos[one.round_id][1]),
        )
        for one, row in _with_rows(every, memos)
    ]


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
) -> Iterator[tuple[_Found, Row]]:
    """Each update with the row that the edition prints of it. A memo may use a number twice."""
    rows = {(at, row.number): row for at, (_, memo) in memos.items() for row in memo.rows}
    rows_by_title = {(at, row.number, row.title): row for at, (_, memo) in memos.items() for row in memo.rows}
    for one in found:
        row = rows_by_title.get((one.round_id, one.number, one.title)) or rows.get((one.round_id, one.number))
        if row is not None:
            yield one, row


def _standing(state: State, progress: ProgressState, outcome: Outcome | None) -> str:
    """What was printed. Where no status was expected, what an owner may have chosen before is not public."""
    if state is State.waived:
        return _WAIVED.get(outcome, _LAST) if outcome else _LAST
    return progress.value


_WAIVED = {
    Outcome.merged: MERGED,
    Outcome.discontinued: ProgressState.discontinued.value,
    Outcome.awaiting_funding: ProgressState.awaiting_funding.value,
}


def _has_edition() -> Exists:
    return select(Edition.id).where(Edition.round_id == Round.id, Edition.kind == EditionKind.final).exists()
