"""The forms of a plan's facts, administrations and committees."""

from __future__ import annotations

from typing import Any, TypedDict

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from tracker.holidays_dk import OPTIONAL_DAYS
from tracker.plans.models import Plan
from tracker.web.forms import Needed
from tracker.web.secretariat.planning_fields import ListField, YearField

DAY_NAMES = {
    "labour_day": _l("1 May"),
    "constitution_day": _l("Constitution Day, 5 June"),
    "christmas_eve": _l("Christmas Eve, 24 December"),
    "new_years_eve": _l("New Year's Eve, 31 December"),
}


class PlanFacts(TypedDict):
    name: str
    authority: str
    office: str
    coordinating_administration: str
    council: str
    first_year: int | None
    last_year: int | None
    closed_days: list[str]


def _most(count: int) -> Any:
    return Length(max=count, message=_l("This can have at most %(max)d characters."))


class PlanForm(FlaskForm):
    name = StringField(_l("Name of the plan"), [Needed(_l("Write the plan's name.")), _most(300)])
    authority = StringField(
        _l("Authority"), [Optional(), _most(200)], description=_l("For example the municipality.")
    )
    council = StringField(
        _l("Council"), [Optional(), _most(200)], description=_l("Whom the memo is addressed to.")
    )
    coordinating_administration = StringField(
        _l("Coordinating administration"),
        [Optional(), _most(200)],
        description=_l("Stands at the head of the memo."),
    )
    office = StringField(
        _l("Office"), [Optional(), _most(200)], description=_l("Stands at the head of the memo.")
    )
    first_year = YearField(_l("First year"), [Optional()])
    last_year = YearField(_l("Last year"), [Optional()])
    closed_days = SelectMultipleField(
        _l("The offices are also closed on"),
        choices=[SelectChoice(code, DAY_NAMES[code]) for code in OPTIONAL_DAYS],
        description=_l(
            "No reminder falls due on a closed day, and it does not count as a working day. "
            "A change moves the reminders to come at once."
        ),
        validate_choice=False,
    )

    @classmethod
    def of(cls, plan: Plan) -> PlanForm:
        """The form as the plan stands, or as it was sent."""
        return cls(
            name=plan.name,
            authority=plan.authority,
            council=plan.council,
            coordinating_administration=plan.coordinating_administration,
            office=plan.office,
            first_year=str(plan.first_year or ""),
            last_year=str(plan.last_year or ""),
            closed_days=[code for code in plan.closed_days.split(",") if code],
        )

    def values(self) -> PlanFacts:
        """What was filled in, after the form was found valid."""
        return PlanFacts(
            name=self.name.data or "",
            authority=self.authority.data or "",
            office=self.office.data or "",
            coordinating_administration=self.coordinating_administration.data or "",
            council=self.council.data or "",
            first_year=self.first_year.year,
            last_year=self.last_year.year,
            closed_days=[code for code in self.closed_days.data or () if code in OPTIONAL_DAYS],
        )


class AdministrationForm(FlaskForm):
    code = StringField(
        _l("Code"),
        [Needed(_l("Write a code, such as the first letters.")), _most(12)],
        description=_l("Short, for example BUF."),
    )
    name = StringField(_l("Name"), [Needed(_l("Write the name as the memo prints it.")), _most(200)])


class CommitteeForm(FlaskForm):
    code = StringField(
        _l("Code"),
        [Needed(_l("Write a code, such as the first letters.")), _most(12)],
        description=_l("Short, for example BUU."),
    )
    name = StringField(_l("Name"), [Needed(_l("Write the committee's name.")), _most(200)])
    administration = ListField(_l("Standing committee of"))
