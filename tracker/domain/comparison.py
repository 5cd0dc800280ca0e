"""This year's text against last year's, and this round's initiatives against the last one's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Literal

from tracker.domain.errors import sentence
from tracker.domain.workflow import Outcome

OperationKind = Literal["equal", "insert", "delete"]

# A word or sign takes the spaces after it along; so no word is as frequent as the space would be.
_TOKEN = re.compile(r"\w+[^\S\n]*|[^\w\s][^\S\n]*|\s+")


@dataclass(frozen=True, slots=True)
class Operation:
    kind: OperationKind
    text: str


def word_diff(old: str, new: str) -> tuple[Operation, ...]:
    """What changed from `old` to `new`, word by word.

    The texts of 'equal' and 'delete' joined are `old`, of 'equal' and 'insert' `new`. No text is empty, no
    two neighbours are of one kind, and a deletion stands before the insertion that replaces it.
    """
    left, right = _TOKEN.findall(old), _TOKEN.findall(new)
    found: list[Operation] = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, left, right).get_opcodes():
        if tag == "equal":
            found.append(Operation("equal", "".join(left[a1:a2])))
            continue
        if a2 > a1:
            found.append(Operation("delete", "".join(left[a1:a2])))
        if b2 > b1:
            found.append(Operation("insert", "".join(right[b1:b2])))
    return tuple(found)


class Difference(StrEnum):
    """What may be otherwise about a row from one edition to another."""

    added = "added"
    gone = "gone"
    moved = "moved"
    renumbered = "renumbered"
    renamed = "renamed"
    reworded = "reworded"


@dataclass(frozen=True, slots=True)
class Printed:
    """A row as an edition prints it. `key` is what it is about, the same in every edition.

    `table` and `section` say where it stands; `text` is in the editing form, with its own footnotes.
    """

    key: str
    table: str
    section: str
    number: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that is not as it was: None stands for an edition that does not have it."""

    differences: tuple[Difference, ...]
    old: Printed | None
    new: Printed | None

    @property
    def title_operations(self) -> tuple[Operation, ...]:
        return self._operations("title")

    @property
    def text_operations(self) -> tuple[Operation, ...]:
        """What changed in the text; all of it where only one edition has the row."""
        return self._operations("text")

    def _operations(self, name: str) -> tuple[Operation, ...]:
        old, new = (getattr(one, name) if one is not None else "" for one in (self.old, self.new))
        return word_diff(old, new)


def changed_rows(old: Iterable[Printed], new: Iterable[Printed]) -> tuple[RowChange, ...]:
    """What differs between the rows of two editions: in the order of the new one, what is gone last."""
    before = {one.key: one for one in old}
    after = {one.key: one for one in new}
    changes = [
        RowChange(_differences(before.get(key), one), before.get(key), one) for key, one in after.items()
    ]
    gone = [RowChange((Difference.gone,), one, None) for key, one in before.items() if key not in after]
    return tuple(one for one in [*changes, *gone] if one.differences)


def _differences(old: Printed | None, new: Printed) -> tuple[Difference, ...]:
    if old is None:
        return (Difference.added,)
    said = {
        Difference.moved: (old.table, old.section) != (new.table, new.section),
        Difference.renumbered: old.number != new.number,
        Difference.renamed: old.title != new.title,
        Difference.reworded: old.text != new.text,
    }
    return tuple(difference for difference, holds in said.items() if holds)


@dataclass(frozen=True, slots=True)
class Ending:
    """How an initiative ends in this round; `outcome` is None while nobody has said."""

    initiative_id: int
    outcome: Outcome | None
    reason: str = ""
    merged_into: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """An initiative of last year whose end is not properly accounted for, and why."""

    initiative_id: int
    message: str


@dataclass(frozen=True, slots=True)
class Account:
    """Last round's initiatives by how they end in this one. Ids keep the order they came in."""

    by_outcome: Mapping[Outcome, tuple[int, ...]]
    added: tuple[int, ...]
    faults: tuple[Fault, ...]

    @property
    def is_complete(self) -> bool:
        """True when a memo may be issued: each initiative of last year ends in exactly one way."""
        return not self.faults


_NEEDS_REASON = frozenset({Outcome.nothing_new, Outcome.discontinued})


def account(last: Iterable[int], this: Iterable[Ending]) -> Account:
    """Compare the initiatives of last year's edition (ids) with what this round says of each."""
    order = tuple(dict.fromkeys(last))
    endings: dict[int, list[Ending]] = {}
    for ending in this:
        endings.setdefault(ending.initiative_id, []).append(ending)
    by_outcome: dict[Outcome, list[int]] = {outcome: [] for outcome in Outcome}
    faults: list[Fault] = []
    for initiative_id in order:
        told = endings.get(initiative_id, [])
        fault = _fault(told, endings)
        if fault:
            faults.append(Fault(initiative_id, fault))
        for outcome in dict.fromkeys(one.outcome for one in told if one.outcome):
            by_outcome[outcome].append(initiative_id)
    known = set(order)
    return Account(
        {outcome: tuple(ids) for outcome, ids in by_outcome.items()},
        tuple(one for one in endings if one not in known),
        tuple(faults),
    )


def _fault(told: list[Ending], endings: Mapping[int, list[Ending]]) -> str | None:
    if not told or any(one.outcome is None for one in told):
        return sentence("Nothing is said about this initiative in the round.")
    if len(told) > 1:
        return sentence("This initiative ends in more than one way.")
    (ending,) = told
    if ending.outcome in _NEEDS_REASON and not ending.reason.strip():
        return sentence("A reason is missing.")
    if ending.outcome is Outcome.merged and not _is_carried_on(ending, endings):
        return sentence("It is not said into which initiative of the round this one was merged.")
    return None


def _is_carried_on(ending: Ending, endings: Mapping[int, list[Ending]]) -> bool:
    """Whether following the mergers leads to an initiative that is not merged itself."""
    seen = {ending.initiative_id}
    target = ending.merged_into
    while target is not None and target not in seen and target in endings:
        seen.add(target)
        following = endings[target][0]
        if following.outcome is not Outcome.merged:
            return True
        target = following.merged_into
    return False
