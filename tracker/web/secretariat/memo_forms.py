"""The forms of the memo: handing last year's over, and keeping an edition for a meeting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional

from tracker.plans.models import Administration
from tracker.web.forms import Needed
from tracker.web.secretariat.planning_fields import ListField, administration_choices, nothing


class MemoUploadForm(FlaskForm):
    memo = FileField(
        _l("The memo"),
        [Needed(_l("Choose the file with the memo."))],
        description=_l("A Word document (.docx), a PDF or plain text (.txt), at most 50 MB."),
    )
    year = IntegerField(
        _l("Year"),
        [
            Needed(_l("Write the year that the memo reports on.")),
            NumberRange(2000, 2100, _l("Give a year between 2000 and 2100.")),
        ],
        description=_l("The year that the memo reports on."),
    )


class EditionForm(FlaskForm):
    """Whose rows an edition for a meeting prints."""

    rows = ListField(_l("Which initiatives"), [Optional()])

    @classmethod
    def of(cls, administrations: Sequence[Administration], **given: Any) -> EditionForm:
        form = cls(**given)
        form.rows.choices = [nothing(_("All of them")), *administration_choices(administrations)]
        return form
