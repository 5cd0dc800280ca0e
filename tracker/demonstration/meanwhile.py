"""What a secretariat would already have done with the demonstration plan's reminders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain

from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.models import Person
from tracker.deadlines import queries as deadlines
from tracker.domain.ladders import DEFAULT_LADDER, Anchor, ObligationKind, Place, rung
from tracker.domain.reminders import Obligation
from tracker.plans.models import Plan
from tracker.reminders.forecast import forecast
from tracker.reminders.ladders import change_ladder
from tracker.reminders.saved import keep
from tracker.rounds import obligations as rounds
from tracker.rounds.replanning import replan_plan
from tracker.succession.pauses import set_absence

FORESEEN_DAYS = 30
AWAY_IN, AWAY_FOR = timedelta(days=1), timedelta(days=13)


def change_milestones(session: Session, plan: Plan, *, by: Person, at: datetime) -> None:
    """Remind owners of milestones four weeks before as well."""
    kind = ObligationKind.milestone
    early = rung(kind, [Place.owner], Anchor.before_last, 28)
    change_ladder(
        session,
        plan_id=plan.id,
        kind=kind,
        steps=(early, *DEFAULT_LADDER[kind]),
        version=None,
        by=by.id,
        at=at,
    )
    replan_plan(session, plan.id, at=at)


def keep_forecast(session: Session, plan: Plan, *, by: Person, at: datetime) -> None:
    """Keep what is to come, to be held against what is sent as the clock moves."""
    letters = forecast(session, obligations=_open(session, plan, at), now=at, days=FORESEEN_DAYS)
    keep(session, letters, plan_id=plan.id, days=FORESEEN_DAYS, by=by.id, at=at)


def send_away(session: Session, person: Person, *, by: Person, at: datetime) -> None:
    """Somebody is away from tomorrow for two weeks, which the forecast could not know."""
    first = clock.local_date(at) + AWAY_IN
    set_absence(session, person, from_on=first, until_on=first + AWAY_FOR, by=by.id, at=at)


def _open(session: Session, plan: Plan, at: datetime) -> Iterator[Obligation]:
    today = clock.local_date(at)
    yield from chain(
        rounds.open_obligations(session, today=today, plan_id=plan.id),
        deadlines.open_obligations(session, today=today, plan_id=plan.id),
    )
