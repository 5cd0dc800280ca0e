"""The plans of a secretariat, and the facts of one: what stands at the head of its memo."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.domain.errors import InvalidInput
from tracker.extensions import db
from tracker.plans import queries
from tracker.plans.editing import edit_plan
from tracker.web.forms import attach
from tracker.web.guards import current_plan
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.planning_fields import administration_choices, nothing
from tracker.web.secretariat.setup_forms import AdministrationForm, CommitteeForm, PlanForm
from tracker.web.viewer import person, rights


@blueprint.get("/")
def plans() -> ResponseReturnValue:
    """The plans whose secretariat one is in; from a single one straight to its rounds."""
    mine = rights()
    found = [one for one in queries.plans(db.session(), mine) if one.id in mine.secretariat_of]
    if len(found) == 1:
        return redirect(url_for("secretariat.rounds", plan=found[0].slug), 303)
    return render_template("secretariat/plans.html", plans=found)


@blueprint.route("/<plan>/setup", methods=["GET", "POST"])
def plan_setup(plan: str) -> ResponseReturnValue:
    form = PlanForm.of(current_plan())
    if form.validate_on_submit():
        try:
            edit_plan(db.session(), current_plan(), **form.values(), by=person().id, at=clock.now())
            db.session.commit()
        except InvalidInput as error:
            db.session.rollback()
            attach(form, error)
        else:
            flash(_("The plan's facts are saved."), "success")
            return redirect(url_for("secretariat.plan_setup", plan=plan), 303)
    return shown(facts=form, code=400 if form.is_submitted() else 200)


def shown(
    *,
    facts: PlanForm | None = None,
    administration: AdministrationForm | None = None,
    committee: CommitteeForm | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    """The page of a plan's facts. A form that is given was sent and could not be taken."""
    session, plan_id = db.session(), current_plan().id
    administrations = queries.administrations(session, plan_id)
    page = render_template(
        "secretariat/plan_setup.html",
        facts=facts or PlanForm.of(current_plan()),
        administration_form=administration or AdministrationForm(formdata=None, prefix="administration-"),
        committee_form=committee or committee_form(formdata=None),
        typed=administration or committee or facts,
        administrations=administrations,
        committees=queries.committees(session, plan_id),
        names={one.id: one.name for one in administrations},
    )
    return page, code


def committee_form(prefix: str = "committee-", **given: object) -> CommitteeForm:
    """The form of a committee, with the plan's administrations to choose from."""
    form = CommitteeForm(prefix=prefix, **given)
    found = queries.administrations(db.session(), current_plan().id)
    form.administration.choices = [nothing(_("No administration of its own")), *administration_choices(found)]
    return form
