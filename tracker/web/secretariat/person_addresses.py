"""The address of somebody in the plan, corrected by its secretariat."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.accounts.models import Person
from tracker.extensions import db
from tracker.plans.addresses import may_correct_address
from tracker.web.correcting import AddressForm, address_form, corrected
from tracker.web.guards import current_plan
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.viewer import rights


@blueprint.get("/<plan>/people/<int:person_id>/address")
def address(plan: str, person_id: int) -> ResponseReturnValue:
    found = _person_or_404(person_id)
    return _page(found, address_form(found))


@blueprint.post("/<plan>/people/<int:person_id>/address")
def correct_address(plan: str, person_id: int) -> ResponseReturnValue:
    """Letters go to the new address from now on, those that wait as well."""
    found, form = _person_or_404(person_id), AddressForm()
    if not corrected(form, found):
        db.session.rollback()
        return _page(_person_or_404(person_id), form, 400)
    db.session.commit()
    flash(
        _("Letters to %(name)s go to %(email)s from now on.", name=found.name, email=found.email), "success"
    )
    return redirect(url_for("secretariat.address", plan=plan, person_id=person_id), 303)


def address_url(found: Person) -> str:
    """Where the viewer may correct somebody's address in this plan; empty where they may not."""
    if not may_correct_address(db.session(), rights(), found, on=clock.today()):
        return ""
    return url_for("secretariat.address", plan=current_plan().slug, person_id=found.id)


def _person_or_404(person_id: int) -> Person:
    found = db.session.get(Person, person_id) if person_id < 2**31 else None
    if found is None or not may_correct_address(db.session(), rights(), found, on=clock.today()):
        abort(404)
    return found


def _page(found: Person, form: AddressForm, code: int = 200) -> ResponseReturnValue:
    return render_template("secretariat/address.html", person=found, form=form), code
