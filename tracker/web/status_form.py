"""The forms of a status, for whoever writes it: signed in or by a personal link."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from tracker.domain.errors import InvalidInput
from tracker.domain.text import clean
from tracker.domain.workflow import Outcome, ProgressState
from tracker.rounds.models import StatusUpdate
from tracker.statuses.writing import Content
from tracker.web.forms import DayField, Needed
from tracker.web.periods import Period, typed_period

OUTCOMES = [
    SelectChoice(Outcome.reported.value, lazy_gettext("There is something to report")),
    SelectChoice(Outcome.nothing_new.value, lazy_gettext("Nothing new since last year")),
]
PROGRESS = [
    SelectChoice(ProgressState.planned.value, lazy_gettext("Planned")),
    SelectChoice(ProgressState.in_preparation.value, lazy_gettext("In preparation")),
    SelectChoice(ProgressState.started.value, lazy_gettext("Started")),
    SelectChoice(ProgressState.delayed.value, lazy_gettext("Delayed")),
    SelectChoice(ProgressState.completed.value, lazy_gettext("Completed")),
    SelectChoice(ProgressState.discontinued.value, lazy_gettext("Discontinued")),
    SelectChoice(ProgressState.awaiting_funding.value, lazy_gettext("Awaiting funding")),
]


class MoreTimeForm(FlaskForm):
    """Until when, and why."""

    new_date = DayField(
        lazy_gettext("Until when do you need time?"), validators=[Needed(lazy_gettext("Give a new date."))]
    )
    reason = TextAreaField(lazy_gettext("Why?"), validators=[Needed(lazy_gettext("Write a reason."))])


class StatusForm(FlaskForm):
    """The status of one initiative. Drafts may lack anything, so only what is typed is checked here."""

    version = HiddenField()
    outcome = RadioField(lazy_gettext("Is there news?"), choices=OUTCOMES, validators=[Optional()])
    text = TextAreaField(
        lazy_gettext("Status"),
        description=lazy_gettext(
            "What has happened since the last status, with numbers and dates, and what comes next. "
            "When it has been approved, it is printed in the memo and published."
        ),
    )
    progress = RadioField(
        lazy_gettext("How far is the initiative?"), choices=PROGRESS, validators=[Optional()]
    )
    reason = TextAreaField(
        lazy_gettext("Reason"),
        description=lazy_gettext("Needed when there is nothing new, and when it is delayed or discontinued."),
    )
    comment = TextAreaField(
        lazy_gettext("Comment to the secretariat"),
        description=lazy_gettext(
            "Only the secretariat reads it. It is never printed. At most 2,000 characters."
        ),
        validators=[Optional(), Length(max=2_000)],
    )
    milestone = StringField(
        lazy_gettext("What is the next milestone?"), validators=[Optional(), Length(max=300)]
    )
    milestone_on = StringField(
        lazy_gettext("When is it reached?"),
        description=lazy_gettext("A date such as 24.12.2026, or a period such as ultimo 2026."),
        validators=[Optional(), Length(max=100)],
    )

    @classmethod
    def of(cls, update: StatusUpdate) -> StatusForm:
        """The form as the update stands, for a page that is opened."""
        return cls(
            formdata=None,
            version=str(update.version),
            outcome=(update.outcome or Outcome.reported).value,
            text=update.text,
            progress=None if update.progress is ProgressState.not_stated else update.progress.value,
            reason=update.reason,
            comment=update.comment,
        )

    @property
    def made_from(self) -> int:
        """The version that the text was made from; 0, which never is the newest, when it makes no sense."""
        typed = self.version.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0

    def content(self) -> Content:
        """What was filled in. Only after `validate`, or with values that it would accept."""
        return Content(
            text=self.text.data or "",
            outcome=Outcome(self.outcome.data) if self.outcome.data else None,
            progress=ProgressState(self.progress.data or ProgressState.not_stated),
            reason=self.reason.data or "",
            comment=self.comment.data or "",
        )

    def new_milestone(self, *, today: date) -> tuple[str, Period] | None:
        """The title and time of the milestone that was filled in. Raises InvalidInput on either field."""
        title, words = (self.milestone.data or "").strip(), (self.milestone_on.data or "").strip()
        if words and not title:
            raise InvalidInput("milestone", "Write what the milestone is, or leave its date empty.")
        return (title, typed_period(words, today=today, field="milestone_on")) if title else None

    def says_what_is_in(self, update: StatusUpdate) -> bool:
        """Whether nothing was typed that the update does not have already."""
        mine = self.content()
        typed = tuple(clean(part).strip() for part in (mine.text, mine.reason, mine.comment))
        saved = (update.text, update.reason, update.comment)
        return (*typed, mine.progress, mine.outcome) == (*saved, update.progress, update.outcome)
