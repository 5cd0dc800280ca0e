"""Templates, addresses and statements compiled once a session: each test has an application of its own."""

from __future__ import annotations

from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.engine import Dialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule


class _Memory(BytecodeCache):
    """Kept by name and place; Jinja itself looks whether the source is still the same."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_memory = _Memory()


def share_compiled_templates(app: Flask) -> None:
    """Let this application use what another has compiled."""
    app.jinja_env.bytecode_cache = _memory


class SharedRule(Rule):
    """A rule that is read, and whose builders of addresses are compiled, once for all applications."""

    _read: dict[tuple[object, ...], SharedRule] = {}  # noqa: RUF012 - shared by all

    def compile(self) -> None:
        key = (self.rule, self.subdomain, self.merge_slashes, repr(self.defaults))
        known = self._read.setdefault(key, self)
        if known is self:
            super().compile()
            return
        self._parts, self._trace, self._converters = known._parts, known._trace, known._converters
        self.arguments = set(known.arguments)
        self._build = known._build.__func__.__get__(self)  # type: ignore[attr-defined]
        self._build_unknown = known._build_unknown.__func__.__get__(self)  # type: ignore[attr-defined]


def share_compiled_addresses() -> None:
    """Let every application made from now on use what another has compiled. It is half of making one."""
    Flask.url_rule_class = SharedRule


_dialects: dict[str, Dialect] = {}
_statements: LRUCache[Any, Any] = LRUCache(5_000)


def share_compiled_statements(engine: Engine) -> None:
    """Let this engine use what another of its kind has compiled: a fifth of a test, without it.

    Statements are kept by dialect, so engines of one kind are given one dialect, which has met its database.
    """
    if engine.name not in _dialects:
        with engine.connect():
            _dialects[engine.name] = engine.dialect
    engine.dialect = _dialects[engine.name]
    engine._compiled_cache = _statements
