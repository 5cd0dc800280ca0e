"""Automatic numbering and bullets of a Word file (ISO/IEC 29500-1, 17.9)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLACE = re.compile(r"%([1-9])")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
_ROMAN_LOW = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
# "12.", "(12)", "Nr. 12:", "012", but not "2.1".
_COUNTED = re.compile(r"(?:[^\W\d_]+\.?)?[\s(]*\d+[.):\s–-]*")
_COUNTING = {"decimal", "decimalZero", "ordinal"}
MAX_LEVEL = 8


@dataclass(frozen=True)
class Level:
    form: str = "bullet"
    pattern: str = ""
    start: int = 1
    # The count of levels after which this one begins again; None: after every one above it.
    restart: int | None = None
    legal: bool = False


@dataclass(frozen=True)
class Label:
    """What Word prints before an item: a bullet, a plain number, or other text such as “b)” or “2.1.”."""

    bullet: bool = False
    number: int | None = None
    text: str = ""


@dataclass
class Numbering:
    """The definitions, and the counters as they stand while the document is read from its start."""

    levels: dict[tuple[str, int], Level] = field(default_factory=dict)
    abstract_of: dict[str, str] = field(default_factory=dict)
    starts: dict[tuple[str, int], int] = field(default_factory=dict)
    styled: dict[tuple[str, str], int] = field(default_factory=dict)
    own: dict[tuple[str, int], Level] = field(default_factory=dict)
    _counters: dict[str, list[int | None]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, root: Any) -> Numbering:
        numbering = cls()
        if root is None:
            return numbering
        for abstract in root.iterchildren(f"{W}abstractNum"):
            identity = abstract.get(f"{W}abstractNumId", "")
            for level in abstract.iterchildren(f"{W}lvl"):
                numbering._define(identity, level)
        numbering._link(root)
        for number in root.iterchildren(f"{W}num"):
            identity = number.get(f"{W}numId", "")
            numbering.abstract_of[identity] = _value(number.find(f"{W}abstractNumId"))
            for override in number.iterchildren(f"{W}lvlOverride"):
                start = override.find(f"{W}startOverride")
                key = (identity, _int(override.get(f"{W}ilvl"), 0))
                own = override.find(f"{W}lvl")
                if own is not None:
                    numbering.own[key] = _level(own)
                    numbering.starts[key] = numbering.own[key].start
                if start is not None:
                    numbering.starts[key] = _int(_value(start), 1)
        return numbering

    def _define(self, identity: str, level: Any) -> None:
        at = _int(level.get(f"{W}ilvl"), 0)
        self.levels[identity, at] = _level(level)
        style = _value(level.find(f"{W}pStyle"))
        if style:
            self.styled[identity, style] = at

    def _link(self, root: Any) -> None:
        """Give the definitions that only name a list style the levels of that style."""
        owners = {
            _value(abstract.find(f"{W}styleLink")): abstract
            for abstract in root.iterchildren(f"{W}abstractNum")
            if abstract.find(f"{W}styleLink") is not None
        }
        for abstract in root.iterchildren(f"{W}abstractNum"):
            owner = owners.get(_value(abstract.find(f"{W}numStyleLink")))
            if owner is not None:
                for level in owner.iterchildren(f"{W}lvl"):
                    self._define(abstract.get(f"{W}abstractNumId", ""), level)

    def level_of(self, number_id: str, style_id: str) -> int | None:
        """The level that a list keeps for a paragraph style."""
        return self.styled.get((self.abstract_of.get(number_id, ""), style_id))

    def next_label(self, number_id: str, level: int) -> Label | None:
        """Count one item on and say what is printed before it; None when the list does not exist."""
        level = min(max(level, 0), MAX_LEVEL)
        abstract = self.abstract_of.get(number_id)
        definition = self.own.get((number_id, level)) or self.levels.get((abstract or "", level))
        if abstract is None or definition is None:
            return None
        if definition.form == "bullet":
            return Label(bullet=True)
        counters = self._count(number_id, abstract, level)
        if definition.form == "none":
            return Label(text=_PLACE.sub("", definition.pattern).strip())
        return self._label(abstract, level, counters, definition)

    def _count(self, number_id: str, abstract: str, level: int) -> list[int | None]:
        # Lists of one abstract definition count on through each other unless one states a new start.
        counters = self._counters.setdefault(abstract, [None] * (MAX_LEVEL + 1))
        if number_id not in self._begun:
            self._begun.add(number_id)
            for (owner, at), start in self.starts.items():
                if owner == number_id:
                    counters[min(at, MAX_LEVEL)] = start - 1
        for at in range(level):
            if counters[at] is None:
                counters[at] = self._start(abstract, at)
        before = counters[level]
        counters[level] = self._start(abstract, level) if before is None else before + 1
        for below in range(level + 1, MAX_LEVEL + 1):
            after = self.levels.get((abstract, below), Level()).restart
            if after is None or level < after:
                counters[below] = None
        return counters

    def _start(self, abstract: str, level: int) -> int:
        return self.levels.get((abstract, level), Level()).start

    def _label(self, abstract: str, level: int, counters: list[int | None], definition: Level) -> Label:
        def shown(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            form = definition.form if at == level else self.levels.get((abstract, at), definition).form
            form = "decimal" if definition.legal else form
            return _formatted(counters[at] or self._start(abstract, at), form)

        text = _PLACE.sub(shown, definition.pattern).strip()
        own = counters[level]
        if own is not None and _COUNTED.fullmatch(text) and definition.form in _COUNTING:
            return Label(number=own, text=text)
        return Label(text=text)


def _level(level: Any) -> Level:
    restart, legal = level.find(f"{W}lvlRestart"), level.find(f"{W}isLgl")
    return Level(
        form=_value(level.find(f"{W}numFmt")) or "decimal",
        pattern=_value(level.find(f"{W}lvlText")),
        start=_int(_value(level.find(f"{W}start")), 1),
        restart=None if restart is None else _int(_value(restart), 0),
        legal=legal is not None and legal.get(f"{W}val", "true") not in {"0", "false", "off"},
    )


def _formatted(number: int, form: str) -> str:
    if form in {"lowerLetter", "upperLetter"}:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if form == "lowerLetter" else letter.upper()
    if form in {"lowerRoman", "upperRoman"}:
        return _roman(number) if form == "lowerRoman" else _roman(number).upper()
    if form == "decimalZero":
        return f"{number:02}"
    return str(number)


def _roman(number: int) -> str:
    shown = ""
    for value, letters in (*_ROMAN, *_ROMAN_LOW):
        while number >= value and len(shown) < 20:
            shown += letters
            number -= value
    return shown


def _value(element: Any) -> str:
    return "" if element is None else element.get(f"{W}val", "")


def _int(text: str | None, default: int) -> int:
    try:
        return min(max(int(text or ""), 0), 1_000_000)
    except ValueError:
        return default
