"""What a printed memo has in common with a plan: which administrations and initiatives are there already.

Names are the same when their letters and digits are, in any case. A block that is headed by a committee
belongs to that committee's administration. An initiative that was renamed since an earlier memo is known by
the title that was printed then. Nothing is guessed beyond that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.memo import Memo, Row
from tracker.memos import wording
from tracker.plans import queries as plans
from tracker.plans.models import Administration, Initiative, Plan
from tracker.rounds.models import Round, RoundState, StatusUpdate


@dataclass(frozen=True)
class RowMatch:
    """A printed row and the initiative it is about; None when the plan lacks it.

    `moved`: the initiative stands under another administration now; `former`: it was printed under this
    title before and is called something else now.
    """

    row: Row
    title: str
    initiative: Initiative | None
    moved: bool = False
    former: bool = False


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
    """Compare a memo with a plan: four queries, however many rows."""
    known = KnownPlan(session, plan)
    sections = [(section, known.administration(section.name)) for section in memo.sections]
    rows = iter(known.match([(row, area) for section, area in sections for row in section.rows]))
    return Match(
        tuple(
            SectionMatch(
                name=section_name(section.name),
                administration=administration,
                rows=tuple(next(rows) for _ in section.rows),
            )
            for section, administration in sections
        )
    )


def key(text: str) -> str:
    """What must be equal for two names to be the same."""
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def section_name(name: str) -> str:
    """A printed block's name as an administration can be called."""
    return " ".join(name.split())[:200].strip() or wording.NO_ADMINISTRATION


def title_of(row: Row) -> str:
    """A printed title as an initiative can have it."""
    return " ".join(row.title.split())[:1_000].strip() or wording.untitled(row.number)


def _administrations(session: Session, plan: Plan) -> dict[str, Administration]:
    found = {key(one.name): one for one in plans.administrations(session, plan.id)}
    by_id = {one.id: one for one in found.values()}
    for committee in plans.committees(session, plan.id):
        # A memo at times heads a block with the committee instead of its administration.
        if committee.administration_id in by_id:
            found.setdefault(key(committee.name), by_id[committee.administration_id])
    return found


class KnownPlan:
    """What a plan has, as a memo meets it: administrations by name, initiatives by title. Four queries."""

    def __init__(self, session: Session, plan: Plan) -> None:
        self._administrations = _administrations(session, plan)
        every = select(Initiative).where(Initiative.plan_id == plan.id).order_by(Initiative.id)
        self.initiatives = {one.id: one for one in session.scalars(every)}
        self._titled: dict[str, list[Initiative]] = {}
        self._formerly: dict[str, list[Initiative]] = {}
        for initiative in self.initiatives.values():
            self._titled.setdefault(key(initiative.title), []).append(initiative)
        for initiative_id, title in _printed_titles(session, plan):
            initiative = self.initiatives[initiative_id]
            if key(title) != key(initiative.title):
                self._formerly.setdefault(key(title), []).append(initiative)

    def administration(self, name: str) -> Administration | None:
        return self._administrations.get(key(name))

    @property
    def administrations(self) -> tuple[Administration, ...]:
        """In the order of the plan."""
        by_id = {one.id: one for one in self._administrations.values()}
        return tuple(sorted(by_id.values(), key=lambda one: one.position))

    def match(self, rows: Sequence[tuple[Row, Administration | None]]) -> list[RowMatch]:
        """Each row with the initiative it is about. Each is found once, for it has one status in a round.

        A title that is the same now goes before one that an earlier memo printed, and a title under its
        own administration before the only one that is left elsewhere.
        """
        found: dict[int, RowMatch] = {}
        taken: set[int] = set()
        for titles, here in (
            (self._titled, True),
            (self._titled, False),
            (self._formerly, True),
            (self._formerly, False),
        ):
            for at, (row, area) in enumerate(rows):
                if at in found:
                    continue
                left = [one for one in titles.get(key(title_of(row)), ()) if one.id not in taken]
                one = _in(left, area) if here else left[0] if len(left) == 1 else None
                if one is not None:
                    taken.add(one.id)
                    moved = area is None or one.administration_id != area.id
                    former = titles is self._formerly
                    found[at] = RowMatch(row, title_of(row), one, moved=moved, former=former)
        return [found.get(at) or RowMatch(row, title_of(row), None) for at, (row, _) in enumerate(rows)]


def _in(initiatives: Iterable[Initiative], area: Administration | None) -> Initiative | None:
    return next((one for one in initiatives if area and one.administration_id == area.id), None)


def _printed_titles(session: Session, plan: Plan) -> Iterable[tuple[int, str]]:
    """The titles under which locked rounds have printed the plan's initiatives."""
    found = (
        select(StatusUpdate.initiative_id, StatusUpdate.title)
        .join(Round, Round.id == StatusUpdate.round_id)
        .where(Round.plan_id == plan.id, StatusUpdate.title != "", Round.state == RoundState.locked)
        .distinct()
        .order_by(StatusUpdate.initiative_id, StatusUpdate.title)
    )
    return [(row[0], row[1]) for row in session.execute(found)]
