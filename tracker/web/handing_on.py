"""Somebody leaves: their places in a table, each with who takes it over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from tracker.accounts.models import Person
from tracker.plans.holdings import Holding
from tracker.web.forms import DayField, Needed

NOBODY, AS_ABOVE = "nobody", ""


class LeavingForm(FlaskForm):
    """`successor` is for every place that names nobody itself."""

    last_day = DayField(_l("Last day"), [Needed(_l("Give the last day."))])
    successor = SelectField(
        _l("Who takes over"),
        description=_l("For all the places. You can name somebody else for each below."),
        validate_choice=False,
    )

    def validate_last_day(self, field: Any) -> None:
        if field.data is not None and not 1990 <= field.data.year <= 2100:
            raise ValidationError(_("Give a year between 1990 and 2100."))

    @property
    def last(self) -> date:
        """The last day, after the form was found valid."""
        return cast(date, self.last_day.data)

    def of(self, holding: Holding) -> SelectField:
        """The field of one place."""
        field: SelectField = self[_name(holding)]
        return field

    def successors(self, people: Sequence[Person], holdings: Sequence[Holding]) -> dict[int, Person]:
        """Who takes over which placement, by its id, after the form was found valid."""
        known = {str(one.id): one for one in people}
        chosen = {one.placement.id: self.of(one).data or self.successor.data for one in holdings}
        return {id_: known[choice] for id_, choice in chosen.items() if choice in known}


def leaving_form(
    holdings: Sequence[Holding], people: Sequence[Person], *, last_day: date, labels: Any
) -> LeavingForm:
    """The form as it was sent, or with nobody chosen. `people` are those who may take over."""
    fields = {
        _name(one): SelectField(
            _("Who takes over %(what)s", what=one.of), default=AS_ABOVE, validate_choice=False
        )
        for one in holdings
    }
    form: LeavingForm = type("Leaving", (LeavingForm,), fields)(last_day=last_day)
    choices = [SelectChoice(str(one.id), label) for one, label in zip(people, labels, strict=True)]
    form.successor.choices = [SelectChoice(NOBODY, _("Nobody yet")), *choices]
    for one in holdings:
        form.of(one).choices = [
            SelectChoice(AS_ABOVE, _("As chosen for all")),
            SelectChoice(NOBODY, _("Nobody yet")),
            *choices,
        ]
    return form


def _name(holding: Holding) -> str:
    return f"place_{holding.placement.id}"
