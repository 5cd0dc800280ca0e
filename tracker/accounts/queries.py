"""Who somebody is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.orm import Session, contains_eager

from tracker.accounts import tokens
from tracker.accounts.actions import SESSION_ABSOLUTE, SESSION_IDLE
from tracker.accounts.models import Person, SignInSession
from tracker.domain.text import clean

# Asked by every request, so built once.
_LIVE = (
    select(SignInSession)
    .join(SignInSession.person)
    .options(contains_eager(SignInSession.person))
    .where(
        SignInSession.token_hash == bindparam("token_hash"),
        SignInSession.ended_at.is_(None),
        SignInSession.last_seen_at > bindparam("seen_after"),
        SignInSession.created_at > bindparam("made_after"),
        Person.active,
    )
)

_ADDRESSES = select(Person.id, Person.email).where(Person.id.in_(bindparam("ids", expanding=True)))


def live_session(session: Session, token: str, *, at: datetime) -> SignInSession | None:
    """The session of a cookie's token with its person: not ended, not idle, not too old, person active."""
    return session.scalar(_LIVE, live_values(token, at=at))


def live_session_with(*columns: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """The statement of `live_session` with something else that every page needs; see `live_values`."""
    return _LIVE.add_columns(*columns)


def live_values(token: str, *, at: datetime) -> dict[str, Any]:
    """The parameters of the statement."""
    return {
        "token_hash": tokens.digest(token),
        "seen_after": at - SESSION_IDLE,
        "made_after": at - SESSION_ABSOLUTE,
    }


def people(session: Session) -> Sequence[Person]:
    """Everybody in Danish alphabetical order, those who have left last."""
    return session.scalars(select(Person).order_by(Person.active.desc(), Person.name_sort, Person.id)).all()


def active_people(session: Session) -> Sequence[Person]:
    """Everybody who can be given something to do, in Danish alphabetical order."""
    return session.scalars(select(Person).where(Person.active).order_by(Person.name_sort, Person.id)).all()


def person(session: Session, person_id: int) -> Person | None:
    return session.get(Person, person_id)


def addresses(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """The mail addresses of these people, by id."""
    wanted = list(ids)
    return dict(session.execute(_ADDRESSES, {"ids": wanted}).all()) if wanted else {}


def names_of(session: Session, ids: Iterable[int | None]) -> dict[int, str]:
    """The names of these people, by id; None stands for nobody."""
    wanted = sorted({id_ for id_ in ids if id_ is not None})
    if not wanted:
        return {}
    return dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted))).all())


def administrators(session: Session) -> list[tuple[str, str]]:
    """Name and address of the active administrators, in Danish alphabetical order."""
    found = select(Person.name, Person.email).where(Person.is_administrator, Person.active)
    return [(name, email) for name, email in session.execute(found.order_by(Person.name_sort))]


def active_person_with(session: Session, email: str) -> Person | None:
    """Whoever has this address, unless they have left."""
    address = clean(email).strip().lower()
    return session.scalar(select(Person).where(Person.email == address, Person.active))
