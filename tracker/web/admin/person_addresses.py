"""A person's address, corrected by an administrator."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.accounts import queries
from tracker.accounts.models import Person
from tracker.extensions import db
from tracker.web.admin.blueprint import blueprint
from tracker.web.correcting import AddressForm, address_form, corrected


@blueprint.get("/people/<int:person_id>/address")
def address(person_id: int) -> ResponseReturnValue:
    found = _person(person_id)
    return _page(found, address_form(found))


@blueprint.post("/people/<int:person_id>/address")
def correct_address(person_id: int) -> ResponseReturnValue:
    """Letters go to the new address from now on, those that wait as well."""
    found, form = _person(person_id), AddressForm()
    if not corrected(form, found):
        db.session.rollback()
        return _page(_person(person_id), form, 400)
    db.session.commit()
    flash(
        _("Letters to %(name)s go to %(email)s from now on.", name=found.name, email=found.email), "success"
    )
    return redirect(url_for("admin.person", person_id=found.id), 303)


def _person(person_id: int) -> Person:
    found = queries.person(db.session(), person_id) if person_id < 2**31 else None
    return found if found is not None else abort(404)


def _page(found: Person, form: AddressForm, code: int = 200) -> ResponseReturnValue:
    return render_template("admin/address.html", person=found, form=form), code
