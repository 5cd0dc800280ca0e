"""Naming a deputy for a time."""

from __future__ import annotations

from datetime import date
from typing import cast

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tracker import clock
from tracker.accounts.models import Person
from tracker.accounts.queries import active_person_with
from tracker.domain.errors import InvalidInput
from tracker.domain.reminders import Place
from tracker.extensions import db
from tracker.plans import queries as plans
from tracker.plans.models import Initiative
from tracker.succession.placing import assign
from tracker.web.forms import attach
from tracker.web.owner.blueprint import blueprint
from tracker.web.owner.forms import DeputyForm
from tracker.web.owner.initiatives import MAY_NAME_DEPUTY
from tracker.web.owner.loading import initiative_or_404
from tracker.web.template_helpers import long_date
from tracker.web.viewer import person, rights


@blueprint.route("/initiatives/<int:initiative_id>/deputy", methods=["GET", "POST"])
def deputy(initiative_id: int) -> ResponseReturnValue:
    found = initiative_or_404(initiative_id)
    if not rights().roles_on(found) & MAY_NAME_DEPUTY:
        abort(404)
    form = DeputyForm()
    if form.validate_on_submit():
        try:
            chosen = _name_deputy(found, form)
        except InvalidInput as error:
            db.session.rollback()
            found = initiative_or_404(initiative_id)
            attach(form, error)
        else:
            db.session.commit()
            _say_so(chosen, form)
            return redirect(url_for("owner.initiative", initiative_id=found.id), 303)
    page = render_template("owner/deputy.html", initiative=found, form=form)
    return page, 400 if form.errors else 200


def _name_deputy(initiative: Initiative, form: DeputyForm) -> Person:
    """Raises InvalidInput on the field that cannot stand."""
    session = db.session()
    from_on, until_on = cast(date, form.from_on.data), cast(date, form.until_on.data)
    chosen = active_person_with(session, form.email.data)
    if chosen is None:
        raise InvalidInput(
            "email", "Nobody in the tracker has this address. Ask the secretariat to add the person."
        )
    if from_on < clock.today():
        raise InvalidInput("from_on", "The first day has passed. Give today or a later day.")
    held = plans.holders_of_initiative(session, initiative.id, on=clock.today())
    if any(one.person_id == chosen.id and one.place is Place.owner for one in held):
        raise InvalidInput("email", "The owner cannot be deputy as well.")
    assign(
        session,
        initiative,
        chosen,
        place=Place.deputy,
        from_on=from_on,
        until_on=until_on,
        by=person().id,
        at=clock.now(),
    )
    return chosen


def _say_so(chosen: Person, form: DeputyForm) -> None:
    flash(
        gettext(
            "%(name)s is deputy from %(first)s to %(last)s, and can write and submit in your place.",
            name=chosen.name,
            first=long_date(form.from_on.data),
            last=long_date(form.until_on.data),
        ),
        "success",
    )
