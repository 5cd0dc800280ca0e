"""How many findings each administration's texts have, counted so seldom that a page can show it all day.

Counting means reading every text of the round together. A process therefore remembers what it has counted
until the plan's journal has another entry: whatever changes a text, a row, a name or a decision is journaled
in the same transaction, in whichever process that happens. One short query tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from tracker.audit.models import JournalEntry
from tracker.database import rows_of
from tracker.memos.proofreading import findings_of_round
from tracker.plans.models import Plan
from tracker.rounds.models import Round

# Above this many texts a page would wait too long the first time: it has the link alone.
MOST_TEXTS = 100
_MOST_ROUNDS = 256
# On PostgreSQL an entry may be seen after one that is younger; it is still among the last ones.
_LAST = 20
_JOURNALED = (
    select(JournalEntry.id)
    .where(JournalEntry.plan_id == bindparam("plan"))
    .order_by(JournalEntry.at.desc(), JournalEntry.id.desc())
    .limit(_LAST)
)

_Seen = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """Findings that nobody has let stand, by the code of each administration of the round."""

    by_code: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.by_code.values())


class FindingCounts:
    """What one process has counted. Belongs to one application, and so to one database."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[_Seen, Counted]] = {}

    def of(self, session: Session, plan: Plan, round_: Round, *, texts: int, on: date) -> Counted | None:
        """The counts of a round of so many printed texts; None above MOST_TEXTS.

        The same numbers as `findings_of_round`: one query where nothing was journaled since, none without
        texts, else also that function's. To be asked in a transaction that has read nothing newer.
        """
        if texts > MOST_TEXTS:
            return None
        if not texts:
            return Counted({})
        # Asked for before the texts are read: what changes in between is counted again the next time.
        seen = (on, texts, *rows_of(session, _JOURNALED, {"plan": plan.id}).scalars())
        kept = self._kept.get(round_.id)
        if kept is not None and kept[0] == seen:
            return kept[1]
        found = findings_of_round(session, plan, round_, on=on)
        counted = Counted({share.code: share.open for share in found.shares})
        if len(self._kept) >= _MOST_ROUNDS:
            self._kept.clear()
        self._kept[round_.id] = seen, counted
        return counted
