"""The reminders about an administration's statuses and deadlines: which are to come, to whom, what went."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.extensions import db
from tracker.reminders import ledger
from tracker.rounds.obligations import of_administration, open_of_administration
from tracker.web import ledgers
from tracker.web.coordinator.blueprint import blueprint
from tracker.web.coordinator.loading import own_or_404
from tracker.web.letters_to_come import PERIODS, asked_days, by_day, letters_to_come


@blueprint.get("/<int:administration_id>/letters")
def letters(administration_id: int) -> ResponseReturnValue:
    """A letter that tells of other administrations too stands here with the lines about this one alone."""
    found, session, days = own_or_404(administration_id), db.session(), asked_days()
    owed = open_of_administration(session, found.id, today=clock.today())
    asked = ledgers.asked(found.plan_id)
    return render_template(
        "coordinator/letters.html",
        administration=found,
        by_day=by_day(letters_to_come(owed, days=days)),
        days=days,
        periods=PERIODS,
        **ledgers.shown(ledger.of_those(session, of_administration(found.id), asked)),
    )
