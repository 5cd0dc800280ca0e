"""Every version of a status, for those who read and approve it."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker.web import revisions as comparing
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.updates import update_of


@blueprint.get("/<plan>/updates/<int:update_id>/revisions")
def revisions(plan: str, update_id: int) -> ResponseReturnValue:
    return render_template("secretariat/revisions.html", **comparing.page_of(update_of(update_id)))
