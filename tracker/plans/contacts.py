"""Whom the readers of a plan's letters can write to."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.database import rows_of
from tracker.mail.letters import Contact, register_contacts
from tracker.plans.models import Membership, MembershipRole

_LEADS = (
    select(Person.name, Person.email)
    .join(Membership, Membership.person_id == Person.id)
    .where(
        Membership.plan_id == bindparam("plan"),
        Membership.role == MembershipRole.lead,
        Person.active,
        Person.undeliverable_at.is_(None),
    )
    .order_by(Membership.id)
    .limit(1)
)


def contact_of(session: Session, plan_id: int) -> Contact | None:
    """The lead of the plan's secretariat, the first where there are several; None where letters find none."""
    row = rows_of(session, _LEADS, {"plan": plan_id}).first()
    return None if row is None else Contact(*row)


def register() -> None:
    register_contacts(contact_of)
