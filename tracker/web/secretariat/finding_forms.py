"""The form by which a finding of the proofreading is let stand."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField

from tracker.web.forms import Needed


class OverruleForm(FlaskForm):
    """Which finding is meant, where the person came from, and why it is right as it stands."""

    check = HiddenField()
    words = HiddenField()
    back = HiddenField()
    reason = TextAreaField(
        _l("Why is it right as it stands?"), [Needed(_l("Write why it is right as it stands."))]
    )

    def take(self, asked: Mapping[str, str]) -> None:
        """The finding as the address names it."""
        self.check.data, self.words.data = asked.get("check", ""), asked.get("words", "")
        self.back.data = asked.get("back", "")
