"""The administrator's forms."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import EmailField, RadioField, StringField
from wtforms.fields.choices import SelectChoice

from tracker.web.forms import Needed


class PersonForm(FlaskForm):  # type: ignore[misc]
    name = StringField(lazy_gettext("Name"), validators=[Needed(lazy_gettext("Write the person's name."))])
    email = EmailField(
        lazy_gettext("E-mail address"),
        validators=[Needed(lazy_gettext("Write the person's e-mail address."))],
    )
    language = RadioField(
        lazy_gettext("Language of pages and letters"),
        choices=[SelectChoice("da", "Dansk"), SelectChoice("en", "English")],
        default="da",
        validators=[Needed(lazy_gettext("Choose a language."))],
    )


class MembershipForm(FlaskForm):  # type: ignore[misc]
    plan = RadioField(lazy_gettext("Plan"), coerce=int, validators=[Needed(lazy_gettext("Choose a plan."))])
    role = RadioField(
        lazy_gettext("Role"),
        choices=[
            SelectChoice("lead", lazy_gettext("Lead of the secretariat")),
            SelectChoice("secretariat", lazy_gettext("Secretariat")),
            SelectChoice("reader", lazy_gettext("Reader")),
        ],
        validators=[Needed(lazy_gettext("Choose a role."))],
    )
