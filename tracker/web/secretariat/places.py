"""Who holds what in a plan: coordinators and heads, owners, people who hold nothing."""

from __future__ import annotations

from collections import defaultdict

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.accounts import actions as accounts
from tracker.accounts.models import Language, Person
from tracker.accounts.queries import active_people
from tracker.domain.reminders import Place
from tracker.extensions import db
from tracker.plans import queries, roster
from tracker.plans.change_proposals import proposals_waiting
from tracker.plans.coverage import coverage_of, not_reached
from tracker.plans.models import MembershipRole
from tracker.succession.placing import appoint
from tracker.web import viewer
from tracker.web.forms import RefusalsIn
from tracker.web.guards import current_plan
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.initiative_forms import AppointForm, NewPersonForm
from tracker.web.secretariat.loading import asked_id, chosen_administration, chosen_person
from tracker.web.secretariat.planning_fields import administration_choices, nothing, people_choices
from tracker.web.viewer import person, rights

OFFICE = (MembershipRole.lead, MembershipRole.secretariat)


@blueprint.get("/<plan>/people")
def places(plan: str) -> ResponseReturnValue:
    new, today = str(asked_id("person") or ""), clock.today()
    return _page(AppointForm(formdata=None, prefix="appoint-", person=new, from_on=today))


@blueprint.post("/<plan>/people/appointed")
def appoint_person(plan: str) -> ResponseReturnValue:
    """A coordinator or a head for an administration."""
    form = _filled(AppointForm(prefix="appoint-"))
    if form.validate():
        administration = chosen_administration(form.administration.chosen_id)
        assert administration is not None
        with RefusalsIn(form):
            chosen = chosen_person(form.person.chosen_id)
            appoint(
                db.session(),
                administration,
                chosen,
                place=Place(form.place.data),
                from_on=form.from_on.day,
                by=person().id,
                at=clock.now(),
            )
            db.session.commit()
            flash(_("%(name)s is appointed.", name=chosen.name), "success")
            return redirect(url_for("secretariat.places", plan=plan), 303)
    return _page(form, code=400)


@blueprint.route("/<plan>/people/new", methods=["GET", "POST"])
def new_person(plan: str) -> ResponseReturnValue:
    """Add somebody who is to own or stand in, and invite them."""
    form, initiative_id = NewPersonForm(), asked_id("initiative")
    if form.validate_on_submit():
        with RefusalsIn(form):
            made = _add(form)
            said = _("%(name)s is added, and a letter with an invitation is on its way.", name=made.name)
            flash(said, "success")
            where = url_for("secretariat.places", plan=plan, person=made.id)
            if initiative_id is not None:
                id_ = initiative_id
                where = url_for("secretariat.initiative", plan=plan, initiative_id=id_, person=made.id)
            return redirect(where, 303)
    page = render_template("secretariat/new_person.html", form=form, initiative_id=initiative_id)
    return page, 400 if form.is_submitted() else 200


def _add(form: NewPersonForm) -> Person:
    session, by = db.session(), person().id
    made = accounts.add_person(
        session,
        name=form.name.data,
        email=form.email.data,
        language=Language(form.language.data),
        by=by,
        at=clock.now(),
    )
    accounts.invite(session, made, secret=viewer.secret(), by=by, at=clock.now(), real_at=clock.real_now())
    db.session.commit()
    return made


def _filled(form: AppointForm) -> AppointForm:
    session = db.session()
    form.person.choices = people_choices(active_people(session))
    form.administration.choices = administration_choices(queries.administrations(session, current_plan().id))
    return form


@blueprint.get("/<plan>/people/coverage")
def coverage(plan: str) -> ResponseReturnValue:
    """Which initiatives nobody would be reminded of, why, and what to do."""
    session, plan_id, today = db.session(), current_plan().id, clock.today()
    return render_template(
        "secretariat/coverage.html",
        coverage=coverage_of(session, plan_id, on=today),
        lines=not_reached(session, plan_id, on=today),
    )


def _page(appointing: AppointForm, *, code: int = 200) -> ResponseReturnValue:
    session, plan_id, today = db.session(), current_plan().id, clock.today()
    held = queries.holders(session, plan_id, on=today)
    people = [nothing(_("Choose a person")), *people_choices(active_people(session))]
    appointing.person.choices = people
    administrations = queries.administrations(session, plan_id)
    appointing.administration.choices = [
        nothing(_("Choose an administration")),
        *administration_choices(administrations),
    ]
    led = defaultdict(list)
    for one in held:
        led[one.administration_id, one.place.value].append(one)
    lines = roster.initiative_lines(session, rights(), plan_id, holders=held)
    page = render_template(
        "secretariat/places.html",
        administrations=administrations,
        led=led,
        lines=[one for one in lines if one.number],
        members=[one for one in queries.members(session, plan_id) if one.role in OFFICE],
        idle=roster.without_part(session, on=today),
        changes=proposals_waiting(session, rights(), plan_id),
        appoint_form=appointing,
        new=asked_id("person"),
    )
    return page, code
