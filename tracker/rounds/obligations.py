"""What the open rounds owe, as plain values for the reminders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.database import rows_of
from tracker.deadlines import queries as deadlines
from tracker.deadlines.models import Deadline, DeadlineKind, DeadlineState
from tracker.deadlines.queries import ENDED
from tracker.domain.reminders import Obligation, ObligationKind
from tracker.domain.workflow import AWAITING_APPROVAL, WRITABLE, State
from tracker.plans.models import Committee, Initiative, Standing
from tracker.plans.people import PlanPeople, people_of_plan
from tracker.rounds.models import Round, RoundState, StatusUpdate

_OPEN_STATES = WRITABLE | AWAITING_APPROVAL
_AT_A_TIME = 2_000


class _Owed(NamedTuple):
    """The few columns of an update that decide what it owes; its texts stay where they are."""

    update_id: int
    initiative_id: int
    state: State
    returned_at: datetime | None
    submitted_at: datetime | None
    plan_id: int
    round_state: RoundState
    opened_at: datetime
    due_on: date | None
    administration_id: int
    title: str
    standing: Standing


# Asked at every move of a status, so built once.
_EVERY = (
    select(
        StatusUpdate.id,
        StatusUpdate.initiative_id,
        StatusUpdate.state,
        StatusUpdate.returned_at,
        StatusUpdate.submitted_at,
        Round.plan_id,
        Round.state,
        Round.opened_at,
        Deadline.last_on,
        Initiative.administration_id,
        Initiative.title,
        Initiative.standing,
    )
    .join(Round, Round.id == StatusUpdate.round_id)
    .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
    .outerjoin(Deadline, Deadline.id == StatusUpdate.deadline_id)
    .order_by(Round.plan_id, StatusUpdate.id)
)
_SINGLE = _EVERY.where(StatusUpdate.id.in_(bindparam("ids", expanding=True)))
_OPEN = _EVERY.where(Round.state == RoundState.open, StatusUpdate.state.in_(_OPEN_STATES))


def open_obligations(
    session: Session,
    *,
    today: date,
    plan_id: int | None = None,
    ids: Iterable[int] | None = None,
    people: PlanPeople | None = None,
) -> Iterator[Obligation]:
    """What the open rounds owe: a status that is due, one that was returned, one that waits for approval.

    `ids` names single updates: for each, all three kinds come, those that do not hold as settled. Of an
    initiative that has been merged or discontinued no status is due any more; a text that waits for
    approval still does. `people` are those of the one plan of `ids`, where the caller has read them already.
    """
    rows: Iterable[Any]
    concerned: set[int] | None = None
    if ids is None:
        found = _OPEN if plan_id is None else _OPEN.where(Round.plan_id == plan_id)
        rows = session.execute(found, execution_options={"yield_per": _AT_A_TIME})
    else:
        rows = rows_of(session, _SINGLE, {"ids": list(ids)}).all()
        concerned = {_Owed._make(row).initiative_id for row in rows}
    known = people
    current = 0
    for row in rows:
        owed = _Owed._make(row)
        if known is None or owed.plan_id != current:
            known = people or people_of_plan(session, owed.plan_id, on=today, initiative_ids=concerned)
            current = owed.plan_id
        for obligation in _obligations(owed, known):
            if ids is not None or not obligation.settled:
                yield obligation


def of_initiative(session: Session, initiative_id: int) -> list[tuple[ObligationKind, int]]:
    """Everything of an initiative that was ever owed, by kind and id, whether or not it still is."""
    updates = session.scalars(select(StatusUpdate.id).where(StatusUpdate.initiative_id == initiative_id))
    of_rounds = (ObligationKind.status_due, ObligationKind.returned, ObligationKind.review)
    dates = session.execute(
        select(Deadline.kind, Deadline.id).where(
            Deadline.initiative_id == initiative_id, Deadline.kind != DeadlineKind.status_due
        )
    )
    return [
        *((kind, update_id) for update_id in updates for kind in of_rounds),
        *((ObligationKind(kind.value), deadline_id) for kind, deadline_id in dates),
    ]


def of_administration(administration_id: int) -> dict[ObligationKind, Select[int]]:
    """Everything of an administration that was ever owed, as the statement of its ids for each kind.

    Its statuses, its own deadlines and those of its initiatives and its committees. Not what waits for the
    secretariat to be read: that is another's to do.
    """
    updates = (
        select(StatusUpdate.id)
        .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
        .where(Initiative.administration_id == administration_id)
    )
    dates = (
        select(Deadline.id)
        .outerjoin(Initiative, Initiative.id == Deadline.initiative_id)
        .outerjoin(Committee, Committee.id == Deadline.committee_id)
        .where(
            Deadline.kind != DeadlineKind.status_due,
            or_(
                Initiative.administration_id == administration_id,
                Deadline.administration_id == administration_id,
                Committee.administration_id == administration_id,
            ),
        )
    )
    of_rounds = dict.fromkeys((ObligationKind.status_due, ObligationKind.returned), updates)
    others = set(ObligationKind) - {*of_rounds, ObligationKind.review}
    return of_rounds | dict.fromkeys(others, dates)


def open_of_administration(session: Session, administration_id: int, *, today: date) -> Iterator[Obligation]:
    """What of `of_administration` is open."""
    of_kinds = of_administration(administration_id)
    updates = of_kinds[ObligationKind.status_due].join(Round, Round.id == StatusUpdate.round_id)
    live = updates.where(Round.state == RoundState.open, StatusUpdate.state.in_(WRITABLE))
    dates = of_kinds[ObligationKind.milestone].where(Deadline.state == DeadlineState.open)
    statuses = open_obligations(session, today=today, ids=session.scalars(live).all())
    others = deadlines.open_obligations(session, today=today, ids=session.scalars(dates).all())
    return (one for one in chain(statuses, others) if not one.settled and one.kind in of_kinds)


def _obligations(owed: _Owed, people: PlanPeople) -> Iterator[Obligation]:
    live = _live_kind(owed.state) if owed.round_state is RoundState.open else None
    if owed.standing in ENDED and live is not ObligationKind.review:
        live = None
    concerned = people.of_initiative(owed.initiative_id, owed.administration_id)
    absences = people.absences_of(concerned)
    opened = owed.returned_at if live is ObligationKind.returned else owed.opened_at
    for kind in (ObligationKind.status_due, ObligationKind.returned, ObligationKind.review):
        waits_since = owed.submitted_at if kind is ObligationKind.review else None
        last = clock.local_date(waits_since) if waits_since else owed.due_on
        if last is None:
            continue
        yield Obligation(
            kind=kind,
            id=owed.update_id,
            plan_id=owed.plan_id,
            people=concerned,
            first=None,
            last=last,
            settled=kind is not live,
            opened_on=clock.local_date(opened) if opened else None,
            title=owed.title,
            path=f"/updates/{owed.update_id}",
            absences=absences,
        )


def _live_kind(state: State) -> ObligationKind | None:
    if state is State.returned:
        return ObligationKind.returned
    if state in WRITABLE:
        return ObligationKind.status_due
    if state in AWAITING_APPROVAL:
        return ObligationKind.review
    return None
