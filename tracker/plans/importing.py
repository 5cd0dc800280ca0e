"""Bringing people and their places in from a table: what each row would do, before any of it is done.

`prepare` only reads: as many queries for ten rows as for five thousand. `tracker.succession.bringing_in` does
what was prepared, all of it or nothing.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import text
from sqlalchemy.orm import Session

from tracker.accounts.models import Language
from tracker.domain.errors import sentence
from tracker.domain.reminders import Place
from tracker.plans.import_rows import BadRowError, Reason, Said, rows_said
from tracker.plans.import_targets import Known, Target, known_of
from tracker.plans.models import Placement
from tracker.plans.sheets import Table

_FOR_EVER = date.max


class Effect(StrEnum):
    """What a row does."""

    bad = "bad"
    nothing = "nothing"
    person = "person"
    place = "place"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file as the preview shows it. `instead_of` are the person's own placements that go."""

    row: int
    effect: Effect
    name: str
    email: str
    language: Language = Language.danish
    person_id: int | None = None
    of: str = ""
    place: Place | None = None
    target: Target | None = None
    from_on: date | None = None
    until_on: date | None = None
    instead_of: tuple[int, ...] = ()
    stepping_out: tuple[str, ...] = ()
    reason: Reason | None = None

    @property
    def key(self) -> tuple[Place | None, Target | None]:
        return self.place, self.target


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a file would do. `digest` stands for exactly this, so that what was seen is what is done."""

    lines: tuple[Line, ...]

    @property
    def bad(self) -> tuple[Line, ...]:
        return tuple(one for one in self.lines if one.effect is Effect.bad)

    @property
    def new_people(self) -> dict[str, Line]:
        """By address, the first row of each person whom nobody knows yet."""
        found: dict[str, Line] = {}
        for one in self.lines:
            if one.person_id is None and one.effect is not Effect.bad:
                found.setdefault(one.email, one)
        return found

    @property
    def placing(self) -> tuple[Line, ...]:
        return tuple(one for one in self.lines if one.effect is Effect.place)

    @property
    def changes(self) -> bool:
        return bool(self.new_people or self.placing)

    @property
    def digest(self) -> str:
        return hashlib.sha256(repr(self.lines).encode()).hexdigest()


def hold_people_and_places(session: Session) -> None:
    """Until the transaction ends nobody else changes who there is and who holds what.

    SQLite lets one write at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE placement, person IN SHARE ROW EXCLUSIVE MODE"))


def prepare(session: Session, plan_id: int, table: Table, *, by: int, today: date) -> Prepared:
    """What the rows of a table would do in a plan, imported by a person.

    Raises InvalidInput on `file` for missing columns.
    """
    good, bad = rows_said(table, today=today)
    known = known_of(session, plan_id, {one.email for one in good}, today=today)
    lines = [_line(one, known, by, today) for one in good]
    lines += [Line(row, Effect.bad, name, email, reason=why) for row, name, email, why in bad]
    lines.sort(key=lambda one: one.row)
    return Prepared(tuple(_without_conflicts(lines, known)))


def _line(said: Said, known: Known, by: int, today: date) -> Line:
    try:
        line = _understood(said, known, today)
        if (line.effect, line.place, line.person_id) == (Effect.place, Place.coordinator, by):
            raise BadRowError(sentence("You cannot change your own role."))
        return line
    except BadRowError as error:
        return Line(said.row, Effect.bad, said.name, said.email, place=said.place, reason=error.reason)


