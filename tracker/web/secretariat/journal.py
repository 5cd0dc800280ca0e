"""The journal of an initiative: who did what to it, its statuses, deadlines and letters, and when."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker.extensions import db
from tracker.rounds.journal import A_PAGE, initiative_journal
from tracker.web import journal_words
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.loading import asked_id, initiative_or_404


@blueprint.get("/<plan>/initiatives/<int:initiative_id>/journal")
def journal(plan: str, initiative_id: int) -> ResponseReturnValue:
    """A hundred entries a page, newest first; `before` goes on."""
    initiative, before = initiative_or_404(initiative_id), asked_id("before")
    lines = initiative_journal(db.session(), initiative.id, before=before)
    return render_template(
        "secretariat/journal.html",
        initiative=initiative,
        lines=lines[:A_PAGE],
        older=lines[A_PAGE - 1].id if len(lines) > A_PAGE else None,
        before=before,
        facts=journal_words.facts(),
        objects=journal_words.objects(),
        more=journal_words.more,
    )
