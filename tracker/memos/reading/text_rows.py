"""Finds the numbered rows of a text layer: the chain of numbers that runs on from row to row.

Numbered lists inside a status, dates, amounts and years look like rows as well; a row is what continues
the chain. Numbers may begin anywhere, leave a gap, or begin again under a new header. How rows are numbered
('1.', '1)', 'Nr. 1:', '1', or a number in a column of its own) is the form whose chain explains most.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tracker.domain.text import NO_ITEM
from tracker.memos.reading.lines import Line
from tracker.memos.reading.text_parts import find_parted_rows

_CAPITAL = r"(?=[A-ZÆØÅÉ”\"“»’'(\d])"
_FORMS = {
    "dot": (re.compile(rf"^(\d{{1,4}})\.(?:\s+{NO_ITEM}(\S.*))?$", re.IGNORECASE), 1.0),
    "parenthesis": (re.compile(r"^(\d{1,4})\)(?:\s+(\S.*))?$"), 1.0),
    "word": (
        re.compile(
            r"^(?:nr|no|nummer|indsats|initiativ|tiltag|projekt|aktivitet|mål|delmål)\.? ?(\d{1,4})"
            r"(?:\s*[.:)]\s*|\s+[–-]?\s*|$)(\S.*)?$",
            re.IGNORECASE,
        ),
        1.0,
    ),
    "bare": (re.compile(rf"^(\d{{1,4}})(?:[:]|\s+[–-])?\s+{NO_ITEM}{_CAPITAL}(\S.*)$"), 0.9),
    "alone": (re.compile(r"^(\d{1,4})[.)]?()$"), 0.9),
}
_MAX_GAP = 3
# Under a new header numbers go on or begin again; that they jump is worth less than a row.
_JUMP = 0.9


@dataclass(frozen=True)
class Candidate:
    """`prefix` is the word before the number, as 'Nr.' is, or empty; `counted`: it is the whole number.

    A row is counted where its printed number has parts, as '2.1' and 'b)' have.
    """

    at: int
    number: int
    rest: str
    worth: float
    under_header: bool
    prefix: str = ""
    counted: bool = False


def find_rows(lines: Sequence[Line], under_header: Collection[int]) -> list[Candidate]:
    """The rows in order. `under_header`: the indexes of lines that follow directly upon header words."""
    chains = [
        (share * score, chain)
        for form, share in _FORMS.values()
        for score, chain in [_chain(_candidates(lines, under_header, form), headers=bool(under_header))]
    ]
    score, chain = max(chains, key=lambda found: found[0])
    parted_score, parted = find_parted_rows(lines, under_header)
    if parted_score <= score:
        return chain
    return [
        Candidate(one.at, number, one.rest, one.worth, one.under_header, one.printed, counted=True)
        for number, one in enumerate(parted, start=1)
    ]


def _chain(candidates: Sequence[Candidate], *, headers: bool) -> tuple[float, list[Candidate]]:
    """The best chain of some candidates, and what it is worth."""
    best: dict[int, tuple[float, int]] = {}
    restarts: dict[int, tuple[float, int]] = {}
    follow: list[int | None] = [None] * len(candidates)
    scores = [0.0] * len(candidates)
    for index in range(len(candidates) - 1, -1, -1):
        own = candidates[index]
        options = [
            (found[0] - 0.8 * (step - 1), found[1])
            for step in range(1, _MAX_GAP + 1)
            if (found := best.get(own.number + step))
        ]
        options += [
            (again - (0 if number == 1 else _JUMP), at)
            for number, (again, at) in restarts.items()
            if number == 1 or number > own.number
        ]
        score, later = max(options, default=(0.0, 0))
        scores[index] = own.worth + max(score, 0.0)
        follow[index] = later if score > 0 else None
        if scores[index] > best.get(own.number, (0.0, 0))[0]:
            best[own.number] = (scores[index], index)
        if own.under_header and scores[index] > restarts.get(own.number, (0.0, 0))[0]:
            restarts[own.number] = (scores[index], index)
    return _walk(candidates, follow, scores, headers=headers)


def _walk(
    candidates: Sequence[Candidate], follow: Sequence[int | None], scores: Sequence[float], *, headers: bool
) -> tuple[float, list[Candidate]]:
    def start_score(index: int) -> float:
        return scores[index] - (0.5 if headers and not candidates[index].under_header else 0)

    at = max(range(len(candidates)), key=start_score, default=None)
    worth = 0.0 if at is None else start_score(at)
    chain = []
    while at is not None:
        chain.append(candidates[at])
        at = follow[at]
    return worth, chain


def _candidates(
    lines: Sequence[Line], under_header: Collection[int], form: re.Pattern[str]
) -> list[Candidate]:
    found = []
    run = 0  # the last number of a list that began with 1 inside a row
    first = True
    for at, line in enumerate(lines):
        match = form.match(line.text)
        if not match or (at and lines[at - 1].divided and lines[at - 1].text[-2:-1].isdigit()):
            continue
        number, rest = int(match[1]), match[2] or ""
        under = at in under_header
        announced = at > 0 and lines[at - 1].text.endswith(":")
        begins = number == 1 and not under and (announced or not first)
        in_list = begins or (run > 0 and not under and number == run + 1)
        run = number if in_list else 0
        worth = 1.0 - 0.45 * in_list - 0.4 * rest[:1].islower() - 0.5 * (not rest and match.lastindex != 2)
        worth += 0.1 * (at == 0 or lines[at - 1].ends_sentence)
        prefix = line.text[: match.start(1)].strip()
        found.append(Candidate(at, number, rest, worth, under, prefix))
        first = False
    return _alone_apart(found)


def _alone_apart(candidates: list[Candidate]) -> list[Candidate]:
    """Numbers on lines of their own that follow each other at once are no rows but a column of figures."""
    close = {
        candidate.at
        for three in zip(candidates, candidates[1:], candidates[2:], strict=False)
        if three[2].at == three[0].at + 2 and not any(one.rest for one in three)
        for candidate in three
    }
    return [candidate for candidate in candidates if candidate.at not in close]
