"""Letters that somebody who is not signed in asks for: a new password, a sign-in. Nothing here commits.

Nobody learns from them which addresses there are: the same is counted, and the same work done, for an
address that belongs to nobody.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.accounts import one_use, throttle
from tracker.accounts.actions import normal_email
from tracker.accounts.models import Person, SignInMeans, TokenPurpose
from tracker.audit.actions import record
from tracker.domain.errors import InvalidInput

RESET_LASTS = timedelta(hours=2)
SIGN_IN_LASTS = timedelta(minutes=10)


def request_reset(
    session: Session, *, email: str, address: str, secret: bytes, at: datetime, real_at: datetime
) -> None:
    """Queue a letter for a new password if `email` belongs to an active person; else do nothing.

    At most three letters an address within fifteen minutes, those for signing in among them.
    """
    _queue(
        session,
        TokenPurpose.password_reset,
        RESET_LASTS,
        email=email,
        address=address,
        secret=secret,
        browser=None,
        at=at,
        real_at=real_at,
    )


def request_sign_in(
    session: Session,
    *,
    email: str,
    address: str,
    browser: str,
    secret: bytes,
    at: datetime,
    real_at: datetime,
) -> None:
    """Queue a letter with which this browser, and no other, signs in within ten minutes.

    A newer letter makes the browser's older ones useless, and nobody else's: who asks for another's letters
    does not keep the other from using an own one.
    """
    _queue(
        session,
        TokenPurpose.sign_in,
        SIGN_IN_LASTS,
        email=email,
        address=address,
        secret=secret,
        browser=browser,
        at=at,
        real_at=real_at,
    )


def sign_in_by(session: Session, token: str, *, browser: str | None, at: datetime) -> Person | None:
    """The person whose letter this is, with the token used up; None when it does not work, or not here."""
    person = one_use.token_person(session, token, purpose=TokenPurpose.sign_in, browser=browser or "", at=at)
    return person if person is not None and one_use.use_token(session, token, at=at) else None


def _queue(
    session: Session,
    purpose: TokenPurpose,
    lasts: timedelta,
    *,
    email: str,
    address: str,
    secret: bytes,
    browser: str | None,
    at: datetime,
    real_at: datetime,
) -> None:
    try:
        account = normal_email(email)
    except InvalidInput:
        return
    if not throttle.admits(session, SignInMeans.letter, account=account, address=address, at=real_at):
        return
    throttle.count(session, SignInMeans.letter, account=account, address=address, at=real_at)
    person = session.scalar(select(Person).where(Person.email == account, Person.active))
    stand_in = person or session.scalar(select(Person).where(Person.active).order_by(Person.id).limit(1))
    if stand_in is None:
        return
    session.flush()
    trial = session.begin_nested()
    if browser is not None:
        one_use.spend_tokens(session, stand_in, purpose=purpose, browser=browser, at=real_at)
    one_use.queue_token(
        session, stand_in, purpose, lasts, secret=secret, browser=browser, at=at, real_at=real_at
    )
    record(session, f"{purpose.value}_requested", "person", stand_in.id, by=None, at=at)
    if person is None:
        trial.rollback()  # nobody is written to, and it took as long
    else:
        trial.commit()
