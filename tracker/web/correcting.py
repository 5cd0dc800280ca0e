"""Correcting somebody's e-mail address, by an administrator or a secretariat."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField

from tracker import clock
from tracker.accounts.actions import change_email, invite
from tracker.accounts.models import Person
from tracker.domain.errors import InvalidInput
from tracker.extensions import db
from tracker.rounds.replanning import replan_person
from tracker.web import viewer
from tracker.web.forms import Needed, attach


class AddressForm(FlaskForm):  # type: ignore[misc]
    email = EmailField(_l("E-mail address"), [Needed(_l("Write the person's e-mail address."))])


def address_form(person: Person) -> AddressForm:
    """The form with the address as it is now."""
    return AddressForm(formdata=None, email=person.email)


def corrected(form: AddressForm, person: Person) -> bool:
    """Whether the address was corrected, in the caller's transaction; else the form says why not.

    Somebody who has no password yet is invited anew: the earlier letter went to the wrong address.
    """
    if not form.validate():
        return False
    try:
        change_email(db.session(), person, email=form.email.data, by=viewer.person().id, at=clock.now())
    except InvalidInput as error:
        attach(form, error)
        return False
    by, at = viewer.person().id, clock.now()
    replan_person(db.session(), person.id, at=at)
    if person.active and person.password_hash is None:
        invite(db.session(), person, secret=viewer.secret(), by=by, at=at, real_at=clock.real_now())
    return True
