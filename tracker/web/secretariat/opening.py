"""Opening a round, after seeing for whom."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.domain.errors import InvalidInput
from tracker.extensions import db
from tracker.plans.coverage import coverage_of
from tracker.rounds import opening, queries
from tracker.web.forms import attach
from tracker.web.guards import current_plan, lead_only
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.round_forms import NewRoundForm
from tracker.web.viewer import person


@blueprint.route("/<plan>/rounds/new", methods=["GET", "POST"])
def new_round(plan: str) -> ResponseReturnValue:
    """Open the round of a year, after seeing for whom."""
    lead_only()
    session, where = db.session(), current_plan()
    coverage = coverage_of(session, where.id, on=clock.today())
    former = queries.rounds_of(session, where.id)
    form = NewRoundForm(year=former[0].year + 1 if former else clock.today().year)
    if form.validate_on_submit():
        try:
            opened = opening.open_round(session, where, **form.values(), by=person().id, at=clock.now())
            db.session.commit()
        except InvalidInput as error:
            db.session.rollback()
            attach(form, error)
        else:
            flash(_("The round of %(year)s is open.", year=opened.year), "success")
            return redirect(url_for("secretariat.round", plan=plan, year=opened.year), 303)
    page = render_template(
        "secretariat/new_round.html", form=form, coverage=coverage, former=former[0] if former else None
    )
    return page, 400 if form.is_submitted() else 200
