"""What stands beside a status while the secretariat reads it: its figures, and what became of promises.

Templates ask for it, so that every page on which a status is read can show it.
"""

from __future__ import annotations

from typing import Any

from tracker.extensions import db
from tracker.rounds.models import StatusUpdate
from tracker.statuses.figures import Compared, compared
from tracker.statuses.promises import Question, questions_of
from tracker.web.figure_words import comparison_words, figure_words
from tracker.web.secretariat.blueprint import blueprint


@blueprint.context_processor
def _beside() -> dict[str, Any]:
    return {
        "figures_beside": _figures,
        "questions_of": _questions,
        "figure_words": figure_words,
        "comparison_words": comparison_words,
    }


def _figures(update: StatusUpdate, previous: StatusUpdate | None) -> list[Compared]:
    return compared(db.session(), update.id, previous.id if previous else None)


def _questions(update: StatusUpdate) -> list[Question]:
    return questions_of(db.session(), update.id)
