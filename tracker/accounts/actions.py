"""What is done with people, passwords and signed-in browsers. Nothing here commits."""

from __future__ import annotations

from datetime import datetime, timedelta

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tracker.accounts import one_use, throttle, tokens
from tracker.accounts.browsers import browser_name
from tracker.accounts.models import (
    Language,
    Person,
    PersonIdentity,
    SignInMeans,
    SignInSession,
    TokenPurpose,
)
from tracker.accounts.passwords import hash_password, matches
from tracker.audit.actions import record
from tracker.domain.danish_order import sort_key
from tracker.domain.errors import InvalidInput
from tracker.domain.text import clean
from tracker.mail.undeliverable import redirect

INVITATION_LASTS = timedelta(days=14)
SESSION_IDLE = timedelta(hours=2)
SESSION_ABSOLUTE = timedelta(hours=12)


def normal_email(email: str) -> str:
    """The address as stored: normalised and in lower case. Raises InvalidInput on `email`.

    So it does for one that no letter reaches: the mail servers are spoken to in ASCII, a domain as IDNA.
    """
    try:
        found = validate_email(email.strip(), check_deliverability=False, allow_smtputf8=False)
        return found.normalized.lower()
    except EmailNotValidError:
        raise InvalidInput("email", "Write an e-mail address such as name@example.com.") from None


def normal_name(name: str) -> str:
    """A person's name on one line. Raises InvalidInput on `name` when nothing is left or it is too long."""
    tidy = " ".join(clean(name).split())
    if not tidy or len(tidy) > 200:
        raise InvalidInput("name", "Write the person's name, at most 200 characters.")
    return tidy


def add_person(
    session: Session,
    *,
    name: str,
    email: str,
    language: Language = Language.danish,
    administrator: bool = False,
    by: int | None,
    at: datetime,
) -> Person:
    """Add a person, without a password. Raises InvalidInput when the address is taken or not one."""
    address = normal_email(email)
    if session.scalar(select(Person.id).where(Person.email == address)):
        raise InvalidInput("email", "%(email)s already belongs to somebody.", email=address)
    tidy = normal_name(name)
    person = Person(
        name=tidy,
        name_sort=sort_key(tidy),
        email=address,
        language=language,
        is_administrator=administrator,
        created_at=at,
    )
    session.add(person)
    session.flush()
    record(session, "person_added", "person", person.id, by=by, at=at, administrator=administrator)
    return person


def change_email(session: Session, person: Person, *, email: str, by: int, at: datetime) -> None:
    """Correct the person's address: letters go there from now on, those that wait as well.

    Links that went to the old address stop working, every session ends, and accounts at an identity provider,
    which were found by the old address, are forgotten. Raises InvalidInput on `email`.
    """
    address = normal_email(email)
    if session.scalar(select(Person.id).where(Person.email == address, Person.id != person.id)):
        raise InvalidInput("email", "%(email)s already belongs to somebody.", email=address)
    if address == person.email:
        raise InvalidInput("email", "This is the address that the person has already.")
    person.email = address
    person.undeliverable_at, person.undeliverable_reason = None, ""
    one_use.spend_tokens(session, person, at=at)
    end_sessions(session, person, at=at)
    session.execute(delete(PersonIdentity).where(PersonIdentity.person_id == person.id))
    session.flush()
    redirect(session, person_id=person.id, address=address)
    record(session, "address_corrected", "person", person.id, by=by, at=at)


def invite(
    session: Session, person: Person, *, secret: bytes, by: int | None, at: datetime, real_at: datetime
) -> str:
    """Queue a letter in which the person chooses a password. Earlier invitations stop working.

    The letter leaves at the business time `at`, the link lasts from the system's `real_at`. Gives the token
    back, for whoever has to hand the link over without mail.
    """
    one_use.spend_tokens(session, person, at=real_at)
    token = one_use.queue_token(
        session, person, TokenPurpose.invitation, INVITATION_LASTS, secret=secret, at=at, real_at=real_at
    )
    record(session, "invited", "person", person.id, by=by, at=at)
    return token


def choose_password(session: Session, person: Person, password: str, *, at: datetime) -> None:
    """Set a new password, use up the person's tokens and end every session. Raises InvalidInput."""
    person.password_hash = hash_password(password, name=person.name, email=person.email)
    one_use.spend_tokens(session, person, at=at)
    end_sessions(session, person, at=at)
    record(session, "password_chosen", "person", person.id, by=person.id, at=at)


def check_password(
    session: Session, *, email: str, password: str, address: str, at: datetime
) -> Person | None:
    """The person whose password this is, or None; a None is counted against the account and the address.

    Above the limits the answer is None whatever the password, and it takes as long.
    """
    account = clean(email).strip().lower()[:254]
    person = session.scalar(select(Person).where(Person.email == account, Person.active))
    fits = matches(password, person.password_hash if person else None)
    # Asked after the slow part: others of the same account wait for this transaction from here on.
    if not throttle.admits(session, SignInMeans.password, account=account, address=address, at=at):
        return None
    if not fits:
        throttle.count(session, SignInMeans.password, account=account, address=address, at=at)
        return None
    throttle.forgive(session, SignInMeans.password, account=account)
    return person


def open_session(session: Session, person: Person, *, at: datetime, user_agent: str = "") -> str:
    """Sign a browser in that names itself so; the token is for its cookie and is not stored."""
    token = tokens.new_token()
    session.add(
        SignInSession(
            token_hash=tokens.digest(token),
            person_id=person.id,
            created_at=at,
            last_seen_at=at,
            browser=browser_name(user_agent),
        )
    )
    record(session, "signed_in", "person", person.id, by=person.id, at=at)
    return token


def end_session(session: Session, session_id: int, *, at: datetime) -> None:
    session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.ended_at.is_(None))
        .values(ended_at=at)
    )


def end_sessions(session: Session, person: Person, *, at: datetime) -> None:
    """Sign the person out everywhere: after a new password, a change of role, a deactivation."""
    session.execute(
        update(SignInSession)
        .where(SignInSession.person_id == person.id, SignInSession.ended_at.is_(None))
        .values(ended_at=at)
    )


def deactivate(session: Session, person: Person, *, by: int, at: datetime) -> None:
    """The person has left: no sign-in and no letter any more, and no account at an identity provider."""
    person.active = False
    person.deactivated_at = at
    one_use.spend_tokens(session, person, at=at)
    end_sessions(session, person, at=at)
    session.execute(delete(PersonIdentity).where(PersonIdentity.person_id == person.id))
    record(session, "deactivated", "person", person.id, by=by, at=at)


def reactivate(session: Session, person: Person, *, by: int, at: datetime) -> None:
    person.active = True
    person.deactivated_at = None
    record(session, "reactivated", "person", person.id, by=by, at=at)


def change_language(person: Person, language: Language) -> None:
    person.language = language
