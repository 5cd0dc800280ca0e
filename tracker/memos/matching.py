"""What a printed memo has in common with a plan: which administrations and initiatives are there already.

Names are the same when their letters and digits are, in any case. A block that is headed by a committee
belongs to that committee's administration. Nothing is guessed beyond that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.memo import Memo, Row, Section
from tracker.memos import wording
from tracker.plans import queries as plans
from tracker.plans.models import Administration, Initiative, Plan


@dataclass(frozen=True)
class RowMatch:
    """A printed row and the initiative it is about; None when the plan lacks it.

    `moved`: the initiative stands under another administration now.
    """

    row: Row
    title: str
    initiative: Initiative | None
    moved: bool = False


@dataclass(frozen=True)
class SectionMatch:
    """A printed block and the administration it belongs to; None when the plan lacks it."""

    name: str
    administration: Administration | None
    rows: tuple[RowMatch, ...]

    @property
    def heading(self) -> str:
        """The name of the plan's administration, or the printed one."""
        return self.administration.name if self.administration else self.name


@dataclass(frozen=True)
class Match:
    sections: tuple[SectionMatch, ...]

    @property
    def rows(self) -> tuple[RowMatch, ...]:
        return tuple(row for section in self.sections for row in section.rows)

    @property
    def known(self) -> int:
        """How many rows are about an initiative that the plan has."""
        return sum(row.initiative is not None for row in self.rows)

    @property
    def new(self) -> int:
        return len(self.rows) - self.known

    @property
    def new_administrations(self) -> tuple[str, ...]:
        """Their names as printed, each once."""
        return tuple(
            {key(one.name): one.name for one in self.sections if one.administration is None}.values()
        )


def match(session: Session, plan: Plan, memo: Memo) -> Match:
    """Compare a memo with a plan: three queries, however many rows."""
    administrations = _administrations(session, plan)
    sections = [(section, administrations.get(key(section.name))) for section in memo.sections]
    initiatives = _Initiatives(session, plan)
    here = [[initiatives.take(row, area) for row in section.rows] for section, area in sections]
    return Match(
        tuple(
            SectionMatch(
                name=_name(section),
                administration=administration,
                rows=tuple(
                    initiatives.matched(row, one) for row, one in zip(section.rows, known, strict=True)
                ),
            )
            for (section, administration), known in zip(sections, here, strict=True)
        )
    )


def key(text: str) -> str:
    """What must be equal for two names to be the same."""
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def _name(section: Section) -> str:
    return " ".join(section.name.split())[:200].strip() or wording.NO_ADMINISTRATION


def _title(row: Row) -> str:
    return " ".join(row.title.split())[:1_000].strip() or wording.untitled(row.number)


def _administrations(session: Session, plan: Plan) -> dict[str, Administration]:
    found = {key(one.name): one for one in plans.administrations(session, plan.id)}
    by_id = {one.id: one for one in found.values()}
    for committee in plans.committees(session, plan.id):
        # A memo at times heads a block with the committee instead of its administration.
        if committee.administration_id in by_id:
            found.setdefault(key(committee.name), by_id[committee.administration_id])
    return found


class _Initiatives:
    """The plan's initiatives by title. Each is taken once, for it has one status in a round."""

    def __init__(self, session: Session, plan: Plan) -> None:
        found = session.scalars(
            select(Initiative).where(Initiative.plan_id == plan.id).order_by(Initiative.id)
        )
        self.left: dict[str, list[Initiative]] = {}
        for initiative in found:
            self.left.setdefault(key(initiative.title), []).append(initiative)

    def take(self, row: Row, administration: Administration | None) -> Initiative | None:
        """One with this title in this administration."""
        if administration is None:
            return None
        candidates = self._candidates(row)
        here = (one for one in candidates if one.administration_id == administration.id)
        return self._taken(candidates, here)

    def matched(self, row: Row, here: Initiative | None) -> RowMatch:
        """With the initiative found here, else the only one with this title that is left: it has moved."""
        if here is not None:
            return RowMatch(row, _title(row), here)
        candidates = self._candidates(row)
        found = self._taken(candidates, candidates if len(candidates) == 1 else ())
        return RowMatch(row, _title(row), found, moved=found is not None)

    def _candidates(self, row: Row) -> list[Initiative]:
        return self.left.get(key(_title(row)), [])

    @staticmethod
    def _taken(candidates: list[Initiative], chosen: Iterable[Initiative]) -> Initiative | None:
        found = next(iter(chosen), None)
        if found is not None:
            candidates.remove(found)
        return found
