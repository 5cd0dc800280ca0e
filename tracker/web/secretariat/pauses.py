"""Pausing a plan's reminders until a day, and going on."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.extensions import db
from tracker.succession.pauses import pause_plan
from tracker.web.forms import RefusalsIn
from tracker.web.guards import current_plan
from tracker.web.secretariat import ladders
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.pause_forms import PauseForm
from tracker.web.template_helpers import long_date
from tracker.web.viewer import person


@blueprint.post("/<plan>/pause")
def pause_reminders(plan: str) -> ResponseReturnValue:
    """Remind nobody in the plan up to and including a day."""
    form = PauseForm()
    if form.validate():
        day = form.until_on.day
        with RefusalsIn(form):
            pause_plan(db.session(), current_plan(), until_on=day, by=person().id, at=clock.now())
            db.session.commit()
            flash(_("The reminders are paused up to and including %(day)s.", day=long_date(day)), "success")
            return redirect(url_for("secretariat.ladders", plan=plan), 303)
    return ladders.overview(form, 400)


@blueprint.post("/<plan>/pause/end")
def end_pause(plan: str) -> ResponseReturnValue:
    """Go on with the reminders; what fell due meanwhile is sent."""
    pause_plan(db.session(), current_plan(), until_on=None, by=person().id, at=clock.now())
    db.session.commit()
    flash(_("The pause has ended. What fell due meanwhile goes out now."), "success")
    return redirect(url_for("secretariat.ladders", plan=plan), 303)
