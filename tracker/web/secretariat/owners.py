"""Naming the owner and the deputy of one initiative."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.accounts.models import Person
from tracker.accounts.queries import active_people
from tracker.domain.errors import InvalidInput
from tracker.domain.reminders import Place
from tracker.extensions import db
from tracker.plans import queries
from tracker.plans.models import Initiative
from tracker.succession.placing import assign
from tracker.web.forms import RefusalsIn
from tracker.web.secretariat import initiatives
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.initiative_forms import DeputyForm, OwnerForm
from tracker.web.secretariat.loading import chosen_person, initiative_or_404
from tracker.web.secretariat.planning_fields import people_choices
from tracker.web.viewer import person


@blueprint.post("/<plan>/initiatives/<int:initiative_id>/owner")
def assign_owner(plan: str, initiative_id: int) -> ResponseReturnValue:
    found, form = initiative_or_404(initiative_id), OwnerForm(prefix="owner-")
    form.person.choices = people_choices(active_people(db.session()))
    if form.validate():
        with RefusalsIn(form):
            chosen = _name(found, form, Place.owner)
            flash(_("%(name)s owns the initiative.", name=chosen.name), "success")
            return _back(plan, initiative_id)
    return initiatives.shown(found, owner=form, code=400)


@blueprint.post("/<plan>/initiatives/<int:initiative_id>/deputy")
def assign_deputy(plan: str, initiative_id: int) -> ResponseReturnValue:
    found, form = initiative_or_404(initiative_id), DeputyForm(prefix="deputy-")
    form.person.choices = people_choices(active_people(db.session()))
    if form.validate():
        with RefusalsIn(form):
            chosen = _name(found, form, Place.deputy)
            flash(_("%(name)s is deputy for these days.", name=chosen.name), "success")
            return _back(plan, initiative_id)
    return initiatives.shown(found, deputy=form, code=400)


def _name(found: Initiative, form: OwnerForm | DeputyForm, place: Place) -> Person:
    """Raises InvalidInput on the field that cannot stand."""
    session = db.session()
    chosen = chosen_person(form.person.chosen_id)
    if place is Place.deputy:
        held = queries.holders_of_initiative(session, found.id, on=clock.today())
        if any(one.person_id == chosen.id and one.place is Place.owner for one in held):
            raise InvalidInput("person", "The owner cannot be deputy as well.")
    assign(
        session,
        found,
        chosen,
        place=place,
        from_on=form.from_on.day,
        until_on=form.until_on.day if isinstance(form, DeputyForm) else None,
        by=person().id,
        at=clock.now(),
    )
    db.session.commit()
    return chosen


def _back(plan: str, initiative_id: int) -> ResponseReturnValue:
    return redirect(url_for("secretariat.initiative", plan=plan, initiative_id=initiative_id), 303)
