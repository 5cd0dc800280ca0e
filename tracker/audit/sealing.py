"""Sealing the journal: every committed entry gets its place in the chain, once, in batches.

An entry is written in the transaction of what it tells of, and waits for nobody. A step of the tick seals
what was committed since, one sealer at a time, in the order in which it finds the entries: ids may be
committed out of turn, so an entry is looked for from the last one that was sealed an hour before the last
sealing. What turns up below that is of no transaction of the service; it stays without a seal, and the
verifier names it.
"""

from __future__ import annotations

import json
import logging
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, exists, func, insert, select
from sqlalchemy.orm import Session, sessionmaker

from tracker.audit.chain import LATEST, NOTHING, Content, Head, follow
from tracker.audit.heads import HeadsFile
from tracker.audit.models import JournalEntry, JournalSeal
from tracker.database import reading

A_BATCH = 1_000
LOCK = 7_042_027

log = logging.getLogger(__name__)

SEALED = exists().where(JournalSeal.entry_id == JournalEntry.id)


def head(session: Session) -> Head:
    """The last seal; NOTHING where nothing was sealed."""
    return _last(session)[0]


def seal(session: Session, *, now: datetime) -> int:
    """Seal at most A_BATCH entries, in the caller's transaction; how many.

    Nothing happens while another sealer is at work.
    """
    if not _alone(session):
        return 0
    last, last_at = _last(session)
    entries = session.execute(_unsealed(session, last_at)).all()
    if not entries:
        return 0
    sealed_at = max(now, last_at) if last_at else now
    sequence, previous, rows = last.sequence, last.hash, []
    for entry in entries:
        sequence += 1
        values: tuple[Any, ...] = tuple(entry)
        content = Content(*(*values[:-1], json.loads(values[-1])))
        previous = follow(previous, content, sequence=sequence, sealed_at=sealed_at)
        rows.append({"sequence": sequence, "entry_id": content.id, "sealed_at": sealed_at, "hash": previous})
    session.execute(insert(JournalSeal), rows)
    return len(rows)


def seal_everything(sessions: sessionmaker[Session], heads: HeadsFile, *, now: datetime) -> int:
    """Seal all that is committed, batch by batch, and note the head in the data folder; how many.

    The head is noted after the commit: a head that is noted was in the chain.
    """
    with reading(), sessions() as session:
        waits = session.execute(_unsealed(session, _last(session)[1]).limit(1)).first() is not None
    sealed, more = 0, waits
    while more:
        with sessions.begin() as session:
            number = seal(session, now=now)
        sealed, more = sealed + number, number == A_BATCH
    with reading(), sessions() as session:
        heads.note(head(session), at=now)
    return sealed


def floor(session: Session, last_at: datetime) -> int:
    """The last entry sealed an hour before the last sealing; what comes with a smaller id comes too late."""
    found = session.scalar(
        select(JournalSeal.entry_id)
        .where(JournalSeal.sealed_at < last_at - LATEST)
        .order_by(JournalSeal.sealed_at.desc(), JournalSeal.sequence.desc())
        .limit(1)
    )
    return found or 0


def _unsealed(session: Session, last_at: datetime | None) -> Any:
    found = select(
        JournalEntry.id,
        JournalEntry.at,
        JournalEntry.actor_id,
        JournalEntry.plan_id,
        JournalEntry.fact,
        JournalEntry.object_kind,
        JournalEntry.object_id,
        cast(JournalEntry.details, String).label("details"),
    ).where(~SEALED)
    if last_at is not None:
        found = found.where(JournalEntry.id > floor(session, last_at))
    return found.order_by(JournalEntry.id).limit(A_BATCH)


def _last(session: Session) -> tuple[Head, datetime | None]:
    """The last seal, and when it was set."""
    found = session.execute(
        select(JournalSeal.sequence, JournalSeal.hash, JournalSeal.sealed_at)
        .order_by(JournalSeal.sequence.desc())
        .limit(1)
    ).first()
    return (Head(found[0], found[1]), found[2]) if found else (NOTHING, None)


def _alone(session: Session) -> bool:
    """Whether this is the only sealer until the transaction ends; on SQLite every writer is alone."""
    if session.get_bind().dialect.name == "sqlite":
        return True
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(LOCK))))
