"""Templates compiled once a session: each test has an application of its own, and compiling is slow."""

from __future__ import annotations

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


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
