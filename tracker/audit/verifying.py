"""Verifying the journal: walk the chain from its beginning, and name the first row that is not as sealed.

Reads a few thousand rows at a time, so that memory does not grow with the journal.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from tracker.audit.actions import record
from tracker.audit.chain import LATEST, NOTHING, Content, Head, follow
from tracker.audit.heads import HeadsFile
from tracker.audit.models import JournalEntry, JournalSeal
from tracker.audit.sealing import SEALED, floor

A_BATCH = 5_000
_TOLD = frozenset({"rows", "noted", "trouble", "sequence", "entry_id"})


class Trouble(StrEnum):
    """What is wrong with a row."""

    edited = "edited"  # or exchanged for another
    missing = "missing"
    seal_missing = "seal_missing"
    inserted = "inserted"
    unsealed = "unsealed"
    cut = "cut"
    rewritten = "rewritten"
    unknown = "unknown"  # the file of heads has never heard of this journal


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look at the whole journal found.

    `rows` were sealed and in order up to `head`. With a trouble, `sequence` and `entry_id` name the first bad
    row, as far as there is one. `noted` says whether a file of heads was there to compare with.
    """

    rows: int
    head: Head
    noted: bool
    trouble: Trouble | None = None
    sequence: int | None = None
    entry_id: int | None = None

    @property
    def sound(self) -> bool:
        return self.trouble is None


@dataclass
class _Walk:
    """The chain as far as it was walked, and the heads that were noted of it."""

    heads: Iterator[Head]
    hash_at: Callable[[int], str | None]
    at: Head = NOTHING
    rows: int = 0
    floor: int = 0
    last_at: datetime | None = None
    pending: deque[tuple[datetime, int]] = field(default_factory=deque)
    expected: Head | None = None

    def __post_init__(self) -> None:
        self.expected = next(self.heads, None)
        self.heard = self.expected is not None

    def step(self, row: Any) -> Trouble | None:
        """What is wrong with the next seal; None when it follows."""
        if row.sequence != self.at.sequence + 1:
            return Trouble.seal_missing
        if row.id is None:
            return Trouble.missing
        if self._too_late(row):
            return Trouble.inserted
        content = _content(row)
        if content is None or not self._follows(row, content):
            return Trouble.edited
        self.at = Head(row.sequence, row.hash)
        self.rows += 1
        return self._compare()

    def _follows(self, row: Any, content: Content) -> bool:
        sealed_at = _moment(row.sealed_at)
        if sealed_at is None:
            return False
        return bool(follow(self.at.hash, content, sequence=row.sequence, sealed_at=sealed_at) == row.hash)

    def _too_late(self, row: Any) -> bool:
        """Whether the entry has an id from before what was sealed an hour before the sealing before."""
        sealed_at = _moment(row.sealed_at)
        if sealed_at is None:
            return False
        if self.last_at is not None and sealed_at != self.last_at:
            while self.pending and self.pending[0][0] < self.last_at - LATEST:
                self.floor = self.pending.popleft()[1]
        if self.pending and self.pending[-1][0] == sealed_at:
            self.pending.pop()
        self.pending.append((sealed_at, row.entry_id))
        self.last_at = sealed_at
        return bool(row.entry_id <= self.floor)

    def _compare(self) -> Trouble | None:
        while self.expected is not None and self.expected.sequence <= self.at.sequence:
            # Two that seal by turns may note their heads the other way round.
            passed = self.expected.sequence < self.at.sequence
            known = self.hash_at(self.expected.sequence) if passed else self.at.hash
            if known != self.expected.hash:
                return Trouble.rewritten
            self.expected = next(self.heads, None)
        return None


def verify(session: Session, heads: HeadsFile, *, now: datetime) -> Verdict:
    """Look at every row. Reads only; the session may be in a transaction that only reads."""
    noted = heads.begins()
    walk = _Walk(heads.heads(), partial(_hash_at, session))
    for row in _sealed(session):
        trouble = walk.step(row)
        if trouble is not None:
            where = walk.at.sequence + 1 if trouble is Trouble.seal_missing else row.sequence
            entry = None if trouble is Trouble.seal_missing else row.entry_id
            return Verdict(walk.rows, walk.at, noted, trouble, where, entry)
    if walk.expected is not None:
        return Verdict(walk.rows, walk.at, noted, Trouble.cut, walk.at.sequence + 1)
    if noted and walk.rows and not walk.heard:
        return Verdict(walk.rows, walk.at, noted, Trouble.unknown)
    trouble, entry = _unsealed(session, walk.last_at, now=now)
    return Verdict(walk.rows, walk.at, noted, trouble, None, entry)


def remember(session: Session, verdict: Verdict, *, by: int | None, at: datetime) -> None:
    """Journal what a look at the journal found."""
    found = {name: value for name, value in asdict(verdict).items() if name in _TOLD and value is not None}
    record(session, "journal_verified", "journal", 1, by=by, at=at, sound=verdict.sound, **found)


def waiting(session: Session) -> int:
    """How many entries have no seal yet."""
    return session.scalar(select(func.count()).select_from(JournalEntry).where(~SEALED)) or 0


def _hash_at(session: Session, sequence: int) -> str | None:
    return session.scalar(select(JournalSeal.hash).where(JournalSeal.sequence == sequence))


def _sealed(session: Session) -> Iterator[Any]:
    # As text, since SQLite keeps whatever was written there: what cannot be read must be named, not raised.
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    seal, entry = JournalSeal, JournalEntry
    columns = (
        seal.sequence,
        seal.entry_id,
        (cast(seal.sealed_at, String) if on_sqlite else seal.sealed_at).label("sealed_at"),
        seal.hash,
        entry.id,
        (cast(entry.at, String) if on_sqlite else entry.at).label("at"),
        entry.actor_id,
        entry.plan_id,
        entry.fact,
        entry.object_kind,
        entry.object_id,
        cast(entry.details, String).label("details"),
    )
    found = select(*columns).outerjoin(entry, entry.id == seal.entry_id).order_by(seal.sequence)
    after: int | None = None
    while True:
        batch = found if after is None else found.where(seal.sequence > after)
        rows: list[Any] = list(session.execute(batch.limit(A_BATCH)))
        yield from rows
        if len(rows) < A_BATCH:
            return
        after = rows[-1].sequence


def _unsealed(
    session: Session, last_at: datetime | None, *, now: datetime
) -> tuple[Trouble | None, int | None]:
    first = select(JournalEntry.id).where(~SEALED).order_by(JournalEntry.id).limit(1)
    lowest = session.scalar(first)
    if lowest is None:
        return None, None
    if last_at is not None and lowest <= floor(session, last_at):
        return Trouble.inserted, lowest
    late = session.scalar(first.where(JournalEntry.at < now - LATEST))
    return (Trouble.unsealed, late) if late is not None else (None, None)


def _content(row: Any) -> Content | None:
    at = _moment(row.at)
    try:
        details = json.loads(row.details)
    except (TypeError, ValueError):
        return None
    if at is None:
        return None
    return Content(row.id, at, row.actor_id, row.plan_id, row.fact, row.object_kind, row.object_id, details)


def _moment(value: object) -> datetime | None:
    """An instant as a database hands it over; None for what is none."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
