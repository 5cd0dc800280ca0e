"""Proposing a new initiative, and what became of one's proposals."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from tracker import clock
from tracker.domain.errors import InvalidInput
from tracker.extensions import db
from tracker.initiatives import proposals as verbs
from tracker.initiatives.lists import own_proposals
from tracker.plans.models import Administration, Initiative
from tracker.web.forms import Needed, RefusalsIn
from tracker.web.owner.blueprint import blueprint
from tracker.web.viewer import person, rights


class ProposalForm(FlaskForm):
    administration = SelectField(
        lazy_gettext("Administration"),
        [Needed(lazy_gettext("Choose an administration."))],
        validate_choice=False,
    )
    title = TextAreaField(
        lazy_gettext("Title"),
        [
            Needed(lazy_gettext("Write a title.")),
            Length(max=1_000, message=lazy_gettext("This can have at most %(max)d characters.")),
        ],
    )
    description = TextAreaField(
        lazy_gettext("What it is about"),
        [Needed(lazy_gettext("Write what the initiative is about."))],
        description=lazy_gettext("What should happen, for whom, and who would carry it out."),
    )


@blueprint.get("/proposals")
def proposals() -> ResponseReturnValue:
    """One's proposals, with the answers."""
    session = db.session()
    return render_template(
        "owner/proposals.html",
        proposals=own_proposals(session, person().id),
        may_propose=bool(verbs.may_propose_in(session, rights())),
    )


@blueprint.route("/proposals/new", methods=["GET", "POST"])
def propose() -> ResponseReturnValue:
    """Propose an initiative where one owns or coordinates."""
    mine = verbs.may_propose_in(db.session(), rights())
    if not mine:
        abort(404)
    form = ProposalForm()
    form.administration.choices = [SelectChoice(str(one.id), one.name) for one in mine]
    if form.validate_on_submit():
        with RefusalsIn(form):
            _propose(form, mine)
            flash(gettext("Your proposal has been sent. You get a letter when it is answered."), "success")
            return redirect(url_for("owner.proposals"), 303)
    page = render_template("owner/propose.html", form=form)
    return page, 400 if form.is_submitted() else 200


def _propose(form: ProposalForm, mine: list[Administration]) -> Initiative:
    chosen = next((one for one in mine if str(one.id) == form.administration.data), None)
    if chosen is None:
        raise InvalidInput("administration", "Choose an administration.")
    made = verbs.propose(
        db.session(),
        chosen,
        title=form.title.data or "",
        description=form.description.data or "",
        by=person(),
        rights=rights(),
        at=clock.now(),
    )
    db.session.commit()
    return made
