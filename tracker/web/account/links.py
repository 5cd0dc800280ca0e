"""The neutral addresses that letters use: each leads its reader to the page that is theirs.

A letter goes to people with different parts in an initiative, and parts change after it was sent, so the
address names the thing and the way to it is chosen when it is followed.
"""

from __future__ import annotations

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue

from tracker.deadlines import queries as deadlines
from tracker.domain.workflow import AWAITING_APPROVAL, Role
from tracker.extensions import db
from tracker.plans import queries as plans
from tracker.rounds import queries as rounds
from tracker.web.account.blueprint import blueprint
from tracker.web.guards import to_sign_in
from tracker.web.viewer import rights, signed_in


@blueprint.get("/updates/<int:update_id>")
def update_link(update_id: int) -> ResponseReturnValue:
    """To the form for whoever writes the status, to the reading page for whoever approves it."""
    if signed_in() is None:
        return to_sign_in()
    update = rounds.update_for(db.session(), rights(), update_id)
    if update is None:
        abort(404)
    initiative = update.initiative
    roles = rights().roles_on(initiative)
    reads = Role.secretariat in roles and update.state in AWAITING_APPROVAL
    if roles & {Role.owner, Role.deputy} and not reads:
        return redirect(url_for("owner.update", update_id=update.id), 303)
    if Role.coordinator in roles and not reads:
        administration_id = initiative.administration_id
        return redirect(url_for("coordinator.administration", administration_id=administration_id), 303)
    slug = plans.slug_of(db.session(), initiative.plan_id)
    return redirect(url_for("secretariat.update", plan=slug, update_id=update.id), 303)


@blueprint.get("/deadlines/<int:deadline_id>")
def deadline_link(deadline_id: int) -> ResponseReturnValue:
    """To the initiative for whoever carries it out, to the administration or to the plan's deadlines."""
    if signed_in() is None:
        return to_sign_in()
    mine = rights()
    place = deadlines.place_of(db.session(), mine, deadline_id)
    if place is None:
        abort(404)
    if place.initiative_id in mine.owns | mine.deputises:
        return redirect(url_for("owner.initiative", initiative_id=place.initiative_id), 303)
    if place.administration_id in mine.coordinates:
        return redirect(url_for("coordinator.administration", administration_id=place.administration_id), 303)
    slug = plans.slug_of(db.session(), place.plan_id)
    return redirect(url_for("secretariat.deadline", plan=slug, deadline_id=deadline_id), 303)
