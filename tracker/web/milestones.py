"""Milestones as owners add them: a title, and a date or period in words; signed in or by a personal link."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import StringField
from wtforms.validators import Length

from tracker.accounts.models import Person
from tracker.deadlines.actions import add_deadline
from tracker.deadlines.models import Deadline, DeadlineKind
from tracker.plans.models import Initiative
from tracker.plans.rights import Rights
from tracker.web.forms import Needed
from tracker.web.periods import Period


class MilestoneForm(FlaskForm):
    """A milestone, with a date or a period in words."""

    title = StringField(
        lazy_gettext("Milestone"),
        validators=[Needed(lazy_gettext("Write what is to be reached.")), Length(max=300)],
    )
    date = StringField(
        lazy_gettext("When"),
        description=lazy_gettext("A date such as 24.12.2026, or a period such as ultimo 2026."),
        validators=[Needed(lazy_gettext("Write a date.")), Length(max=100)],
    )


def add_milestone(
    session: Session,
    initiative: Initiative,
    *,
    title: str,
    period: Period,
    rights: Rights,
    by: Person,
    at: datetime,
) -> Deadline:
    """Add the milestone, and plan its reminders."""
    return add_deadline(
        session,
        plan_id=initiative.plan_id,
        kind=DeadlineKind.milestone,
        title=title,
        first_on=period.first_on,
        last_on=period.last_on,
        precision=period.precision,
        words=period.words,
        initiative=initiative,
        via=rights.via,
        by=by.id,
        at=at,
    )
