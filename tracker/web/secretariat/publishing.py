"""From when the public may read a locked memo, and what holds it back."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.extensions import db
from tracker.memos.publishing import day as verbs
from tracker.rounds.models import Round, RoundState
from tracker.rounds.queries import contribution_of
from tracker.web.contributions import state_words
from tracker.web.forms import RefusalsIn
from tracker.web.guards import current_plan, lead_only
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.front_forms import LetThroughForm, PublishingForm
from tracker.web.secretariat.loading import round_or_404
from tracker.web.viewer import person, rights


@blueprint.get("/<plan>/rounds/<int:year>/publishing")
def publishing(plan: str, year: int) -> ResponseReturnValue:
    return _shown(round_or_404(year))


@blueprint.post("/<plan>/rounds/<int:year>/publishing")
def choose_publishing_day(plan: str, year: int) -> ResponseReturnValue:
    """Choose from when the locked memo is public."""
    lead_only()
    round_, form = round_or_404(year), PublishingForm()
    if not form.validate():
        return _shown(round_, form)
    verbs.choose_day(db.session(), round_, form.publish_on.data, rights=rights(), by=person(), at=clock.now())
    db.session.commit()
    flash(_("The day of publishing is saved."), "success")
    return redirect(url_for("secretariat.publishing", plan=plan, year=year), 303)


@blueprint.post("/<plan>/rounds/<int:year>/publishing/<int:administration_id>")
def let_through(plan: str, year: int, administration_id: int) -> ResponseReturnValue:
    """Publish without the treatment of a committee that will not treat its part."""
    lead_only()
    round_, form = round_or_404(year), LetThroughForm()
    contribution = contribution_of(db.session(), round_.id, administration_id) or abort(404)
    if not form.validate():
        return _shown(round_, waiver=form, of=administration_id)
    with RefusalsIn(form):
        verbs.let_through(
            db.session(),
            round_,
            contribution,
            form.reason.data or "",
            rights=rights(),
            by=person(),
            at=clock.now(),
        )
        db.session.commit()
        flash(_("The contribution does not hold the memo back any more. The journal says why."), "success")
        return redirect(url_for("secretariat.publishing", plan=plan, year=year), 303)
    return _shown(round_, waiver=form, of=administration_id)


def _shown(
    round_: Round,
    form: PublishingForm | None = None,
    *,
    waiver: LetThroughForm | None = None,
    of: int | None = None,
) -> ResponseReturnValue:
    """The page. A form that is given was sent and could not be taken."""
    session = db.session()
    locked = round_.state is RoundState.locked
    first = verbs.public_from(
        verbs.treated_of(session, [round_.id]).get(round_.id, []),
        locked=locked,
        publish_on=round_.publish_on,
    )
    page = render_template(
        "secretariat/publishing.html",
        round=round_,
        is_locked=locked,
        is_lead=current_plan().id in rights().leads,
        held_back=verbs.held_back_by(session, round_),
        first=first,
        is_public=first is not None and first <= clock.today(),
        state_words=state_words(),
        form=form or PublishingForm(formdata=None, publish_on=round_.publish_on),
        waiver=waiver or LetThroughForm(formdata=None),
        waived_id=of,
        typed=form or waiver,
    )
    return page, 400 if form is not None or waiver is not None else 200
