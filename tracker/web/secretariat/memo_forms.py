"""The form with which last year's memo is handed over."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import IntegerField
from wtforms.validators import NumberRange

from tracker.web.forms import Needed


class MemoUploadForm(FlaskForm):
    memo = FileField(
        _l("The memo"),
        [Needed(_l("Choose the file with the memo."))],
        description=_l("A Word document (.docx) or plain text (.txt), at most 50 MB."),
    )
    year = IntegerField(
        _l("Year"),
        [
            Needed(_l("Write the year that the memo reports on.")),
            NumberRange(2000, 2100, _l("Give a year between 2000 and 2100.")),
        ],
        description=_l("The year that the memo reports on."),
    )
