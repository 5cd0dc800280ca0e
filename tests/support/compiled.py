"""Templates and addresses compiled once a session: each test has an application of its own."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
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
    """A rule whose builders of addresses, which know nothing of their application, are compiled once."""

    _builders: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}  # noqa: RUF012 - shared by all

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (self.rule, self.subdomain, self.merge_slashes, repr(self.defaults), append_unknown)
        if key not in self._builders:
            self._builders[key] = super()._compile_builder(append_unknown)
        return self._builders[key]


def share_compiled_addresses() -> None:
    """Let every application made from now on use what another has compiled. It is half of making one."""
    Flask.url_rule_class = SharedRule
