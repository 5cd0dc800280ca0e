"""The form of a ladder: the reminders of one kind of obligation, of which any number can be added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FieldList, Form, FormField, HiddenField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.domain.errors import InvalidInput
from tracker.domain.ladders import (
    LONGEST_INTERVAL,
    MOST_DAYS,
    MOST_STEPS,
    Anchor,
    ObligationKind,
    Place,
    Step,
    rung,
)
from tracker.web.errors import sentence_of
from tracker.web.forms import Needed, attach
from tracker.web.secretariat import ladder_words
from tracker.web.secretariat.planning_fields import ListField, version_sent

USUAL = "usual"
DAYS, WORKING_DAYS = "days", "working_days"


class CountField(StringField):
    """A whole number, or nothing. What is no number is shown again as it was typed."""

    def __init__(self, label: Any, *, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.least, self.most = least, most

    def pre_validate(self, form: Any) -> None:
        typed = self._typed()
        sensible = not typed or (typed.isascii() and typed.isdigit() and len(typed) < 5)
        if not sensible or (typed and not self.least <= int(typed) <= self.most):
            raise StopValidation(
                _("Give a whole number from %(least)d to %(most)d.", least=self.least, most=self.most)
            )

    @property
    def number(self) -> int | None:
        """What was typed, after the form was found valid."""
        return int(self._typed()) if self._typed() else None

    def _typed(self) -> str:
        return str(self.data if self.data is not None else "").strip()


class StepForm(Form):
    """One reminder of a ladder."""

    days = CountField(_l("How many"), least=0, most=MOST_DAYS)
    unit = ListField(_l("Which days"))
    anchor = ListField(_l("When"), [Needed(_l("Choose when it goes out."))])
    every = CountField(_l("Repeat every (working days)"), least=1, most=LONGEST_INTERVAL)
    places = SelectMultipleField(
        _l("To"),
        [Needed(_l("Choose who gets it."))],
        choices=[],
        validate_choice=False,
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )

    def offer(self, kind: ObligationKind) -> None:
        """Fill the lists in, in the words of this kind of obligation."""
        self.unit.choices = [SelectChoice(DAYS, _("days")), SelectChoice(WORKING_DAYS, _("working days"))]
        self.anchor.choices = [
            SelectChoice(one.value, text) for one, text in ladder_words.anchors(kind).items()
        ]
        self.places.choices = [SelectChoice(one.value, text) for one, text in ladder_words.places().items()]

    def validate_days(self, field: CountField) -> None:
        if not field.errors and field.number is None:
            raise StopValidation(_("Write how many days."))

    def validate_unit(self, field: ListField) -> None:
        if str(self.every.data or "").strip() and field.data != WORKING_DAYS:
            raise StopValidation(_("A reminder that is repeated is counted in working days."))

    def validate_every(self, field: CountField) -> None:
        if field.errors or field.number is None:
            return
        if self.anchor.data != Anchor.after_last.value:
            raise StopValidation(_("Only a reminder that comes afterwards can be repeated."))

    def step(self, kind: ObligationKind) -> Step:
        """The reminder, after the form was found valid."""
        return rung(
            kind,
            (Place(code) for code in self.places.data or () if code in set(Place)),
            Anchor(self.anchor.data),
            self.days.number or 0,
            working_days=self.unit.data == WORKING_DAYS,
            every=self.every.number,
        )


class StepList(FieldList):  # type: ignore[misc]
    """The reminders; only entries with an ordinary number are read."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        wanted = f"{prefix}{self._separator}"
        for name in formdata:
            number = name.removeprefix(wanted).split("-", 1)[0] if name.startswith(wanted) else ""
            if number.isascii() and number.isdigit() and len(number) < 4:
                yield int(number)


class LadderForm(FlaskForm):
    """`version` is that of the ladder which the page was made from."""

    version = HiddenField()
    steps = StepList(FormField(StepForm), max_entries=MOST_STEPS)

    @classmethod
    def of(cls, kind: ObligationKind, steps: Sequence[Step], version: int | None) -> LadderForm:
        """The form as the ladder stands."""
        form = cls(
            formdata=None,
            version=USUAL if version is None else str(version),
            steps=[_values(step) for step in steps],
        )
        return form.offering(kind)

    @classmethod
    def sent(cls, kind: ObligationKind) -> LadderForm:
        """The form as it was sent."""
        return cls().offering(kind)

    def offering(self, kind: ObligationKind) -> LadderForm:
        for entry in self.steps:
            entry.form.offer(kind)
        return self

    def add(self, kind: ObligationKind) -> None:
        """One more reminder, which is still to be filled in."""
        anchors = ladder_words.anchors(kind)
        anchor = Anchor.before_last if Anchor.before_last in anchors else next(iter(anchors))
        usual = {"anchor": anchor.value, "unit": DAYS}
        if len(self.steps) < MOST_STEPS:
            self.steps.append_entry(usual).form.offer(kind)

    def remove(self, typed: str) -> None:
        """Without the reminder whose place in the list was sent; without a change when there is none."""
        for index in range(len(self.steps)):
            if typed == str(index):
                self.steps.pop_entry(index)
                return

    def version_seen(self) -> int | None:
        """The version that the page was made from; None for the usual ladder."""
        return None if self.version.data == USUAL else version_sent(self.version)

    def ladder(self, kind: ObligationKind) -> tuple[Step, ...]:
        """The reminders, after the form was found valid."""
        return tuple(entry.form.step(kind) for entry in self.steps)

    def refuse(self, error: InvalidInput) -> None:
        """Show a rule's refusal at the part of the reminder that it names, else above the form."""
        for entry in self.steps:
            for field in entry.form:
                if field.name == error.field:
                    field.errors = [*field.errors, sentence_of(error)]
                    self.steps.errors = [one.errors for one in self.steps]
                    return
        attach(self, InvalidInput("ladder", error.message, **error.params))


def _values(step: Step) -> dict[str, Any]:
    return {
        "days": str(step.days),
        "unit": WORKING_DAYS if step.working_days else DAYS,
        "anchor": step.anchor.value,
        "every": "" if step.every is None else str(step.every),
        "places": [place.value for place in step.places],
    }
