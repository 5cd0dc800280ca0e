"""The form of a round's meetings and of the working days between them."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, IntegerField, TextAreaField
from wtforms.validators import NumberRange, Optional

from tracker.domain.rounds import Spans
from tracker.rounds.chain_laying import LONGEST_SPAN
from tracker.rounds.chains import Parties, Timetable
from tracker.web.forms import Needed
from tracker.web.secretariat.planning_fields import PlanDayField

OWN = "own_"


def _days(label: Any, hint: Any) -> IntegerField:
    said = _l("Give a number of working days between 0 and 60.")
    return IntegerField(label, [NumberRange(0, LONGEST_SPAN, said)], description=hint)


class MeetingsForm(FlaskForm):
    """The meetings; the fields of the administrations' own committees are added by `meetings_form`."""

    council = PlanDayField(
        _l("Meeting of the council"), [Needed(_l("Give the day of the council's meeting."))]
    )
    coordinating = PlanDayField(_l("Meeting of the coordinating committee"), [Optional()])
    writing = _days(_l("To write"), _l("From the opening of the round to the owners' deadline."))
    handling = _days(_l("To read and sign off"), _l("From the owners' deadline to the committee's papers."))
    committee_papers = _days(_l("Papers before a committee"), _l("Before the meeting of an own committee."))
    coordinating_papers = _days(_l("Papers before the coordinating committee"), _l("Before its meeting."))
    council_papers = _days(_l("Papers before the council"), _l("Before its meeting."))
    mark = HiddenField()
    reason = TextAreaField(
        _l("Reason"),
        description=_l("Stands beside every date that moves in the list of moved deadlines."),
    )

    def own_fields(self) -> list[Field]:
        """The days of the administrations' own committees, in the order of the memo."""
        return [field for field in self if field.name.startswith(OWN)]

    def spans(self) -> list[Field]:
        return [self[name] for name in Spans.__slots__]

    def timetable(self) -> Timetable:
        """What was filled in, after the form was found valid."""
        own: dict[int, date] = {
            int(field.name.removeprefix(OWN)): field.data for field in self.own_fields() if field.data
        }
        days = {name: int(self[name].data) for name in Spans.__slots__}
        coordinating = self.coordinating.data if "coordinating" in self else None
        return Timetable(own, coordinating, self.council.data, Spans(**days))


def meetings_form(parties: Parties, timetable: Timetable, **given: Any) -> MeetingsForm:
    """The form with a day for each committee of the plan, as the timetable stands or as it was sent."""
    fields: dict[str, Any] = {}
    for one in parties.own:
        committee = parties.committees.get(one.id)
        name = f"{one.code} – {committee.name}" if committee else f"{one.code} – {_('committee')}"
        fields[f"{OWN}{one.id}"] = PlanDayField(name, [Optional()])
    if parties.coordinating is None:
        fields["coordinating"] = None
    kind = type("PlansMeetingsForm", (MeetingsForm,), fields)
    values = {f"{OWN}{id_}": day for id_, day in timetable.own.items()}
    spans = {name: getattr(timetable.spans, name) for name in Spans.__slots__}
    form: MeetingsForm = kind(
        council=timetable.council, coordinating=timetable.coordinating, **values, **spans, **given
    )
    if council := parties.plan.council:
        form.council.label.text = _("Meeting of %(council)s", council=council)
        form.council_papers.label.text = _("Papers before %(council)s", council=council)
    if parties.coordinating is not None:
        form.coordinating.label.text = f"{parties.coordinating.code} – {parties.coordinating.name}"
    return form
