"""Finds the numbered rows of a text layer: the chain of numbers that runs on from row to row.

Numbered lists inside a status, dates, amounts and years look like rows as well; a row is what continues
the chain. Numbers may begin anywhere, leave a gap, or begin again under a new header.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tracker.domain.text import NO_ITEM
from tracker.memos.reading.lines import Line

_ROW = re.compile(rf"^(\d{{1,4}})[.)]\s+{NO_ITEM}(\S.*)$", re.IGNORECASE)
_BARE = re.compile(r"^(\d{1,4})[.)]$")
_MAX_GAP = 3


@dataclass(frozen=True)
class Candidate:
    at: int
    number: int
    rest: str
    worth: float
    under_header: bool


def find_rows(lines: Sequence[Line], under_header: Collection[int]) -> list[Candidate]:
    """The rows in order. `under_header`: the indexes of lines that follow directly upon header words."""
    candidates = _candidates(lines, under_header)
    best: dict[int, tuple[float, int]] = {}
    restart: tuple[float, int] | None = None
    follow: list[int | None] = [None] * len(candidates)
    scores = [0.0] * len(candidates)
    for index in range(len(candidates) - 1, -1, -1):
        own = candidates[index]
        options = [
            (score - 0.8 * (step - 1), later)
            for step in range(1, _MAX_GAP + 1)
            if (found := best.get(own.number + step))
            and (score := found[0]) is not None
            and (later := found[1])
        ]
        options += [restart] if restart else []
        score, later = max(options, default=(0.0, 0))
        scores[index] = own.worth + max(score, 0.0)
        follow[index] = later if score > 0 else None
        if scores[index] > best.get(own.number, (0.0, 0))[0]:
            best[own.number] = (scores[index], index)
        if own.under_header and scores[index] > (restart or (0.0, 0))[0]:
            restart = (scores[index] - (0 if own.number == 1 else 0.3), index)
    return _walk(candidates, follow, scores, headers=bool(under_header))


def _walk(
    candidates: Sequence[Candidate], follow: Sequence[int | None], scores: Sequence[float], *, headers: bool
) -> list[Candidate]:
    def start_score(index: int) -> float:
        return scores[index] - (0.5 if headers and not candidates[index].under_header else 0)

    at = max(range(len(candidates)), key=start_score, default=None)
    chain = []
    while at is not None:
        chain.append(candidates[at])
        at = follow[at]
    return chain


def _candidates(lines: Sequence[Line], under_header: Collection[int]) -> list[Candidate]:
    found = []
    run = 0  # the last number of a list that began with 1 inside a row
    first = True
    for at, line in enumerate(lines):
        match = _ROW.match(line.text) or _BARE.match(line.text)
        if not match or (at and lines[at - 1].divided and lines[at - 1].text[-2:-1].isdigit()):
            continue
        number, rest = int(match[1]), match[2] if match.lastindex == 2 else ""
        under = at in under_header
        in_list = not under and not first and number == (run + 1 if run else 1)
        run = number if in_list else 0
        worth = 1.0 - 0.45 * in_list - 0.4 * rest[:1].islower() - 0.5 * (not rest)
        worth += 0.1 * (at == 0 or lines[at - 1].ends_sentence)
        found.append(Candidate(at, number, rest, worth, under))
        first = False
    return found
