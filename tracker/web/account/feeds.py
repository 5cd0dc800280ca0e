"""The address of one's own deadlines for a calendar program: seeing, making and revoking it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tracker import clock
from tracker.deadlines import feeds
from tracker.extensions import db
from tracker.web.account.blueprint import blueprint
from tracker.web.account.signing_in import required_person
from tracker.web.calendar_addresses import addresses_of
from tracker.web.viewer import secret


@blueprint.get("/account/calendar")
def calendar() -> ResponseReturnValue:
    person = required_person()
    token = feeds.token_of(db.session(), feeds.Subject(person_id=person.id), secret=secret())
    return render_template("account/calendar.html", addresses=addresses_of(token))


@blueprint.post("/account/calendar")
def make_calendar() -> ResponseReturnValue:
    """A first address, or a new one in the place of the old."""
    person = required_person()
    mine = feeds.Subject(person_id=person.id)
    renewed = feeds.token_of(db.session(), mine, secret=secret()) is not None
    feeds.make_feed(db.session(), mine, secret=secret(), by=person.id, at=clock.now())
    db.session.commit()
    if renewed:
        flash(gettext("Your calendar has a new address. The old one no longer works."), "success")
    else:
        flash(gettext("Your calendar has an address."), "success")
    return redirect(url_for("account.calendar"), 303)


@blueprint.post("/account/calendar/off")
def revoke_calendar() -> ResponseReturnValue:
    person = required_person()
    feeds.revoke_feed(db.session(), feeds.Subject(person_id=person.id), by=person.id, at=clock.now())
    db.session.commit()
    flash(gettext("The address no longer works, and nobody can read the calendar under it."), "success")
    return redirect(url_for("account.calendar"), 303)
