"""The pages of owners and deputies."""

from __future__ import annotations

from tracker.web.owner import tasks
from tracker.web.owner.blueprint import blueprint

__all__ = ["blueprint", "tasks"]
