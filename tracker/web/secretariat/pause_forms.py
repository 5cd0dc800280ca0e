"""The form that pauses a plan's reminders."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from tracker.web.forms import Needed
from tracker.web.secretariat.planning_fields import PlanDayField


class PauseForm(FlaskForm):
    until_on = PlanDayField(
        _l("Last day of the pause"), [Needed(_l("Write the last day of the pause, as in 20.10.2026."))]
    )