def _understood(said: Said, known: Known, today: date) -> Line:
    person = known.people.get(said.email)
    if person is not None and not person.active:
        raise BadRowError(sentence("%(name)s has left and cannot hold a place."), name=person.name)
    if person is None and not said.name:
        raise BadRowError(sentence("Write the person's name."))
    name, person_id = (person.name, person.id) if person else (said.name, None)
    language = person.language if person else said.language
    if said.place is None:
        effect = Effect.nothing if person else Effect.person
        return Line(said.row, effect, name, said.email, language, person_id)
    target, of = known.target(said)
    own = [one for one in known.at(said.place, target) if one.person_id == person_id]
    first, own_rows = _days(said, own, today)
    if first is None:
        return Line(said.row, Effect.nothing, name, said.email, language, person_id, of, said.place, target)
    until = said.until_on
    if until is not None and until < max(today, first):
        raise BadRowError(sentence("The last day has passed."))
    if said.place is Place.deputy and until is None:
        raise BadRowError(sentence("A deputy needs a last day."))
    others = [
        known.names.get(one.person_id, "")
        for one in known.at(said.place, target)
        if one.person_id != person_id and _overlap(one.from_on, one.until_on, first, until)
    ]
    return Line(
        said.row, Effect.place, name, said.email, language, person_id, of, said.place, target, first, until,
        instead_of=own_rows, stepping_out=tuple(dict.fromkeys(others)),
    )  # fmt: skip


def _days(said: Said, own: list[Placement], today: date) -> tuple[date | None, tuple[int, ...]]:
    """The first day, and which placements of the person's own go; None when it is so already.

    A row without a first day means the one that the person has, or today.
    """
    if said.from_on is None:
        if any(said.until_on in {None, one.until_on} for one in own):
            return None, ()
        first = min((one.from_on for one in own), default=today)
    else:
        first = said.from_on
        if any((one.from_on, one.until_on) == (first, said.until_on) for one in own):
            return None, ()
    going = [one.id for one in own if _overlap(one.from_on, one.until_on, first, said.until_on)]
    return first, tuple(going)


def _overlap(first: date, last: date | None, other_first: date, other_last: date | None) -> bool:
    return first <= (other_last or _FOR_EVER) and other_first <= (last or _FOR_EVER)


def _without_conflicts(lines: list[Line], known: Known) -> Iterator[Line]:
    """Rows that contradict an earlier one become bad; one that repeats an earlier one does nothing."""
    names: dict[str, Line] = {}
    slots: dict[object, list[Line]] = defaultdict(list)
    for one in lines:
        said = one
        if one.effect is not Effect.bad:
            first = names.setdefault(one.email, one)
            if one.person_id is None and one.name and first.name != one.name:
                why = Reason(sentence("Row %(row)s has another name for this address."), {"row": first.row})
                said = _bad(one, why)
        if said.effect is not Effect.bad and said.place is not None:
            said = _beside(said, slots[said.key], known)
            slots[said.key].append(said)
        elif said.effect is Effect.person and names[said.email] is not one:
            said = _does_nothing(said)
        yield said


def _beside(line: Line, earlier: list[Line], known: Known) -> Line:
    for other in earlier:
        same_person = other.email == line.email
        if same_person and (other.from_on, other.until_on) == (line.from_on, line.until_on):
            return _does_nothing(line)
        changes = Effect.place in {line.effect, other.effect}
        days, others = _days_of(line, known), _days_of(other, known)
        if changes and _overlap(*days, *others):
            why = sentence("Row %(row)s has the same place on the same days.")
            return _bad(line, Reason(why, {"row": other.row}))
    return line


def _days_of(line: Line, known: Known) -> tuple[date, date | None]:
    """The days of a row; of one that changes nothing those that the person has already."""
    if line.from_on is not None:
        return line.from_on, line.until_on
    own = [one for one in known.at(line.place, line.target) if one.person_id == line.person_id]
    ends = [one.until_on for one in own]
    return min(one.from_on for one in own), None if None in ends else max(end for end in ends if end)


def _bad(line: Line, reason: Reason) -> Line:
    return Line(line.row, Effect.bad, line.name, line.email, place=line.place, of=line.of, reason=reason)


def _does_nothing(line: Line) -> Line:
    return Line(
        line.row, Effect.nothing, line.name, line.email, line.language, line.person_id, line.of, line.place,
        line.target, line.from_on, line.until_on,
    )  # fmt: skip
