"""What is done to a plan: its parts, its initiatives and the roles in it. Nothing here commits."""

from __future__ import annotations

import re
from datetime import date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tracker.accounts.actions import end_sessions
from tracker.accounts.models import Person
from tracker.audit.actions import record
from tracker.domain.errors import InvalidInput
from tracker.domain.text import clean
from tracker.plans.models import (
    Administration,
    Committee,
    Initiative,
    Membership,
    MembershipRole,
    Origin,
    Plan,
    Standing,
)

_SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
YEARS = range(1990, 2101)


def one_line(field: str, value: str, *, longest: int, needed: bool = True) -> str:
    """A text on one line. Raises InvalidInput on `field` when it is empty though needed, or too long."""
    tidy = " ".join(clean(value).split())
    if needed and not tidy:
        raise InvalidInput(field, "This must be filled in.")
    if len(tidy) > longest:
        raise InvalidInput(field, "This can have at most %(count)s characters.", count=longest)
    return tidy


def check_years(first_year: int | None, last_year: int | None) -> None:
    """Raises InvalidInput on `first_year` or `last_year` for years that cannot be, or in the wrong order."""
    for field, year in (("first_year", first_year), ("last_year", last_year)):
        if year is not None and year not in YEARS:
            raise InvalidInput(field, "Give a year between 1990 and 2100.")
    if first_year and last_year and last_year < first_year:
        raise InvalidInput("last_year", "The last year cannot be before the first.")


def create_plan(
    session: Session,
    *,
    slug: str,
    name: str,
    authority: str = "",
    office: str = "",
    coordinating_administration: str = "",
    council: str = "",
    first_year: int | None = None,
    last_year: int | None = None,
    by: int | None,
    at: datetime,
) -> Plan:
    """Create an empty plan. `slug` names it in addresses: small letters, digits and hyphens."""
    if not _SLUG.match(slug) or len(slug) > 60:
        raise InvalidInput("slug", "Use small letters a-z, digits and hyphens, for example plan-2026.")
    if session.scalar(select(Plan.id).where(Plan.slug == slug)):
        raise InvalidInput("slug", "There is already a plan with this short name.")
    check_years(first_year, last_year)
    plan = Plan(
        slug=slug,
        name=one_line("name", name, longest=300),
        authority=one_line("authority", authority, longest=200, needed=False),
        office=one_line("office", office, longest=200, needed=False),
        coordinating_administration=one_line(
            "coordinating_administration", coordinating_administration, longest=200, needed=False
        ),
        council=one_line("council", council, longest=200, needed=False),
        first_year=first_year,
        last_year=last_year,
        created_at=at,
    )
    session.add(plan)
    session.flush()
    record(session, "plan_created", "plan", plan.id, by=by, at=at, plan_id=plan.id)
    return plan


def add_administration(
    session: Session, plan: Plan, *, code: str, name: str, by: int | None, at: datetime
) -> Administration:
    """Add an administration last in the memo's order. Raises InvalidInput when code or name is taken."""
    code = one_line("code", code, longest=12)
    name = one_line("name", name, longest=200)
    taken = select(Administration.id).where(
        Administration.plan_id == plan.id, (Administration.code == code) | (Administration.name == name)
    )
    if session.scalar(taken):
        raise InvalidInput("code", "There is already an administration with this code or name.")
    last = session.scalar(select(func.max(Administration.position)).where(Administration.plan_id == plan.id))
    administration = Administration(plan_id=plan.id, code=code, name=name, position=(last or 0) + 1)
    session.add(administration)
    session.flush()
    record(
        session, "administration_added", "administration", administration.id, by=by, at=at, plan_id=plan.id
    )
    return administration


def add_committee(
    session: Session,
    plan: Plan,
    *,
    code: str,
    name: str,
    administration: Administration | None = None,
    by: int | None,
    at: datetime,
) -> Committee:
    code = one_line("code", code, longest=12)
    if session.scalar(select(Committee.id).where(Committee.plan_id == plan.id, Committee.code == code)):
        raise InvalidInput("code", "There is already a committee with this code.")
    committee = Committee(
        plan_id=plan.id,
        code=code,
        name=one_line("name", name, longest=200),
        administration_id=administration.id if administration else None,
    )
    session.add(committee)
    session.flush()
    record(session, "committee_added", "committee", committee.id, by=by, at=at, plan_id=plan.id)
    return committee


def add_initiative(
    session: Session,
    administration: Administration,
    *,
    title: str,
    origin: Origin = Origin.original,
    origin_decision: str = "",
    origin_on: date | None = None,
    funder: str = "",
    deciding_committee: Committee | None = None,
    first_year: int | None = None,
    last_year: int | None = None,
    by: int | None,
    at: datetime,
) -> Initiative:
    """Add an initiative last in its administration. One added by a decision needs the decision."""
    if origin is Origin.added and not origin_decision.strip():
        raise InvalidInput("origin_decision", "Write which decision added the initiative.")
    check_years(first_year, last_year)
    last = session.scalar(
        select(func.max(Initiative.position)).where(Initiative.administration_id == administration.id)
    )
    initiative = Initiative(
        plan_id=administration.plan_id,
        administration_id=administration.id,
        position=(last or 0) + 1,
        title=one_line("title", title, longest=1_000),
        standing=Standing.active,
        origin=origin,
        origin_decision=one_line("origin_decision", origin_decision, longest=500, needed=False),
        origin_on=origin_on,
        funder=one_line("funder", funder, longest=300, needed=False),
        deciding_committee_id=deciding_committee.id if deciding_committee else None,
        first_year=first_year,
        last_year=last_year,
        created_at=at,
    )
    session.add(initiative)
    session.flush()
    record(
        session,
        "initiative_added",
        "initiative",
        initiative.id,
        by=by,
        at=at,
        plan_id=administration.plan_id,
        origin=origin.value,
    )
    return initiative


def grant(
    session: Session, plan: Plan, person: Person, role: MembershipRole, *, by: int | None, at: datetime
) -> None:
    """Give a person a role in the plan. Nobody changes an own role."""
    if by == person.id:
        raise InvalidInput("person", "You cannot change your own role.")
    exists = select(Membership.id).where(
        Membership.plan_id == plan.id, Membership.person_id == person.id, Membership.role == role
    )
    if session.scalar(exists):
        return
    session.add(Membership(plan_id=plan.id, person_id=person.id, role=role, created_at=at))
    end_sessions(session, person, at=at)
    record(session, "role_granted", "person", person.id, by=by, at=at, plan_id=plan.id, role=role.value)


def withdraw_role(
    session: Session, plan: Plan, person: Person, role: MembershipRole, *, by: int, at: datetime
) -> None:
    """Take a role away. Nobody changes an own role."""
    if by == person.id:
        raise InvalidInput("person", "You cannot change your own role.")
    session.execute(
        delete(Membership).where(
            Membership.plan_id == plan.id, Membership.person_id == person.id, Membership.role == role
        )
    )
    end_sessions(session, person, at=at)
    record(session, "role_withdrawn", "person", person.id, by=by, at=at, plan_id=plan.id, role=role.value)
