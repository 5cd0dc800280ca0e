"""The addresses under which calendar programs read deadlines: making one, showing it again, revoking it.

The address carries a token that is derived from the feed's row and the installation's secret; the table has
only its hash (docs/decisions/0002). A person or plan has one address at a time.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from tracker.accounts import tokens
from tracker.accounts.models import Person
from tracker.audit.actions import record
from tracker.deadlines.models import CalendarFeed
from tracker.plans.models import Plan

_PURPOSE = "calendar-feed"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose deadlines a feed has: one of the two is given."""

    person_id: int | None = None
    plan_id: int | None = None


def make_feed(
    session: Session, subject: Subject, *, secret: bytes, by: int | None, at: datetime
) -> CalendarFeed:
    """A new address. The one before it, if any, answers nobody any more."""
    revoke_feed(session, subject, by=by, at=at)
    feed = CalendarFeed(
        person_id=subject.person_id,
        plan_id=subject.plan_id,
        token_hash=tokens.digest(tokens.new_token()),  # the row's id is needed for its own
        created_at=at,
    )
    session.add(feed)
    session.flush()
    feed.token_hash = tokens.digest(_derived(feed, secret))
    session.flush()
    _journal(session, "calendar_feed_made", feed, by=by, at=at)
    return feed


def revoke_feed(session: Session, subject: Subject, *, by: int | None, at: datetime) -> None:
    """The address answers nobody any more. Where there is none, nothing happens."""
    for feed in session.scalars(select(CalendarFeed).where(_live(subject)).with_for_update()):
        feed.revoked_at = at
        _journal(session, "calendar_feed_revoked", feed, by=by, at=at)
    session.flush()


def token_of(session: Session, subject: Subject, *, secret: bytes) -> str | None:
    """The token of the address that answers now; None where there is none, or the secret is another."""
    found = select(CalendarFeed).where(_live(subject)).order_by(CalendarFeed.id.desc()).limit(1)
    feed = session.scalar(found)
    if feed is None:
        return None
    token = _derived(feed, secret)
    return token if hmac.compare_digest(tokens.digest(token), feed.token_hash) else None


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a feed is for: a person who has not left, or a plan."""

    person: Person | None = None
    plan: Plan | None = None


def feed_at(session: Session, token: str, *, secret: bytes) -> Reader | None:
    """Whose address this is. None alike for one that never was, was revoked, or is of one who has left."""
    found = (
        select(CalendarFeed, Person, Plan)
        .outerjoin(Person, Person.id == CalendarFeed.person_id)
        .outerjoin(Plan, Plan.id == CalendarFeed.plan_id)
        .where(
            CalendarFeed.token_hash == tokens.digest(token),
            CalendarFeed.revoked_at.is_(None),
            func.coalesce(Person.active, True),
        )
    )
    row = session.execute(found).one_or_none()
    if row is None or not hmac.compare_digest(_derived(row[0], secret).encode(), token.encode()):
        return None
    return Reader(person=row[1], plan=row[2])


def _derived(feed: CalendarFeed, secret: bytes) -> str:
    """Of more than the id: after a restored backup the next feed may get an id that was given before."""
    made = int(feed.created_at.timestamp())
    return tokens.derive(secret, _PURPOSE, f"{feed.id}:{feed.person_id}:{feed.plan_id}:{made}")


def _live(subject: Subject) -> ColumnElement[bool]:
    whose = (
        CalendarFeed.person_id == subject.person_id
        if subject.person_id is not None
        else CalendarFeed.plan_id == subject.plan_id
    )
    return whose & CalendarFeed.revoked_at.is_(None)


def _journal(session: Session, fact: str, feed: CalendarFeed, *, by: int | None, at: datetime) -> None:
    record(session, fact, "calendar_feed", feed.id, by=by, at=at, plan_id=feed.plan_id)
