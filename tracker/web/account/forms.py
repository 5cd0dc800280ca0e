"""The forms of signing in and of the own account."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from tracker.accounts.passwords import MINIMUM
from tracker.web.forms import Needed


class SignInForm(FlaskForm):  # type: ignore[misc]
    email = EmailField(
        lazy_gettext("E-mail address"), validators=[Needed(lazy_gettext("Write your e-mail address."))]
    )
    password = PasswordField(
        lazy_gettext("Password"), validators=[Needed(lazy_gettext("Write your password."))]
    )


class LetterForm(FlaskForm):  # type: ignore[misc]
    """Where a sign-in letter goes."""

    email = EmailField(
        lazy_gettext("E-mail address"), validators=[Needed(lazy_gettext("Write your e-mail address."))]
    )


class ForgottenPasswordForm(FlaskForm):  # type: ignore[misc]
    email = EmailField(
        lazy_gettext("E-mail address"), validators=[Needed(lazy_gettext("Write your e-mail address."))]
    )


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    password = PasswordField(
        lazy_gettext("New password"),
        description=lazy_gettext(
            "At least %(count)s characters. Several words in a row are easy to remember.", count=MINIMUM
        ),
        validators=[Needed(lazy_gettext("Choose a password."))],
    )
    again = PasswordField(
        lazy_gettext("The same password again"),
        validators=[Needed(lazy_gettext("Write the password once more."))],
    )

    def validate_again(self, field: Any) -> None:
        if field.data != self.password.data:
            raise ValidationError(lazy_gettext("The two passwords are not the same."))


class ChangePasswordForm(NewPasswordForm):
    current = PasswordField(
        lazy_gettext("Your present password"),
        validators=[Needed(lazy_gettext("Write your present password."))],
    )


class LanguageForm(FlaskForm):  # type: ignore[misc]
    language = RadioField(
        lazy_gettext("Language of pages and letters"),
        choices=[SelectChoice("da", "Dansk"), SelectChoice("en", "English")],
        validators=[Needed(lazy_gettext("Choose a language."))],
    )
