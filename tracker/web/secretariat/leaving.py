"""A person's places in the plan: what they hold, ending one, and handing on what somebody leaves behind."""

from __future__ import annotations

from datetime import timedelta

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from tracker import clock
from tracker.accounts.models import Person
from tracker.accounts.queries import active_people
from tracker.domain.errors import InvalidInput
from tracker.extensions import db
from tracker.plans.holdings import Holding, holding_for, holdings_of
from tracker.plans.ledger import person_in
from tracker.succession import placing as succession
from tracker.web.forms import Needed, RefusalsIn
from tracker.web.guards import current_plan
from tracker.web.handing_on import LeavingForm, leaving_form
from tracker.web.secretariat.absences import absence_url
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.person_addresses import address_url
from tracker.web.secretariat.planning_fields import PlanDayField, people_choices
from tracker.web.template_helpers import long_date
from tracker.web.viewer import person as viewer
from tracker.web.viewer import rights


class EndForm(FlaskForm):
    last_day = PlanDayField(_l("Last day"), [Needed(_l("Give the last day."))])


@blueprint.route("/<plan>/people/<int:person_id>", methods=["GET", "POST"])
def person(plan: str, person_id: int) -> ResponseReturnValue:
    """What somebody holds here; sending the form hands it on, or ends it, all at once."""
    session, where = db.session(), current_plan()
    found = person_in(session, rights(), where.id, person_id) or abort(404)
    held = holdings_of(session, found.id, on=clock.today(), plan_id=where.id)
    others = [one for one in active_people(session) if one.id != found.id]
    labels = [choice.label for choice in people_choices(others)]
    form = leaving_form(held, others, last_day=clock.today(), labels=labels)
    if form.validate_on_submit():
        with RefusalsIn(form):
            _hand_on(found, held, others, form)
            flash(_("The places of %(name)s are handed on.", name=found.name), "success")
            return redirect(url_for("secretariat.person", plan=plan, person_id=found.id), 303)
    page = render_template(
        "secretariat/person.html",
        person=found,
        holdings=held,
        form=form,
        absence_url=absence_url(found),
        address_url=address_url(found),
    )
    return page, 400 if form.is_submitted() else 200


def _hand_on(found: Person, held: list[Holding], others: list[Person], form: LeavingForm) -> None:
    """Raises InvalidInput on `last_day`, or on `successor` when there is nothing to hand on."""
    if not held:
        raise InvalidInput("successor", "%(name)s holds no place in this plan.", name=found.name)
    if form.last < clock.today() - timedelta(days=1):
        raise InvalidInput("last_day", "The last day can be yesterday at the earliest.")
    succession.hand_on(
        db.session(),
        found,
        places=[one.placement for one in held],
        successors=form.successors(others, held),
        last_day=form.last,
        by=viewer().id,
        at=clock.now(),
    )
    db.session.commit()


@blueprint.route("/<plan>/places/<int:placement_id>/end", methods=["GET", "POST"])
def end_place(plan: str, placement_id: int) -> ResponseReturnValue:
    """End one place and name nobody: the deputy steps in, or the vacancy shows."""
    session, today = db.session(), clock.today()
    found = holding_for(session, rights(), current_plan().id, placement_id, on=today)
    if found is None:
        abort(404)
    holding, holder = found
    name, form = holder.name, EndForm(last_day=today)
    if form.validate_on_submit():
        with RefusalsIn(form):
            if form.last_day.day < today - timedelta(days=1):
                raise InvalidInput("last_day", "The last day can be yesterday at the earliest.")
            last_day = form.last_day.day
            succession.end(session, holding.placement, last_day=last_day, by=viewer().id, at=clock.now())
            db.session.commit()
            flash(_("The last day of %(name)s is %(day)s.", name=name, day=long_date(last_day)), "success")
            return redirect(_place_url(plan, holding), 303)
    page = render_template("secretariat/end_place.html", holding=holding, person=holder, form=form)
    return page, 400 if form.is_submitted() else 200


def _place_url(plan: str, holding: Holding) -> str:
    if (initiative_id := holding.placement.initiative_id) is not None:
        return url_for("secretariat.initiative", plan=plan, initiative_id=initiative_id)
    return url_for("secretariat.places", plan=plan)
