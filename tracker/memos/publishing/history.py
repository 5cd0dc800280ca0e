"""One initiative over the years: what the public rounds have said of it, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.domain.workflow import Outcome, State
from tracker.memos.editions import memo_of_edition
from tracker.memos.models import Edition
from tracker.memos.publishing.plans import PublicPlan
from tracker.memos.publishing.rows import MERGED, PublishedStatus, printed_statuses
from tracker.plans.models import Initiative
from tracker.rounds.models import Round, StatusUpdate

Mergers = tuple[tuple[int, int | None], ...]


@dataclass(frozen=True)
class PastStatus:
    """What was printed in a year, and how that differs from the year before; "" and () where it does not.

    `skipped` are the years of public rounds between the two in which the initiative does not stand.
    """

    status: PublishedStatus
    renamed_from: str = ""
    moved_from: str = ""
    standing_from: str = ""
    number_from: int | None = None
    skipped: tuple[int, ...] = ()

    @property
    def changed(self) -> bool:
        return bool(self.renamed_from or self.moved_from or self.standing_from or self.skipped)


@dataclass(frozen=True)
class Namesake:
    """Another initiative under the title that was printed last."""

    id: int
    title: str


@dataclass(frozen=True)
class History:
    """An initiative over the years, newest first; there is at least one.

    `absent` are the years of public rounds after the last in which it stands. `merged_into` is told when a
    public round has said so, `merged_here` are those of which one has said that they became part of this.
    """

    entries: tuple[PastStatus, ...]
    absent: tuple[int, ...] = ()
    merged_into: Namesake | None = None
    merged_here: tuple[Namesake, ...] = ()


def published_initiative(session: Session, plan_id: int, initiative_id: int) -> Initiative | None:
    """An initiative of the plan with its deciding committee: one query."""
    found = (
        select(Initiative)
        .options(joinedload(Initiative.deciding_committee))
        .where(Initiative.id == initiative_id, Initiative.plan_id == plan_id)
    )
    return session.scalar(found)


def history_of(session: Session, public: PublicPlan, initiative_id: int, mergers: Mergers) -> History | None:
    """What the public rounds have said of an initiative; None where none has.

    Two queries; three where it was merged with another. `mergers` are what `mergers_of` found.
    """
    statuses = _statuses(session, public, initiative_id)
    if not statuses:
        return None
    merged = statuses[0].standing == MERGED
    into = {target for one, target in mergers if merged and one == initiative_id and target is not None}
    here = {one for one, target in mergers if target == initiative_id}
    titles = printed_titles(session, public, into | here) if into | here else {}
    names = {id_: Namesake(id_, title) for id_, title in titles.items()}
    return History(
        entries=tuple(compared(statuses, public.years)),
        absent=tuple(year for year in public.years if year > statuses[0].year),
        merged_into=next((names[one] for one in into if one in names), None),
        merged_here=tuple(names[one] for one in sorted(here) if one in names),
    )


def mergers_of(session: Session, public: PublicPlan, initiative_id: int) -> Mergers:
    """Which initiative became part of which, as far as public rounds have said it of this one: one query."""
    said = (
        select(StatusUpdate.initiative_id, Initiative.merged_into_id)
        .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
        .where(
            StatusUpdate.round_id.in_(public.round_ids),
            StatusUpdate.state == State.waived,
            StatusUpdate.outcome == Outcome.merged,
            or_(Initiative.id == initiative_id, Initiative.merged_into_id == initiative_id),
        )
        .distinct()
        .order_by(StatusUpdate.initiative_id)
    )
    return tuple((one, target) for one, target in session.execute(said))


def compared(statuses: Sequence[PublishedStatus], years: Collection[int]) -> list[PastStatus]:
    """Each status, newest first, beside the one of the year before it; `years` are all that are public."""
    pairs = zip(statuses, [*statuses[1:], None], strict=True)
    return [_beside(one, before, years) if before else PastStatus(one) for one, before in pairs]


def _beside(one: PublishedStatus, before: PublishedStatus, years: Collection[int]) -> PastStatus:
    return PastStatus(
        one,
        renamed_from=before.title if before.title != one.title else "",
        moved_from=before.administration if before.administration != one.administration else "",
        standing_from=before.standing if before.standing != one.standing else "",
        number_from=before.number if before.number != one.number else None,
        skipped=tuple(year for year in sorted(years) if before.year < year < one.year),
    )


def _statuses(session: Session, public: PublicPlan, initiative_id: int) -> list[PublishedStatus]:
    """Only the editions of rounds that asked about it are read."""
    asked = select(StatusUpdate.round_id).where(
        StatusUpdate.initiative_id == initiative_id, StatusUpdate.round_id.in_(public.round_ids)
    )
    found = (
        select(Edition, Round.year)
        .join(Round, Round.id == Edition.round_id)
        .where(Edition.id.in_([one.id for one in public.editions]), Edition.round_id.in_(asked))
    )
    memos = {edition.round_id: (year, memo_of_edition(edition)) for edition, year in session.execute(found)}
    return printed_statuses(session, memos, initiative_id=initiative_id)


def printed_titles(
    session: Session, public: PublicPlan, initiative_ids: Collection[int] | None = None
) -> dict[int, str]:
    """The titles under which the public rounds printed initiatives last, of some or of all: one query."""
    found = (
        select(StatusUpdate.initiative_id, StatusUpdate.title)
        .join(Round, Round.id == StatusUpdate.round_id)
        .where(StatusUpdate.round_id.in_(public.round_ids), StatusUpdate.number.is_not(None))
        .order_by(Round.year)
    )
    if initiative_ids is not None:
        found = found.where(StatusUpdate.initiative_id.in_(sorted(initiative_ids)))
    return {row.initiative_id: row.title for row in session.execute(found)}
