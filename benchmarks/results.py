"""The table: one line a measurement, ours beside the floor."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

NONE = math.nan


class Line(Protocol):
    """What a line shows. `ours` and `floor` are in the unit that `name` states; NONE where there is none."""

    @property
    def name(self) -> str: ...
    @property
    def ours(self) -> float: ...
    @property
    def floor(self) -> float: ...
    @property
    def ratio(self) -> float: ...
    @property
    def goal(self) -> str: ...
    @property
    def ok(self) -> bool: ...


@dataclass(frozen=True)
class Result:
    """A line with its verdict; `goal` is "-" where nothing is promised."""

    name: str
    ours: float
    floor: float
    ratio: float
    goal: str = "-"
    ok: bool = True


def at_most(name: str, ours: float, floor: float, goal: float) -> Result:
    """A cost: the less of the floor the better."""
    return Result(name, ours, floor, ours / floor, f"<= {goal:g}", ours / floor <= goal)


def at_least(name: str, ours: float, floor: float, goal: float) -> Result:
    """A rate: the more of the floor the better."""
    return Result(name, ours, floor, ours / floor, f">= {goal:g}", ours / floor >= goal)


def bounded(name: str, ours: float, limit: float, unit: str) -> Result:
    """A figure with a bound of its own."""
    return Result(name, ours, NONE, NONE, f"<= {limit:g} {unit}", ours <= limit)


def told(name: str, ours: float, floor: float = NONE) -> Result:
    """A figure without a goal."""
    return Result(name, ours, floor, ours / floor)


HEADING = f"{'':50} {'ours':>9} {'floor':>9} {'ratio':>7}  goal"


def row(line: Line) -> str:
    verdict = "" if line.goal == "-" else "ok" if line.ok else "MISSED"
    figures = f"{_figure(line.ours):>9} {_figure(line.floor):>9} {_figure(line.ratio, 2):>7}"
    return f"{line.name:50} {figures}  {line.goal:18} {verdict}".rstrip()


def _figure(value: float, digits: int | None = None) -> str:
    if math.isnan(value):
        return ""
    if digits is None:
        digits = 0 if value >= 1000 else 1 if value >= 10 else 3
    return f"{value:,.{digits}f}"
