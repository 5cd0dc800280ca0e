"""The project's own source, parsed, for the rules in tests/architecture."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Module:
    """One file: its dotted name, its path from the root, and its tree."""

    name: str
    path: str
    tree: ast.Module

    def imports(self) -> Iterator[tuple[int, str]]:
        """Line and dotted name of everything imported, wherever in the file: `from a import b` is `a.b`."""
        yield from _imports(self.tree)

    def imports_in_functions(self) -> Iterator[tuple[int, str]]:
        functions = (node for node in ast.walk(self.tree) if isinstance(node, FUNCTIONS))
        for function in functions:
            yield from _imports(function)

    def calls(self) -> Iterator[tuple[int, str, ast.Call]]:
        """Line, dotted name as written, and node of every call: `db.session.commit()`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield node.lineno, ast.unparse(node.func), node


FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINITIONS = (*FUNCTIONS, ast.ClassDef)


def parse(source: str, *, path: str = "tracker/example.py") -> Module:
    """A module from its text, e.g. one that breaks a rule on purpose."""
    name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return Module(name, path, ast.parse(source))


@lru_cache
def modules(*places: str) -> tuple[Module, ...]:
    """Every module under these files and folders of the root, `tracker` unless given."""
    files = [file for place in places or ("tracker",) for file in _files(ROOT / place)]
    return tuple(parse(file.read_text(), path=file.relative_to(ROOT).as_posix()) for file in files)


def _files(place: Path) -> list[Path]:
    return [place] if place.suffix == ".py" else sorted(place.rglob("*.py"))


def _imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"
