"""What everybody may read: the plans, and of each the rounds that are public on a day.

Every public page, file, calendar and address begins with `public_plan` or `public_plans`, which alone apply
the rule of `tracker.memos.publishing.day`. Whatever else is read, is read of the rounds that they gave.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from tracker.memos.models import Edition, EditionKind
from tracker.memos.publishing.day import public_rounds
from tracker.memos.publishing.locked import PublishedRound, printed_round
from tracker.memos.publishing.rows import counted_by_round
from tracker.plans.models import Plan
from tracker.rounds.models import Round


@dataclass(frozen=True, slots=True)
class PublicEdition:
    """A public round and the edition that is read of it, without the memo itself."""

    round_id: int
    year: int
    id: int
    version: int
    hash: str
    locked_at: datetime
    publish_on: date | None


@dataclass(frozen=True, slots=True)
class PublicPlan:
    """A plan with its public editions, newest year first; there is at least one."""

    plan: Plan
    editions: tuple[PublicEdition, ...]

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(one.year for one in self.editions)

    @property
    def round_ids(self) -> tuple[int, ...]:
        return tuple(one.round_id for one in self.editions)

    def of(self, year: int | None) -> PublicEdition | None:
        """The edition of a year; of None the newest."""
        if year is None:
            return self.editions[0]
        return next((one for one in self.editions if one.year == year), None)

    def fingerprint(self) -> tuple[Any, ...]:
        """Everything that a page says of the plan and its editions: while it is the same, so is the page."""
        plan = self.plan
        said = (plan.slug, plan.name, plan.authority, plan.office, plan.coordinating_administration)
        return (*said, plan.first_year, plan.last_year, self.editions)


@lru_cache(maxsize=4)
def _plans(on: date) -> Select[*tuple[Any, ...]]:
    """The newest final edition of each public round. Built once a day."""
    newest = (
        select(func.max(Edition.version))
        .where(Edition.round_id == Round.id, Edition.kind == EditionKind.final)
        .correlate(Round)
        .scalar_subquery()
    )
    return (
        select(
            Plan,
            Round.id,
            Round.year,
            Edition.id,
            Edition.version,
            Edition.hash,
            Edition.created_at,
            Round.publish_on,
        )
        .join(Round, Round.plan_id == Plan.id)
        .join(Edition, Edition.round_id == Round.id)
        .where(public_rounds(on), Edition.kind == EditionKind.final, Edition.version == newest)
        .order_by(Plan.name, Plan.id, Round.year.desc())
    )


@lru_cache(maxsize=4)
def _plan(on: date) -> Select[*tuple[Any, ...]]:
    return _plans(on).where(Plan.slug == bindparam("slug"))


def public_plans(session: Session, *, on: date) -> list[PublicPlan]:
    """The plans of which something is public, by name: one query."""
    return _gathered(session.execute(_plans(on)))


def public_plan(session: Session, slug: str, *, on: date) -> PublicPlan | None:
    """A plan of which something is public: one query."""
    return next(iter(_gathered(session.execute(_plan(on), {"slug": slug}))), None)


def _gathered(found: Any) -> list[PublicPlan]:
    return [
        PublicPlan(plan, tuple(PublicEdition(*values) for _, *values in group))
        for plan, group in groupby(found, key=lambda row: row[0])
    ]


def edition_of(session: Session, public: PublicEdition) -> Edition:
    """The edition itself, with its memo: one query."""
    return session.get_one(Edition, public.id)


def public_round(session: Session, public: PublicEdition) -> PublishedRound:
    """A public round by administration: two queries, however many rows."""
    return printed_round(session, edition_of(session, public), public.year)


def every_round(session: Session, editions: Sequence[PublicEdition]) -> list[PublishedRound]:
    """Several public rounds, newest first: two queries a round."""
    return [public_round(session, one) for one in editions]


def counts_by_year(session: Session, public: PublicPlan) -> dict[int, dict[str, int]]:
    """How many initiatives had which standing, by year, newest first: one query."""
    counts = counted_by_round(session, public.round_ids)
    return {one.year: counts[one.round_id] for one in public.editions}
