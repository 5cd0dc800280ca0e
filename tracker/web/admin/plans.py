"""Plans: which there are and who leads them, and making a new one."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms.fields.choices import SelectChoice

from tracker import clock
from tracker.accounts.queries import active_people
from tracker.domain.errors import InvalidInput
from tracker.extensions import db
from tracker.plans import queries
from tracker.plans.actions import create_plan, grant
from tracker.plans.models import MembershipRole, Plan
from tracker.plans.roster import leads_by_plan
from tracker.web import viewer
from tracker.web.admin.blueprint import blueprint
from tracker.web.admin.plan_forms import PlanForm
from tracker.web.forms import RefusalsIn


@blueprint.get("/plans")
def plans() -> ResponseReturnValue:
    session = db.session()
    return render_template("admin/plans.html", plans=queries.plans(session), leads=leads_by_plan(session))


@blueprint.route("/plans/new", methods=["GET", "POST"])
def new_plan() -> ResponseReturnValue:
    form = PlanForm()
    # Nobody changes an own role: the lead is somebody else.
    others = [one for one in active_people(db.session()) if one.id != viewer.person().id]
    form.person.choices = [SelectChoice("", gettext("Choose a person"))]
    form.person.choices += [SelectChoice(str(one.id), f"{one.name} ({one.email})") for one in others]
    if form.validate_on_submit():
        with RefusalsIn(form):
            made = _make(form)
            flash(gettext("%(name)s is made. Its lead sets it up from here.", name=made.name), "success")
            return redirect(url_for("admin.plans"), 303)
    page = render_template("admin/new_plan.html", form=form, has_people=bool(others))
    return page, 400 if form.is_submitted() else 200


def _make(form: PlanForm) -> Plan:
    session, by, at = db.session(), viewer.person().id, clock.now()
    lead = next((one for one in active_people(session) if str(one.id) == form.person.data), None)
    if lead is None:
        raise InvalidInput("person", "Choose a person.")
    made = create_plan(session, **form.values(), by=by, at=at)
    grant(session, made, lead, MembershipRole.lead, by=by, at=at)
    db.session.commit()
    return made
