"""Opening a round, and bringing initiatives into one that is open. Nothing here commits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.audit.actions import record
from tracker.deadlines.models import Deadline, DeadlineKind, DeadlineState, Precision
from tracker.domain.contributions import ContributionState
from tracker.domain.errors import InvalidInput
from tracker.plans.models import Administration, Initiative, Plan
from tracker.plans.queries import active_initiatives, administrations
from tracker.rounds import promises
from tracker.rounds.chain_laying import check_timetable, lay
from tracker.rounds.chains import Timetable, parties_of, planned_days
from tracker.rounds.models import Contribution, Round, RoundState, StatusUpdate
from tracker.rounds.queries import round_of
from tracker.rounds.replanning import replan_updates

LAST_YEAR = 2100


def open_round(
    session: Session,
    plan: Plan,
    *,
    year: int,
    due_on: date,
    timetable: Timetable | None = None,
    by: int | None,
    at: datetime,
) -> Round:
    """Open a year's round: one status update, with its deadline, for every active initiative.

    With a timetable each administration has its own day, counted back from the meetings, which are kept as
    deadlines; `due_on` is for those whose day would have passed. Raises InvalidInput on `year` when the plan
    has that round, on `due_on` when the day is not ahead, and what `check_timetable` raises.
    """
    today = clock.local_date(at)
    if not 2000 <= year <= LAST_YEAR:
        raise InvalidInput("year", "Give a year between 2000 and 2100.")
    lock_plan(session, plan.id)  # of two that open it at once, the second finds the first one's round
    if round_of(session, plan.id, year):
        raise InvalidInput("year", "The round of %(year)s exists already.", year=year)
    if due_on <= today:
        raise InvalidInput("due_on", "The deadline must be later than today.")
    if due_on.year > LAST_YEAR:
        raise InvalidInput("due_on", "Give a year between 2000 and 2100.")
    chosen = active_initiatives(session, plan.id)
    if not chosen:
        raise InvalidInput("year", "The plan has no active initiative yet. Add or import them first.")
    round_ = Round(
        plan_id=plan.id, year=year, state=RoundState.open, due_on=due_on, opened_at=at, opened_by_id=by
    )
    session.add(round_)
    session.flush()
    record(
        session,
        "round_opened",
        "round",
        round_.id,
        by=by,
        at=at,
        plan_id=plan.id,
        year=year,
        due_on=due_on.isoformat(),
    )
    for administration in administrations(session, plan.id):
        session.add(_contribution(round_, administration))
    if timetable is not None:
        parties = parties_of(session, plan)
        check_timetable(parties, timetable)
        lay(session, round_, parties, timetable, slots={}, by=by, at=at)
    join_round(session, round_, chosen, at=at)
    return round_


def lock_plan(session: Session, plan_id: int) -> None:
    """Keep others from opening a round of the plan, or adding to it, until the transaction ends.

    SQLite needs no lock of its own: there, writers follow each other anyway.
    """
    session.execute(select(Plan.id).where(Plan.id == plan_id).with_for_update(key_share=True))


def _contribution(round_: Round, administration: Administration) -> Contribution:
    return Contribution(
        round_id=round_.id, administration_id=administration.id, state=ContributionState.collecting
    )


def join_round(
    session: Session, round_: Round, initiatives: Iterable[Initiative], *, at: datetime
) -> list[StatusUpdate]:
    """Give each initiative a status update in an open round, and plan its reminders.

    It is due when the meetings of its administration call for it, else when the round is.
    """
    assert round_.due_on is not None
    chosen = list(initiatives)
    plan = session.get_one(Plan, round_.plan_id)
    planned = planned_days(session, plan, round_, today=clock.local_date(at))
    due = [planned.get(initiative.administration_id, round_.due_on) for initiative in chosen]
    deadlines = [
        Deadline(
            plan_id=round_.plan_id,
            initiative_id=initiative.id,
            round_id=round_.id,
            kind=DeadlineKind.status_due,
            title=f"Status {round_.year}",
            first_on=day,
            last_on=day,
            precision=Precision.day,
            state=DeadlineState.open,
            created_at=at,
        )
        for initiative, day in zip(chosen, due, strict=True)
    ]
    session.add_all(deadlines)
    session.flush()
    updates = [
        StatusUpdate(
            round_id=round_.id, initiative_id=initiative.id, deadline_id=deadline.id, title=initiative.title
        )
        for initiative, deadline in zip(chosen, deadlines, strict=True)
    ]
    session.add_all(updates)
    session.flush()
    promises.ask(session, round_, updates)
    replan_updates(session, [update.id for update in updates], at=at)
    return updates
