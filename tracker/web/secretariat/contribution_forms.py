"""The form in which a committee's treatment of a contribution is written down."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, ValidationError

from tracker.domain.contributions import CommitteeDecision, ContributionState, Treatment
from tracker.rounds.models import Contribution
from tracker.web.forms import Needed
from tracker.web.secretariat.planning_fields import PlanDayField


class TreatmentForm(FlaskForm):
    treated_on = PlanDayField(_l("Day of the meeting"), [Needed(_l("Give the day of the meeting."))])
    item_number = StringField(
        _l("Item on the agenda"), [Needed(_l("Write the number of the item on the agenda."))]
    )
    decision = RadioField(
        _l("Decision"),
        [Needed(_l("Choose what the committee decided."))],
        choices=[
            SelectChoice(CommitteeDecision.noted.value, _l("The committee took note")),
            SelectChoice(CommitteeDecision.approved.value, _l("The committee approved")),
            SelectChoice(CommitteeDecision.sent_back.value, _l("The committee sent it back")),
        ],
        validate_choice=False,
    )
    decision_note = TextAreaField(
        _l("Note"),
        [Optional()],
        description=_l("Needed when it is sent back: what the committee asks for. The coordinator reads it."),
    )

    @classmethod
    def of(cls, contribution: Contribution) -> TreatmentForm:
        """The form of a page that is opened: empty for a decision to come, else with what is corrected."""
        if contribution.state is ContributionState.signed_off:
            return cls(formdata=None)
        return cls(
            formdata=None,
            treated_on=contribution.treated_on,
            item_number=contribution.item_number,
            decision=contribution.decision.value if contribution.decision else None,
            decision_note=contribution.decision_note,
        )

    def validate_decision(self, field: Field) -> None:
        if field.data not in {one.value for one in CommitteeDecision}:
            raise ValidationError(_l("Choose what the committee decided."))

    def treatment(self) -> Treatment:
        """What was filled in, after the form was found valid."""
        return Treatment(
            on=self.treated_on.day,
            item_number=self.item_number.data or "",
            decision=CommitteeDecision(self.decision.data),
            note=self.decision_note.data or "",
        )
