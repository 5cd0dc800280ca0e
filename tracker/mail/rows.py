"""A letter's row and the notes on it: read and written below the level of objects.

What is asked and said of every letter that leaves is built once; objects, and statements made anew, cost more
than the disk. On PostgreSQL what belongs together is one statement, for there each is a journey.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, bindparam, insert, text, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from tracker.audit.models import JournalEntry
from tracker.mail.models import AttemptNote, Mail, MailAttempt

# Word for word the predicates of the partial indexes, or SQLite does not use them; as text, for a literal
# column of a truth value is compared with 1.
WAITING = text("mail.state IN ('queued', 'uncertain')")
SENDING = text("mail.state = 'sending'")
STRANDED = text("mail.state IN ('failed', 'cancelled', 'needs_human', 'undeliverable')")

_mail: Any = Mail.__table__
_notes: Any = MailAttempt.__table__
_journal: Any = JournalEntry.__table__


def _beside(statement: Any, columns: tuple[str, ...], name: str) -> CTE:
    """The insertion as a part of another statement, its values under names that no column of `mail` has."""
    found: CTE = statement.values({one: bindparam(f"{name}_{one}") for one in columns}).cte(name)
    return found


_NOTE_COLUMNS = ("mail_id", "attempt", "note", "text", "at")
_ENTRY_COLUMNS = ("fact", "object_kind", "object_id", "plan_id", "at", "details")
_NOTE = insert(_notes).inline()
_RECORD = insert(_journal).inline()
_WRITE = update(_mail).where(
    _mail.c.id == bindparam("its_id"),
    _mail.c.state == bindparam("its_state"),
    _mail.c.owner.is_not_distinct_from(bindparam("its_owner")),
)
_WRITE_NOTING = _WRITE.add_cte(_beside(insert(_notes), _NOTE_COLUMNS, "noted"))
_WRITE_RECORDING = _WRITE_NOTING.add_cte(_beside(insert(_journal), _ENTRY_COLUMNS, "recorded"))


class TakenError(Exception):
    """The letter is not in the state, or not with the owner, that whoever writes of it believed."""


@dataclass(frozen=True, slots=True)
class Note:
    """What is noted on the present attempt of a letter."""

    kind: AttemptNote
    text: str
    at: datetime


def note(session: Session, mail: Mail, kind: AttemptNote, text: str, *, at: datetime) -> None:
    """Append a note on the present attempt."""
    session.connection().execute(_NOTE, _values_of(mail, Note(kind, text, at)))


def write(
    session: Session, mail: Mail, said: Note | None = None, fact: str | None = None, /, **values: Any
) -> None:
    """Write these columns of a letter, in the table and in `mail`, which need not belong to the session.

    With a note on the attempt, and with that a fact for the journal, when they are given. The table must
    have the letter in the state and with the owner that `mail` has; raises TakenError otherwise.
    """
    connection = session.connection()
    statement, given = _WRITE, values | {"its_id": mail.id, "its_state": mail.state, "its_owner": mail.owner}
    if said is not None:
        noted, entry = _values_of(mail, said), _entry_of(mail, fact, said.at)
        if connection.dialect.name == "postgresql":
            statement = _WRITE_RECORDING if fact else _WRITE_NOTING
            given |= {f"noted_{name}": value for name, value in noted.items()}
            given |= {f"recorded_{name}": value for name, value in entry.items()}
        else:
            connection.execute(_NOTE, noted)
            if fact:
                connection.execute(_RECORD, entry)
    done: Any = connection.execute(statement, given)
    if done.rowcount != 1:
        raise TakenError
    for name, value in values.items():
        set_committed_value(mail, name, value)


def _values_of(mail: Mail, said: Note) -> dict[str, Any]:
    return {
        "mail_id": mail.id,
        "attempt": mail.attempts,
        "note": said.kind,
        "text": said.text[:500],
        "at": said.at,
    }


def _entry_of(mail: Mail, fact: str | None, at: datetime) -> dict[str, Any]:
    if fact is None:
        return {}
    return {
        "fact": fact,
        "object_kind": "mail",
        "object_id": mail.id,
        "plan_id": mail.plan_id,
        "at": at,
        "details": {"kind": mail.kind},
    }
