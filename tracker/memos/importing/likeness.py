"""Which initiatives of a plan a printed title is like, and why: shared words, and letters that are alike.

A title is found again although it was lengthened, shortened, spelt or bent another way. What is alike is only
suggested; a person says whether it is the same.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest

_LIKE = 0.42
# How alike two titles must be to be looked at: less within one administration, where a twin is likelier.
_STRONG_HERE, _STRONG_ELSEWHERE = 0.5, 0.6
_RARE, _FOR_A_RARE_WORD = 2, 0.08
_SHORTEST_WORD = 4
_STEM = 6
_LOOKED_AT = 8
_SAID = 4
_COMMON = 30


@dataclass(frozen=True)
class Titled:
    """A title with what it is compared by. `administration_id` is where it belongs."""

    id: int
    title: str
    administration_id: int

    @cached_property
    def stems(self) -> dict[str, str]:
        """The words that say something, by their beginnings."""
        return stems_of(self.title)

    @cached_property
    def threes(self) -> frozenset[str]:
        return _threes(self.title)


@dataclass(frozen=True)
class Suggestion:
    """An initiative that a printed title may mean: `words` are shared, of the printed title's `of` words."""

    initiative_id: int
    title: str
    likeness: float
    words: tuple[str, ...]
    shared: int
    of: int
    same_administration: bool

    @property
    def strong(self) -> bool:
        """Too alike to be made a new initiative unseen."""
        return self.likeness >= (_STRONG_HERE if self.same_administration else _STRONG_ELSEWHERE)


class Likeness:
    """The initiatives that a row may be about, looked up by their words."""

    def __init__(self, initiatives: Iterable[Titled]) -> None:
        self.initiatives = list(initiatives)
        self.by_stem: dict[str, list[Titled]] = defaultdict(list)
        for one in self.initiatives:
            for stem in one.stems:
                self.by_stem[stem].append(one)

    def of(self, title: str, *, administration_id: int | None, most: int = 3) -> tuple[Suggestion, ...]:
        """The initiatives most like a title, the likeliest first."""
        stems, threes = stems_of(title), _threes(title)
        found = [self._compared(one, stems, threes, administration_id) for one in self._candidates(stems)]
        likely = [one for one in found if one.likeness >= _LIKE]
        return tuple(sorted(likely, key=lambda one: (-one.likeness, one.initiative_id))[:most])

    def _candidates(self, stems: Iterable[str]) -> list[Titled]:
        weights: dict[int, float] = defaultdict(float)
        known: dict[int, Titled] = {}
        for stem in stems:
            posted = self.by_stem.get(stem, ())
            # A word that stands in most titles tells little and would make every title a candidate.
            if len(posted) > _COMMON + len(self.initiatives) // 20:
                continue
            weight = math.log((len(self.initiatives) + 1) / (len(posted) + 0.5)) + 0.01
            for one in posted:
                weights[one.id] += weight
                known[one.id] = one
        return [known[id_] for id_ in nlargest(_LOOKED_AT, weights, key=lambda id_: weights[id_])]

    def _compared(
        self, one: Titled, stems: dict[str, str], threes: frozenset[str], administration_id: int | None
    ) -> Suggestion:
        shared = [word for stem, word in stems.items() if stem in one.stems]
        common = len(one.threes & threes)
        whole = 2 * common / max(len(one.threes) + len(threes), 1)
        # A title that holds all of another, and more, is often the same one lengthened.
        part = common / max(min(len(one.threes), len(threes)), 1)
        same = administration_id == one.administration_id
        sure = min(len(shared) / min(2, len(stems), len(one.stems)), 1)
        rare = any(stem in stems and len(self.by_stem[stem]) <= _RARE for stem in one.stems)
        likeness = 0.7 * whole + 0.3 * part * sure + rare * _FOR_A_RARE_WORD - (0 if same else 0.05)
        return Suggestion(
            initiative_id=one.id,
            title=one.title,
            likeness=likeness,
            words=tuple(shared[:_SAID]),
            shared=len(shared),
            of=len(stems),
            same_administration=same,
        )


def stems_of(title: str) -> dict[str, str]:
    """The longer words of a title by their first letters, which Danish endings leave alone."""
    words = re.findall(r"[^\W_]+", title.casefold())
    telling = [word for word in words if len(word) >= _SHORTEST_WORD] or words
    return {word[:_STEM]: word for word in telling}


def _threes(title: str) -> frozenset[str]:
    """Every three neighbouring letters of a title."""
    letters = re.sub(r"[\W_]+", " ", f" {title.casefold()} ")
    return frozenset(letters[at : at + 3] for at in range(len(letters) - 2))
