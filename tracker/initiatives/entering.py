"""How an initiative that is not carried out yet comes into being, and into the plan. Nothing here commits."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.domain.errors import InvalidInput
from tracker.domain.text import clean
from tracker.plans.actions import one_line
from tracker.plans.models import Administration, Initiative, Origin, Standing
from tracker.rounds.models import Round
from tracker.rounds.opening import join_round
from tracker.rounds.queries import open_round

LONGEST_DESCRIPTION = 7_000


def enter(
    session: Session, administration: Administration, title: str, description: str, standing: Standing, *,
    at: datetime,
) -> Initiative:  # fmt: skip
    """Add an initiative, the last of its administration. Raises InvalidInput on `title` or `description`."""
    last = session.scalar(
        select(func.max(Initiative.position)).where(Initiative.administration_id == administration.id)
    )
    made = Initiative(
        plan_id=administration.plan_id,
        administration_id=administration.id,
        position=(last or 0) + 1,
        title=one_line("title", title, longest=1_000),
        description=described(description),
        standing=standing,
        origin=Origin.original,
        created_at=at,
    )
    session.add(made)
    session.flush()
    return made


def described(text: str) -> str:
    """What an initiative without a status is about. Raises InvalidInput on `description`."""
    tidy = clean(text).strip()
    if not tidy:
        raise InvalidInput("description", "Write what the initiative is about.")
    if len(tidy) > LONGEST_DESCRIPTION:
        raise InvalidInput(
            "description", "This can have at most %(count)s characters.", count=LONGEST_DESCRIPTION
        )
    return tidy


def decide(initiative: Initiative, decision: str, decided_on: date | None) -> None:
    """Note by which decision an initiative came into the plan, beside an earlier one.

    Raises InvalidInput on `decision`.
    """
    said = one_line("decision", decision, longest=500, needed=False)
    if not said:
        raise InvalidInput("decision", "Write which decision it was.")
    if initiative.origin is Origin.added and initiative.origin_decision:
        said = one_line("decision", f"{initiative.origin_decision}; {said}", longest=500)  # both decided it
    initiative.origin, initiative.origin_decision = Origin.added, said
    initiative.origin_on = decided_on


def join(session: Session, initiative: Initiative, *, at: datetime) -> Round | None:
    """Let an initiative take part in the plan's open round. Gives that round, if one is open."""
    round_ = open_round(session, initiative.plan_id, keep_open=True)
    if round_ is not None:
        join_round(session, round_, [initiative], at=at)
    return round_
