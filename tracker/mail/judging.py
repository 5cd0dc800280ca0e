"""Whether a letter may still go, and to whom: asked when it is claimed, and again when its window opens."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Integer, String, bindparam, column, select, table
from sqlalchemy.orm import Session

from tracker.mail.letters import LetterContext, kind_named, wanted
from tracker.mail.models import Installation, Mail, MailState
from tracker.mail.outbox import one_address

MOVED = "the person's address has changed"

# Accounts stand above mail; the outbox reads of a person only what a letter needs.
_person = table(
    "person",
    column("id", Integer),
    column("name", String),
    column("email", String),
    column("language", String),
    column("active", Boolean),
)
_mail: Any = Mail.__table__
_installation: Any = Installation.__table__
_STANDING = select(_installation.c.queue_held, _installation.c.refusals).limit(1)
_HELD = select(_installation.c.queue_held).limit(1).scalar_subquery().label("held")
_MINE = (
    _mail.c.id == bindparam("id"),
    _mail.c.state == MailState.sending,
    _mail.c.owner == bindparam("owner"),
)
_LOOK = select(_HELD).select_from(_mail).where(*_MINE).with_for_update(of=_mail, key_share=True)
# The person too: who corrects the address, or lets the person leave, has committed before or waits.
_LOOK_AT_READER = (
    select(_HELD, _person.c.email, _person.c.name, _person.c.language, _person.c.active)
    .select_from(_mail.join(_person, _person.c.id == _mail.c.person_id))
    .where(*_MINE)
    .with_for_update(of=[_mail, _person], key_share=True)
)
_READERS = select(_person).where(_person.c.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class Reader:
    """To whom a letter goes, as the person is entered now."""

    email: str
    name: str
    language: str
    active: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether all mail is held, and to whom a letter goes; nobody when it goes to a bare address."""

    held: bool
    reader: Reader | None


def is_held(session: Session) -> bool:
    """Whether a person or a guard has stopped all mail."""
    return standing(session)[0]


def standing(session: Session) -> tuple[bool, int]:
    """Whether all mail is held, and how many letters were refused in a row."""
    row = session.connection().execute(_STANDING).first()
    return (False, 0) if row is None else (bool(row.queue_held), row.refusals)


def look(session: Session, mail: Mail, *, owner: int) -> Standing | None:
    """How things stand with a letter that is about to leave, and with its reader; locks both.

    One statement: a hold stops the very next letter. None when another has it.
    """
    personal = mail.person_id is not None
    given = {"id": mail.id, "owner": owner}
    row = session.connection().execute(_LOOK_AT_READER if personal else _LOOK, given).first()
    if row is None:
        return None
    reader = Reader(row.email, row.name, row.language, row.active) if personal else None
    return Standing(bool(row.held), reader)


def readers(session: Session, mails: Iterable[Mail]) -> dict[int | None, Reader]:
    """To whom these letters go, by their ids."""
    ids = {mail.person_id for mail in mails if mail.person_id is not None}
    rows = session.connection().execute(_READERS, {"ids": sorted(ids)}) if ids else ()
    return {row.id: Reader(row.email, row.name, row.language, row.active) for row in rows}


def new_address(mail: Mail, reader: Reader | None) -> str | None:
    """Where a letter goes whose reader has another address by now; None when it goes where it says.

    None too when it may have arrived at the old one, or when there is no one plain address to go to.
    """
    if reader is None or not reader.active or mail.uncertain_resends or reader.email == mail.address:
        return None
    with suppress(ValueError):
        return one_address(reader.email)
    return None


def why_not(session: Session, mail: Mail, reader: Reader | None, *, now: datetime) -> str | None:
    """Why the letter must not go out any more, or None: expired, wrong person, or its kind says so."""
    if mail.expires_at <= now:
        return "it expired before it could be sent"
    if mail.person_id is not None:
        if reader is None or not reader.active:
            return "the person is no longer active"
        if reader.email != mail.address:
            return MOVED
    kind = kind_named(mail.kind)
    if kind.still_wanted is wanted:
        return None
    with session.begin_nested():  # an error in it must not cost the caller's transaction
        return kind.still_wanted(session, mail)


def context_for(
    mail: Mail, reader: Reader | None, *, base_url: str, secret: bytes, now: datetime
) -> LetterContext:
    """For whom and in which language the letter is written; without a reader its payload says so."""
    name, language = mail.payload.get("name", ""), mail.payload.get("language", "da")
    if reader is not None:
        name, language = reader.name, reader.language
    return LetterContext(base_url=base_url, language=language, name=name, now=now, secret=secret)
