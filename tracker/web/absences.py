"""Saying from when until when somebody is away: the form, and who gets the letters meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from tracker import clock
from tracker.accounts.models import Person
from tracker.domain.errors import InvalidInput
from tracker.extensions import db
from tracker.plans.standing_in import Covered, StandIn, covered_while_away
from tracker.succession.pauses import set_absence
from tracker.web.forms import DayField, Needed, attach
from tracker.web.viewer import person as viewing_person

FIELDS = {"from_on": "absent_from", "until_on": "absent_until"}


class AbsenceForm(FlaskForm):
    absent_from = DayField(_l("First day away"), [Needed(_l("Write the first day away, as in 20.10.2026."))])
    absent_until = DayField(_l("Last day away"), [Needed(_l("Write the last day away, as in 20.10.2026."))])


def absence_form(person: Person) -> AbsenceForm:
    """The form with the absence that lasts or is to come, to be changed."""
    if not _lasts(person):
        return AbsenceForm(formdata=None)
    return AbsenceForm(formdata=None, absent_from=person.absent_from, absent_until=person.absent_until)


def _lasts(person: Person) -> bool:
    """Whether the absence is not over yet."""
    if person.absent_from is None:
        return False
    return person.absent_until is None or person.absent_until >= clock.today()


@dataclass(slots=True)
class ShownInitiative:
    """An initiative of somebody who is away; `url` is where a deputy is named, empty for who may not."""

    title: str
    deputies: list[StandIn]
    url: str = ""


@dataclass(slots=True)
class ShownAbsence:
    """An absence that lasts or is to come. `until_on` is None for one without an end."""

    from_on: date
    until_on: date | None
    covered: list[ShownInitiative] = field(default_factory=list)

    @property
    def uncovered(self) -> bool:
        return any(not one.deputies for one in self.covered)


def absence_of(
    person: Person, *, plan_id: int | None = None, url: Callable[[Covered], str] = lambda _one: ""
) -> ShownAbsence | None:
    """The absence to show, with the initiatives of one plan or of all; None when there is none any more."""
    first, last = person.absent_from, person.absent_until
    if first is None or not _lasts(person):
        return None
    found = covered_while_away(
        db.session(), person.id, from_on=first, until_on=last or date.max, plan_id=plan_id
    )
    shown = [ShownInitiative(one.title, one.deputies, url(one)) for one in found]
    return ShownAbsence(first, last, shown)


def noted(form: AbsenceForm, person: Person) -> bool:
    """Note the absence that was typed; False when it cannot be, with the reason at its field."""
    if not form.validate_on_submit():
        return False
    first, last, by = form.absent_from.data, form.absent_until.data, viewing_person().id
    try:
        set_absence(db.session(), person, from_on=first, until_on=last, by=by, at=clock.now())
    except InvalidInput as error:
        attach(form, InvalidInput(FIELDS.get(error.field, error.field), error.message, **error.params))
        return False
    return True


def noted_return(person: Person) -> None:
    """Note that the person is back."""
    set_absence(db.session(), person, from_on=None, until_on=None, by=viewing_person().id, at=clock.now())
