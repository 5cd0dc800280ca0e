"""The pages of a plan's secretariat."""

from __future__ import annotations

from tracker.web.secretariat import (
    deadlines,
    editions,
    initiatives,
    letters,
    memo_import,
    reviews,
    rounds,
    setup,
    updates,
)
from tracker.web.secretariat.blueprint import blueprint

__all__ = [
    "blueprint",
    "deadlines",
    "editions",
    "initiatives",
    "letters",
    "memo_import",
    "reviews",
    "rounds",
    "setup",
    "updates",
]
