"""Changes that owners and coordinators propose: the list, and the answer to one."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Length, Optional

from tracker import clock
from tracker.extensions import db
from tracker.initiatives import answering_changes
from tracker.plans import queries
from tracker.plans.change_proposals import ProposalLine, proposal_for, proposals_of
from tracker.web.forms import Needed, RefusalsIn
from tracker.web.guards import current_plan
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.planning_fields import PlanDayField
from tracker.web.viewer import person, rights


class AcceptForm(FlaskForm):
    from_on = PlanDayField(_l("The new owner begins on"), [Needed(_l("Give the first day."))])


class DeclineForm(FlaskForm):
    answer = TextAreaField(
        _l("Why not"),
        [
            Optional(),
            Length(max=2_000, message=_l("This can have at most %(max)d characters.")),
        ],
        description=_l("Whoever proposed it reads this behind the sign-in."),
    )


@blueprint.get("/<plan>/changes")
def change_proposals(plan: str) -> ResponseReturnValue:
    found = proposals_of(db.session(), rights(), current_plan().id)
    return render_template("secretariat/change_proposals.html", lines=found)


@blueprint.get("/<plan>/changes/<int:change_id>")
def change_proposal(plan: str, change_id: int) -> ResponseReturnValue:
    return _page(_line_or_404(change_id))


@blueprint.post("/<plan>/changes/<int:change_id>/accept")
def accept_change(plan: str, change_id: int) -> ResponseReturnValue:
    """Do what was proposed."""
    line, form = _line_or_404(change_id), AcceptForm(prefix="accept-", from_on=clock.today())
    if form.validate():
        with RefusalsIn(form):
            answering_changes.accept(
                db.session(),
                line.proposal,
                line.initiative,
                from_on=form.from_on.day,
                by=person().id,
                at=clock.now(),
            )
            db.session.commit()
            flash(_("The change is made, and a letter says so."), "success")
            return redirect(url_for("secretariat.change_proposals", plan=plan), 303)
    return _page(_line_or_404(change_id), accepting=form, code=400)


@blueprint.post("/<plan>/changes/<int:change_id>/decline")
def decline_change(plan: str, change_id: int) -> ResponseReturnValue:
    line, form = _line_or_404(change_id), DeclineForm(prefix="decline-")
    if form.validate():
        with RefusalsIn(form):
            words, by, at = form.answer.data or "", person().id, clock.now()
            answering_changes.decline(db.session(), line.proposal, line.initiative, words=words, by=by, at=at)
            db.session.commit()
            flash(_("The proposal is declined, and a letter says so."), "success")
            return redirect(url_for("secretariat.change_proposals", plan=plan), 303)
    return _page(_line_or_404(change_id), declining=form, code=400)


def _line_or_404(change_id: int) -> ProposalLine:
    found = proposal_for(db.session(), rights(), current_plan().id, change_id)
    return found if found is not None else abort(404)


def _page(
    line: ProposalLine,
    *,
    accepting: AcceptForm | None = None,
    declining: DeclineForm | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    held = queries.holders_of_initiative(db.session(), line.initiative.id, on=clock.today())
    page = render_template(
        "secretariat/change_proposal.html",
        line=line,
        holders=[one for one in held if one.place == "owner"],
        accepting=accepting or AcceptForm(formdata=None, prefix="accept-", from_on=clock.today()),
        declining=declining or DeclineForm(formdata=None, prefix="decline-"),
        typed=accepting or declining,
    )
    return page, code
