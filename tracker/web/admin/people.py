"""People: who may sign in, and in which role."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms.fields.choices import SelectChoice

from tracker import clock
from tracker.accounts import actions, queries
from tracker.accounts.models import Language, Person
from tracker.domain.errors import InvalidInput
from tracker.extensions import db
from tracker.plans import queries as plans
from tracker.plans.actions import grant, withdraw_role
from tracker.plans.holdings import holdings_of
from tracker.plans.models import Membership, MembershipRole, Plan
from tracker.succession import placing as succession
from tracker.web import viewer
from tracker.web.absences import AbsenceForm, absence_form, absence_of, noted, noted_return
from tracker.web.admin.blueprint import blueprint
from tracker.web.admin.forms import MembershipForm, PersonForm
from tracker.web.forms import attach
from tracker.web.handing_on import leaving_form


@blueprint.get("/people")
def people() -> ResponseReturnValue:
    return render_template("admin/people.html", people=queries.people(db.session()))


@blueprint.route("/people/new", methods=["GET", "POST"])
def new_person() -> ResponseReturnValue:
    form = PersonForm()
    if not form.validate_on_submit():
        return _new_page(form, 400 if form.is_submitted() else 200)
    by, at = viewer.person().id, clock.now()
    try:
        person = actions.add_person(
            db.session(),
            name=form.name.data,
            email=form.email.data,
            language=Language(form.language.data),
            by=by,
            at=at,
        )
    except InvalidInput as error:
        attach(form, error)
        return _new_page(form, 400)
    actions.invite(
        db.session(), person, secret=viewer.secret(), by=by, at=clock.now(), real_at=clock.real_now()
    )
    db.session.commit()
    flash(
        gettext("%(name)s was added, and a letter with an invitation is on its way.", name=person.name),
        "success",
    )
    return redirect(url_for("admin.person", person_id=person.id), 303)


def _new_page(form: PersonForm, status: int) -> ResponseReturnValue:
    return render_template("admin/new_person.html", form=form), status


@blueprint.get("/people/<int:person_id>")
def person(person_id: int) -> ResponseReturnValue:
    return _person_page(_person(person_id), _membership_form(), 200)


def _person(person_id: int) -> Person:
    found = queries.person(db.session(), person_id) if person_id < 2**31 else None
    if found is None:
        abort(404)
    return found


def _membership_form() -> MembershipForm:
    form = MembershipForm()
    form.plan.choices = [SelectChoice(plan.id, plan.name) for plan in plans.plans(db.session())]
    return form


def _person_page(
    found: Person, form: MembershipForm, status: int, *, away: AbsenceForm | None = None
) -> ResponseReturnValue:
    """The page of a person. `away` is given when it was sent and could not be taken."""
    page = render_template(
        "admin/person.html",
        person=found,
        form=form,
        absence=absence_of(found),
        absence_form=away or absence_form(found),
        typed=away or form,
        parts=plans.parts_of(db.session(), found.id, on=clock.today()),
        own=found.id == viewer.person().id,
    )
    return page, status


@blueprint.post("/people/<int:person_id>/invitation")
def invite(person_id: int) -> ResponseReturnValue:
    found = _person(person_id)
    if not found.active:
        abort(409)
    actions.invite(
        db.session(),
        found,
        secret=viewer.secret(),
        by=viewer.person().id,
        at=clock.now(),
        real_at=clock.real_now(),
    )
    db.session.commit()
    flash(gettext("A letter with a new invitation is on its way to %(name)s.", name=found.name), "success")
    return redirect(url_for("admin.person", person_id=found.id), 303)


@blueprint.post("/people/<int:person_id>/role")
def give_role(person_id: int) -> ResponseReturnValue:
    found, form = _person(person_id), _membership_form()
    if not form.validate_on_submit():
        return _person_page(found, form, 400)
    plan = db.session.get_one(Plan, form.plan.data)
    try:
        grant(
            db.session(),
            plan,
            found,
            MembershipRole(form.role.data),
            by=viewer.person().id,
            at=clock.now(),
        )
    except InvalidInput as error:
        attach(form, error)
        return _person_page(found, form, 400)
    db.session.commit()
    flash(gettext("%(name)s has a new role from now on.", name=found.name), "success")
    return redirect(url_for("admin.person", person_id=found.id), 303)


@blueprint.post("/people/<int:person_id>/role/<int:membership_id>/end")
def end_role(person_id: int, membership_id: int) -> ResponseReturnValue:
    found = _person(person_id)
    membership = db.session.get(Membership, membership_id)
    if membership is None or membership.person_id != found.id:
        abort(404)
    plan = db.session.get_one(Plan, membership.plan_id)
    withdraw_role(db.session(), plan, found, membership.role, by=viewer.person().id, at=clock.now())
    db.session.commit()
    flash(gettext("The role has ended."), "success")
    return redirect(url_for("admin.person", person_id=found.id), 303)


@blueprint.post("/people/<int:person_id>/absence")
def set_away(person_id: int) -> ResponseReturnValue:
    """The person is away for some days: the deputies get the reminders meanwhile."""
    found, form = _person(person_id), AbsenceForm()
    if not found.active:
        abort(409)
    if not noted(form, found):
        db.session.rollback()
        return _person_page(_person(person_id), _membership_form(), 400, away=form)
    db.session.commit()
    flash(gettext("The absence of %(name)s is saved.", name=found.name), "success")
    return redirect(url_for("admin.person", person_id=found.id) + "#absence", 303)


@blueprint.post("/people/<int:person_id>/absence/end")
def set_back(person_id: int) -> ResponseReturnValue:
    found = _person(person_id)
    noted_return(found)
    db.session.commit()
    flash(gettext("The absence of %(name)s has ended.", name=found.name), "success")
    return redirect(url_for("admin.person", person_id=found.id) + "#absence", 303)


@blueprint.route("/people/<int:person_id>/leave", methods=["GET", "POST"])
def leave(person_id: int) -> ResponseReturnValue:
    """The person has left: their places end today or are handed on, and they get no letter any more."""
    found, session = _person(person_id), db.session()
    held = holdings_of(session, found.id, on=clock.today())
    others = [one for one in queries.active_people(session) if one.id != found.id]
    labels = [f"{one.name} ({one.email})" for one in others]
    form = leaving_form(held, others, last_day=clock.today(), labels=labels)
    del form.last_day
    if not form.validate_on_submit():
        page = render_template("admin/leave.html", person=found, holdings=held, form=form)
        return page, 400 if form.is_submitted() else 200
    if found.id == viewer.person().id:
        abort(403)
    successors = form.successors(others, held)
    succession.leave(session, found, successors=successors, by=viewer.person().id, at=clock.now())
    db.session.commit()
    if len(successors) == len(held):
        flash(gettext("%(name)s has left, and everything is handed on.", name=found.name), "success")
    else:
        flash(gettext("%(name)s has left. Their initiatives need a new owner.", name=found.name), "success")
    return redirect(url_for("admin.person", person_id=found.id), 303)


@blueprint.post("/people/<int:person_id>/return")
def come_back(person_id: int) -> ResponseReturnValue:
    found = _person(person_id)
    actions.reactivate(db.session(), found, by=viewer.person().id, at=clock.now())
    db.session.commit()
    flash(gettext("%(name)s can sign in again.", name=found.name), "success")
    return redirect(url_for("admin.person", person_id=found.id), 303)
