"""The letters of a plan as its secretariat sees them: what went to whom, when, and how it ended.

And those of no single plan, on which an administrator decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.accounts.queries import names_of
from tracker.audit.queries import history_of
from tracker.mail.decisions import COUNT_AS_SENT, SEND_AGAIN
from tracker.mail.models import Mail, MailAttempt, MailState
from tracker.mail.rows import STRANDED
from tracker.plans.models import Membership, Placement
from tracker.plans.rights import Rights

A_PAGE = 100


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One letter in a list; its text is read only when it is opened."""

    id: int
    kind: str
    subject: str
    name: str | None
    address: str
    state: MailState
    created_at: datetime
    settled_at: datetime | None
    last_error: str
    payload: dict[str, Any]


_LINE = (
    Mail.id,
    Mail.kind,
    Mail.subject,
    Person.name,
    Mail.address,
    Mail.state,
    Mail.created_at,
    Mail.settled_at,
    Mail.last_error,
    Mail.payload,
)


def letters_of(
    session: Session,
    rights: Rights,
    plan_id: int,
    *,
    state: MailState | None = None,
    before: int | None = None,
    person_id: int | None = None,
) -> Sequence[LetterLine]:
    """The newest letters of a plan, at most `A_PAGE` + 1; `before` is the id at which the last page ended.

    `state` and `person_id` leave only those in this state, or to this person.
    """
    if plan_id not in rights.secretariat_of:
        return ()
    found = (
        select(*_LINE)
        .outerjoin(Person, Person.id == Mail.person_id)
        .where(Mail.plan_id == plan_id)
        .order_by(Mail.id.desc())
        .limit(A_PAGE + 1)
    )
    if state is not None:
        found = found.where(Mail.state == state)
    if before is not None:
        found = found.where(Mail.id < before)
    if person_id is not None:
        found = found.where(Mail.person_id == person_id)
    return [LetterLine(*row) for row in session.execute(found)]


def own_letters(session: Session, rights: Rights, *, limit: int) -> Sequence[LetterLine]:
    """The newest letters to the person of these rights themselves, of every plan and of none."""
    found = select(*_LINE).outerjoin(Person, Person.id == Mail.person_id)
    found = found.where(Mail.person_id == rights.person_id)
    found = found.order_by(Mail.created_at.desc(), Mail.id.desc()).limit(limit)
    return [LetterLine(*row) for row in session.execute(found)]


def letter_counts(session: Session, rights: Rights, plan_id: int) -> dict[MailState, int]:
    """How many letters of a plan are in which state, in the order of the states."""
    if plan_id not in rights.secretariat_of:
        return {}
    found = session.execute(
        select(Mail.state, func.count(Mail.id)).where(Mail.plan_id == plan_id).group_by(Mail.state)
    )
    counts: dict[MailState, int] = dict(found.all())
    return {state: counts[state] for state in MailState if state in counts}


def person_in(session: Session, rights: Rights, plan_id: int, person_id: int) -> Person | None:
    """Somebody who has or had a part in a plan, or got a letter of it, for its secretariat; else None."""
    if plan_id not in rights.secretariat_of:
        return None
    parts = [
        exists().where(one.person_id == Person.id, one.plan_id == plan_id)
        for one in (Membership, Placement, Mail)
    ]
    return session.scalar(select(Person).where(Person.id == person_id, or_(*parts)))


@dataclass(frozen=True, slots=True)
class OpenedLetter:
    """One letter with whom it is for; `language` is the reader's."""

    mail: Mail
    name: str
    language: str


def letter_for(session: Session, rights: Rights, plan_id: int, mail_id: int) -> OpenedLetter | None:
    """One letter of a plan with its text, for the plan's secretariat; else None."""
    if plan_id not in rights.secretariat_of:
        return None
    found = session.execute(
        select(Mail, Person.name, Person.language)
        .outerjoin(Person, Person.id == Mail.person_id)
        .where(Mail.id == mail_id, Mail.plan_id == plan_id)
    ).one_or_none()
    if found is None:
        return None
    mail, name, language = found
    return OpenedLetter(mail, name or "", language.value if language else "da")


@dataclass(frozen=True, slots=True)
class Undecided:
    """A letter of which nobody knows whether it arrived."""

    id: int
    address: str
    name: str | None
    created_at: datetime
    last_error: str


def undecided_of_no_plan(session: Session, rights: Rights) -> Sequence[Undecided]:
    """The newest letters in doubt that belong to no single plan, for an administrator."""
    if not rights.administrator:
        return ()
    found = (
        select(Mail.id, Mail.address, Person.name, Mail.created_at, Mail.last_error)
        .outerjoin(Person, Person.id == Mail.person_id)
        .where(STRANDED, Mail.state == MailState.needs_human, Mail.plan_id.is_(None))
        .order_by(Mail.id.desc())
        .limit(A_PAGE)
    )
    return [Undecided(*row) for row in session.execute(found)]


def letter_of_no_plan(session: Session, rights: Rights, mail_id: int) -> Mail | None:
    """A letter that belongs to no single plan, for an administrator; else None."""
    if not rights.administrator:
        return None
    return session.scalar(select(Mail).where(Mail.id == mail_id, Mail.plan_id.is_(None)))


def notes_of(session: Session, mail_id: int) -> Sequence[MailAttempt]:
    """What happened to a letter, the oldest first."""
    found = select(MailAttempt).where(MailAttempt.mail_id == mail_id).order_by(MailAttempt.id)
    return session.scalars(found).all()


def deciders_of(session: Session, mail_id: int) -> dict[str, list[str]]:
    """Who decided on a letter, the oldest first, by what they decided; "" for the command line."""
    decided = {"letter_sent_again": SEND_AGAIN, "letter_counted_as_sent": COUNT_AS_SENT}
    entries = [one for one in reversed(history_of(session, "mail", mail_id)) if one.fact in decided]
    names = names_of(session, (one.actor_id for one in entries))
    found: dict[str, list[str]] = {}
    for one in entries:
        found.setdefault(decided[one.fact], []).append(names.get(one.actor_id or 0, ""))
    return found


# What opens the reader's own forms is the reader's alone, also while the letter is on its way.
_PERSONAL = re.compile(r"(/f/)[0-9a-f-]{64}")


def text_as_sent(mail: Mail) -> str | None:
    """The words of a letter as they were handed over, without its secrets; None while nothing was."""
    if mail.mime is None:
        return None
    message = message_from_bytes(mail.mime, policy=policy.default)
    body = message.get_body(("plain",))
    return _PERSONAL.sub(r"\1…", str(body.get_content())) if body else None
