"""Tokens that go out by letter and work once: made, found, used up. Nothing here commits."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from tracker.accounts import tokens
from tracker.accounts.models import AccountToken, Person, TokenPurpose
from tracker.mail import outbox


def queue_token(
    session: Session,
    person: Person,
    purpose: TokenPurpose,
    lasts: timedelta,
    *,
    secret: bytes,
    browser: str | None = None,
    at: datetime,
    real_at: datetime,
) -> str:
    """Lay down a letter with a new token, which is given back. `browser` is what the asking browser holds."""
    nonce = tokens.new_nonce()
    token = tokens.derive(secret, purpose.value, nonce)
    row = AccountToken(
        token_hash=tokens.digest(token),
        person_id=person.id,
        purpose=purpose,
        created_at=real_at,
        expires_at=real_at + lasts,
        browser_hash=tokens.digest(browser) if browser is not None else None,
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


def token_person(
    session: Session, token: str, *, purpose: TokenPurpose, browser: str | None = None, at: datetime
) -> Person | None:
    """Whom an unused, unexpired token belongs to, in the browser it is bound to. Reading does not use it."""
    held = tokens.digest(browser) if browser is not None else None
    return session.scalar(
        select(Person)
        .join(AccountToken, AccountToken.person_id == Person.id)
        .where(
            AccountToken.token_hash == tokens.digest(token),
            AccountToken.purpose == purpose,
            AccountToken.used_at.is_(None),
            AccountToken.expires_at > at,
            AccountToken.browser_hash.is_(None) | (AccountToken.browser_hash == held),
            Person.active,
        )
    )


def use_token(session: Session, token: str, *, at: datetime) -> bool:
    """Use it up; False when somebody else was first."""
    used = session.execute(
        update(AccountToken)
        .where(AccountToken.token_hash == tokens.digest(token), AccountToken.used_at.is_(None))
        .values(used_at=at)
    )
    assert isinstance(used, CursorResult)
    return bool(used.rowcount == 1)


def spend_tokens(
    session: Session,
    person: Person,
    *,
    purpose: TokenPurpose | None = None,
    browser: str | None = None,
    at: datetime,
) -> None:
    """Use up the person's tokens: all of them, or those of a purpose, or those that one browser asked for."""
    unused = update(AccountToken).where(AccountToken.person_id == person.id, AccountToken.used_at.is_(None))
    if purpose is not None:
        unused = unused.where(AccountToken.purpose == purpose)
    if browser is not None:
        unused = unused.where(AccountToken.browser_hash == tokens.digest(browser))
    session.execute(unused.values(used_at=at))
