"""The forms of a round and of reading its statuses."""

from __future__ import annotations

from datetime import date
from typing import TypedDict, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from tracker.domain.workflow import WAIVING, Outcome
from tracker.extensions import db
from tracker.initiatives.lists import going_on
from tracker.rounds.models import StatusUpdate
from tracker.web.forms import DayField, Needed
from tracker.web.secretariat.planning_fields import ListField, nothing, shortened, version_sent


class NewRound(TypedDict):
    year: int
    due_on: date


class NewRoundForm(FlaskForm):
    year = IntegerField(
        _l("Year"),
        [
            Needed(_l("Write the year of the round.")),
            NumberRange(2000, 2100, _l("Give a year between 2000 and 2100.")),
        ],
    )
    due_on = DayField(
        _l("Deadline of the statuses"), [Needed(_l("Give the day on which the statuses are due."))]
    )

    def values(self) -> NewRound:
        """What was filled in, after the form was found valid."""
        return cast(NewRound, {"year": self.year.data, "due_on": self.due_on.data})


class MoveForm(FlaskForm):
    """The version that stood on the page that was read."""

    version = HiddenField()

    def read_version(self) -> int:
        """The number of the version that was read; 0, which no update has, when none was sent."""
        return version_sent(self.version)


class ReturnForm(MoveForm):
    """What is to change and by when, for the version that was read."""

    comment = TextAreaField(
        _l("What should be changed"),
        [Needed(_l("Write what should be changed, so that the owner knows what to do."))],
    )
    new_date = DayField(_l("New deadline"), [Needed(_l("Give a new date."))])


class ReasonForm(MoveForm):
    reason = TextAreaField(_l("Reason"), [Needed(_l("Write a reason."))])


class WaiveForm(MoveForm):
    outcome = RadioField(
        _l("Why is no status expected?"),
        [Needed(_l("Say whether the initiative is merged, discontinued or waiting for funding."))],
        choices=[
            SelectChoice(Outcome.merged.value, _l("The initiative has been merged into another")),
            SelectChoice(Outcome.discontinued.value, _l("The initiative has been discontinued")),
            SelectChoice(Outcome.awaiting_funding.value, _l("The initiative is awaiting funding")),
        ],
        validate_choice=False,
    )
    merged_into = ListField(
        _l("Merged into"), [Optional()], description=_l("Needed when it is merged into another.")
    )
    reason = TextAreaField(_l("Reason"), [Needed(_l("Write a reason."))])

    @classmethod
    def of(cls, update: StatusUpdate) -> WaiveForm:
        """The form with the initiatives that another of the plan can be merged into, or as it was sent."""
        form = cls(version=update.version, prefix="waive-")
        form.merged_into.choices = [nothing(_("None"))] + [
            SelectChoice(str(id_), shortened(title))
            for id_, title in going_on(db.session(), update.round.plan_id)
            if id_ != update.initiative_id
        ]
        return form

    def chosen(self) -> Outcome | None:
        return next((outcome for outcome in WAIVING if outcome.value == self.outcome.data), None)
