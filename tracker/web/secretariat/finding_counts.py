"""The numbers of the proofreading on the round's page."""

from __future__ import annotations

from datetime import date

from flask import current_app

from tracker.domain.workflow import State
from tracker.extensions import db
from tracker.memos.finding_counts import Counted, FindingCounts
from tracker.rounds.models import Round, RoundState
from tracker.rounds.progress import Progress
from tracker.web.guards import current_plan


def counts_of(round_: Round, progress: Progress, *, on: date) -> Counted | None:
    """What is worth a look by administration; None where the round is closed or has too many texts."""
    if round_.state is not RoundState.open:
        return None
    texts = progress.waiting + progress.counts.get(State.approved, 0)
    counts: FindingCounts = current_app.extensions.setdefault("finding_counts", FindingCounts())
    return counts.of(db.session(), current_plan(), round_, texts=texts, on=on)
