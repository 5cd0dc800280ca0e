"""The administration of a coordinator's page, or 404 for a stranger."""

from __future__ import annotations

from flask import abort, g

from tracker.extensions import db
from tracker.plans import queries as plans
from tracker.plans.models import Administration, Plan
from tracker.web.viewer import rights


def own_or_404(administration_id: int) -> Administration:
    if administration_id not in rights().coordinates:
        abort(404)
    found = plans.administration_for(db.session(), rights(), administration_id)
    if found is None:
        abort(404)
    g.plan = db.session.get(Plan, found.plan_id)  # named at the top of the page
    return found
