"""Who is silent in a round, in three kinds, and who is late: one rule, in Python and for the database."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_

from tracker.deadlines.models import Deadline
from tracker.domain.workflow import WRITABLE, State
from tracker.rounds.models import StatusUpdate


class Silence(StrEnum):
    """How far somebody has come who has not sent anything."""

    never_opened = "never_opened"
    not_saved = "not_saved"
    not_sent = "not_sent"


SILENT_STATES = frozenset({State.not_started, State.draft})


def silence_of(state: str, *, opened: bool) -> Silence | None:
    """The kind of silence of an update in the state of that name; None once something was sent."""
    if state == State.draft:
        return Silence.not_sent
    if state != State.not_started:
        return None
    return Silence.not_saved if opened else Silence.never_opened


def is_silent(kind: Silence | None = None) -> ColumnElement[bool]:
    """That an update is silent in this way, or in any."""
    match kind:
        case Silence.never_opened:
            return and_(StatusUpdate.state == State.not_started, StatusUpdate.first_opened_at.is_(None))
        case Silence.not_saved:
            return and_(StatusUpdate.state == State.not_started, StatusUpdate.first_opened_at.is_not(None))
        case Silence.not_sent:
            return StatusUpdate.state == State.draft
    return StatusUpdate.state.in_(sorted(SILENT_STATES))


def late(state: str, due_on: date | None, *, on: date) -> bool:
    """Whether an update that still has to be sent was due before a day."""
    return due_on is not None and due_on < on and state in WRITABLE


def is_late(on: Any) -> ColumnElement[bool]:
    """The same for the database; `on` is a date or a bound parameter. Needs the update's deadline joined."""
    return and_(Deadline.last_on < on, StatusUpdate.state.in_(sorted(WRITABLE)))
