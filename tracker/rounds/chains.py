"""The meetings of a round, and the chains that are counted back from them. Nothing here commits.

What was planned is kept as deadlines of the round: of an administration's own committee they name the
administration, of the coordinating one its committee, of the council neither.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.deadlines.models import Deadline, DeadlineKind, DeadlineState
from tracker.domain.calendar import WorkingCalendar
from tracker.domain.rounds import Chain, ChainStepKind, Meetings, Spans, plan_back
from tracker.holidays_dk import plan_calendar
from tracker.plans.models import Administration, Committee, Plan
from tracker.plans.queries import administrations, committees
from tracker.rounds.models import Round

OF_CHAINS = (DeadlineKind.committee_papers, DeadlineKind.committee_meeting)
Slot = tuple[ChainStepKind, int | None]
_PAPERS_AND_MEETING = {
    DeadlineKind.committee_papers: (
        ChainStepKind.committee_papers,
        ChainStepKind.coordinating_papers,
        ChainStepKind.council_papers,
    ),
    DeadlineKind.committee_meeting: (
        ChainStepKind.committee,
        ChainStepKind.coordinating,
        ChainStepKind.council,
    ),
}


@dataclass(frozen=True, slots=True)
class Parties:
    """Whose meetings a plan has: `own` are the administrations whose own committee treats their part.

    `committees` are the standing committees by administration. `coordinating` is the committee to which the
    whole goes before the council: that of the administration which the plan names as the coordinating one.
    """

    plan: Plan
    administrations: Sequence[Administration]
    committees: Mapping[int, Committee]
    coordinating: Committee | None
    own: Sequence[Administration]

    def calendar(self) -> WorkingCalendar:
        return plan_calendar(self.plan.closed_days)


@dataclass(frozen=True, slots=True)
class Timetable:
    """The meetings of a round: `own` by the id of the administration, where its committee has a day."""

    own: Mapping[int, date] = field(default_factory=dict)
    coordinating: date | None = None
    council: date | None = None
    spans: Spans = field(default_factory=Spans)


def parties_of(session: Session, plan: Plan) -> Parties:
    """The administrations and committees of a plan: two queries."""
    every = administrations(session, plan.id)
    standing: dict[int, Committee] = {}
    for one in committees(session, plan.id):
        if one.administration_id is not None:
            standing.setdefault(one.administration_id, one)
    named = next((one for one in every if one.name == plan.coordinating_administration), None)
    coordinating = standing.get(named.id) if named is not None else None
    own = [one for one in every if coordinating is None or one is not named]
    return Parties(plan, every, standing, coordinating, own)


def slots_of(session: Session, round_: Round, parties: Parties) -> dict[Slot, Deadline]:
    """The deadlines of the papers and meetings of a round, by step and administration.

    Of several for one, as after a meeting that sent its part back, the newest counts.
    """
    found = (
        select(Deadline, Committee.administration_id)
        .outerjoin(Committee, Committee.id == Deadline.committee_id)
        .where(
            Deadline.round_id == round_.id,
            Deadline.kind.in_(OF_CHAINS),
            Deadline.state != DeadlineState.cancelled,
        )
        .order_by(Deadline.id)
    )
    slots: dict[Slot, Deadline] = {}
    for deadline, committee_of in session.execute(found):
        own, coordinating, council = _PAPERS_AND_MEETING[deadline.kind]
        of_all = parties.coordinating is not None and deadline.committee_id == parties.coordinating.id
        if deadline.administration_id is not None:
            slots[own, deadline.administration_id] = deadline
        elif of_all:
            slots[coordinating, None] = deadline
        elif committee_of is not None:
            slots[own, committee_of] = deadline
        else:
            slots[council, None] = deadline
    return slots


def timetable_of(round_: Round, slots: Mapping[Slot, Deadline]) -> Timetable:
    """The meetings as they are planned."""
    days = {slot: deadline.last_on for slot, deadline in slots.items()}
    own = {of: day for (kind, of), day in days.items() if kind is ChainStepKind.committee and of is not None}
    return Timetable(
        own=own,
        coordinating=days.get((ChainStepKind.coordinating, None)),
        council=days.get((ChainStepKind.council, None)),
        spans=spans_of(round_),
    )


def spans_of(round_: Round | None) -> Spans:
    """The working days of a round; the usual ones where there is none."""
    if round_ is None:
        return Spans()
    return Spans(
        writing=round_.writing_days,
        handling=round_.handling_days,
        committee_papers=round_.committee_papers_days,
        coordinating_papers=round_.coordinating_papers_days,
        council_papers=round_.council_papers_days,
    )


def chains_of(parties: Parties, timetable: Timetable, *, opens_on: date) -> tuple[Chain, ...]:
    """The chain of each administration; none while the council's meeting is not known."""
    if timetable.council is None:
        return ()
    meetings = Meetings(
        {one.code: timetable.own.get(one.id) for one in parties.administrations},
        timetable.coordinating,
        timetable.council,
    )
    return plan_back(meetings, opens_on=opens_on, calendar=parties.calendar(), spans=timetable.spans)


def owners_days(parties: Parties, timetable: Timetable, *, today: date) -> dict[int, date]:
    """The owners' day of each administration, by its id, where the day is still ahead."""
    ids = {one.code: one.id for one in parties.administrations}
    chains = chains_of(parties, timetable, opens_on=today)
    return {ids[one.administration]: one.owners_due_on for one in chains if one.owners_due_on > today}


def planned_days(session: Session, plan: Plan, round_: Round, *, today: date) -> dict[int, date]:
    """The owners' days of an open round as its meetings call for; empty while none are planned."""
    parties = parties_of(session, plan)
    return owners_days(parties, timetable_of(round_, slots_of(session, round_, parties)), today=today)


def opened_on(round_: Round) -> date:
    return clock.local_date(round_.opened_at)


def mark_of(round_: Round, slots: Mapping[Slot, Deadline]) -> str:
    """What a preview was made from: another mark says that somebody has planned in the meantime."""
    seen = sorted((deadline.id, deadline.version) for deadline in slots.values())
    return hashlib.sha256(repr((seen, round_.due_on, spans_of(round_))).encode()).hexdigest()[:16]


def dates_of(session: Session, round_: Round, administration_id: int) -> list[Deadline]:
    """The papers and meetings of a round that concern an administration, by date."""
    found = (
        select(Deadline)
        .outerjoin(Committee, Committee.id == Deadline.committee_id)
        .where(
            Deadline.round_id == round_.id,
            Deadline.kind.in_(OF_CHAINS),
            Deadline.state != DeadlineState.cancelled,
            Deadline.administration_id.is_(None) | (Deadline.administration_id == administration_id),
            Deadline.administration_id.is_not(None)
            | Committee.administration_id.is_(None)
            | (Committee.administration_id == administration_id)
            | (Committee.id.in_(_coordinating(round_.plan_id))),
        )
        .order_by(Deadline.last_on, Deadline.id)
    )
    return list(session.scalars(found))


def _coordinating(plan_id: int) -> Select[int]:
    """The ids of the committees of the administration that the plan names as the coordinating one."""
    return (
        select(Committee.id)
        .join(Administration, Administration.id == Committee.administration_id)
        .join(Plan, Plan.id == Administration.plan_id)
        .where(Plan.id == plan_id, Administration.name == Plan.coordinating_administration)
    )
