"""The pages of owners and deputies."""

from __future__ import annotations

from tracker.web.owner import autosave, deputies, initiatives, journal, kept, tasks, updates
from tracker.web.owner.blueprint import blueprint

__all__ = ["autosave", "blueprint", "deputies", "initiatives", "journal", "kept", "tasks", "updates"]
