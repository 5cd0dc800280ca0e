"""How often an account and an address may be tried, counted in the database, so in all processes together.

Known and unknown accounts are counted alike. An IPv6 address counts as its network of 64 bits, of which
whoever has one has all 18 trillion addresses. What is refused is not counted: whoever presses on has to wait
no longer, and hammering one account uses up nothing for others behind the same address.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tracker.accounts.models import SignInFailure, SignInMeans

WINDOW = timedelta(minutes=15)
KEPT_FOR = timedelta(days=1)
_LOCK_ACCOUNT = 7_042_031
_LOCK_ADDRESS = 7_042_032


@dataclass(frozen=True, slots=True)
class Limits:
    """The most within the window."""

    account: int
    address: int


LIMITS = {
    SignInMeans.password: Limits(account=10, address=60),
    SignInMeans.letter: Limits(account=3, address=60),
}


def network_of(address: str) -> str:
    """What an address is counted as: its IPv6 network, the IPv4 address in an IPv6 one, or itself."""
    with suppress(ValueError):
        found = ip_address(address.strip())
        if isinstance(found, IPv6Address):
            mapped = found.ipv4_mapped
            return str(mapped or IPv6Network((int(found), 64), strict=False))
        return str(found)
    return address[:45]


def admits(session: Session, means: SignInMeans, *, account: str, address: str, at: datetime) -> bool:
    """Whether one more is within the limits. Others of the account wait until this transaction has ended."""
    network = network_of(address)
    _alone(session, account, network)
    counted = select(func.count(SignInFailure.id)).where(
        SignInFailure.means == means, SignInFailure.at > at - WINDOW
    )
    by_account, by_address = session.execute(
        select(
            counted.where(SignInFailure.account == account[:254]).scalar_subquery(),
            counted.where(SignInFailure.address == network).scalar_subquery(),
        )
    ).one()
    limits = LIMITS[means]
    return bool(by_account < limits.account and by_address < limits.address)


def count(session: Session, means: SignInMeans, *, account: str, address: str, at: datetime) -> None:
    """Note one. What was noted more than a day ago is forgotten, some of it each time."""
    session.add(SignInFailure(means=means, account=account[:254], address=network_of(address), at=at))
    old = select(SignInFailure.id).where(SignInFailure.at < at - KEPT_FOR).limit(100)
    session.execute(
        delete(SignInFailure).where(SignInFailure.id.in_(old.with_for_update(skip_locked=True))),
        execution_options={"synchronize_session": False},
    )


def forgive(session: Session, means: SignInMeans, *, account: str) -> None:
    """The account's own count begins anew."""
    session.execute(
        delete(SignInFailure).where(SignInFailure.means == means, SignInFailure.account == account[:254]),
        execution_options={"synchronize_session": False},
    )


def _alone(session: Session, account: str, address: str) -> None:
    """SQLite has one writer at a time anyway. Always in this order, so that nobody waits in a circle."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for number, word in ((_LOCK_ACCOUNT, account), (_LOCK_ADDRESS, address)):
        key = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], signed=True)
        session.execute(select(func.pg_advisory_xact_lock(number, key)))
