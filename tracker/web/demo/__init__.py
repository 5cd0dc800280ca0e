"""The demonstration's clock and inbox; registered only there."""

from __future__ import annotations

from tracker.web.demo import clock, inbox
from tracker.web.demo.blueprint import blueprint

__all__ = ["blueprint", "clock", "inbox"]
