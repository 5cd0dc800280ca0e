"""What a tick would meet: one look into a few small indexes, which changes nothing.

Most ticks find nothing due. They need not plan, assemble and claim to learn that.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, Connection, Engine, bindparam, text

from tracker.database import UtcDateTime, forgettable


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a tick would meet: whether reminders or letters are due, or letters were left being sent."""

    reminders: bool
    letters: bool
    sending: bool
    held: bool
    swept_at: datetime | None
    clock_seen_at: datetime | None

    @property
    def due(self) -> bool:
        """Whether there is anything to do. Letters that are held wait for a person."""
        return self.reminders or self.sending or (self.letters and not self.held)


# As text, in the words of the partial indexes; compiled once. Asked for the first of each, no database can
# come to think of reading the whole table to learn that there is none.
_LOOK = (
    text(
        "SELECT COALESCE((SELECT min(due_at) FROM reminder_item WHERE state = 'planned') <= :now, :no)"
        " AS reminders,"
        " COALESCE((SELECT min(next_at) FROM mail WHERE state IN ('queued', 'uncertain')) <= :now, :no)"
        " AS letters,"
        " EXISTS (SELECT 1 FROM mail WHERE mail.state = 'sending') AS sending,"
        " COALESCE((SELECT queue_held FROM installation), :no) AS held,"
        " (SELECT max(swept_at) FROM heartbeat) AS swept_at,"
        " (SELECT clock_seen_at FROM installation) AS clock_seen_at"
    )
    .bindparams(bindparam("now", type_=UtcDateTime()), bindparam("no", False, type_=Boolean()))
    .columns(
        reminders=Boolean(),
        letters=Boolean(),
        sending=Boolean(),
        held=Boolean(),
        swept_at=UtcDateTime(),
        clock_seen_at=UtcDateTime(),
    )
)
_BEATS = {
    "sqlite": "UPDATE heartbeat SET ticked_at = :now WHERE process = :process",
    # Not waiting for the disk, in the one statement that is its own transaction: see `database.forgettable`.
    "postgresql": "UPDATE heartbeat SET ticked_at = :now"
    " WHERE process = :process AND set_config('synchronous_commit', 'off', true) = 'off'",
}
_BEAT = {name: text(one).bindparams(bindparam("now", type_=UtcDateTime())) for name, one in _BEATS.items()}


@contextmanager
def briefly(engine: Engine) -> Iterator[Connection]:
    """A connection for one look and one note. On PostgreSQL each stands for itself: half the round trips."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            yield connection.execution_options(isolation_level="AUTOCOMMIT")
        else:
            with forgettable(connection) as session:
                yield session.connection()


def look(connection: Connection, *, now: datetime) -> Outlook:
    """What there is to do at `now`."""
    row = connection.execute(_LOOK, {"now": now}).one()
    return Outlook(*row)


def beat(connection: Connection, process: str, *, now: datetime) -> bool:
    """Note that a process has ticked; False when it has no row yet."""
    given = {"now": now, "process": process}
    return connection.execute(_BEAT[connection.dialect.name], given).rowcount > 0
