"""Which person an account at an identity provider is. Nobody is made from one, and nothing here commits."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.accounts.models import Person, PersonIdentity
from tracker.accounts.provider import Account
from tracker.audit.actions import record


class Stranger(StrEnum):
    """Why nobody signs in with an account."""

    unknown = "unknown"
    unconfirmed = "unconfirmed"
    another = "another"


def person_of(session: Session, account: Account, *, at: datetime) -> Person | Stranger:
    """The active person whose account this is; at the first time found by the confirmed e-mail address.

    From then on issuer and subject decide, whatever the address. A person with an account at the issuer gets
    no second one, so that an address which was given to somebody else opens nothing.
    """
    known = _known(session, account)
    if known is not None:
        return known if known.active else Stranger.unknown
    if not account.email:
        return Stranger.unconfirmed
    person = _person_at(session, account.email)
    if person is None:
        return Stranger.unknown
    connected = select(PersonIdentity.id).where(
        PersonIdentity.person_id == person.id, PersonIdentity.issuer == account.issuer
    )
    if session.scalar(connected) is not None:
        return Stranger.another
    return _connect(session, person, account, at=at)


def _person_at(session: Session, email: str) -> Person | None:
    """Whoever has exactly this address, where A to Z alone are made small: the Kelvin sign is no K."""
    address = email.lower() if email.isascii() else email
    return session.scalar(select(Person).where(Person.email == address, Person.active))


def _known(session: Session, account: Account) -> Person | None:
    return session.scalar(
        select(Person)
        .join(PersonIdentity, PersonIdentity.person_id == Person.id)
        .where(PersonIdentity.issuer == account.issuer, PersonIdentity.subject == account.subject)
    )


def _connect(session: Session, person: Person, account: Account, *, at: datetime) -> Person | Stranger:
    row = PersonIdentity(person_id=person.id, issuer=account.issuer, subject=account.subject, created_at=at)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # in another tab at the same moment
        known = _known(session, account)
        return known if known is not None and known.active else Stranger.another
    record(session, "identity_linked", "person", person.id, by=person.id, at=at)
    return person
