"""What stands beside a status or a round while the secretariat reads it: figures, promises, findings.

Templates ask for it, so that every page on which a status is read can show it.
"""

from __future__ import annotations

from typing import Any

from tracker import clock
from tracker.extensions import db
from tracker.memos.proofreading import RoundFindings, findings_of_round
from tracker.rounds.models import Round, StatusUpdate
from tracker.statuses.figures import Compared, compared
from tracker.statuses.promises import Question, questions_of
from tracker.web.figure_words import comparison_words, figure_words
from tracker.web.guards import current_plan
from tracker.web.secretariat.blueprint import blueprint


@blueprint.context_processor
def _beside() -> dict[str, Any]:
    return {
        "figures_beside": _figures,
        "questions_of": _questions,
        "figure_words": figure_words,
        "comparison_words": comparison_words,
        "findings_before_locking": _before_locking,
    }


def _figures(update: StatusUpdate, previous: StatusUpdate | None) -> list[Compared]:
    return compared(db.session(), update.id, previous.id if previous else None)


def _questions(update: StatusUpdate) -> list[Question]:
    return questions_of(db.session(), update.id)


def _before_locking(round_: Round) -> RoundFindings:
    return findings_of_round(db.session(), current_plan(), round_, on=clock.today())
