"""What is changed of a plan that exists: its facts, its order and names, an initiative's facts.

Nothing here commits. Reminders name initiatives, so callers that change one go through
`tracker.initiatives.changing`, which plans the reminders anew.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tracker.audit.actions import record
from tracker.domain.errors import InvalidInput, StaleVersion
from tracker.plans.actions import check_years, one_line
from tracker.plans.journal import journal
from tracker.plans.models import Administration, Committee, Initiative, Origin, Plan, Standing


def edit_plan(
    session: Session,
    plan: Plan,
    *,
    name: str,
    authority: str = "",
    office: str = "",
    coordinating_administration: str = "",
    council: str = "",
    first_year: int | None = None,
    last_year: int | None = None,
    closed_days: Collection[str] = (),
    by: int,
    at: datetime,
) -> None:
    """Change a plan's facts; its short name stays. `closed_days` are codes of the optional holidays.

    The reminders of the plan follow other closed days when the plan is planned anew, at the latest with the
    next sweep.
    """
    check_years(first_year, last_year)
    plan.name = one_line("name", name, longest=300)
    plan.authority = one_line("authority", authority, longest=200, needed=False)
    plan.office = one_line("office", office, longest=200, needed=False)
    plan.coordinating_administration = one_line(
        "coordinating_administration", coordinating_administration, longest=200, needed=False
    )
    plan.council = one_line("council", council, longest=200, needed=False)
    plan.first_year, plan.last_year = first_year, last_year
    plan.closed_days = ",".join(sorted(closed_days))
    session.flush()
    record(session, "plan_edited", "plan", plan.id, by=by, at=at, plan_id=plan.id)


def edit_administration(
    session: Session, administration: Administration, *, code: str, name: str, by: int, at: datetime
) -> None:
    """Give an administration another code or name. Raises InvalidInput when one of them is taken."""
    code = one_line("code", code, longest=12)
    name = one_line("name", name, longest=200)
    taken = select(Administration.id).where(
        Administration.plan_id == administration.plan_id,
        (Administration.code == code) | (Administration.name == name),
        Administration.id != administration.id,
    )
    if session.scalar(taken):
        raise InvalidInput("code", "There is already an administration with this code or name.")
    administration.code, administration.name = code, name
    session.flush()
    record(
        session,
        "administration_edited",
        "administration",
        administration.id,
        by=by,
        at=at,
        plan_id=administration.plan_id,
    )


def move_administration(
    session: Session, administration: Administration, *, up: bool, by: int, at: datetime
) -> None:
    """Change places with the administration before or after it in the memo; at the end nothing happens."""
    others = select(Administration).where(Administration.plan_id == administration.plan_id).limit(1)
    if up:
        others = others.where(Administration.position < administration.position)
        others = others.order_by(Administration.position.desc())
    else:
        others = others.where(Administration.position > administration.position)
        others = others.order_by(Administration.position)
    other = session.scalar(others)
    if other is None:
        return
    administration.position, other.position = other.position, administration.position
    session.flush()
    record(
        session,
        "administration_moved",
        "administration",
        administration.id,
        by=by,
        at=at,
        plan_id=administration.plan_id,
        position=administration.position,
    )


def edit_committee(
    session: Session,
    committee: Committee,
    *,
    code: str,
    name: str,
    administration: Administration | None,
    by: int,
    at: datetime,
) -> None:
    """Change a committee. Raises InvalidInput on `code` when another committee of the plan has it."""
    code = one_line("code", code, longest=12)
    taken = select(Committee.id).where(
        Committee.plan_id == committee.plan_id, Committee.code == code, Committee.id != committee.id
    )
    if session.scalar(taken):
        raise InvalidInput("code", "There is already a committee with this code.")
    committee.code = code
    committee.name = one_line("name", name, longest=200)
    committee.administration_id = administration.id if administration else None
    session.flush()
    record(session, "committee_edited", "committee", committee.id, by=by, at=at, plan_id=committee.plan_id)


def edit_initiative(
    session: Session,
    initiative: Initiative,
    *,
    title: str,
    administration: Administration,
    standing: Standing,
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
    """Change an initiative's facts; in another administration it comes last.

    Raises StaleVersion when somebody has changed it since `version`, InvalidInput on the part that is wrong.
    """
    if initiative.version != version:
        raise StaleVersion()
    if origin is Origin.added and not origin_decision.strip():
        raise InvalidInput("origin_decision", "Write which decision added the initiative.")
    check_years(first_year, last_year)
    if administration.id != initiative.administration_id:
        last = select(func.max(Initiative.position)).where(Initiative.administration_id == administration.id)
        initiative.position = (session.scalar(last) or 0) + 1
        initiative.administration_id = administration.id
    initiative.title = one_line("title", title, longest=1_000)
    initiative.standing = standing
    initiative.origin = origin
    initiative.origin_decision = one_line("origin_decision", origin_decision, longest=500, needed=False)
    initiative.origin_on = origin_on
    initiative.funder = one_line("funder", funder, longest=300, needed=False)
    initiative.deciding_committee_id = deciding_committee.id if deciding_committee else None
    initiative.first_year, initiative.last_year = first_year, last_year
    try:
        session.flush()
    except StaleDataError as error:
        raise StaleVersion() from error
    journal(session, "initiative_edited", initiative, by=by, at=at, administration_id=administration.id)


def take_part_again(session: Session, initiative: Initiative, *, by: int, at: datetime) -> None:
    """Count on an initiative that was merged, discontinued or without money; one that takes part stays so.

    The caller plans its reminders anew.
    """
    initiative.merged_into_id = None
    if initiative.standing is Standing.active:
        return
    initiative.standing = Standing.active
    session.flush()
    journal(session, "initiative_resumed", initiative, by=by, at=at)
