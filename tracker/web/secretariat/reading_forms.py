"""The forms of mending and correcting a text, and of answering who asks for more time."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from tracker.domain.workflow import ProgressState
from tracker.rounds.models import StatusUpdate
from tracker.statuses.corrections import Wording
from tracker.web.forms import DayField, Needed
from tracker.web.secretariat.planning_fields import version_sent
from tracker.web.secretariat.round_forms import MoveForm
from tracker.web.status_form import PROGRESS

NOT_STATED = SelectChoice(ProgressState.not_stated.value, _l("Not stated"))


class MendForm(MoveForm):
    """The text of a status that waits for approval, and the reason that stands with it."""

    text = TextAreaField(_l("Status"), [Optional()])
    reason = TextAreaField(_l("Reason"), [Optional()])


class CorrectForm(MendForm):
    """How a printed status is to read instead, and why."""

    progress = RadioField(_l("How far is the initiative?"), [Optional()], choices=[*PROGRESS, NOT_STATED])
    why = TextAreaField(_l("Why is it corrected?"), [Needed(_l("Write why the text is corrected."))])

    @classmethod
    def of(cls, update: StatusUpdate) -> CorrectForm:
        """As the status is printed, or as this request sends it. Nobody unsays what was stated once."""
        form = cls(
            version=update.version,
            text=update.text,
            reason=update.reason,
            progress=update.progress.value,
        )
        if update.progress is not ProgressState.not_stated:
            form.progress.choices = PROGRESS
        return form

    def wording(self) -> Wording:
        """What was filled in, after the form was found valid."""
        return Wording(
            self.text.data or "",
            ProgressState(self.progress.data or ProgressState.not_stated),
            self.reason.data or "",
            self.why.data or "",
        )


class AnswerForm(FlaskForm):
    """An answer to one request, named by its id, so that an answer never meets another request."""

    request = HiddenField()

    def request_id(self) -> int:
        """The id of the request that was read; 0, which none has, when it makes no sense."""
        return version_sent(self.request)


class GrantForm(AnswerForm):
    granted_on = DayField(_l("New deadline"), [Needed(_l("Give a new date."))])
    answer = TextAreaField(_l("A word to the owner"), [Optional()])


class DeclineForm(AnswerForm):
    answer = TextAreaField(
        _l("Why there is no more time"),
        [Needed(_l("Write why there is no more time, so that the owner knows."))],
    )
