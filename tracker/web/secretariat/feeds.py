"""The address of a plan's common dates for calendar programs: seeing, making and revoking it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tracker import clock
from tracker.deadlines import feeds
from tracker.extensions import db
from tracker.web.calendar_addresses import addresses_of
from tracker.web.guards import current_plan
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.viewer import person, secret


@blueprint.get("/<plan>/calendar")
def calendar(plan: str) -> ResponseReturnValue:
    token = feeds.token_of(db.session(), _subject(), secret=secret())
    return render_template("secretariat/calendar.html", addresses=addresses_of(token))


@blueprint.post("/<plan>/calendar")
def make_calendar(plan: str) -> ResponseReturnValue:
    """A first address, or a new one in the place of the old."""
    renewed = feeds.token_of(db.session(), _subject(), secret=secret()) is not None
    feeds.make_feed(db.session(), _subject(), secret=secret(), by=person().id, at=clock.now())
    db.session.commit()
    if renewed:
        flash(gettext("The plan's calendar has a new address. The old one no longer works."), "success")
    else:
        flash(gettext("The plan's calendar has an address."), "success")
    return redirect(url_for("secretariat.calendar", plan=plan), 303)


@blueprint.post("/<plan>/calendar/off")
def revoke_calendar(plan: str) -> ResponseReturnValue:
    feeds.revoke_feed(db.session(), _subject(), by=person().id, at=clock.now())
    db.session.commit()
    flash(gettext("The address no longer works, and nobody can read the calendar under it."), "success")
    return redirect(url_for("secretariat.calendar", plan=plan), 303)


def _subject() -> feeds.Subject:
    return feeds.Subject(plan_id=current_plan().id)
