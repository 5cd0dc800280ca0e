"""What holds all mail by itself, and asks: refusals in a row, a clock that jumped, very many letters.

All limits stand here. A guard holds once, says so in the log and the journal, and a person releases
(`tracker.mail.installation`). While the clock is not trusted nothing is planned either, so that a wrong year
does not settle what is owed.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tracker.mail.decisions import refused_in_a_row
from tracker.mail.installation import hold, installation_of
from tracker.mail.letters import sensitive_kinds
from tracker.mail.models import HoldCause, Installation, Mail, MailState
from tracker.mail.rows import WAITING

REFUSALS_IN_A_ROW = 5
CLOCK_BACK = timedelta(hours=1)
CLOCK_AHEAD = timedelta(days=40)
LETTERS_AN_HOUR = 50  # so many never ask
TIMES_THE_BUSIEST_HOUR = 3
HISTORY = timedelta(days=400)  # a year, and a round that is a little late

_HOUR = timedelta(hours=1)
_CLOCK = frozenset({HoldCause.clock_back, HoldCause.clock_ahead})
SEEN_EVERY = timedelta(minutes=5)


def trusts_clock(session: Session, now: datetime) -> bool:
    """Whether `now` follows on what was seen before; holds all mail when it does not.

    Also while mail is held for another cause, which then stands: a wrong year must not settle what is owed.
    """
    row = installation_of(session)
    if row is None:
        return True
    if row.queue_held and row.held_cause in _CLOCK:
        return False
    seen = row.clock_seen_at
    cause = _jump(seen, now)
    if seen is None or cause is None:
        row.clock_seen_at = max(now, seen or now)
        return True
    reason = f"the clock showed {seen:%Y-%m-%d %H:%M} UTC, and now {now:%Y-%m-%d %H:%M}"
    hold(session, cause, reason, by=None, at=now)
    return False


def clock_is_news(session: Session, now: datetime) -> bool:
    """Whether `trusts_clock` would write anything; asked each tick, so that most ticks only read."""
    row = installation_of(session)
    if row is None:
        return False
    if row.queue_held and row.held_cause in _CLOCK:
        return True
    seen = row.clock_seen_at
    return seen is None or now - seen > SEEN_EVERY or seen - now > CLOCK_BACK


def _jump(seen: datetime | None, now: datetime) -> HoldCause | None:
    if seen is None:
        return None
    if now < seen - CLOCK_BACK:
        return HoldCause.clock_back
    return HoldCause.clock_ahead if now > seen + CLOCK_AHEAD else None


def count_refusal(session: Session, *, at: datetime) -> bool:
    """One more letter was refused; True when this holds all mail.

    The count is checked against the notes: a letter that another dispatcher sent meanwhile begins it anew.
    """
    counted = update(Installation).values(refusals=Installation.refusals + 1).returning(Installation.refusals)
    number = session.scalar(counted, execution_options={"synchronize_session": False})
    if number is None or number < REFUSALS_IN_A_ROW:
        return False
    truly = len(refused_in_a_row(session))
    if truly < REFUSALS_IN_A_ROW:
        session.execute(update(Installation).values(refusals=truly))
        return False
    reason = f"the mail server refused {number} letters in a row"
    hold(session, HoldCause.refusals, reason, by=None, at=at)
    return True


def forget_refusals(session: Session) -> None:
    """A letter was accepted: the count begins anew."""
    session.execute(update(Installation).where(Installation.refusals > 0).values(refusals=0))


def watch_volume(session: Session, now: datetime) -> None:
    """Hold all mail when an unusual number of letters fell due within the hour.

    Counts letters that were never tried, at most one more than are allowed, and asks the history only when
    they are many: with little to do this costs one look into a partial index.
    """
    row = installation_of(session)
    if (
        row is None
        or row.queue_held
        or (row.volume_allowed_until is not None and now < row.volume_allowed_until)
    ):
        return
    if _fresh(session, now, LETTERS_AN_HOUR + 1) <= LETTERS_AN_HOUR:
        return
    busiest = busiest_hour(session, now)
    allowed = max(LETTERS_AN_HOUR, TIMES_THE_BUSIEST_HOUR * busiest)
    due = _fresh(session, now, None)
    if due <= allowed:
        return
    reason = f"{due} letters fall due at once; the busiest hour until now had {busiest}"
    hold(session, HoldCause.volume, reason, by=None, at=now)


def _fresh(session: Session, now: datetime, most: int | None) -> int:
    """How many letters fell due within the hour and were never tried, counted up to `most`.

    Letters that somebody asks for to sign in do not count: they have limits of their own, and a visitor must
    not be able to have all mail held.
    """
    asked_for = Mail.kind.in_(sensitive_kinds())
    fresh = WAITING, Mail.state == MailState.queued, Mail.attempts == 0, ~asked_for
    some = select(Mail.id).where(*fresh, Mail.next_at > now - _HOUR, Mail.next_at <= now).limit(most)
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def busiest_hour(session: Session, now: datetime) -> int:
    """How many of the letters that were sent within the last 400 days were laid down in one hour, at most."""
    if session.get_bind().dialect.name == "postgresql":
        hour = func.date_trunc("hour", Mail.created_at)
    else:
        hour = func.strftime("%Y-%m-%d %H", Mail.created_at)
    hours = (
        select(func.count().label("letters"))
        .where(Mail.state == MailState.sent, Mail.created_at > now - HISTORY)
        .group_by(hour)
        .subquery()
    )
    return session.scalar(select(func.max(hours.c.letters))) or 0
