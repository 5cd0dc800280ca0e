"""Initiatives that come or change while a round may be open. Nothing here commits."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.models import Person
from tracker.domain.contributions import ContributionState
from tracker.domain.errors import InvalidInput
from tracker.domain.reminders import Place
from tracker.domain.text import clean
from tracker.plans.actions import add_initiative
from tracker.plans.editing import edit_initiative
from tracker.plans.models import Administration, Committee, Initiative, Origin, Standing
from tracker.plans.placing import place_person
from tracker.rounds.models import Contribution, Round
from tracker.rounds.opening import join_round, lock_plan
from tracker.rounds.queries import contribution_of, open_round
from tracker.rounds.replanning import replan_initiatives
from tracker.statuses.waiving import merger_target


def add_to_plan(
    session: Session,
    administration: Administration,
    *,
    title: str,
    origin: Origin,
    origin_decision: str = "",
    origin_on: date | None = None,
    funder: str = "",
    deciding_committee: Committee | None = None,
    first_year: int | None = None,
    last_year: int | None = None,
    owner: Person | None = None,
    by: int,
    at: datetime,
) -> tuple[Initiative, Round | None]:
    """Add an initiative, with an owner from today where given; it joins the round that is open.

    Returns the round that it joined. Raises InvalidInput on the part that is missing or wrong.
    """
    lock_plan(session, administration.plan_id)
    initiative = add_initiative(
        session,
        administration,
        title=title,
        origin=origin,
        origin_decision=origin_decision,
        origin_on=origin_on,
        funder=funder,
        deciding_committee=deciding_committee,
        first_year=first_year,
        last_year=last_year,
        by=by,
        at=at,
    )
    if owner is not None:
        place_person(
            session,
            owner,
            place=Place.owner,
            plan_id=initiative.plan_id,
            initiative=initiative,
            from_on=clock.local_date(at),
            by=by,
            at=at,
        )
    round_ = open_round(session, initiative.plan_id, keep_open=True)
    if round_ is not None:
        _expect_contribution(session, round_, administration.id)
        join_round(session, round_, [initiative], at=at)
    return initiative, round_


def change(
    session: Session,
    initiative: Initiative,
    *,
    title: str,
    administration: Administration,
    standing: Standing,
    merged_into_id: int | None = None,
    description: str = "",
    origin: Origin,
    origin_decision: str = "",
    origin_on: date | None = None,
    funder: str = "",
    deciding_committee: Committee | None = None,
    first_year: int | None = None,
    last_year: int | None = None,
    version: int,
    by: int,
    at: datetime,
) -> None:
    """Change an initiative's facts; its reminders follow.

    Raises what `edit_initiative` raises, and InvalidInput on `merged_into` when it is merged into nothing or
    into what takes no part itself.
    """
    if standing is Standing.merged:
        _check_merger(session, initiative, merged_into_id)
    was_merged = initiative.standing is Standing.merged
    edit_initiative(
        session,
        initiative,
        title=title,
        administration=administration,
        standing=standing,
        origin=origin,
        origin_decision=origin_decision,
        origin_on=origin_on,
        funder=funder,
        deciding_committee=deciding_committee,
        first_year=first_year,
        last_year=last_year,
        version=version,
        by=by,
        at=at,
    )
    if standing is Standing.merged or was_merged:  # what an open round says of it stays otherwise
        initiative.merged_into_id = merged_into_id if standing is Standing.merged else None
    initiative.description = clean(description).strip()
    round_ = open_round(session, initiative.plan_id, keep_open=True)
    if round_ is not None:
        _expect_contribution(session, round_, administration.id)
    replan_initiatives(session, [initiative.id], at=at)


def _check_merger(session: Session, initiative: Initiative, merged_into_id: int | None) -> None:
    into = session.get_one(Initiative, merger_target(session, initiative, merged_into_id))
    if into.standing is not Standing.active:
        raise InvalidInput("merged_into", "That initiative takes no part in the rounds itself.")


def _expect_contribution(session: Session, round_: Round, administration_id: int) -> None:
    """An administration that came after the round was opened hands in a contribution as well."""
    if contribution_of(session, round_.id, administration_id) is None:
        session.add(
            Contribution(
                round_id=round_.id,
                administration_id=administration_id,
                state=ContributionState.collecting,
            )
        )
        session.flush()
