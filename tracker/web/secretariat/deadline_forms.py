"""The forms of a deadline: adding, moving and cancelling it."""

from __future__ import annotations

from typing import Any, TypedDict

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from tracker.deadlines.models import DeadlineKind
from tracker.domain.errors import InvalidInput
from tracker.extensions import db
from tracker.plans import queries as plans
from tracker.plans.models import Administration, Committee, Initiative
from tracker.web.forms import Needed
from tracker.web.guards import current_plan
from tracker.web.secretariat.loading import chosen_administration, chosen_committee
from tracker.web.secretariat.planning_fields import LARGEST_ID, ListField, PlanDayField, shortened
from tracker.web.viewer import rights

WHOLE_PLAN = "plan"
KINDS = {
    DeadlineKind.committee_papers: _l("Committee papers"),
    DeadlineKind.committee_meeting: _l("Committee meeting"),
    DeadlineKind.campaign_window: _l("Campaign"),
    DeadlineKind.application_round: _l("Application round"),
    DeadlineKind.delivery: _l("Delivery"),
    DeadlineKind.milestone: _l("Milestone"),
    DeadlineKind.other: _l("Other"),
}


class Concerns(TypedDict, total=False):
    initiative: Initiative
    administration: Administration
    committee: Committee


class WhenForm(FlaskForm):
    """A date, a period in words, or a first and a last day."""

    date = StringField(
        _l("When"),
        [
            Needed(_l("Write a date.")),
            Length(max=100, message=_l("This can have at most %(max)d characters.")),
        ],
        description=_l("A date such as 24.12.2026, or a period such as ultimo 2026 or december 2026."),
    )
    last_on = PlanDayField(
        _l("Last day"),
        [Optional()],
        description=_l(
            "Only for something that runs from a date to a date: the date above is its first day."
        ),
    )


class DeadlineForm(WhenForm):
    kind = ListField(
        _l("Kind"),
        [Needed(_l("Choose a kind."))],
        choices=[
            SelectChoice("", _l("Choose a kind")),
            *(SelectChoice(k.value, w) for k, w in KINDS.items()),
        ],
    )
    title = StringField(
        _l("What it is"),
        [
            Needed(_l("Write what the deadline is for.")),
            Length(max=300, message=_l("This can have at most %(max)d characters.")),
        ],
    )
    concerns = ListField(_l("What it belongs to"), [Needed(_l("Choose what it belongs to."))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        session, plan_id = db.session(), current_plan().id
        self._initiatives = plans.initiatives(session, rights(), plan_id=plan_id)
        self.concerns.choices = [
            SelectChoice(WHOLE_PLAN, _("The whole plan"), optgroup=_("Plan")),
            *_group("administration", _("Administrations"), plans.administrations(session, plan_id)),
            *_group("committee", _("Committees"), plans.committees(session, plan_id)),
            *_group("initiative", _("Initiatives"), self._initiatives),
        ]

    def belongs_to(self) -> Concerns:
        """What was chosen, after the form was found valid. Raises InvalidInput on `concerns`."""
        kind, _colon, typed = (self.concerns.data or "").partition(":")
        id_ = int(typed) if typed and int(typed) <= LARGEST_ID else None
        if kind == WHOLE_PLAN:
            return {}
        if kind == "administration" and (administration := chosen_administration(id_)):
            return {"administration": administration}
        if kind == "committee" and (committee := chosen_committee(id_)):
            return {"committee": committee}
        for initiative in self._initiatives:
            if kind == "initiative" and initiative.id == id_:
                return {"initiative": initiative}
        raise InvalidInput("concerns", "Choose what it belongs to.")


def _group(kind: str, name: str, rows: Any) -> list[SelectChoice]:
    return [
        SelectChoice(
            f"{kind}:{one.id}",
            shortened(one.title if isinstance(one, Initiative) else f"{one.code} – {one.name}"),
            optgroup=name,
        )
        for one in rows
    ]


class MoveForm(WhenForm):
    version = HiddenField()
    reason = TextAreaField(_l("Reason"), [Needed(_l("Write why the deadline moves."))])


class MoveStatusForm(FlaskForm):
    """A status is due on one day."""

    version = HiddenField()
    date = PlanDayField(_l("New date"), [Needed(_l("Give a new date."))])
    reason = TextAreaField(_l("Reason"), [Needed(_l("Write why the deadline moves."))])


class CancelForm(FlaskForm):
    reason = TextAreaField(_l("Reason"), [Needed(_l("Write why the deadline is cancelled."))])
