"""The initiatives of a plan: the list, adding one, and one with everything that belongs to it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.accounts.queries import active_people
from tracker.deadlines import queries as deadlines
from tracker.domain.errors import InvalidInput, StaleVersion
from tracker.extensions import db
from tracker.initiatives import changing as joining
from tracker.plans import queries, roster
from tracker.plans.coverage import coverage_of
from tracker.plans.models import Initiative, Origin, Standing
from tracker.rounds import queries as rounds
from tracker.web.errors import sentence_of
from tracker.web.forms import RefusalsIn, attach
from tracker.web.guards import current_plan
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.initiative_forms import (
    DeputyForm,
    EditInitiativeForm,
    NewInitiativeForm,
    OwnerForm,
)
from tracker.web.secretariat.loading import asked_id, chosen_person, initiative_or_404
from tracker.web.secretariat.planning_fields import nothing, people_choices, version_sent
from tracker.web.template_helpers import long_date
from tracker.web.viewer import person, rights

NO_OWNER = "none"


@blueprint.get("/<plan>/initiatives")
def initiatives(plan: str) -> ResponseReturnValue:
    session, plan_id, today = db.session(), current_plan().id, clock.today()
    held = queries.holders(session, plan_id, on=today)
    every = roster.initiative_lines(session, rights(), plan_id, holders=held)
    administration, owner = request.args.get("administration", ""), request.args.get("owner", "")
    lines = [one for one in every if administration in {"", one.administration_code}]
    if owner == NO_OWNER:
        lines = [one for one in lines if one.standing is Standing.active and not one.reached]
    return render_template(
        "secretariat/initiatives.html",
        lines=lines,
        total=len(every),
        coverage=coverage_of(session, plan_id, on=today),
        administrations={one.administration_code: one.administration_name for one in every},
        administration=administration,
        owner=owner,
    )


@blueprint.route("/<plan>/initiatives/new", methods=["GET", "POST"])
def new_initiative(plan: str) -> ResponseReturnValue:
    """Add an initiative; while a round is open it joins that round."""
    session = db.session()
    former = rounds.rounds_of(session, current_plan().id)
    form = NewInitiativeForm(origin=(Origin.added if former else Origin.original).value)
    if form.validate_on_submit():
        with RefusalsIn(form):
            made = _add(form)
            return redirect(url_for("secretariat.initiative", plan=plan, initiative_id=made.id), 303)
    page = render_template(
        "secretariat/new_initiative.html",
        form=form,
        round=rounds.open_round(session, current_plan().id),
        can_add=len(form.administration.choices) > 1,
    )
    return page, 400 if form.is_submitted() else 200


def _add(form: NewInitiativeForm) -> Initiative:
    owner_id = form.owner.chosen_id
    made, joined = joining.add_to_plan(
        db.session(),
        form.in_administration(),
        **form.values(),
        owner=chosen_person(owner_id, field="owner") if owner_id else None,
        by=person().id,
        at=clock.now(),
    )
    db.session.commit()
    if joined is None:
        flash(_("The initiative is added."), "success")
    else:
        text = _(
            "The initiative is added to the round of %(year)s. Its status is due on %(day)s.",
            year=joined.year,
            day=long_date(joined.due_on),
        )
        flash(text, "success")
    return made


@blueprint.get("/<plan>/initiatives/<int:initiative_id>")
def initiative(plan: str, initiative_id: int) -> ResponseReturnValue:
    return shown(initiative_or_404(initiative_id))


def shown(
    found: Initiative, *, owner: OwnerForm | None = None, deputy: DeputyForm | None = None, code: int = 200
) -> ResponseReturnValue:
    """The page of an initiative. A form that is given was sent and could not be taken."""
    session, today = db.session(), clock.today()
    new = str(asked_id("person") or "")
    owner_form = owner or OwnerForm(formdata=None, prefix="owner-", person=new, from_on=today)
    deputy_form = deputy or DeputyForm(formdata=None, prefix="deputy-", person=new, from_on=today)
    choices = [nothing(_("Choose a person")), *people_choices(active_people(session))]
    owner_form.person.choices = deputy_form.person.choices = choices
    dates = deadlines.deadlines_of_initiative(session, found.id)
    page = render_template(
        "secretariat/initiative.html",
        initiative=found,
        holders=queries.holders_of_initiative(session, found.id, on=today),
        history=rounds.history_of(session, found.id),
        dates=dates,
        slips=sum(one.moves for one in dates),
        owner_form=owner_form,
        deputy_form=deputy_form,
        typed=owner or deputy,
    )
    return page, code


@blueprint.route("/<plan>/initiatives/<int:initiative_id>/edit", methods=["GET", "POST"])
def edit_initiative(plan: str, initiative_id: int) -> ResponseReturnValue:
    found = initiative_or_404(initiative_id)
    form, refused = EditInitiativeForm.of(found), ""
    if form.validate_on_submit():
        try:
            _change(found, form)
        except StaleVersion as error:
            db.session.rollback()
            refused = sentence_of(error)
            form.version.data = str(found.version)
        except InvalidInput as error:
            db.session.rollback()
            attach(form, error)
        else:
            flash(_("The initiative is saved."), "success")
            return redirect(url_for("secretariat.initiative", plan=plan, initiative_id=initiative_id), 303)
    code = 409 if refused else 400 if form.is_submitted() else 200
    page = render_template("secretariat/edit_initiative.html", form=form, initiative=found, refused=refused)
    return page, code


def _change(found: Initiative, form: EditInitiativeForm) -> None:
    joining.change(
        db.session(),
        found,
        **form.values(),
        administration=form.in_administration(),
        standing=Standing(form.standing.data),
        merged_into_id=form.merged_into.chosen_id,
        description=form.description.data or "",
        version=version_sent(form.version),
        by=person().id,
        at=clock.now(),
    )
    db.session.commit()
