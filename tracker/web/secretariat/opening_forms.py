"""The form in which a round is opened: year, day, and what becomes of those that do not simply go on."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from tracker.domain.workflow import Outcome
from tracker.initiatives.accounting import Decision, LastLine
from tracker.plans.models import Standing
from tracker.web.secretariat.planning_fields import ListField, nothing, shortened
from tracker.web.secretariat.round_forms import NewRoundForm

CARRIED_ON = "carried_on"


def outcome_choices() -> list[SelectChoice]:
    """How an initiative can end without a status."""
    return [
        SelectChoice(Outcome.merged.value, _("Merged into another")),
        SelectChoice(Outcome.discontinued.value, _("Discontinued")),
        SelectChoice(Outcome.awaiting_funding.value, _("Awaiting funding")),
    ]


class OpeningForm(NewRoundForm):
    """The fields of the initiatives that need a word are added by `opening_form`."""

    asked: tuple[int, ...] = ()

    def fields_of(self, initiative_id: int) -> tuple[Field, Field, Field]:
        """What becomes of it, the reason, and into which it was merged."""
        return self[f"fate_{initiative_id}"], self[f"reason_{initiative_id}"], self[f"into_{initiative_id}"]

    def decisions(self) -> dict[int, Decision]:
        """What becomes of each that was asked about, after the form was found valid."""
        found = {}
        for initiative_id in self.asked:
            fate, reason, into = self.fields_of(initiative_id)
            outcome = None if fate.data == CARRIED_ON else Outcome(fate.data)
            found[initiative_id] = Decision(outcome, reason.data or "", into.chosen_id)
        return found


def opening_form(lines: list[LastLine], *, year: int, due_on: date | None) -> OpeningForm:
    """The form with a choice for each initiative of last round that does not simply go on."""
    asked = [one for one in lines if one.needs_word]
    fields: dict[str, Any] = {"asked": tuple(one.initiative_id for one in asked)}
    values: dict[str, Any] = {}
    for one in asked:
        id_ = one.initiative_id
        fields[f"fate_{id_}"] = ListField(
            _l("What becomes of it"),
            [Optional()],
            choices=[SelectChoice(CARRIED_ON, _("It takes part this year")), *outcome_choices()],
        )
        fields[f"reason_{id_}"] = TextAreaField(_l("Reason"), [Optional()])
        fields[f"into_{id_}"] = ListField(_l("Merged into"), [Optional()], choices=merge_choices(lines, id_))
        suggested = one.suggested
        values[f"fate_{id_}"] = suggested.value if suggested else CARRIED_ON
        values[f"reason_{id_}"] = one.reason if one.waived else ""
        values[f"into_{id_}"] = str(one.merged_into_id or "")
    kind = type("PlansOpeningForm", (OpeningForm,), fields)
    form: OpeningForm = kind(year=year, due_on=due_on, **values)
    return form


def merge_choices(lines: list[LastLine], initiative_id: int) -> list[SelectChoice]:
    """The initiatives that another can have been merged into: those that go on."""
    others = [one for one in lines if one.standing is Standing.active and one.initiative_id != initiative_id]
    return [
        nothing(_("None")),
        *(SelectChoice(str(one.initiative_id), shortened(one.title)) for one in others),
    ]
