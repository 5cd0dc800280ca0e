"""Back-planning: from the meetings, minus working days, to the day on which owners must have written.

A chain runs: the round opens - the owners' deadline - the committee's papers - the committee - the papers
of the coordinating committee - the coordinating committee - the council's papers - the council. Each step
must not lie before the one in front of it; the first that does is the one that breaks the chain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from tracker.domain.calendar import WorkingCalendar


class ChainStepKind(StrEnum):
    opens = "opens"
    owners = "owners"
    committee_papers = "committee_papers"
    committee = "committee"
    coordinating_papers = "coordinating_papers"
    coordinating = "coordinating"
    council_papers = "council_papers"
    council = "council"


@dataclass(frozen=True, slots=True)
class Spans:
    """Working days: to write, to read and sign off, and for papers before each kind of meeting."""

    writing: int = 15
    handling: int = 10
    committee_papers: int = 10
    coordinating_papers: int = 10
    council_papers: int = 10


@dataclass(frozen=True, slots=True)
class ChainStep:
    """`on` is when it happens or is due; `earliest` is the first day on which it can be kept."""

    kind: ChainStepKind
    on: date
    earliest: date

    @property
    def is_kept(self) -> bool:
        return self.on >= self.earliest


@dataclass(frozen=True, slots=True)
class Chain:
    """The steps of one administration, in time. `administration` is its code."""

    administration: str
    steps: tuple[ChainStep, ...]

    @property
    def broken_at(self) -> ChainStep | None:
        """The first step that cannot be kept, or None."""
        return next((step for step in self.steps if not step.is_kept), None)

    @property
    def owners_due_on(self) -> date:
        return next(step.on for step in self.steps if step.kind is ChainStepKind.owners)


@dataclass(frozen=True, slots=True)
class Shift:
    """A step that another plan puts on another day; None where it does not exist."""

    administration: str
    kind: ChainStepKind
    old: date | None
    new: date | None


@dataclass(frozen=True, slots=True)
class Meetings:
    """The known dates of one round. `committees`: administration code -> its committee's meeting.

    None stands for an administration whose contribution no committee of its own treats; the coordinating
    administration is one.
    """

    committees: Mapping[str, date | None]
    coordinating: date | None
    council: date


def plan_back(
    meetings: Meetings,
    *,
    opens_on: date,
    calendar: WorkingCalendar,
    spans: Spans | None = None,
) -> tuple[Chain, ...]:
    """The chain of each administration, in the order of `meetings.committees`."""
    spans = spans or Spans()
    return tuple(
        Chain(code, _with_earliest(_dates(own, meetings, opens_on, calendar, spans), calendar, spans))
        for code, own in meetings.committees.items()
    )


_Dated = tuple[ChainStepKind, date]


def _dates(
    own: date | None, meetings: Meetings, opens_on: date, calendar: WorkingCalendar, spans: Spans
) -> list[_Dated]:
    kind = ChainStepKind
    later: list[_Dated] = []
    for meeting, papers_kind, meeting_kind, days in (
        (own, kind.committee_papers, kind.committee, spans.committee_papers),
        (meetings.coordinating, kind.coordinating_papers, kind.coordinating, spans.coordinating_papers),
        (meetings.council, kind.council_papers, kind.council, spans.council_papers),
    ):
        if meeting is not None:
            later += [(papers_kind, calendar.offset(meeting, -days)), (meeting_kind, meeting)]
    owners = calendar.offset(later[0][1], -spans.handling)
    return [(kind.opens, opens_on), (kind.owners, owners), *later]


def _with_earliest(dated: list[_Dated], calendar: WorkingCalendar, spans: Spans) -> tuple[ChainStep, ...]:
    steps = [ChainStep(dated[0][0], dated[0][1], dated[0][1])]
    for (_, before), (kind, on) in pairwise(dated):
        writing = spans.writing if kind is ChainStepKind.owners else 0
        steps.append(ChainStep(kind, on, calendar.offset(before, writing)))
    return tuple(steps)


def shifts(before: Iterable[Chain], after: Iterable[Chain]) -> tuple[Shift, ...]:
    """Every step whose day differs between two plans: what moving one meeting would move with it."""
    old, new = _by_step(before), _by_step(after)
    return tuple(
        Shift(code, kind, old.get((code, kind)), new.get((code, kind)))
        for code, kind in dict.fromkeys((*old, *new))
        if old.get((code, kind)) != new.get((code, kind))
    )


def _by_step(chains: Iterable[Chain]) -> dict[tuple[str, ChainStepKind], date]:
    return {(chain.administration, step.kind): step.on for chain in chains for step in chain.steps}
