"""What the forms of every audience share."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField
from wtforms.validators import StopValidation

from tracker.domain.errors import InvalidInput
from tracker.extensions import db
from tracker.web.errors import sentence_of


def attach(form: FlaskForm, error: InvalidInput) -> None:
    """Show a rule's refusal at the field that it names, or above the form when the form lacks that field."""
    if error.field in form:
        field = form[error.field]
        field.errors = [*field.errors, sentence_of(error)]
    else:
        form.form_errors = [*form.form_errors, sentence_of(error)]


class RefusalsIn:
    """What a rule refuses within is shown in the form, nothing of it is kept, and the lines after go on."""

    def __init__(self, form: FlaskForm) -> None:
        self.form = form

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, InvalidInput):
            return False
        db.session.rollback()
        attach(self.form, error)
        return True


class DayField(DateField):
    """A date, typed as dd.mm.yyyy or sent by the calendar as yyyy-mm-dd. What is no date is shown again."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, format=["%d.%m.%Y", "%Y-%m-%d"], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        if not any(value.strip() for value in valuelist):
            self.data = None
            return
        try:
            super().process_formdata([value.strip() for value in valuelist])
        except ValueError:
            raise ValueError(lazy_gettext("Write the date as in 20.10.2026.")) from None


class Needed:
    """The field must be filled in; `message` says what to write."""

    field_flags = {"required": True}  # noqa: RUF012 - WTForms' own protocol

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        if field.errors:
            raise StopValidation  # it was filled in, with what cannot be read
        if not field.data or (isinstance(field.data, str) and not field.data.strip()):
            raise StopValidation(self.message)
