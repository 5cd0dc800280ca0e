"""The absence of somebody who has a part in the plan, as the secretariat hears of it."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.accounts.models import Person
from tracker.extensions import db
from tracker.plans import roster
from tracker.plans.standing_in import Covered
from tracker.web.absences import AbsenceForm, absence_form, absence_of, noted, noted_return
from tracker.web.guards import current_plan
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.person_addresses import address_url


@blueprint.get("/<plan>/people/<int:person_id>/absence")
def absence(plan: str, person_id: int) -> ResponseReturnValue:
    found = _person_or_404(person_id)
    return _page(found, absence_form(found))


@blueprint.post("/<plan>/people/<int:person_id>/absence")
def set_away(plan: str, person_id: int) -> ResponseReturnValue:
    """The person is away for some days: the deputies get the reminders meanwhile."""
    found, form = _person_or_404(person_id), AbsenceForm()
    if not noted(form, found):
        db.session.rollback()
        return _page(_person_or_404(person_id), form, 400)
    db.session.commit()
    flash(_("The absence of %(name)s is saved.", name=found.name), "success")
    return redirect(url_for("secretariat.absence", plan=plan, person_id=person_id), 303)


@blueprint.post("/<plan>/people/<int:person_id>/absence/end")
def set_back(plan: str, person_id: int) -> ResponseReturnValue:
    found = _person_or_404(person_id)
    noted_return(found)
    db.session.commit()
    flash(_("The absence of %(name)s has ended.", name=found.name), "success")
    return redirect(url_for("secretariat.absence", plan=plan, person_id=person_id), 303)


def absence_url(found: Person) -> str:
    """Where to note somebody's absence in this plan; empty for those who have no part in it."""
    where = current_plan()
    if not found.active or not roster.has_part(db.session(), where.id, found.id, on=clock.today()):
        return ""
    return url_for("secretariat.absence", plan=where.slug, person_id=found.id)


def _person_or_404(person_id: int) -> Person:
    """Somebody who is active and has a part in the plan, now or later."""
    if not roster.has_part(db.session(), current_plan().id, person_id, on=clock.today()):
        abort(404)
    found = db.session.get(Person, person_id)
    return found if found is not None and found.active else abort(404)


def _page(found: Person, form: AbsenceForm, code: int = 200) -> ResponseReturnValue:
    where = current_plan()

    def name_deputy(one: Covered) -> str:
        return url_for("secretariat.initiative", plan=where.slug, initiative_id=one.initiative_id)

    page = render_template(
        "secretariat/absence.html",
        person=found,
        form=form,
        address_url=address_url(found),
        absence=absence_of(found, plan_id=where.id, url=name_deputy),
    )
    return page, code
