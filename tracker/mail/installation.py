"""Which installation a database belongs to, and whether its mail is held.

A database, the address of the service and a file in the data folder belong together. A copy of the database
that is started at another address or beside another data folder sends nothing until somebody adopts it.
"""

from __future__ import annotations

import logging
import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, column, func, select, table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker.audit.actions import record
from tracker.database import UtcDateTime
from tracker.mail.decisions import send_refused_again
from tracker.mail.models import HoldCause, Installation

VOLUME_ALLOWED_FOR = timedelta(hours=24)

_ID = 1  # there is one row
_person = table("person", column("created_at", UtcDateTime(DateTime(timezone=True))))

log = logging.getLogger(__name__)


class Off(StrEnum):
    """Why no mail leaves at all: the database does not belong here."""

    other_address = "other_address"
    other_machine = "other_machine"
    no_machine_file = "no_machine_file"


@dataclass(frozen=True, slots=True)
class Premises:
    """The data folder of this installation.

    A `demonstration` moves its clock and changes its address, and asks nobody about either.
    """

    folder: Path
    demonstration: bool = False

    @property
    def machine_file(self) -> Path:
        """The file that holds the random id of this place."""
        return self.folder / "installation"

    @property
    def journal_file(self) -> Path:
        """The journal of what was sent."""
        return self.folder / "sent.journal"


def installation_of(session: Session) -> Installation | None:
    """The row of this installation; None where nothing was ever started."""
    return session.scalar(select(Installation).order_by(Installation.id).limit(1))


def read_machine(machine_file: Path) -> str | None:
    """The id in the machine file; None where there is none."""
    try:
        return machine_file.read_text(encoding="ascii").strip() or None
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
        return None


def why_off(installation: Installation | None, *, base_url: str, machine: str | None) -> str | None:
    """A code of `Off` when database, address and machine file do not belong together, else None.

    A database that was never settled in belongs wherever it is started first.
    """
    if installation is None or not installation.machine:
        return None
    if installation.base_url != base_url:
        return Off.other_address
    if machine is None:
        return Off.no_machine_file
    return None if machine == installation.machine else Off.other_machine


def settle_in(session: Session, base_url: str, machine_file: Path, at: datetime) -> Installation:
    """The row of this installation; a database that has none yet is made this place's own.

    Its beginning is when its first person was entered, so that a copy from before this row was made is still
    known for the same. Also makes the machine file, which no other case does.
    """
    row = _row(session, at)
    if not row.machine:
        row.base_url, row.machine = base_url, _machine_made(machine_file)
        session.flush()
    return row


def adopt(session: Session, base_url: str, machine_file: Path, by: int | None, at: datetime) -> bool:
    """Make this place the rightful one; False when it was already. Elsewhere no mail leaves any more."""
    row = _row(session, at)
    machine = _machine_made(machine_file)
    if (row.base_url, row.machine) == (base_url, machine):
        return False
    row.base_url, row.machine = base_url, machine
    session.flush()
    record(session, "installation_adopted", "installation", row.id, by=by, at=at)
    return True


def hold(session: Session, cause: HoldCause, reason: str, *, by: int | None, at: datetime) -> bool:
    """Stop all mail; False when it is held already, and then the first cause stands."""
    row = _row(session, at)
    if row.queue_held:
        return False
    row.queue_held, row.held_cause, row.held_reason, row.held_at = True, cause, reason, at
    session.flush()
    record(session, "queue_held", "installation", row.id, by=by, at=at, cause=cause.value)
    if cause is not HoldCause.person:
        log.error("all mail is held: %s", reason)
    return True


def release(session: Session, *, by: int | None, at: datetime) -> bool:
    """Let mail leave again; False when it was not held.

    After an unusual number of letters any number is allowed for a day; after a clock that jumped the present
    time is the right one; after refusals the letters that were refused in a row go once more.
    """
    row = _row(session, at)
    if not row.queue_held:
        return False
    cause = row.held_cause
    if cause is HoldCause.volume:
        row.volume_allowed_until = at + VOLUME_ALLOWED_FOR
    elif cause in {HoldCause.clock_back, HoldCause.clock_ahead}:
        row.clock_seen_at = at
    elif cause is HoldCause.refusals:
        send_refused_again(session, by=by, at=at)
    row.queue_held, row.held_cause, row.held_reason, row.held_at = False, None, "", None
    row.refusals = 0
    session.flush()
    record(
        session, "queue_released", "installation", row.id, by=by, at=at, cause=cause.value if cause else None
    )
    return True


def _row(session: Session, at: datetime) -> Installation:
    """The one row, locked; made when there is none."""
    found = select(Installation).order_by(Installation.id).limit(1).with_for_update()
    row = session.scalar(found.execution_options(populate_existing=True))
    if row is not None:
        return row
    began = session.scalar(select(func.min(_person.c.created_at)))
    insert: Any = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}[session.get_bind().dialect.name]
    values = {"id": _ID, "base_url": "", "machine": "", "created_at": began or at}
    values |= {"queue_held": False, "held_reason": "", "refusals": 0}
    session.execute(insert(Installation).values(**values).on_conflict_do_nothing())
    return session.scalars(found).one()


def _machine_made(machine_file: Path) -> str:
    """The id in the machine file, which is made when it is missing; two makers end with the same id."""
    known = read_machine(machine_file)
    if known is not None:
        return known
    machine_file.parent.mkdir(parents=True, exist_ok=True)
    waiting = machine_file.with_name(f"{machine_file.name}.{secrets.token_hex(8)}")
    with waiting.open("x", encoding="ascii") as file:
        file.write(secrets.token_hex(16) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(waiting, machine_file)
    except FileExistsError:
        if read_machine(machine_file) is None:  # an empty or damaged file says nothing
            waiting.replace(machine_file)
    finally:
        waiting.unlink(missing_ok=True)
    made = read_machine(machine_file)
    assert made is not None
    return made
