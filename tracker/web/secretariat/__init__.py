"""The pages of a plan's secretariat."""

from __future__ import annotations

from tracker.web.secretariat import (
    absences,
    deadline_moves,
    deadlines,
    editions,
    feeds,
    forecasts,
    initiatives,
    ladders,
    ledgers,
    letters,
    memo_import,
    owners,
    pauses,
    person_addresses,
    places,
    queue,
    reviews,
    rounds,
    setup,
    structure,
    updates,
)
from tracker.web.secretariat.blueprint import blueprint

__all__ = [
    "absences",
    "blueprint",
    "deadline_moves",
    "deadlines",
    "editions",
    "feeds",
    "forecasts",
    "initiatives",
    "ladders",
    "ledgers",
    "letters",
    "memo_import",
    "owners",
    "pauses",
    "person_addresses",
    "places",
    "queue",
    "reviews",
    "rounds",
    "setup",
    "structure",
    "updates",
]
