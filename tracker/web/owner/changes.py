"""What the secretariat has changed in a text: mended before the approval, or corrected after the lock."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker.extensions import db
from tracker.statuses.mending import changes_of
from tracker.web.owner.blueprint import blueprint
from tracker.web.owner.loading import update_or_404


@blueprint.get("/updates/<int:update_id>/changes")
def changes(update_id: int) -> ResponseReturnValue:
    """Each change word by word, the newest first."""
    found = update_or_404(update_id)
    return render_template("owner/changes.html", update=found, changes=changes_of(db.session(), found.id))
