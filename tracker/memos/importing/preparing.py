"""Lays a reading, what a person chose of it and the plan together: what each row would become."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from tracker.domain.memo import Memo, Row
from tracker.memos.importing.actions import editing_text
from tracker.memos.importing.choices import Choices, RowChoice, SectionChoice, fingerprint
from tracker.memos.importing.confirming import Area, Confirming, Effect, Line, Part, Unmentioned
from tracker.memos.importing.front import laid
from tracker.memos.importing.likeness import Likeness, Titled
from tracker.memos.importing.matching import KnownPlan, RowMatch
from tracker.memos.reading import Doubt, Reading
from tracker.memos.reading.result import say
from tracker.plans.models import Administration, Initiative, Plan, Standing


def prepare(session: Session, plan: Plan, reading: Reading, choices: Choices) -> Confirming:
    """What the memo and the choices would do to the plan as it stands: four queries."""
    return _Preparing(KnownPlan(session, plan), reading, choices, laid(reading.memo, choices)).confirming()


@dataclass
class _Preparing:
    known: KnownPlan
    reading: Reading
    choices: Choices
    memo: Memo
    doubts: dict[int, list[Doubt]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for doubt in self.reading.doubts:
            if doubt.row is not None:
                self.doubts[doubt.row].append(doubt)

    def confirming(self) -> Confirming:
        parts = self._parts()
        lines = self._with_effects(self._lines(parts))
        about = {line.initiative.id for line in lines if line.initiative and line.effect is not Effect.out}
        into = {line.index for line in lines if line.effect not in {Effect.out, Effect.joined}}
        unmentioned = [
            Unmentioned(one, ended if (ended := self.choices.ended.get(one.id)) in into else None)
            for one in self.known.initiatives.values()
            if one.id not in about and one.standing is Standing.active
        ]
        return Confirming(
            reading=self.reading,
            memo=self.memo,
            choices=self.choices,
            lines=tuple(lines),
            parts=parts,
            unmentioned=tuple(unmentioned),
            initiatives=self.known.initiatives,
            administrations=self.known.administrations,
        )

    def _parts(self) -> tuple[Part, ...]:
        return tuple(
            Part(
                index=index,
                printed=section.name,
                header=section.header,
                area=self._area(self.choices.sections.get(index), section.name),
                choice=self.choices.sections.get(index, SectionChoice()),
                rows=len(section.rows),
            )
            for index, section in enumerate(self.reading.memo.sections)
        )

    def _area(self, choice: SectionChoice | None, printed: str) -> Area:
        chosen = choice and self._administration(choice.administration)
        if chosen:
            return Area(printed, chosen)
        name = (choice.name if choice else "") or printed
        return Area(name, self.known.administration(name))

    def _administration(self, id_: int | None) -> Administration | None:
        return next((one for one in self.known.administrations if one.id == id_), None)

    def _lines(self, parts: tuple[Part, ...]) -> list[Line]:
        memo = self.memo
        read = [(part, row) for part, section in enumerate(memo.sections) for row in section.rows]
        texts = [editing_text(row, memo) for _, row in read]
        laid = [self._laid(index, row) for index, (_, row) in enumerate(read)]
        areas = [self._area_of(index, part, parts) for index, (part, _) in enumerate(read)]
        found = self.known.match([(row, area.administration) for row, area in zip(laid, areas, strict=True)])
        likeness = self._likeness(found)
        sources = self.reading.sources if len(self.reading.sources) == len(read) else ()
        return [
            self._line(
                Line(
                    index=index,
                    read=row,
                    row=laid[index],
                    part=part,
                    text=texts[index] if (text := self.choices.row(index).text) is None else text,
                    text_as_read=texts[index],
                    area=areas[index],
                    choice=self._choice(index, row),
                    found=found[index],
                    source=sources[index] if sources else None,
                ),
                likeness,
            )
            for index, (part, row) in enumerate(read)
        ]

    def _laid(self, index: int, row: Row) -> Row:
        """A row under the number and title that were chosen."""
        choice = self.choices.row(index)
        number = row.number if choice.number is None else choice.number
        return Row(number, row.title if choice.title is None else choice.title, row.blocks)

    def _choice(self, index: int, row: Row) -> RowChoice:
        choice = self.choices.row(index)
        return choice if choice.of in {"", fingerprint(row)} else replace(choice, accepted=False)

    def _area_of(self, index: int, part: int, parts: tuple[Part, ...]) -> Area:
        place = self.choices.row(index).place
        if place and place.kind == "section" and place.id < len(parts):
            return parts[place.id].area
        chosen = self._administration(place.id) if place and place.kind == "administration" else None
        return Area(chosen.name, chosen) if chosen else parts[part].area

    def _likeness(self, found: list[RowMatch]) -> Likeness:
        taken = {one.initiative.id for one in found if one.initiative}
        return Likeness(
            Titled(one.id, one.title, one.administration_id)
            for one in self.known.initiatives.values()
            if one.id not in taken
        )

    def _line(self, line: Line, likeness: Likeness) -> Line:
        administration = line.area.administration
        suggestions = (
            ()
            if line.found.initiative
            else likeness.of(line.row.title, administration_id=administration.id if administration else None)
        )
        doubts = [(doubt.words, doubt.reason) for doubt in self.doubts[line.read.number]]
        if suggestions and suggestions[0].strong:
            reason = say("The plan has an initiative that is much like this one; it may be the same.")
            doubts.append((suggestions[0].title, reason))
        if line.found.moved:
            reason = say("The plan has this initiative under another administration.")
            doubts.append((line.row.title, reason))
        if line.choice.of not in {"", fingerprint(line.read)}:
            reason = say("The row is read otherwise than when you looked at it; look once more.")
            doubts.append((line.read.title, reason))
        return replace(line, doubts=tuple(doubts), suggestions=suggestions)

    def _with_effects(self, lines: list[Line]) -> list[Line]:
        groups = _Groups(lines, self.known.initiatives)
        return [groups.of(line) for line in lines]


class _Groups:
    """Rows about one initiative make one status, under the first of them that is no mere addition."""

    def __init__(self, lines: list[Line], initiatives: Mapping[int, Initiative]) -> None:
        self.lines = lines
        self.initiatives = initiatives
        self.root: dict[tuple[str, int], int] = {}
        for line in lines:
            if line.choice.aim.kind not in {"row", "out"}:
                self.root.setdefault(self._own(line), line.index)

    def of(self, line: Line) -> Line:
        if line.choice.aim.kind == "out":
            return replace(line, effect=Effect.out)
        end = self._end(line)
        kind, id_ = self._own(end)
        initiative = self.initiatives[id_] if kind == "initiative" else None
        root = self.root.get((kind, id_), line.index)
        if root != line.index:
            return replace(line, effect=Effect.joined, into=root, initiative=initiative)
        renamed = line.choice.aim.kind == "renamed" and initiative is not None
        effect = Effect.renamed if renamed else Effect.same if initiative else Effect.new
        return replace(line, effect=effect, initiative=initiative)

    def _own(self, line: Line) -> tuple[str, int]:
        """What a row is about by itself: an initiative of the plan, or a new one."""
        aim = line.choice.aim
        if aim.kind in {"same", "renamed"} and aim.id in self.initiatives:
            return "initiative", aim.id
        if aim.kind != "new" and line.found.initiative is not None:
            return "initiative", line.found.initiative.id
        return "new", line.index

    def _end(self, line: Line) -> Line:
        """The row at the end of a chain of additions; the row itself when the chain leads nowhere."""
        seen, at = {line.index}, line
        while at.choice.aim.kind == "row":
            index = at.choice.aim.id
            if index in seen or index >= len(self.lines) or self.lines[index].choice.aim.kind == "out":
                return line
            seen.add(index)
            at = self.lines[index]
        return at
