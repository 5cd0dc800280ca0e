"""Finds the rows of a text layer that are numbered '2.1', '1a', 'A.1', 'b)' or 'IV.'.

Such a number counts no rows, but which follows which is known; the rows are counted as the chain has them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from tracker.domain.text import NO_ITEM
from tracker.memos.reading.lines import Line

_WORD = r"(?:(?:nr|no|nummer|indsats|initiativ|tiltag|projekt|aktivitet|mål|delmål)\.? ?)?"
_REST = rf"(?:\s+{NO_ITEM}(?=[A-ZÆØÅÉ”\"“»’'(\d])(\S.*))?$"
_SEVERAL = re.compile(rf"^((?i:{_WORD})(\d{{1,2}}|[A-ZÆØÅ]|[IVX]{{1,5}})[.-](\d{{1,2}})[.):]?){_REST}")
_SUFFIXED = re.compile(rf"^((?i:{_WORD})(\d{{1,3}})[.-]?([a-z]?)[.):]?){_REST}")
_LETTERED = re.compile(rf"^((?i:{_WORD})()([a-zæøå])[.):]){_REST}", re.IGNORECASE)
_ROMAN = re.compile(rf"^((?i:{_WORD})()([IVX]{{1,6}})[.):]?){_REST}")
# Lists inside a status are lettered as well.
_FORMS = ((_SEVERAL, 1.0), (_SUFFIXED, 0.9), (_LETTERED, 0.7), (_ROMAN, 0.7))
_ALPHABET = "abcdefghijklmnopqrstuvwxyzæøå"
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10}
_SKIPPED = 0.8
_MAX_GAP = 3
_FEWEST = 3

Key = tuple[int, int]


@dataclass(frozen=True)
class Parted:
    """A line that begins with a number in parts: `key` orders it, `printed` is how it stands there."""

    at: int
    key: Key
    printed: str
    rest: str
    worth: float
    under_header: bool


def find_parted_rows(lines: Sequence[Line], under_header: Collection[int]) -> tuple[float, list[Parted]]:
    """The best chain of rows so numbered, and what it is worth beside plain numbers."""
    chains = [
        (share * score, chain)
        for form, share in _FORMS
        for score, chain in [_chain(list(_candidates(lines, under_header, form)))]
        if len(chain) >= _FEWEST and any(_has_parts(one) for one in chain)
    ]
    return max(chains, key=lambda found: found[0], default=(0.0, []))


def _has_parts(one: Parted) -> bool:
    return one.key[1] > 0


def _candidates(
    lines: Sequence[Line], under_header: Collection[int], form: re.Pattern[str]
) -> Iterator[Parted]:
    for at, line in enumerate(lines):
        found = form.match(line.text)
        if found is None:
            continue
        rest = found[4] or ""
        under = at in under_header
        announced = at > 0 and lines[at - 1].text.endswith(":")
        key = (_value(found[2]), _value(found[3]))
        # A plain number among those with letters may be a list's.
        worth = 1.0 if key[1] else 0.5
        worth -= 0.5 * (announced and not under) + 0.2 * (not rest) - 0.1 * under
        yield Parted(at, key, found[1], rest, worth, under)


def _value(text: str) -> int:
    """What a part counts: a number, a Roman number in capitals, or a letter by its place."""
    if not text:
        return 0
    if text.isdecimal():
        return int(text)
    if len(text) > 1 or text in _ROMAN_DIGITS:
        digits = [_ROMAN_DIGITS.get(letter, 0) for letter in text]
        pairs = zip(digits, [*digits[1:], 0], strict=True)
        return sum(-own if own < after else own for own, after in pairs)
    return _ALPHABET.find(text.lower()) + 1


def _chain(candidates: Sequence[Parted]) -> tuple[float, list[Parted]]:
    best: dict[Key, tuple[float, int]] = {}
    again: tuple[float, int] = (0.0, -1)
    follow = [-1] * len(candidates)
    scores = [0.0] * len(candidates)
    for index in range(len(candidates) - 1, -1, -1):
        own = candidates[index]
        options = [
            (found[0] - _SKIPPED * skipped, found[1])
            for key, skipped in _next(own.key)
            if (found := best.get(key))
        ]
        score, later = max([*options, again])
        scores[index], follow[index] = own.worth + max(score, 0.0), later if score > 0 else -1
        if scores[index] > best.get(own.key, (0.0, 0))[0]:
            best[own.key] = (scores[index], index)
        if own.under_header and own.key == (0, 1) and scores[index] > again[0]:
            again = (scores[index], index)
    return _walk(candidates, follow, scores)


def _next(key: Key) -> Iterator[tuple[Key, int]]:
    """The numbers that may come after one, and how many each leaves out."""
    first, second = key
    for step in range(1, _MAX_GAP + 1):
        if second:
            yield (first, second + step), step - 1
        if first:
            yield (first + step, 0), step - 1
            yield (first + step, 1), step - 1
            yield (first + step, 2), step


def _walk(
    candidates: Sequence[Parted], follow: Sequence[int], scores: Sequence[float]
) -> tuple[float, list[Parted]]:
    at = max(range(len(candidates)), key=lambda index: scores[index], default=-1)
    worth = scores[at] if at >= 0 else 0.0
    chain = []
    while at >= 0:
        chain.append(candidates[at])
        at = follow[at]
    return worth, chain
