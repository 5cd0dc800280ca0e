"""The forms of what is planned but unfunded, of proposals, and of how an initiative ends."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional, ValidationError

from tracker.domain.errors import InvalidInput
from tracker.domain.workflow import Outcome
from tracker.extensions import db
from tracker.initiatives.accounting import Decision
from tracker.initiatives.funding import Budget
from tracker.plans import queries as plans
from tracker.plans.models import Initiative, Standing
from tracker.web.forms import Needed
from tracker.web.guards import current_plan
from tracker.web.secretariat.opening_forms import outcome_choices
from tracker.web.secretariat.planning_fields import (
    ListField,
    PlanDayField,
    administration_choices,
    nothing,
    shortened,
    version_sent,
)

DECLINED = "declined"
_FUNDER = Length(max=300, message=_l("This can have at most %(max)d characters."))


class UnfundedForm(FlaskForm):
    """What is planned and lacks money."""

    title = TextAreaField(_l("Title"), [Needed(_l("Write a title."))])
    administration = ListField(_l("Administration"), [Needed(_l("Choose an administration."))])
    description = TextAreaField(_l("What it is about"), [Needed(_l("Write what the initiative is about."))])
    funder = StringField(
        _l("Funding"), [Optional(), _FUNDER], description=_l("Where the money is to come from.")
    )
    budget_title = StringField(
        _l("Budget it waits for"), [Optional()], description=_l("For example Budget 2027.")
    )
    budget_on = PlanDayField(
        _l("Date of the budget"),
        [Optional()],
        description=_l("Whoever has to do with it is reminded before that day."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = plans.administrations(db.session(), current_plan().id)
        self.administration.choices = [nothing(_("Choose an administration")), *administration_choices(found)]

    def budget(self) -> Budget | None:
        """What it waits for, after the form was found valid. Raises InvalidInput when half is missing."""
        title = (self.budget_title.data or "").strip()
        day: date | None = self.budget_on.data
        if title and day is None:
            raise InvalidInput("budget_on", "Give the date of the budget.")
        if day is not None and not title:
            raise InvalidInput("budget_title", "Write which budget it is.")
        return Budget(title, day) if day is not None else None


class FundForm(FlaskForm):
    version = HiddenField()
    decision = StringField(
        _l("Decision"),
        [Needed(_l("Write which decision it was."))],
        description=_l("Who gave the money, and under which item."),
    )
    decided_on = PlanDayField(_l("Date of the decision"), [Optional()])
    funder = StringField(_l("Funding"), [Optional(), _FUNDER])

    @classmethod
    def of(cls, initiative: Initiative) -> FundForm:
        return cls(version=str(initiative.version), funder=initiative.funder)

    def made_from(self) -> int:
        return version_sent(self.version)


class AnswerForm(FlaskForm):
    """The answer to a proposal."""

    version = HiddenField()
    answer = RadioField(
        _l("Answer"),
        [Needed(_l("Say whether it is taken into the plan, lacks money or is declined."))],
        choices=[
            SelectChoice(Standing.active.value, _l("It is taken into the plan")),
            SelectChoice(Standing.unfunded.value, _l("It is planned, and awaits funding")),
            SelectChoice(DECLINED, _l("It is declined")),
        ],
        validate_choice=False,
    )
    decision = StringField(
        _l("Decision"),
        [Optional()],
        description=_l("Needed when it is taken into the plan: who decided it, and under which item."),
    )
    decided_on = PlanDayField(_l("Date of the decision"), [Optional()])
    reason = TextAreaField(
        _l("Reason"),
        [Optional()],
        description=_l("Needed when it is declined. Whoever proposed it reads the reason."),
    )

    def validate_answer(self, field: Field) -> None:
        if field.data not in {Standing.active.value, Standing.unfunded.value, DECLINED}:
            raise ValidationError(_l("Say whether it is taken into the plan, lacks money or is declined."))

    def made_from(self) -> int:
        return version_sent(self.version)


class EndingForm(FlaskForm):
    """How an initiative of last round ends in this one."""

    outcome = ListField(_l("What becomes of it"), [Needed(_l("Say what becomes of it."))])
    reason = TextAreaField(_l("Reason"), [Needed(_l("Write a reason."))])
    into = ListField(_l("Merged into"), [Optional()], description=_l("Only when it was merged."))

    def decision(self) -> Decision:
        """What was filled in, after the form was found valid."""
        return Decision(Outcome(self.outcome.data), self.reason.data or "", self.into.chosen_id)


def ending_form(initiative: Initiative, others: list[Initiative], **given: Any) -> EndingForm:
    """The form with the plan's initiatives that another can have been merged into."""
    form = EndingForm(prefix=f"of-{initiative.id}-", **given)
    form.outcome.choices = [nothing(_("Choose what becomes of it")), *outcome_choices()]
    active = [one for one in others if one.standing is Standing.active and one.id != initiative.id]
    form.into.choices = [
        nothing(_("None")),
        *(SelectChoice(str(one.id), shortened(one.title)) for one in active),
    ]
    return form
