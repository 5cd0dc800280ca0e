"""Locked rounds as their newest final edition prints them, for those who have a part in the plan.

Everybody else reads what `tracker.memos.publishing.plans` lets out, from the day of publishing on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Exists, select
from sqlalchemy.orm import Session, defer

from tracker.domain.memo import Memo
from tracker.memos.editions import memo_of_edition
from tracker.memos.models import Edition, EditionKind
from tracker.memos.publishing.rows import PublishedStatus, counted, printed_statuses
from tracker.rounds.models import Round, RoundState


@dataclass(frozen=True)
class PublishedPart:
    """An administration's rows, with the count of each standing."""

    name: str
    statuses: tuple[PublishedStatus, ...]
    counts: dict[str, int]


@dataclass(frozen=True)
class PublishedRound:
    """A locked round as its newest final edition prints it."""

    year: int
    edition: Edition
    memo: Memo
    parts: tuple[PublishedPart, ...]

    @property
    def statuses(self) -> tuple[PublishedStatus, ...]:
        return tuple(status for part in self.parts for status in part.statuses)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have which standing, in the order of the standings, without those that lack rows."""
        return counted(status.standing for status in self.statuses)

    @property
    def total(self) -> int:
        return sum(len(part.statuses) for part in self.parts)


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
    return printed_round(session, edition, year) if edition is not None else None


def printed_round(session: Session, edition: Edition, year: int) -> PublishedRound:
    """A round by administration as an edition prints it: one query."""
    memo = memo_of_edition(edition)
    statuses = printed_statuses(session, {edition.round_id: (year, memo)})
    return PublishedRound(year, edition, memo, tuple(parts_of(statuses)))


def parts_of(statuses: Iterable[PublishedStatus]) -> list[PublishedPart]:
    """Rows in printed order by administration."""
    return [
        PublishedPart(name, rows, counted(one.standing for one in rows))
        for name, group in groupby(statuses, key=lambda one: one.administration)
        for rows in [tuple(group)]
    ]


def _has_edition() -> Exists:
    return select(Edition.id).where(Edition.round_id == Round.id, Edition.kind == EditionKind.final).exists()
