"""The administrations of a plan in the order of the memo, and its committees."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.extensions import db
from tracker.plans import actions, editing
from tracker.web.forms import RefusalsIn
from tracker.web.guards import current_plan
from tracker.web.secretariat import setup
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.loading import (
    administration_or_404,
    chosen_administration,
    committee_or_404,
)
from tracker.web.secretariat.setup_forms import AdministrationForm
from tracker.web.viewer import person


@blueprint.post("/<plan>/setup/administrations")
def add_administration(plan: str) -> ResponseReturnValue:
    form = AdministrationForm(prefix="administration-")
    if form.validate():
        with RefusalsIn(form):
            made = actions.add_administration(
                db.session(),
                current_plan(),
                code=form.code.data,
                name=form.name.data,
                by=person().id,
                at=clock.now(),
            )
            db.session.commit()
            flash(_("%(name)s is added.", name=made.name), "success")
            return redirect(url_for("secretariat.plan_setup", plan=plan) + "#administrations", 303)
    return setup.shown(administration=form, code=400)


@blueprint.route("/<plan>/setup/administrations/<int:administration_id>", methods=["GET", "POST"])
def administration(plan: str, administration_id: int) -> ResponseReturnValue:
    """Another code or name for an administration."""
    found = administration_or_404(administration_id)
    form = AdministrationForm(code=found.code, name=found.name)
    if form.validate_on_submit():
        with RefusalsIn(form):
            editing.edit_administration(
                db.session(),
                found,
                code=form.code.data,
                name=form.name.data,
                by=person().id,
                at=clock.now(),
            )
            db.session.commit()
            flash(_("%(name)s is saved.", name=found.name), "success")
            return redirect(url_for("secretariat.plan_setup", plan=plan) + "#administrations", 303)
    page = render_template("secretariat/administration.html", administration=found, form=form)
    return page, 400 if form.is_submitted() else 200


@blueprint.post("/<plan>/setup/administrations/<int:administration_id>/move")
def move_administration(plan: str, administration_id: int) -> ResponseReturnValue:
    """One place up or down in the memo."""
    found = administration_or_404(administration_id)
    up = request.form.get("direction") == "up"
    editing.move_administration(db.session(), found, up=up, by=person().id, at=clock.now())
    db.session.commit()
    return redirect(url_for("secretariat.plan_setup", plan=plan) + "#administrations", 303)


@blueprint.post("/<plan>/setup/committees")
def add_committee(plan: str) -> ResponseReturnValue:
    form = setup.committee_form()
    if form.validate():
        with RefusalsIn(form):
            made = actions.add_committee(
                db.session(),
                current_plan(),
                code=form.code.data,
                name=form.name.data,
                administration=chosen_administration(form.administration.chosen_id),
                by=person().id,
                at=clock.now(),
            )
            db.session.commit()
            flash(_("%(name)s is added.", name=made.name), "success")
            return redirect(url_for("secretariat.plan_setup", plan=plan) + "#committees", 303)
    return setup.shown(committee=form, code=400)


@blueprint.route("/<plan>/setup/committees/<int:committee_id>", methods=["GET", "POST"])
def committee(plan: str, committee_id: int) -> ResponseReturnValue:
    found = committee_or_404(committee_id)
    form = setup.committee_form(
        "", code=found.code, name=found.name, administration=str(found.administration_id or "")
    )
    if form.validate_on_submit():
        with RefusalsIn(form):
            editing.edit_committee(
                db.session(),
                found,
                code=form.code.data,
                name=form.name.data,
                administration=chosen_administration(form.administration.chosen_id),
                by=person().id,
                at=clock.now(),
            )
            db.session.commit()
            flash(_("%(name)s is saved.", name=found.name), "success")
            return redirect(url_for("secretariat.plan_setup", plan=plan) + "#committees", 303)
    page = render_template("secretariat/committee.html", committee=found, form=form)
    return page, 400 if form.is_submitted() else 200
