"""The pages of owners and deputies."""

from __future__ import annotations

from tracker.web.owner import (
    autosave,
    change_proposing,
    changes,
    deputies,
    exports,
    figures,
    initiatives,
    journal,
    kept,
    more_time,
    promises,
    proposals,
    revisions,
    tasks,
    updates,
)
from tracker.web.owner.blueprint import blueprint

__all__ = [
    "autosave",
    "blueprint",
    "change_proposing",
    "changes",
    "deputies",
    "exports",
    "figures",
    "initiatives",
    "journal",
    "kept",
    "more_time",
    "promises",
    "proposals",
    "revisions",
    "tasks",
    "updates",
]
