"""The deadlines of a round's papers and meetings, as its timetable has them. Nothing here commits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker.deadlines.actions import add_deadline, cancel_deadline, move_deadline
from tracker.deadlines.meeting_days import check_meeting_day
from tracker.deadlines.models import Deadline, DeadlineKind, DeadlineState, Precision
from tracker.domain.errors import InvalidInput
from tracker.domain.rounds import ChainStepKind, Spans
from tracker.plans.models import Committee
from tracker.rounds.chains import Parties, Slot, Timetable, chains_of, opened_on
from tracker.rounds.models import Round

LONGEST_SPAN = 60
OWN_PAPERS, OWN_MEETING = ChainStepKind.committee_papers, ChainStepKind.committee
WHOLE = (ChainStepKind.coordinating_papers, ChainStepKind.coordinating,
         ChainStepKind.council_papers, ChainStepKind.council)  # fmt: skip
_PAPERS = frozenset({OWN_PAPERS, ChainStepKind.coordinating_papers, ChainStepKind.council_papers})


def lay(
    session: Session,
    round_: Round,
    parties: Parties,
    timetable: Timetable,
    *,
    slots: Mapping[Slot, Deadline],
    reason: str = "",
    by: int | None,
    at: datetime,
) -> None:
    """Add, move and cancel the deadlines of papers and meetings until they are the timetable's."""
    wanted = _wanted(parties, timetable, opens_on=opened_on(round_))
    for slot, day in wanted.items():
        held = slots.get(slot)
        if held is None or (held.last_on != day and held.state is not DeadlineState.open):
            _add(session, round_, parties, slot, day, by=by, at=at)
        elif held.last_on != day:
            assert by is not None
            move_to(session, held, day, reason=reason, by=by, at=at)
    for slot, held in slots.items():
        if slot not in wanted and held.state is DeadlineState.open and by is not None:
            cancel_deadline(session, held, reason=reason, by=by, at=at)
    _keep_spans(round_, timetable.spans)
    session.flush()


def check_timetable(parties: Parties, timetable: Timetable) -> None:
    """Raises InvalidInput on the first number of days, or meeting, that cannot be.

    The fields are those of `Spans` and of `Timetable`; an administration's own meeting is `own_<id>`.
    """
    for name in Spans.__slots__:
        if not 0 <= getattr(timetable.spans, name) <= LONGEST_SPAN:
            raise InvalidInput(name, "Give a number of working days between 0 and 60.")
    own = {f"own_{id_}": day for id_, day in timetable.own.items()}
    for name, day in {**own, "coordinating": timetable.coordinating, "council": timetable.council}.items():
        if day is not None:
            check_meeting_day(name, day, closed_days=parties.plan.closed_days)


def _keep_spans(round_: Round, spans: Spans) -> None:
    for name in Spans.__slots__:
        setattr(round_, f"{name}_days", getattr(spans, name))


def _wanted(parties: Parties, timetable: Timetable, *, opens_on: date) -> dict[Slot, date]:
    ids = {one.code: one.id for one in parties.administrations}
    wanted: dict[Slot, date] = {}
    for chain in chains_of(parties, timetable, opens_on=opens_on):
        for step in chain.steps:
            if step.kind in {OWN_PAPERS, OWN_MEETING}:
                wanted[step.kind, ids[chain.administration]] = step.on
            elif step.kind in WHOLE:
                wanted[step.kind, None] = step.on
    return wanted


def _add(
    session: Session, round_: Round, parties: Parties, slot: Slot, day: date, *, by: int | None, at: datetime
) -> None:
    kind, administration_id = slot
    administration = next((one for one in parties.administrations if one.id == administration_id), None)
    committee: Committee | None = None
    if administration is not None:
        committee = parties.committees.get(administration.id)
    elif kind in {ChainStepKind.coordinating, ChainStepKind.coordinating_papers}:
        committee = parties.coordinating
    who = committee.code if committee else administration.code if administration else parties.plan.council
    add_deadline(
        session,
        plan_id=round_.plan_id,
        kind=DeadlineKind.committee_papers if kind in _PAPERS else DeadlineKind.committee_meeting,
        title=f"{who} · Status {round_.year}" if who else f"Status {round_.year}",
        first_on=day,
        last_on=day,
        administration=administration,
        committee=committee,
        round_id=round_.id,
        by=by,
        at=at,
    )


def move_to(session: Session, deadline: Deadline, day: date, *, reason: str, by: int, at: datetime) -> None:
    move_deadline(
        session,
        deadline,
        first_on=day,
        last_on=day,
        precision=Precision.day,
        reason=reason,
        version=deadline.version,
        by=by,
        at=at,
    )
