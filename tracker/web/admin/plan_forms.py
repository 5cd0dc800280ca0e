"""The form of a new plan."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import Length, Optional, StopValidation

from tracker.web.forms import Needed


def _most(count: int) -> Length:
    return Length(max=count, message=lazy_gettext("This can have at most %(max)d characters."))


class _Year:
    """A year in four digits."""

    def __call__(self, form: Any, field: Any) -> None:
        typed = (field.data or "").strip()
        if typed and not (typed.isascii() and typed.isdigit() and 1990 <= int(typed[:5]) <= 2100):
            raise StopValidation(lazy_gettext("Give a year between 1990 and 2100."))


class PlanForm(FlaskForm):
    name = StringField(
        lazy_gettext("Name of the plan"),
        [Needed(lazy_gettext("Write the plan's name.")), _most(300)],
    )
    slug = StringField(
        lazy_gettext("Short name in addresses"),
        [Needed(lazy_gettext("Write a short name.")), _most(60)],
        description=lazy_gettext("Small letters a-z, digits and hyphens, for example plan-2026. It stays."),
    )
    authority = StringField(
        lazy_gettext("Authority"),
        [Optional(), _most(200)],
        description=lazy_gettext("For example the municipality."),
    )
    council = StringField(
        lazy_gettext("Council"),
        [Optional(), _most(200)],
        description=lazy_gettext("Whom the memo is addressed to."),
    )
    office = StringField(
        lazy_gettext("Office"),
        [Optional(), _most(200)],
        description=lazy_gettext("Stands at the head of the memo."),
    )
    first_year = StringField(lazy_gettext("First year"), [Optional(), _Year()])
    last_year = StringField(lazy_gettext("Last year"), [Optional(), _Year()])
    person = SelectField(
        lazy_gettext("Lead of its secretariat"),
        [Needed(lazy_gettext("Choose a person."))],
        description=lazy_gettext("Opens and closes the rounds, and locks the memo."),
        validate_choice=False,
    )

    def values(self) -> dict[str, Any]:
        """The plan's facts, after the form was found valid."""
        names = ("name", "slug", "authority", "council", "office")
        years = ("first_year", "last_year")
        facts: dict[str, Any] = {name: (self[name].data or "").strip() for name in names}
        return facts | {year: int(self[year].data) if self[year].data else None for year in years}
