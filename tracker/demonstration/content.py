"""The demonstration plan, read from the JSON files beside this module and checked.

The facts (who does what, when, and how many) are those of Copenhagen's plan against racism, ethnic
discrimination and hate crime as its status of 2025 reports them, told in our own words. The people are
invented, and so are the dates of the coming round.
"""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, get_args, get_type_hints

from tracker.demonstration.checks import problems_of
from tracker.demonstration.values import (
    Administration,
    Committee,
    Deadline,
    DemonstrationPlan,
    Initiative,
    Origin,
    Person,
    Place,
    Plan,
    Round,
)
from tracker.domain.workflow import ProgressState

__all__ = [
    "Administration",
    "Committee",
    "ContentError",
    "Deadline",
    "DemonstrationPlan",
    "Initiative",
    "Origin",
    "Person",
    "Place",
    "Plan",
    "Round",
    "load",
]

FOLDER = Path(__file__).parent


class ContentError(ValueError):
    """The files do not hold a usable plan. `problems` names each thing that is wrong, a line each."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load(folder: Path = FOLDER) -> DemonstrationPlan:
    """Read and check the plan.

    Raises ContentError, naming every problem, when a file is missing or no JSON, a record lacks a field
    or has one too many, or the records do not fit together.
    """
    head = _read(folder / "plan.json")
    records = {
        **(head if isinstance(head, dict) else {}),
        **{name: _read(folder / f"{name}.json") for name in ("initiatives", "people", "deadlines")},
    }
    loaded = _record(DemonstrationPlan, records, "plan.json")
    if problems := problems_of(loaded):
        raise ContentError(problems)
    return loaded


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ContentError((f"{path.name}: the file is missing",)) from error
    except json.JSONDecodeError as error:
        raise ContentError((f"{path.name}: line {error.lineno} is no JSON: {error.msg}",)) from error


Value = TypeVar("Value")


def _record(kind: type[Value], raw: Any, where: str) -> Value:
    """One dataclass from one JSON object, which must have exactly its fields."""
    if not isinstance(raw, dict):
        raise ContentError((f"{where}: an object is expected",))
    where = f"{where} {raw.get('key') or raw.get('code') or raw.get('year') or ''}".rstrip()
    names = {one.name for one in fields(kind)}  # type: ignore[arg-type]  # every kind here is a dataclass
    if wrong := sorted(names ^ raw.keys()):
        raise ContentError((f"{where}: missing or unknown fields: {', '.join(wrong)}",))
    hints = get_type_hints(kind)
    return kind(**{name: _value(hints[name], raw[name], f"{where} {name}") for name in names})


def _value(hint: Any, raw: Any, where: str) -> Any:
    """A value of the hinted type; dates are ISO, lists become tuples."""
    if isinstance(hint, UnionType):
        return None if raw is None else _value(get_args(hint)[0], raw, where)
    if items := get_args(hint):
        if not isinstance(raw, list):
            raise ContentError((f"{where}: a list is expected",))
        return tuple(_value(items[0], one, where) for one in raw)
    if hint in {date, ProgressState}:
        return _parsed(hint, raw, where)
    if hint in {str, int, bool}:
        if type(raw) is not hint or raw == "":
            raise ContentError((f"{where}: {raw!r} is no {hint.__name__}",))
        return raw
    return _record(hint, raw, where)


def _parsed(hint: Any, raw: Any, where: str) -> Any:
    try:
        return date.fromisoformat(raw) if hint is date else ProgressState(raw)
    except (TypeError, ValueError) as error:
        raise ContentError((f"{where}: {raw!r} is no {'date' if hint is date else 'state'}",)) from error
