"""Any two versions of a status beside each other, word by word; last year's text is one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request

from tracker.domain.comparison import Operation, word_diff
from tracker.domain.workflow import ProgressState
from tracker.extensions import db
from tracker.rounds import queries
from tracker.rounds.models import StatusUpdate
from tracker.rounds.queries import RevisionLine

LAST_YEAR = "last"


@dataclass(frozen=True, slots=True)
class Version:
    """What can be compared. `key` names it in the address: a version's number, or `last` for the status of
    the former round, which has a `year` and no `line`.
    """

    key: str
    text: str
    progress: ProgressState
    reason: str
    line: RevisionLine | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """From `old` to `new`; `text` and `reason` are empty where the two say the same."""

    old: Version
    new: Version
    text: tuple[Operation, ...]
    reason: tuple[Operation, ...]

    @property
    def is_of_one(self) -> bool:
        """Whether a version is compared with itself."""
        return self.old == self.new

    @property
    def is_alike(self) -> bool:
        return not self.text and not self.reason and self.old.progress is self.new.progress


def page_of(update: StatusUpdate) -> dict[str, Any]:
    """What the page of an update's versions shows: each of them, and what differs between the two that the
    address names by `from` and `to`; unless it names two that exist, last year's and the newest.

    The viewer may read the update.
    """
    versions = _versions(update)
    return {
        "update": update,
        "lines": [one.line for one in versions if one.line is not None],
        "versions": versions,
        "comparison": _compared(versions, request.args.get("from", ""), request.args.get("to", "")),
    }


def _versions(update: StatusUpdate) -> list[Version]:
    """Newest first; last year's is the last one."""
    session = db.session()
    found = [
        Version(
            key=str(line.revision.number),
            text=line.revision.text,
            progress=line.revision.progress,
            reason=line.revision.reason,
            line=line,
        )
        for line in queries.revisions_of(session, update.id)
    ]
    if (last := queries.previous_update(session, update)) is not None:
        found.append(Version(LAST_YEAR, last.text, last.progress, last.reason, year=last.round.year))
    return found


def _compared(versions: list[Version], old: str, new: str) -> Comparison | None:
    """Without two versions there is nothing to compare."""
    if len(versions) < 2:
        return None
    by_key = {one.key: one for one in versions}
    first, second = by_key.get(old, versions[-1]), by_key.get(new, versions[0])
    return Comparison(
        first, second, _difference(first.text, second.text), _difference(first.reason, second.reason)
    )


def _difference(old: str, new: str) -> tuple[Operation, ...]:
    return word_diff(old, new) if old != new else ()
