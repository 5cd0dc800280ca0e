"""Locked editions, for everybody with a part in the plan."""

from __future__ import annotations

from tracker.web.reader import memos, tables
from tracker.web.reader.blueprint import blueprint

__all__ = ["blueprint", "memos", "tables"]
