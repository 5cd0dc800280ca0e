"""Figures of one initiative that contradict each other: in one status, or this year's against last year's.

Only figures that say the same of the same period are held together, none that is marked as not comparable.
Those of two initiatives are not: what they count is said in words too general to be the same thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.numbers import write_danish
from tracker.domain.proofreading import LAST_YEAR, MESSAGES, Check, Finding
from tracker.statuses.models import Figure

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A status under its printed number, and last year's of the same initiative."""

    number: int
    update_id: int
    last_id: int | None


def contradictions(session: Session, pairs: Iterable[Pair]) -> list[Finding]:
    """The findings on the figures of some statuses: one query, or none."""
    pairs = list(pairs)
    ids = [one for pair in pairs for one in (pair.update_id, pair.last_id) if one is not None]
    if not ids:
        return []
    every = select(Figure).where(Figure.update_id.in_(ids)).order_by(Figure.position, Figure.id)
    of_update: dict[int, list[Figure]] = {}
    for figure in session.scalars(every):
        if figure.comparable and figure.period_first is not None:
            of_update.setdefault(figure.update_id, []).append(figure)
    return [
        finding
        for pair in pairs
        for finding in _found(pair, of_update.get(pair.update_id, []), of_update.get(pair.last_id or 0, []))
    ]


def _found(pair: Pair, this: list[Figure], last: list[Figure]) -> Iterator[Finding]:
    before = {_key(one): one for one in last}
    seen: dict[Key, Figure] = {}
    for one in this:
        key = _key(one)
        if (other := seen.setdefault(key, one)).value != one.value:
            yield _finding(pair, one, other, MESSAGES[Check.figure])
        elif (other := before.get(key, one)).value != one.value:
            yield _finding(pair, one, other, LAST_YEAR)


def _key(figure: Figure) -> Key:
    """What two figures share that say the same of the same period."""
    said = (" ".join(text.casefold().split()) for text in (figure.label, figure.unit))
    return (*said, figure.is_target, figure.period_first, figure.period_last)


def _finding(pair: Pair, figure: Figure, other: Figure, message: str) -> Finding:
    params = {"words": _words(figure), "other": _words(other), "number": pair.number}
    return Finding(Check.figure, pair.number, _words(figure), message, params)


def _words(figure: Figure) -> str:
    return f"{figure.label}: {write_danish(figure.value)} {figure.unit}".strip()
