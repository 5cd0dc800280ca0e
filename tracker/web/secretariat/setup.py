"""The plans of a secretariat, and the facts of one: what stands at the head of its memo."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.extensions import db
from tracker.plans import queries
from tracker.plans.editing import edit_plan
from tracker.reminders.ladder_preview import Effect, what_changes
from tracker.rounds.replanning import replan_plan
from tracker.web.forms import RefusalsIn
from tracker.web.guards import current_plan
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.ladders import AHEAD, letters_to_come
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
        with RefusalsIn(form):
            said = _save(form)
            db.session.commit()
            flash(said, "success")
            return redirect(url_for("secretariat.plan_setup", plan=plan), 303)
    return shown(facts=form, code=400 if form.is_submitted() else 200)


def _save(form: PlanForm) -> str:
    """Change the facts; with other closed days plan the reminders anew. Gives what there is to say of it."""
    session, where, values = db.session(), current_plan(), form.values()
    saved = str(_("The plan's facts are saved."))
    if set(values["closed_days"]) == {code for code in where.closed_days.split(",") if code}:
        edit_plan(session, where, **values, by=person().id, at=clock.now())
        return saved
    before = letters_to_come()
    edit_plan(session, where, **values, by=person().id, at=clock.now())
    replan_plan(session, where.id, at=clock.now())
    effect = what_changes(before, letters_to_come())
    if not effect.changes:
        said = _("With the new closed days no letter of the coming %(days)s days moves.", days=AHEAD)
    else:
        said = _(
            "The closed days change letters of the coming %(days)s days. Taken off their day: %(gone)s. "
            "New on another day: %(added)s. With other contents: %(changed)s.",
            days=AHEAD,
            gone=effect.count(Effect.gone),
            added=effect.count(Effect.added),
            changed=effect.count(Effect.changed),
        )
    return f"{saved} {said}"


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
