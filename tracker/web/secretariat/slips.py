"""The slip register of a plan: every deadline that was moved, and how often whose."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.deadlines.slips import register_of
from tracker.extensions import db
from tracker.plans.queries import administrations
from tracker.web.guards import current_plan
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.loading import asked_id
from tracker.web.viewer import rights


@blueprint.get("/<plan>/slips")
def slips(plan: str) -> ResponseReturnValue:
    session, where = db.session(), current_plan()
    administration, initiative_id = request.args.get("administration", ""), asked_id("initiative")
    register = register_of(
        session,
        rights(),
        where.id,
        administration=administration,
        initiative_id=initiative_id,
        before=asked_id("before"),
    )
    chosen: dict[str, Any] = {"administration": administration or None, "initiative": initiative_id}
    return render_template(
        "secretariat/slips.html",
        register=register,
        administration=administration,
        initiative_id=initiative_id,
        administrations=administrations(session, where.id),
        older=url_for("secretariat.slips", plan=plan, before=register.before, **chosen)
        if register.before
        else None,
        newest=url_for("secretariat.slips", plan=plan, **chosen) if asked_id("before") else None,
    )
