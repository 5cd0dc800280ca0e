"""What of a round is asked for, as it stands in the address: links and forms of the page carry it on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from flask import request

from tracker.domain.workflow import State
from tracker.rounds.listing import LONGEST_WORDS, Choice
from tracker.rounds.listing_statements import Sort
from tracker.rounds.silence import Silence
from tracker.web.secretariat.loading import asked_id

SILENT = "any"
_Value = TypeVar("_Value", bound=StrEnum)


@dataclass(frozen=True)
class Asked:
    """A choice and the words that stand for it in the address, without what is not chosen.

    `here` is the address of the list without a choice.
    """

    here: str
    choice: Choice
    words: dict[str, str]

    def address(self, fragment: str = "updates", **changes: object) -> str:
        """The list with some of the choice changed; an empty value takes it away, and pages begin anew."""
        kept = {name: value for name, value in self.words.items() if name not in {"after", "before"}}
        return _address(self.here, kept | {name: str(value) for name, value in changes.items()}, fragment)

    def elsewhere(self, here: str) -> str:
        """Another page about the same rows."""
        about = ("state", "administration", "silence", "late", "q")
        return _address(here, {name: self.words[name] for name in about if name in self.words}, "")

    def sorted_by(self, sort: str) -> str:
        """The list in another order; the order that it has is turned round."""
        is_that = self.choice.sort == sort and not self.choice.descending
        return self.address(sort=f"-{sort}" if is_that else "" if sort == Sort.number else sort)

    def direction(self, sort: str) -> str:
        """How a column is sorted, as a table's heading says it; empty when it is not."""
        if self.choice.sort != sort:
            return ""
        return "descending" if self.choice.descending else "ascending"

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words.keys() & {"state", "administration", "silence", "late", "q"})


def asked(here: str, codes: set[str]) -> Asked:
    """What this request asks for; what is unknown counts as not said. `codes` are the administrations'."""
    given = request.args
    state, silence = _one(State, given.get("state", "")), _one(Silence, given.get("silence", ""))
    sort = given.get("sort", "")
    sorted_by = _one(Sort, sort.removeprefix("-")) or Sort.number
    administration = given.get("administration", "")
    choice = Choice(
        state=state,
        administration=administration if administration in codes else "",
        silence=silence,
        silent=silence is None and given.get("silence") == SILENT,
        late=given.get("late") == "1",
        words=" ".join(given.get("q", "")[:LONGEST_WORDS].split()),
        sort=sorted_by,
        descending=sort.startswith("-"),
        after=asked_id("after"),
        before=asked_id("before"),
        everything=given.get("rows") == "all",
    )
    return Asked(here, choice, _words(choice))


def _words(choice: Choice) -> dict[str, str]:
    found = {
        "state": choice.state or "",
        "administration": choice.administration,
        "silence": choice.silence or (SILENT if choice.silent else ""),
        "late": "1" if choice.late else "",
        "q": choice.words,
        "sort": ("-" if choice.descending else "") + choice.sort,
        "rows": "all" if choice.everything else "",
        "after": str(choice.after or ""),
        "before": str(choice.before or ""),
    }
    if found["sort"] == Sort.number:
        del found["sort"]
    return {name: str(value) for name, value in found.items() if value}


def _one(kind: type[_Value], value: str) -> _Value | None:
    return kind(value) if value in set(kind) else None


def _address(here: str, words: dict[str, str], fragment: str) -> str:
    query = urlencode({name: value for name, value in words.items() if value})
    return here + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
