"""What the pages of an owner are about, or 404 for a stranger."""

from __future__ import annotations

from flask import abort, g

from tracker import clock
from tracker.domain.calendar import WorkingCalendar
from tracker.extensions import db
from tracker.plans import queries as plans
from tracker.plans.models import Initiative
from tracker.reminders.calendars import Calendars
from tracker.rounds import queries as rounds
from tracker.rounds.models import StatusUpdate
from tracker.web import reads
from tracker.web.viewer import rights


def initiative_or_404(initiative_id: int) -> Initiative:
    found = plans.initiative_for(db.session(), rights(), initiative_id)
    if found is None:
        abort(404)
    initiative, g.plan = found  # the plan is named at the top of the page
    return initiative


def update_or_none(update_id: int) -> StatusUpdate | None:
    found = rounds.update_and_plan_for(db.session(), rights(), update_id)
    if found is None:
        reads.note_refused(update_id)
        return None
    update, g.plan = found
    reads.note_read(update)
    return update


def update_or_404(update_id: int) -> StatusUpdate:
    return update_or_none(update_id) or abort(404)


def calendar_of(plan_id: int) -> WorkingCalendar:
    """The plan's working days around today."""
    return Calendars(db.session(), clock.today()).of(plan_id)
