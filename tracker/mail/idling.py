"""Whether a tick has anything to do: one look into four small indexes, which changes nothing.

Most ticks find nothing due. They need not plan, assemble and claim to learn that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, Connection, bindparam, text

from tracker.database import UtcDateTime


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a tick would meet. `due` says that a reminder or a letter is due, or was left being sent."""

    due: bool
    held: bool
    swept_at: datetime | None
    clock_seen_at: datetime | None


# As text, in the words of the partial indexes; compiled once.
_LOOK = (
    text(
        "SELECT EXISTS (SELECT 1 FROM reminder_item WHERE state = 'planned' AND due_at <= :now)"
        " OR EXISTS (SELECT 1 FROM mail WHERE mail.state IN ('queued', 'uncertain') AND next_at <= :now)"
        " OR EXISTS (SELECT 1 FROM mail WHERE mail.state = 'sending') AS due,"
        " COALESCE((SELECT queue_held FROM installation), :no) AS held,"
        " (SELECT max(swept_at) FROM heartbeat) AS swept_at,"
        " (SELECT clock_seen_at FROM installation) AS clock_seen_at"
    )
    .bindparams(bindparam("now", type_=UtcDateTime()), bindparam("no", False, type_=Boolean()))
    .columns(due=Boolean(), held=Boolean(), swept_at=UtcDateTime(), clock_seen_at=UtcDateTime())
)
_BEAT = text("UPDATE heartbeat SET ticked_at = :now WHERE process = :process").bindparams(
    bindparam("now", type_=UtcDateTime())
)


def look(connection: Connection, *, now: datetime) -> Outlook:
    """What there is to do at `now`."""
    row = connection.execute(_LOOK, {"now": now}).one()
    return Outlook(bool(row.due), bool(row.held), row.swept_at, row.clock_seen_at)


def beat(connection: Connection, process: str, *, now: datetime) -> bool:
    """Note that a process has ticked; False when it has no row yet."""
    return connection.execute(_BEAT, {"now": now, "process": process}).rowcount > 0
