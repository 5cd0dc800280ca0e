"""What a letter tells of a task beside what the ledger has: who answers for it, how often its date changed.

Tasks belong to the rooms above, which register how they are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker.domain.reminders import ObligationKind

Task = tuple[ObligationKind, int]  # its kind and its id


@dataclass(frozen=True, slots=True)
class Revision:
    """How often a deadline has changed, and when last."""

    sequence: int
    changed_at: datetime


# The owners' names by their ids, of the initiatives that some tasks are about, on one day.
ReadOwners = Callable[[Session, Iterable[Task], date], Mapping[Task, Mapping[int, str]]]
ReadRevisions = Callable[[Session, Iterable[Task]], Mapping[Task, Revision]]


def _no_owners(*_asked: object) -> Mapping[Task, Mapping[int, str]]:
    return {}


def _no_revisions(*_asked: object) -> Mapping[Task, Revision]:
    return {}


@dataclass
class _Readers:
    owners: ReadOwners = _no_owners
    revisions: ReadRevisions = _no_revisions


_readers = _Readers()


def register(*, owners: ReadOwners, revisions: ReadRevisions) -> None:
    """How the tasks of letters are read, for all tasks of a letter or a forecast at once."""
    _readers.owners, _readers.revisions = owners, revisions


class Responsible:
    """Who answers for some tasks on one day."""

    def __init__(self, owners: Mapping[Task, Mapping[int, str]]) -> None:
        self._owners = owners

    def beside(self, reader: int, kind: ObligationKind, id_: int) -> str:
        """The names of those who answer for a task, when the reader is none of them; or ""."""
        owners = self._owners.get((kind, id_), {})
        return "" if reader in owners else ", ".join(owners.values())


def responsible_for(session: Session, tasks: Iterable[Task], *, on: date) -> Responsible:
    return Responsible(_readers.owners(session, tasks, on))


def revisions_of(session: Session, tasks: Iterable[Task]) -> Mapping[Task, Revision]:
    """Of those tasks that are there still."""
    return _readers.revisions(session, tasks)
