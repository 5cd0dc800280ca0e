"""What a person has decided of a memo that waits: of its front, rows and sections, and what it leaves unsaid.

Values and their JSON form. A row or a note is known by its place among the memo's, since printed numbers may
stand twice; `of` tells what was read there: a choice is looked at again when the file is read otherwise.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from tracker.domain.memo import Row

AimKind = Literal["found", "new", "same", "renamed", "row", "out"]
_KINDS: dict[str, AimKind] = {
    "found": "found",
    "new": "new",
    "same": "same",
    "renamed": "renamed",
    "row": "row",
    "out": "out",
}
_WITH_ID = {"same", "renamed", "row"}
_AIM = re.compile(r"^([a-z]+)(?::(\d{1,9}))?$")
_BLOCK = re.compile(r"^(section|administration):(\d{1,9})$")


@dataclass(frozen=True)
class Aim:
    """What a row is about.

    `found`: what the plan's titles say · `new` · `same` and `renamed`: the initiative `id`, which keeps its
    title or takes the printed one · `row`: joined with the row at `id` · `out`: not imported.
    """

    kind: AimKind = "found"
    id: int = 0

    @classmethod
    def read(cls, text: str) -> Aim | None:
        """From its written form, `same:12`; None for what is none."""
        found = _AIM.match(text)
        kind = _KINDS.get(found[1]) if found else None
        if found is None or kind is None or (kind in _WITH_ID) != (found[2] is not None):
            return None
        return cls(kind, int(found[2] or 0))

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.kind in _WITH_ID else self.kind


FOUND = Aim()


@dataclass(frozen=True)
class Place:
    """Where a row belongs: under another `section` of the memo, or an `administration` of the plan."""

    kind: Literal["section", "administration"]
    id: int

    @classmethod
    def read(cls, text: str) -> Place | None:
        found = _BLOCK.match(text)
        if found is None:
            return None
        return cls("section" if found[1] == "section" else "administration", int(found[2]))

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True)
class RowChoice:
    """None and the defaults mean: as it was read. `text` is in the editing form."""

    number: int | None = None
    title: str | None = None
    text: str | None = None
    place: Place | None = None
    aim: Aim = FOUND
    accepted: bool = False
    of: str = ""

    @property
    def edited(self) -> bool:
        return (self.number, self.title, self.text, self.place) != (None, None, None, None)


@dataclass(frozen=True)
class SectionChoice:
    """A section's administration in the plan, and its name where the printed one was misread."""

    administration: int | None = None
    name: str = ""


@dataclass(frozen=True)
class NoteChoice:
    """The words of a footnote; none at all leave out a note to which no mark points."""

    text: str
    of: str


@dataclass(frozen=True)
class FrontChoice:
    """What was written in the place of parts of the front, by their names, and of notes, by their places."""

    parts: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[int, NoteChoice] = field(default_factory=dict)
    of: str = ""


@dataclass(frozen=True)
class Choices:
    """`ended`: initiatives of the plan that no row is about, by id, with the row they were merged into."""

    rows: Mapping[int, RowChoice] = field(default_factory=dict)
    sections: Mapping[int, SectionChoice] = field(default_factory=dict)
    ended: Mapping[int, int] = field(default_factory=dict)
    front: FrontChoice = field(default_factory=FrontChoice)

    def row(self, index: int) -> RowChoice:
        return self.rows.get(index, _AS_READ)

    def with_rows(self, rows: Mapping[int, RowChoice]) -> Choices:
        """With other choices of some rows; one that says nothing is not kept."""
        kept = {index: one for index, one in {**self.rows, **rows}.items() if replace(one, of="") != _AS_READ}
        return replace(self, rows=dict(sorted(kept.items())))


_AS_READ = RowChoice()


def fingerprint(row: Row) -> str:
    """A short digest of a row as it was read."""
    said = "\0".join((str(row.number), row.title, row.text))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def to_json(choices: Choices) -> dict[str, Any]:
    said: dict[str, Any] = {
        "rows": {str(index): _row_to_json(one) for index, one in choices.rows.items()},
        "sections": {
            str(index): {"administration": one.administration, "name": one.name}
            for index, one in choices.sections.items()
        },
        "ended": {str(initiative_id): index for initiative_id, index in choices.ended.items()},
    }
    if choices.front != FrontChoice():
        said["front"] = _front_to_json(choices.front)
    return said


def _front_to_json(front: FrontChoice) -> dict[str, Any]:
    return {
        "of": front.of,
        "parts": dict(front.parts),
        "notes": {str(index): {"of": one.of, "text": one.text} for index, one in front.notes.items()},
    }


def _row_to_json(one: RowChoice) -> dict[str, Any]:
    said: dict[str, Any] = {"of": one.of, "accepted": one.accepted}
    if one.number is not None:
        said["number"] = one.number
    if one.title is not None:
        said["title"] = one.title
    if one.text is not None:
        said["text"] = one.text
    if one.place is not None:
        said["place"] = str(one.place)
    if one.aim != FOUND:
        said["aim"] = str(one.aim)
    return said


def from_json(data: Mapping[str, Any]) -> Choices:
    """`to_json` back; an upload of which nothing was decided holds an empty object."""
    return Choices(
        rows={int(index): _row_of(one) for index, one in data.get("rows", {}).items()},
        sections={
            int(index): SectionChoice(one["administration"], one["name"])
            for index, one in data.get("sections", {}).items()
        },
        ended={int(initiative_id): int(index) for initiative_id, index in data.get("ended", {}).items()},
        front=_front_of(data.get("front", {})),
    )


def _front_of(said: Mapping[str, Any]) -> FrontChoice:
    return FrontChoice(
        parts=dict(said.get("parts", {})),
        notes={
            int(index): NoteChoice(one["text"], one["of"]) for index, one in said.get("notes", {}).items()
        },
        of=said.get("of", ""),
    )


def _row_of(one: Mapping[str, Any]) -> RowChoice:
    return RowChoice(
        number=one.get("number"),
        title=one.get("title"),
        text=one.get("text"),
        place=Place.read(one.get("place", "")),
        aim=Aim.read(one.get("aim", "found")) or FOUND,
        accepted=one["accepted"],
        of=one["of"],
    )
