"""Whether letters go out, read in one query, and what is wrong when they do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.database import reading
from tracker.mail.health_questions import COLUMNS, LETTERS_FROM, values
from tracker.mail.models import HoldCause, Mail, MailState
from tracker.mail.rows import STRANDED

SILENT_AFTER = timedelta(minutes=10)
OVERDUE_AFTER = timedelta(minutes=30)
_HEALTH = select(*COLUMNS)


class Problem(StrEnum):
    """What can be wrong, the gravest first."""

    off = "off"
    held = "held"
    clock_silent = "clock_silent"
    overdue = "overdue"
    decisions = "decisions"


@dataclass(frozen=True, slots=True)
class Hold:
    """Why and since when no letter leaves. `since` may be unknown; `reason` is what a person wrote."""

    cause: HoldCause
    reason: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Health:
    """How the mail of the service stands.

    `last_tick` is None while no process has ever ticked. `letter_since` is since when the oldest open letter
    could have gone. `reminder` is the id of the oldest reminder that no letter holds and that may go at this
    moment, and `reminder_since` is 08:00 of the day: before, it could not go, whenever it fell due.
    `decisions` counts the letters of which nobody knows whether they arrived.
    """

    last_tick: datetime | None
    letter_since: datetime | None
    reminder: int | None
    reminder_since: datetime | None
    queued: int
    sending: int
    uncertain: int
    decisions: int
    hold: Hold | None
    base_url: str | None
    machine: str | None

    @property
    def due_since(self) -> datetime | None:
        """Since when the oldest letter or reminder is due that has not come to rest."""
        return min((one for one in (self.letter_since, self.reminder_since) if one is not None), default=None)


def health(session: Session, *, now: datetime) -> Health:
    """How the mail of the service stands: one query, cheap also when the tables are large."""
    with reading():
        return health_of(session.execute(_HEALTH, values(now)).one(), now=now)


def health_of(row: Sequence[Any], *, now: datetime) -> Health:
    """COLUMNS as they were read, as a value."""
    ticked, letter, reminder, queued, sending, uncertain, decisions, held, cause, why, *rest = row
    held_at, base_url, machine = rest
    return Health(
        last_tick=ticked,
        letter_since=letter,
        reminder=reminder,
        reminder_since=_this_morning(now) if reminder is not None else None,
        queued=queued,
        sending=sending,
        uncertain=uncertain,
        decisions=decisions,
        hold=Hold(cause or HoldCause.person, why or "", held_at) if held else None,
        base_url=base_url,
        machine=machine,
    )


def problems(health: Health, *, now: datetime, off: bool = False) -> tuple[Problem, ...]:
    """What is wrong, the gravest first; `off` says that this installation may not send at all.

    A service in which nothing has ever ticked is silent once something has waited for as long.
    """
    due, heard = health.due_since, health.last_tick or health.due_since
    found = {
        Problem.off: off,
        Problem.held: health.hold is not None,
        Problem.clock_silent: heard is not None and now - heard >= SILENT_AFTER,
        Problem.overdue: due is not None and now - due >= OVERDUE_AFTER,
        Problem.decisions: health.decisions > 0,
    }
    return tuple(problem for problem, there in found.items() if there)


def totals(session: Session, health: Health) -> Mapping[MailState, int]:
    """How many letters there are in every state; `health` has those that are open.

    Two queries, and not for every page: those that were sent are all but the others, because their rows,
    which carry whole letters, are too large to be counted one by one.
    """
    ended = select(Mail.state, func.count()).where(STRANDED).group_by(Mail.state)
    with reading():
        found: dict[MailState, int] = dict(session.execute(ended).all())  # type: ignore[arg-type]
        every = session.scalar(select(func.count()).select_from(Mail)) or 0
    found |= {
        MailState.queued: health.queued,
        MailState.sending: health.sending,
        MailState.uncertain: health.uncertain,
    }
    found[MailState.sent] = max(0, every - sum(found.values()))
    return {state: found.get(state, 0) for state in MailState}


def _this_morning(now: datetime) -> datetime:
    day = now.astimezone(clock.ZONE).date()
    return datetime.combine(day, LETTERS_FROM, tzinfo=clock.ZONE)
