"""The forms of owners and deputies."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Length

from tracker.web.forms import DayField, Needed


class DeputyForm(FlaskForm):
    """Who stands in for the owner, and for which days."""

    email = StringField(
        lazy_gettext("The deputy's e-mail address"),
        description=lazy_gettext("Somebody whom the secretariat has added to the tracker."),
        validators=[Needed(lazy_gettext("Write an e-mail address.")), Length(max=254)],
    )
    from_on = DayField(lazy_gettext("First day"), validators=[Needed(lazy_gettext("Write the first day."))])
    until_on = DayField(lazy_gettext("Last day"), validators=[Needed(lazy_gettext("Write the last day."))])
