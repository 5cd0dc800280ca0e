"""The contributions of a round: how far each administration's is, its committee's decision, consolidation."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.domain.contributions import CommitteeDecision, ContributionMove
from tracker.domain.errors import InvalidInput
from tracker.extensions import db
from tracker.rounds import chains
from tracker.rounds import contributions as verbs
from tracker.rounds.contributions import Share, share_of, shares_of
from tracker.web.contributions import decision_words, state_words
from tracker.web.forms import attach
from tracker.web.guards import current_plan, lead_only
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.contribution_forms import TreatmentForm
from tracker.web.secretariat.loading import round_or_404
from tracker.web.viewer import person, rights

ONE = "/<plan>/rounds/<int:year>/contributions/<int:administration_id>"


@blueprint.get("/<plan>/rounds/<int:year>/contributions")
def contributions(plan: str, year: int) -> ResponseReturnValue:
    """Every administration's contribution, in the order of the memo."""
    round_ = round_or_404(year)
    return render_template(
        "secretariat/contributions.html",
        round=round_,
        shares=shares_of(db.session(), round_),
        state_words=state_words(),
        decision_words=decision_words(),
    )


@blueprint.get(ONE)
def contribution(plan: str, year: int, administration_id: int) -> ResponseReturnValue:
    return _shown(_share_or_404(year, administration_id))


@blueprint.post(f"{ONE}/treated")
def treat_contribution(plan: str, year: int, administration_id: int) -> ResponseReturnValue:
    """Write down what the committee decided."""
    share, form = _share_or_404(year, administration_id), TreatmentForm()
    if not form.validate():
        return _shown(share, form)
    treatment = form.treatment()
    try:
        verbs.treat(db.session(), share, treatment, rights=rights(), by=person(), at=clock.now())
    except InvalidInput as error:
        db.session.rollback()
        attach(form, error)
        return _shown(share, form)
    db.session.commit()
    if treatment.decision is CommitteeDecision.sent_back:
        flash(_("The contribution is sent back. The coordinator has been told."), "success")
    else:
        flash(_("The committee's decision is written down."), "success")
    return _back(share)


@blueprint.post(f"{ONE}/consolidate")
def consolidate_contribution(plan: str, year: int, administration_id: int) -> ResponseReturnValue:
    share = _share_or_404(year, administration_id)
    return _made(share, verbs.consolidate, _("The contribution is consolidated."))


@blueprint.post(f"{ONE}/sign-off")
def sign_off_contribution(plan: str, year: int, administration_id: int) -> ResponseReturnValue:
    """The lead signs off for an administration whose coordinator cannot."""
    share = _share_or_404(year, administration_id)
    lead_only()
    done = _("The contribution is signed off. The journal says that you did it.")
    return _made(share, verbs.sign_off, done)


@blueprint.post(f"{ONE}/take-back")
def take_back_contribution(plan: str, year: int, administration_id: int) -> ResponseReturnValue:
    """Undo the last step: the consolidation, or, for the lead, the signing off."""
    return _made(_share_or_404(year, administration_id), verbs.take_back, _("The last step is undone."))


def _made(share: Share, move: Callable[..., None], done: str) -> ResponseReturnValue:
    """Make a move that asks for nothing more."""
    move(db.session(), share, rights=rights(), by=person(), at=clock.now())
    db.session.commit()
    flash(done, "success")
    return _back(share)


def _share_or_404(year: int, administration_id: int) -> Share:
    found = share_of(db.session(), round_or_404(year), administration_id)
    return found or abort(404)


def _shown(share: Share, form: TreatmentForm | None = None) -> ResponseReturnValue:
    """The page of a contribution. A form that is given was sent and could not be taken."""
    moves = share.moves(rights())
    page = render_template(
        "secretariat/contribution.html",
        share=share,
        contribution=share.contribution,
        round=share.round,
        form=form or TreatmentForm.of(share.contribution),
        typed=form,
        moves=moves,
        Move=ContributionMove,
        dates=chains.dates_of(db.session(), share.round, share.administration.id),
        state_words=state_words(),
        decision_words=decision_words(),
    )
    return page, 400 if form is not None else 200


def _back(share: Share) -> ResponseReturnValue:
    address = url_for(
        "secretariat.contribution",
        plan=current_plan().slug,
        year=share.round.year,
        administration_id=share.administration.id,
    )
    return redirect(address, 303)
