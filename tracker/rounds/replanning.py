"""Planning anew what a whole plan, an administration or a person has to do with."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.deadlines.models import Deadline, DeadlineState
from tracker.deadlines.queries import open_obligations as open_deadlines
from tracker.plans.models import Committee, Initiative, Membership, Placement
from tracker.plans.people import PlanPeople
from tracker.reminders.actions import replan
from tracker.rounds.models import Round, RoundState, StatusUpdate
from tracker.rounds.obligations import open_obligations as open_updates


def replan_updates(
    session: Session, ids: Iterable[int], *, at: datetime, people: PlanPeople | None = None
) -> None:
    """Plan the reminders of some updates anew.

    `people` are those of the updates' one plan, where the caller has read them under `plan_together`.
    """
    today = clock.local_date(at)
    replan(session, open_updates(session, today=today, ids=ids, people=people), now=at)


def replan_plan(session: Session, plan_id: int, *, at: datetime) -> None:
    """Plan everything that is open in a plan anew: after its ladder or its closed days have changed."""
    today = clock.local_date(at)
    replan(session, open_updates(session, today=today, plan_id=plan_id), now=at)
    replan(session, open_deadlines(session, today=today, plan_id=plan_id), now=at)


def replan_initiatives(session: Session, initiative_ids: Collection[int], *, at: datetime) -> None:
    """Plan anew what some initiatives owe: their status in open rounds, and their open deadlines."""
    _replan(session, set(initiative_ids), set(), at=at)


def replan_administrations(session: Session, administration_ids: Collection[int], *, at: datetime) -> None:
    """Plan anew what some administrations have to do with: their initiatives, papers and meetings."""
    if administration_ids:
        found = select(Initiative.id).where(Initiative.administration_id.in_(sorted(administration_ids)))
        _replan(session, set(session.scalars(found)), set(administration_ids), at=at)


def replan_person(session: Session, person_id: int, *, at: datetime) -> None:
    """Plan anew whatever a person has, had or will have a place in, and the plans they are secretariat of."""
    roles = select(Membership.plan_id).where(Membership.person_id == person_id).distinct()
    plans = set(session.scalars(roles))
    for plan_id in sorted(plans):
        replan_plan(session, plan_id, at=at)
    held = select(Placement.initiative_id, Placement.administration_id).where(
        Placement.person_id == person_id, Placement.plan_id.not_in(sorted(plans))
    )
    places = session.execute(held).all()
    replan_initiatives(session, {one for one, _ in places if one is not None}, at=at)
    replan_administrations(session, {one for _, one in places if one is not None}, at=at)


def _replan(session: Session, initiatives: set[int], administrations: set[int], *, at: datetime) -> None:
    if not initiatives and not administrations:
        return
    updates = (
        select(StatusUpdate.id)
        .join(Round, Round.id == StatusUpdate.round_id)
        .where(StatusUpdate.initiative_id.in_(sorted(initiatives)), Round.state == RoundState.open)
    )
    replan_updates(session, list(session.scalars(updates)), at=at)
    committees = select(Committee.id).where(Committee.administration_id.in_(sorted(administrations)))
    deadlines = select(Deadline.id).where(
        Deadline.state == DeadlineState.open,
        or_(
            Deadline.initiative_id.in_(sorted(initiatives)),
            Deadline.administration_id.in_(sorted(administrations)),
            Deadline.committee_id.in_(committees),
        ),
    )
    ids = list(session.scalars(deadlines))
    replan(session, open_deadlines(session, today=clock.local_date(at), ids=ids), now=at)
