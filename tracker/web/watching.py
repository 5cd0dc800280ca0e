"""What every page of a signed-in person says when letters do not go out, and how the service knows.

How the mail stands is read together with the signed-in browser, so that no page asks for it once more. A form
that was sent is mostly answered by a redirection, which says nothing of it: there it is read when asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from flask import current_app, g, request
from sqlalchemy.orm import Session

import config
from tracker import clock
from tracker.accounts.models import SignInSession
from tracker.accounts.queries import live_session
from tracker.extensions import db
from tracker.mail import health as mail_health
from tracker.mail.health import Health, Problem
from tracker.mail.installation import Premises, read_machine, why_off
from tracker.mail.models import Installation
from tracker.plans.own_mail import browser_and_mail

REMEMBERED = 200
_BY_TIME = frozenset({Problem.clock_silent, Problem.overdue})


@dataclass
class Seen:
    """Since when this process has seen a reminder lie about that no letter holds.

    A reminder may be planned today for a day that has passed. It is late when it still lies there after a
    while, not because its day is over.
    """

    first: dict[int, datetime] = field(default_factory=dict)

    def corrected(self, health: Health, *, now: datetime) -> Health:
        """The same, with its oldest reminder due from when it was first seen."""
        if health.reminder is None or health.reminder_since is None:
            self.first.clear()
            return health
        if len(self.first) >= REMEMBERED:
            self.first.clear()
        since = min(self.first.setdefault(health.reminder, now), now)
        return replace(health, reminder_since=max(health.reminder_since, since))


@dataclass(frozen=True, slots=True)
class Watched:
    """How the mail stands at this request. `decisions` are the letters that are this person's to decide on.

    `failed` are those that this person can send again, and that failed lately (`tracker.plans.own_mail`).
    `off` is a code of `tracker.mail.installation.Off`.
    """

    health: Health
    off: str | None
    problems: tuple[Problem, ...]
    decisions: int = 0
    failed: int = 0


def machine_file() -> Path:
    """The file that says which installation this is."""
    return Premises(config.folder(current_app.extensions["settings"], root())).machine_file


def root() -> Path:
    """The project's folder."""
    return Path(current_app.root_path).parent


def watched(health: Health, *, now: datetime, decisions: int = 0, failed: int = 0) -> Watched:
    """What is wrong in this installation. A demonstration's clock jumps, so no hour is late there."""
    seen: Seen = current_app.extensions.setdefault("reminders_seen", Seen())
    corrected = seen.corrected(health, now=now)
    off = _why_off(corrected)
    found = mail_health.problems(corrected, now=now, off=off is not None)
    if clock.can_move():
        found = tuple(one for one in found if one not in _BY_TIME)
    return Watched(corrected, off, found, decisions, failed)


def look(session: Session) -> Watched:
    """How the mail stands, asked for by itself."""
    now = clock.now()
    return watched(mail_health.health(session, now=now), now=now)


def signed_in_browser(session: Session, token: str, *, at: datetime) -> SignInSession | None:
    """The session of a cookie's token, or None. What is wrong with the mail is kept for `at_this_request`."""
    if request.method == "POST":
        g.mail_unread = token, at
        return live_session(session, token, at=at)
    return _with_mail(session, token, at=at)


def _with_mail(session: Session, token: str, *, at: datetime) -> SignInSession | None:
    now = clock.now()
    found = browser_and_mail(session, token, at=at, now=now)
    if found is None:
        return None
    g.mail_read = (found.health, now, found.decisions, found.failed)
    return found.browser


def at_this_request() -> Watched | None:
    """How the mail stood when the signed-in browser was read; None for a visitor."""
    if "mail_unread" in g:
        token, at = g.pop("mail_unread")
        with db.session.no_autoflush:
            _with_mail(db.session(), token, at=at)
    if "mail_watched" not in g:
        read = g.get("mail_read")
        g.mail_watched = watched(read[0], now=read[1], decisions=read[2], failed=read[3]) if read else None
    found: Watched | None = g.mail_watched
    return found


def _why_off(health: Health) -> str | None:
    if not health.machine:
        return None
    row = Installation(base_url=health.base_url, machine=health.machine)
    base_url = current_app.extensions["settings"].base_url
    return why_off(row, base_url=base_url, machine=read_machine(machine_file()))
