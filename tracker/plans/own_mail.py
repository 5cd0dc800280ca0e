"""A signed-in browser, how the mail stands, and which letters that person is to decide on: one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Integer, bindparam, column, text
from sqlalchemy.orm import Session

from tracker.accounts.models import SignInSession
from tracker.accounts.queries import live_session_with, live_values
from tracker.database import UtcDateTime
from tracker.mail import health, health_questions
from tracker.mail.health import Health

FAILED_LATELY = timedelta(days=7)
MANY = 100

_OWN = (
    "(mail.plan_id IN (SELECT membership.plan_id FROM membership "
    "WHERE membership.person_id = person.id AND membership.role IN ('lead', 'secretariat')) "
    "OR mail.plan_id IS NULL AND person.is_administrator)"
)
# Letters in doubt of the plans whose secretariat one is in; those of no single plan are the administrators'.
# As text: this is asked by every page, and compiled for none.
_OWN_DECISIONS = (
    text(
        "SELECT count(*) FROM mail "
        "WHERE mail.state IN ('failed', 'cancelled', 'needs_human', 'undeliverable') "
        f"AND mail.state = 'needs_human' AND {_OWN}"
    )
    .columns(column("answer", Integer))
    .scalar_subquery()
)
# `next_at` of one that failed is when it was tried last; the time of its end stands behind its whole text.
_OWN_FAILED = (
    text(
        "SELECT count(*) FROM (SELECT 1 FROM mail "
        "WHERE mail.state IN ('failed', 'cancelled', 'needs_human', 'undeliverable') "
        f"AND mail.state = 'failed' AND mail.next_at >= :failed_since AND {_OWN} LIMIT {MANY}) AS recent"
    )
    .bindparams(bindparam("failed_since", type_=UtcDateTime))
    .columns(column("answer", Integer))
    .scalar_subquery()
)
_ASKED = live_session_with(_OWN_DECISIONS, _OWN_FAILED, *health_questions.COLUMNS)


@dataclass(frozen=True, slots=True)
class BrowserAndMail:
    """`decisions` are letters in doubt that are this person's to decide on, `failed` those that this person
    can send again and that failed within FAILED_LATELY; MANY at most.
    """

    browser: SignInSession
    health: Health
    decisions: int
    failed: int


def browser_and_mail(session: Session, token: str, *, at: datetime, now: datetime) -> BrowserAndMail | None:
    """The live session of a cookie's token at the real time `at`, and the mail at `now`; None without one."""
    given = live_values(token, at=at) | health_questions.values(now) | {"failed_since": now - FAILED_LATELY}
    row = session.execute(_ASKED, given).one_or_none()
    if row is None:
        return None
    browser, decisions, failed, *columns = row
    return BrowserAndMail(browser, health.health_of(columns, now=now), decisions, failed)
