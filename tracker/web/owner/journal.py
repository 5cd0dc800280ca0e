"""What has happened to one's own initiative, as the journal has it."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from tracker.extensions import db
from tracker.rounds.journal import initiative_journal
from tracker.web import journals
from tracker.web.owner.blueprint import blueprint
from tracker.web.owner.initiatives import MAY_READ_JOURNAL
from tracker.web.owner.loading import initiative_or_404
from tracker.web.viewer import rights


@blueprint.get("/initiatives/<int:initiative_id>/journal")
def journal(initiative_id: int) -> ResponseReturnValue:
    """A hundred entries a page, newest first; for those who carry the initiative out, and the secretariat."""
    initiative, before = initiative_or_404(initiative_id), journals.number("before")
    if not rights().roles_on(initiative) & MAY_READ_JOURNAL:
        abort(404)
    lines = initiative_journal(db.session(), initiative.id, before=before)
    return render_template(
        "owner/journal.html", **journals.page_of(lines), initiative=initiative, before=before
    )
