"""A memo that waits, as a person looks it through: each row as read, as chosen, and what would become of it.

Values only. What is shown is what is carried out: both come from the same reading, choices and plan, laid
together by `tracker.memos.importing.preparing`, and `digest` tells whether one of them has changed meanwhile.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from enum import StrEnum
from functools import cached_property

from tracker.domain.memo import Memo, Row
from tracker.memos.importing.choices import Choices, RowChoice, SectionChoice
from tracker.memos.importing.likeness import Suggestion
from tracker.memos.importing.matching import RowMatch, key, section_name
from tracker.memos.reading import Reading, Sentence, SourceWords
from tracker.plans.models import Administration, Initiative


class Effect(StrEnum):
    """What becomes of a row. `joined`: its text goes into another row's status."""

    new = "new"
    same = "same"
    renamed = "renamed"
    joined = "joined"
    out = "out"


@dataclass(frozen=True)
class Area:
    """Where rows belong: an administration of the plan, or the name of one that is made."""

    name: str
    administration: Administration | None

    @property
    def heading(self) -> str:
        return self.administration.name if self.administration else section_name(self.name)


@dataclass(frozen=True)
class Part:
    """A printed section: `area` is where its rows go unless one of them is moved."""

    index: int
    printed: str
    header: tuple[str, str]
    area: Area
    choice: SectionChoice
    rows: int


@dataclass(frozen=True)
class Line:
    """One row: `read` from the file, with what was chosen of it laid over.

    `into` is the row whose status takes this one's text; `initiative` is None for what the plan lacks.
    """

    index: int
    read: Row
    row: Row
    part: int
    text: str
    text_as_read: str
    area: Area
    choice: RowChoice
    found: RowMatch
    effect: Effect = Effect.new
    initiative: Initiative | None = None
    into: int | None = None
    doubts: tuple[tuple[str, Sentence], ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    source: SourceWords | None = None

    @property
    def settled(self) -> bool:
        """A person has said that it may be imported, or that it may not."""
        return self.choice.accepted or self.effect is Effect.out

    @property
    def doubtful(self) -> bool:
        return bool(self.doubts)


@dataclass(frozen=True)
class Unmentioned:
    """An initiative of the plan that no row is about, and the row it was merged into, if somebody says so."""

    initiative: Initiative
    into: int | None


@dataclass(frozen=True)
class Confirming:
    """Everything that the pages show, and that an import does. `memo`: as read, under the front as chosen."""

    reading: Reading
    memo: Memo
    choices: Choices
    lines: tuple[Line, ...]
    parts: tuple[Part, ...]
    unmentioned: tuple[Unmentioned, ...]
    initiatives: Mapping[int, Initiative]
    administrations: tuple[Administration, ...]

    @cached_property
    def doubtful(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.doubtful)

    @cached_property
    def open(self) -> tuple[Line, ...]:
        """The rows that nobody has accepted yet."""
        return tuple(line for line in self.lines if not line.settled)

    @cached_property
    def printed(self) -> tuple[Line, ...]:
        """The rows that make a status of their own."""
        return tuple(line for line in self.lines if line.effect not in {Effect.out, Effect.joined})

    def joined_to(self, index: int) -> tuple[Line, ...]:
        return self._joined.get(index, ())

    @cached_property
    def _joined(self) -> dict[int, tuple[Line, ...]]:
        found: dict[int, tuple[Line, ...]] = {}
        for line in self.lines:
            if line.into is not None:
                found[line.into] = (*found.get(line.into, ()), line)
        return found

    @cached_property
    def new_administrations(self) -> tuple[str, ...]:
        """The names of those that would be made, each once."""
        new = {
            key(line.area.heading): line.area.heading for line in self.printed if not line.area.administration
        }
        return tuple(new.values())

    def count(self, effect: Effect) -> int:
        return sum(line.effect is effect for line in self.lines)

    def numbered(self, number: int) -> Line | None:
        """The first row that is printed under a number."""
        return next((line for line in self.lines if line.row.number == number), None)


def digest(found: Confirming, *, sha256: str, version: int, year: int) -> str:
    """Of everything that an import would do: of the file, of the choices, and of the plan it meets."""
    lines = [
        (
            line.index,
            line.effect,
            line.into,
            line.settled,
            line.initiative and (line.initiative.id, line.initiative.version),
            line.row.number,
            line.row.title,
            line.text,
            line.area.administration.id if line.area.administration else line.area.heading,
        )
        for line in found.lines
    ]
    ended = [
        (one.initiative.id, one.initiative.version, one.into)
        for one in found.unmentioned
        if one.into is not None
    ]
    memo = found.memo
    notes = [astuple(note) for note in memo.footnotes]
    front = [memo.title, astuple(memo.head), memo.intro, memo.caption, notes]
    said = json.dumps([sha256, version, year, front, lines, ended], ensure_ascii=True)
    return hashlib.sha256(said.encode()).hexdigest()
