"""The three lists of a round, and what becomes of what lacks money or was proposed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from tracker import clock
from tracker.domain.errors import InvalidInput, MoveRefused, StaleVersion
from tracker.extensions import db
from tracker.initiatives import funding, proposals
from tracker.initiatives.lists import lists_of
from tracker.plans.models import Administration, Initiative, Standing
from tracker.web.errors import sentence_of
from tracker.web.forms import RefusalsIn
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.list_forms import DECLINED, AnswerForm, FundForm, UnfundedForm
from tracker.web.secretariat.loading import chosen_administration, initiative_or_404, round_or_404
from tracker.web.template_helpers import long_date
from tracker.web.viewer import person, rights


@blueprint.get("/<plan>/rounds/<int:year>/lists")
def lists(plan: str, year: int) -> ResponseReturnValue:
    """Status, planned but unfunded, new proposals."""
    round_ = round_or_404(year)
    found = lists_of(db.session(), rights(), round_)
    return render_template("secretariat/lists.html", round=round_, lists=found)


@blueprint.route("/<plan>/unfunded/new", methods=["GET", "POST"])
def new_unfunded(plan: str) -> ResponseReturnValue:
    """Add what is planned and lacks money."""
    form = UnfundedForm()
    if form.validate_on_submit():
        with RefusalsIn(form):
            made = _add(form)
            flash(_("It stands on the list of what is planned but unfunded."), "success")
            return redirect(url_for("secretariat.initiative", plan=plan, initiative_id=made.id), 303)
    page = render_template("secretariat/new_unfunded.html", form=form)
    return page, 400 if form.is_submitted() else 200


def _add(form: UnfundedForm) -> Initiative:
    administration = chosen_administration(form.administration.chosen_id)
    if not isinstance(administration, Administration):
        raise InvalidInput("administration", "Choose an administration.")
    made = funding.plan_unfunded(
        db.session(),
        administration,
        title=form.title.data or "",
        description=form.description.data or "",
        funder=form.funder.data or "",
        budget=form.budget(),
        by=person().id,
        at=clock.now(),
    )
    db.session.commit()
    return made


@blueprint.route("/<plan>/initiatives/<int:initiative_id>/fund", methods=["GET", "POST"])
def fund(plan: str, initiative_id: int) -> ResponseReturnValue:
    """The initiative got its money: it takes part from now on."""
    found = initiative_or_404(initiative_id)
    form = FundForm.of(found)
    taken, refused = _taken(found, form, _fund)
    if taken:
        return redirect(url_for("secretariat.initiative", plan=plan, initiative_id=initiative_id), 303)
    code = 409 if refused else 400 if form.is_submitted() else 200
    page = render_template("secretariat/fund.html", form=form, initiative=found, refused=refused)
    return page, code


def _fund(found: Initiative, form: FundForm) -> str:
    joined = funding.fund(
        db.session(),
        found,
        decision=form.decision.data or "",
        decided_on=form.decided_on.data,
        funder=form.funder.data or "",
        version=form.made_from(),
        rights=rights(),
        by=person(),
        at=clock.now(),
    )
    db.session.commit()
    said = str(_("The initiative is funded and takes part from now on."))
    if joined is None:
        return said
    due = _("Its status of %(year)s is due on %(day)s.", year=joined.year, day=long_date(joined.due_on))
    return f"{said} {due}"


@blueprint.route("/<plan>/initiatives/<int:initiative_id>/proposal", methods=["GET", "POST"])
def proposal(plan: str, initiative_id: int) -> ResponseReturnValue:
    """Read a proposal and answer it."""
    found = initiative_or_404(initiative_id)
    form = AnswerForm(version=str(found.version))
    taken, refused = _taken(found, form, _answer)
    if taken:
        return redirect(url_for("secretariat.initiative", plan=plan, initiative_id=initiative_id), 303)
    code = 409 if refused else 400 if form.is_submitted() else 200
    page = render_template(
        "secretariat/proposal.html",
        form=form,
        initiative=found,
        refused=refused,
        is_open=found.standing is Standing.proposed,
    )
    return page, code


def _answer(found: Initiative, form: AnswerForm) -> str:
    by, at, version = person(), clock.now(), form.made_from()
    if form.answer.data == DECLINED:
        reason = form.reason.data or ""
        proposals.decline(db.session(), found, reason=reason, version=version, by=by, at=at)
        db.session.commit()
        return str(_("The proposal is declined. Whoever proposed it has been told."))
    standing = Standing(form.answer.data)
    proposals.accept(
        db.session(),
        found,
        standing=standing,
        decision=form.decision.data or "",
        decided_on=form.decided_on.data,
        version=version,
        by=by,
        at=at,
    )
    db.session.commit()
    if standing is Standing.unfunded:
        return str(_("The proposal stands on the list of what is planned but unfunded."))
    return str(_("The proposal is taken into the plan. Name an owner, so that somebody is reminded."))


def _taken(found: Initiative, form: FlaskForm, act: Callable[[Initiative, Any], str]) -> tuple[bool, str]:
    """Whether a decision was taken, and the person told so; else why not, empty where the form says it."""
    if not form.validate_on_submit():
        return False, ""
    with RefusalsIn(form):
        try:
            flash(act(found, form), "success")
        except (MoveRefused, StaleVersion) as error:
            db.session.rollback()
            form.version.data = str(found.version)
            return False, sentence_of(error)
        return True, ""
    return False, ""
