"""Every version of a status, for those who write it."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker.web import revisions as comparing
from tracker.web.owner.blueprint import blueprint
from tracker.web.owner.loading import update_or_404


@blueprint.get("/updates/<int:update_id>/revisions")
def revisions(update_id: int) -> ResponseReturnValue:
    return render_template("owner/revisions.html", **comparing.page_of(update_or_404(update_id)))
