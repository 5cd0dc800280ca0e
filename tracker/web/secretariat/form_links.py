"""Personal form links of a plan: whether its reminders carry them, who has one, revoking it, a new one."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.extensions import db
from tracker.rounds.models import Round, RoundState
from tracker.statuses import form_links
from tracker.statuses.models import FormLink
from tracker.web.guards import current_plan
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.viewer import person, secret


@blueprint.get("/<plan>/form-links")
def form_link_list(plan: str) -> ResponseReturnValue:
    return render_template(
        "secretariat/form_link_list.html",
        lines=form_links.links_of_plan(db.session(), current_plan().id),
    )


@blueprint.post("/<plan>/form-links/switch")
def switch_form_links(plan: str) -> ResponseReturnValue:
    on = request.form.get("on") == "y"
    form_links.switch(db.session(), current_plan(), on=on, by=person().id, at=clock.now())
    db.session.commit()
    if on:
        flash(_("From now on reminders of a status carry a personal link."), "success")
    else:
        flash(
            _("Reminders carry no personal links any more, and those that were sent open nothing."), "success"
        )
    return redirect(url_for("secretariat.plan_setup", plan=plan) + "#form-links", 303)


@blueprint.post("/<plan>/form-links/<int:link_id>/revoke")
def revoke_form_link(plan: str, link_id: int) -> ResponseReturnValue:
    form_links.revoke(db.session(), _link_or_404(link_id), by=person().id, at=clock.now())
    db.session.commit()
    flash(_("The link opens nothing any more. Reminders lead the person to the sign-in instead."), "success")
    return redirect(url_for("secretariat.form_link_list", plan=plan), 303)


@blueprint.post("/<plan>/form-links/<int:link_id>/renew")
def renew_form_link(plan: str, link_id: int) -> ResponseReturnValue:
    """A new address in the place of a revoked one; only the person gets to see it, in the next reminder."""
    old = _link_or_404(link_id)
    form_links.make(
        db.session(), old.round_id, old.person_id, secret=secret(), by=person().id, at=clock.now()
    )
    db.session.commit()
    flash(_("The next reminder carries a new link."), "success")
    return redirect(url_for("secretariat.form_link_list", plan=plan), 303)


def _link_or_404(link_id: int) -> FormLink:
    here = Round.plan_id == current_plan().id
    return form_links.link_of(db.session(), link_id, here, Round.state == RoundState.open) or abort(404)
