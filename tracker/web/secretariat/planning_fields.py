"""Fields that the forms of a plan share: a year, a day, a list to choose from, people by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation, ValidationError

from tracker.accounts.models import Person
from tracker.plans.models import Administration, Committee, Initiative
from tracker.web.forms import DayField

LARGEST_ID = 2**31 - 1


class YearField(StringField):
    """A year as a number, or None when nothing was typed; what is no year is shown again."""

    def pre_validate(self, form: Any) -> None:
        typed = str(self.data or "").strip()
        if typed and not (typed.isascii() and typed.isdigit() and 1990 <= int(typed[:5]) <= 2100):
            raise StopValidation(_("Give a year between 1990 and 2100."))

    @property
    def year(self) -> int | None:
        """The year, after the form was found valid."""
        typed = str(self.data or "").strip()
        return int(typed) if typed else None


class PlanDayField(DayField):
    """A day that a plan can be about."""

    def pre_validate(self, form: Any) -> None:
        typed: date | None = self.data
        if typed is not None and not 1990 <= typed.year <= 2100:
            raise StopValidation(_("Give a year between 1990 and 2100."))

    @property
    def day(self) -> date:
        """The day, after the form was found valid with one."""
        return cast(date, self.data)


class ListField(SelectField):
    """One of a list; the value is a text. Anything that is not in the list is refused in plain words."""

    def __init__(self, label: Any, validators: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("choices", [])
        super().__init__(label, validators, validate_choice=False, **kwargs)

    def pre_validate(self, form: Any) -> None:
        if (self.data or "") not in {choice.value for choice in self.choices or ()} | {""}:
            raise ValidationError(_l("Choose one from the list."))

    @property
    def chosen_id(self) -> int | None:
        """The chosen value as an id; None when nothing was chosen."""
        return int(self.data) if self.data else None


def nothing(text: str) -> SelectChoice:
    """The first line of a list: nothing is chosen."""
    return SelectChoice("", text)


def people_choices(people: Iterable[Person]) -> list[SelectChoice]:
    """People by name; the address tells apart those who are called the same."""
    listed = list(people)
    times = Counter(person.name for person in listed)
    return [
        SelectChoice(
            str(person.id), person.name if times[person.name] == 1 else f"{person.name} ({person.email})"
        )
        for person in listed
    ]


def administration_choices(administrations: Iterable[Administration]) -> list[SelectChoice]:
    return [SelectChoice(str(one.id), f"{one.code} – {one.name}") for one in administrations]


def committee_choices(committees: Iterable[Committee]) -> list[SelectChoice]:
    return [SelectChoice(str(one.id), f"{one.code} – {one.name}") for one in committees]


def initiative_choices(initiatives: Sequence[Initiative]) -> list[SelectChoice]:
    return [SelectChoice(str(one.id), shortened(one.title)) for one in initiatives]


def shortened(title: str, longest: int = 90) -> str:
    """A title that fits in a list."""
    return title if len(title) <= longest else title[: longest - 1].rstrip() + "…"


def version_sent(field: Field) -> int:
    """The version that a page was made from, as its form sent it; 0, which nothing has, for nonsense.

    What was not sent is not filled in: a change always names the version that somebody has seen.
    """
    typed = field.raw_data[0] if field.raw_data else ""
    sensible = isinstance(typed, str) and typed.isascii() and typed.isdigit() and len(typed) < 10
    return int(typed) if sensible else 0
