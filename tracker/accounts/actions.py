"""What is done with people, passwords and signed-in browsers. Nothing here commits."""

from __future__ import annotations

from datetime import datetime, timedelta

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from tracker.accounts import tokens
from tracker.accounts.models import (
    AccountToken,
    Language,
    Person,
    SignInFailure,
    SignInSession,
    TokenPurpose,
)
from tracker.accounts.passwords import hash_password, matches
from tracker.audit.actions import record
from tracker.domain.danish_order import sort_key
from tracker.domain.errors import InvalidInput
from tracker.domain.text import clean
from tracker.mail import outbox
from tracker.mail.undeliverable import redirect

INVITATION_LASTS = timedelta(days=14)
RESET_LASTS = timedelta(hours=2)
SESSION_IDLE = timedelta(hours=2)
SESSION_ABSOLUTE = timedelta(hours=12)
FAILURE_WINDOW = timedelta(minutes=15)
FAILURES_PER_ACCOUNT = 10
FAILURES_PER_ADDRESS = 60
RESETS_PER_WINDOW = 3


def normal_email(email: str) -> str:
    """The address as stored: normalised and in lower case. Raises InvalidInput on `email`."""
    try:
        return validate_email(email.strip(), check_deliverability=False).normalized.lower()
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

    Links that went to the old address stop working, and every session ends. Raises InvalidInput on `email`.
    """
    address = normal_email(email)
    if session.scalar(select(Person.id).where(Person.email == address, Person.id != person.id)):
        raise InvalidInput("email", "%(email)s already belongs to somebody.", email=address)
    if address == person.email:
        raise InvalidInput("email", "This is the address that the person has already.")
    person.email = address
    person.undeliverable_at, person.undeliverable_reason = None, ""
    _spend_tokens(session, person, at=at)
    end_sessions(session, person, at=at)
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
    token = _queue_token(
        session, person, TokenPurpose.invitation, INVITATION_LASTS, secret=secret, at=at, real_at=real_at
    )
    record(session, "invited", "person", person.id, by=by, at=at)
    return token


def request_reset(session: Session, *, email: str, secret: bytes, at: datetime, real_at: datetime) -> None:
    """Queue a letter for a new password if the address belongs to an active person; else do nothing.

    At most three letters an address within fifteen minutes.
    """
    try:
        address = normal_email(email)
    except InvalidInput:
        return
    person = session.scalar(select(Person).where(Person.email == address, Person.active))
    if person is None:
        return
    recent = select(func.count(AccountToken.id)).where(
        AccountToken.person_id == person.id,
        AccountToken.purpose == TokenPurpose.password_reset,
        AccountToken.created_at > real_at - FAILURE_WINDOW,
    )
    if (session.scalar(recent) or 0) >= RESETS_PER_WINDOW:
        return
    _queue_token(
        session, person, TokenPurpose.password_reset, RESET_LASTS, secret=secret, at=at, real_at=real_at
    )
    record(session, "password_reset_requested", "person", person.id, by=None, at=at)


def _queue_token(
    session: Session,
    person: Person,
    purpose: TokenPurpose,
    lasts: timedelta,
    *,
    secret: bytes,
    at: datetime,
    real_at: datetime,
) -> str:
    if purpose is TokenPurpose.invitation:
        _spend_tokens(session, person, at=real_at)
    nonce = tokens.new_nonce()
    token = tokens.derive(secret, purpose.value, nonce)
    row = AccountToken(
        token_hash=tokens.digest(token),
        person_id=person.id,
        purpose=purpose,
        created_at=real_at,
        expires_at=real_at + lasts,
    )
    session.add(row)
    session.flush()
    outbox.queue(
        session,
        kind=purpose.value,
        dedupe_key=f"{purpose.value}:{person.id}:{nonce}",
        person_id=person.id,
        address=person.email,
        payload={"nonce": nonce, "token_id": row.id, "expires_at": row.expires_at.isoformat()},
        plan_id=None,
        at=at,
    )
    return token


def _spend_tokens(session: Session, person: Person, *, at: datetime) -> None:
    session.execute(
        update(AccountToken)
        .where(AccountToken.person_id == person.id, AccountToken.used_at.is_(None))
        .values(used_at=at)
    )


def token_person(session: Session, token: str, *, purpose: TokenPurpose, at: datetime) -> Person | None:
    """Whom an unused, unexpired token belongs to. Reading it does not use it."""
    return session.scalar(
        select(Person)
        .join(AccountToken, AccountToken.person_id == Person.id)
        .where(
            AccountToken.token_hash == tokens.digest(token),
            AccountToken.purpose == purpose,
            AccountToken.used_at.is_(None),
            AccountToken.expires_at > at,
            Person.active,
        )
    )


def choose_password(session: Session, person: Person, password: str, *, at: datetime) -> None:
    """Set a new password, use up the person's tokens and end every session. Raises InvalidInput."""
    person.password_hash = hash_password(password, name=person.name, email=person.email)
    _spend_tokens(session, person, at=at)
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
    if _throttled(session, account=account, address=address, at=at) or not fits:
        session.add(SignInFailure(account=account, address=address[:45], at=at))
        return None
    session.execute(delete(SignInFailure).where(SignInFailure.account == account))
    return person


def _throttled(session: Session, *, account: str, address: str, at: datetime) -> bool:
    since = at - FAILURE_WINDOW
    by_account, by_address = session.execute(
        select(
            select(func.count(SignInFailure.id))
            .where(SignInFailure.account == account, SignInFailure.at > since)
            .scalar_subquery(),
            select(func.count(SignInFailure.id))
            .where(SignInFailure.address == address, SignInFailure.at > since)
            .scalar_subquery(),
        )
    ).one()
    return bool(by_account >= FAILURES_PER_ACCOUNT or by_address >= FAILURES_PER_ADDRESS)


def open_session(session: Session, person: Person, *, at: datetime) -> str:
    """Sign a browser in; the token is for its cookie and is not stored."""
    token = tokens.new_token()
    session.add(
        SignInSession(token_hash=tokens.digest(token), person_id=person.id, created_at=at, last_seen_at=at)
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
    """The person has left: no sign-in and no letter any more."""
    person.active = False
    person.deactivated_at = at
    _spend_tokens(session, person, at=at)
    end_sessions(session, person, at=at)
    record(session, "deactivated", "person", person.id, by=by, at=at)


def reactivate(session: Session, person: Person, *, by: int, at: datetime) -> None:
    person.active = True
    person.deactivated_at = None
    record(session, "reactivated", "person", person.id, by=by, at=at)


def change_language(person: Person, language: Language) -> None:
    person.language = language
