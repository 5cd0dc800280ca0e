"""What a careful reader would ask about a status text before it is printed.

Each finding names the row and the words, and can be overruled. The checks stay silent where they are in
doubt: a false alarm costs more trust than a missed comma. Texts are in the editing form of
`tracker.domain.text`. What a row shows by itself is found by `proofread`, what only the whole memo shows by
`proofread_memo`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

from tracker.domain import proofreading_dates as dates
from tracker.domain import proofreading_figures as figures
from tracker.domain import proofreading_memo as memo
from tracker.domain import proofreading_names as names
from tracker.domain import proofreading_purpose as purpose
from tracker.domain import proofreading_text as ends
from tracker.domain.proofreading_dates import PROMISE
from tracker.domain.proofreading_figures import LAST_YEAR
from tracker.domain.proofreading_values import (
    MESSAGES,
    SENTENCE_END,
    Check,
    Finding,
    Proof,
    Row,
    finding,
    tail,
)

__all__ = [
    "LAST_YEAR",
    "MESSAGES",
    "PROMISE",
    "SENTENCE_END",
    "Check",
    "Finding",
    "Proof",
    "Row",
    "proofread",
    "proofread_all",
    "proofread_memo",
]

_ORDER = {check: position for position, check in enumerate(Check)}
_WORD = re.compile(r"\w+")


@lru_cache(maxsize=256)
def proofread(row: Row, *, year: int, on: date | None = None) -> tuple[Finding, ...]:
    """The findings of one row in a memo about `year`, in the order of the checks. No text, no findings.

    A promise has passed when it was meant for a time before `on`, which is never before the year itself.
    """
    return _sorted((*_of_text(row, year=year, on=on), *(names.look((row,)) if row.text.strip() else ())))


# The last texts that were looked at are remembered, since most stay as they are between two looks.
@lru_cache(maxsize=1024)
def _of_text(row: Row, *, year: int, on: date | None) -> tuple[Finding, ...]:
    """What the text shows without any other."""
    if not row.text.strip():
        return ()
    start = date(year, 1, 1)
    return tuple(_found(row, on=max(start, on) if on else start))


def _found(row: Row, *, on: date) -> Iterator[Finding]:
    yield from ends.look(row)
    yield from dates.look(row, on=on)
    yield from purpose.look(row)
    yield from figures.against_last_year(row, year=on.year)
    if row.last_text.strip() and _words(row.text) == _words(row.last_text):
        yield finding(Check.same_as_last_year, row, tail(row.text))


def proofread_all(rows: Iterable[Row], *, year: int) -> tuple[Finding, ...]:
    """The findings of each row by itself."""
    return tuple(found for row in rows for found in proofread(row, year=year))


def proofread_memo(proof: Proof, *, year: int, on: date | None = None) -> tuple[Finding, ...]:
    """The findings of a whole memo by rows: what each row shows, and what they show together."""
    found = [one for row in proof.rows for one in _of_text(row, year=year, on=on)]
    if proof.rows:
        found += memo.look(proof)
    found += names.look(proof.rows)
    found += figures.between_rows(proof.rows)
    places = {row.number: place for place, row in enumerate(proof.rows)}
    return tuple(sorted(found, key=lambda one: (places[one.row], _ORDER[one.check])))


def _sorted(found: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(found, key=lambda one: _ORDER[one.check]))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
