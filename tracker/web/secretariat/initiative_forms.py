"""The forms of an initiative, of who carries it, and of people."""

from __future__ import annotations

from datetime import date
from typing import Any, TypedDict, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from tracker.accounts.queries import active_people
from tracker.extensions import db
from tracker.plans import queries as plans
from tracker.plans.models import Administration, Committee, Initiative, Origin, Standing
from tracker.web.forms import Needed
from tracker.web.guards import current_plan
from tracker.web.secretariat.loading import chosen_administration, chosen_committee
from tracker.web.secretariat.planning_fields import (
    ListField,
    PlanDayField,
    YearField,
    administration_choices,
    committee_choices,
    initiative_choices,
    nothing,
    people_choices,
)
from tracker.web.viewer import rights

STANDINGS = [
    SelectChoice(Standing.active.value, _l("Takes part in the rounds")),
    SelectChoice(Standing.unfunded.value, _l("Awaits funding")),
    SelectChoice(Standing.merged.value, _l("Merged into another")),
    SelectChoice(Standing.discontinued.value, _l("Discontinued")),
]
PROPOSED = SelectChoice(Standing.proposed.value, _l("Proposed"))
ORIGINS = [
    SelectChoice(Origin.original.value, _l("In the plan as adopted")),
    SelectChoice(Origin.added.value, _l("Added later by a decision")),
]


class Facts(TypedDict):
    title: str
    origin: Origin
    origin_decision: str
    origin_on: date | None
    funder: str
    deciding_committee: Committee | None
    first_year: int | None
    last_year: int | None


class InitiativeForm(FlaskForm):
    version = HiddenField()
    title = TextAreaField(
        _l("Title"),
        [
            Needed(_l("Write the title as it was adopted.")),
            Length(max=1_000, message=_l("This can have at most %(max)d characters.")),
        ],
    )
    administration = ListField(_l("Administration"), [Needed(_l("Choose an administration."))])
    origin = RadioField(_l("Origin"), choices=ORIGINS, default=Origin.original.value)
    origin_decision = StringField(
        _l("Decision"),
        [Optional(), Length(max=500, message=_l("This can have at most %(max)d characters."))],
        description=_l("Needed when it was added later: who decided it, and under which item."),
    )
    origin_on = PlanDayField(_l("Date of the decision"), [Optional()])
    funder = StringField(
        _l("Funding"), [Optional(), Length(max=300, message=_l("This can have at most %(max)d characters."))]
    )
    deciding_committee = ListField(_l("Deciding committee"), [Optional()])
    first_year = YearField(_l("First year"), [Optional()])
    last_year = YearField(_l("Last year"), [Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        session, plan_id = db.session(), current_plan().id
        self.administration.choices = [
            nothing(_("Choose an administration")),
            *administration_choices(plans.administrations(session, plan_id)),
        ]
        self.deciding_committee.choices = [
            nothing(_("None")),
            *committee_choices(plans.committees(session, plan_id)),
        ]

    def values(self) -> Facts:
        """What was filled in, after the form was found valid."""
        return Facts(
            title=self.title.data or "",
            origin=Origin(self.origin.data or Origin.original),
            origin_decision=self.origin_decision.data or "",
            origin_on=self.origin_on.data,
            funder=self.funder.data or "",
            deciding_committee=chosen_committee(self.deciding_committee.chosen_id),
            first_year=self.first_year.year,
            last_year=self.last_year.year,
        )

    def in_administration(self) -> Administration:
        """The administration that was chosen, after the form was found valid."""
        return cast(Administration, chosen_administration(self.administration.chosen_id))


class NewInitiativeForm(InitiativeForm):
    owner = ListField(
        _l("Owner"), [Optional()], description=_l("From today. You can also name somebody later.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner.choices = [nothing(_("Nobody yet")), *people_choices(active_people(db.session()))]


class EditInitiativeForm(InitiativeForm):
    standing = RadioField(_l("Part in the rounds"))
    merged_into = ListField(
        _l("Merged into"), [Optional()], description=_l("Needed when it is merged into another.")
    )
    description = TextAreaField(
        _l("What it is about"),
        [Optional(), Length(max=7_000, message=_l("This can have at most %(max)d characters."))],
        description=_l("For what awaits funding or is proposed, and has no status yet."),
    )

    @classmethod
    def of(cls, initiative: Initiative) -> EditInitiativeForm:
        """The form as the initiative stands, or as it was sent."""
        form = cls(
            merged_into=str(initiative.merged_into_id or ""),
            description=initiative.description,
            version=str(initiative.version),
            title=initiative.title,
            administration=str(initiative.administration_id),
            standing=initiative.standing.value,
            origin=initiative.origin.value,
            origin_decision=initiative.origin_decision,
            origin_on=initiative.origin_on,
            funder=initiative.funder,
            deciding_committee=str(initiative.deciding_committee_id or ""),
            first_year=str(initiative.first_year or ""),
            last_year=str(initiative.last_year or ""),
        )
        proposed = [PROPOSED] if initiative.standing is Standing.proposed else []
        form.standing.choices = [*STANDINGS, *proposed]
        others = plans.initiatives(db.session(), rights(), plan_id=initiative.plan_id)
        active = [one for one in others if one.standing is Standing.active and one.id != initiative.id]
        form.merged_into.choices = [nothing(_("None")), *initiative_choices(active)]
        return form


class OwnerForm(FlaskForm):
    person = ListField(_l("New owner"), [Needed(_l("Choose a person."))])
    from_on = PlanDayField(_l("From"), [Needed(_l("Give the first day."))])


class DeputyForm(FlaskForm):
    person = ListField(_l("Deputy"), [Needed(_l("Choose a person."))])
    from_on = PlanDayField(_l("From"), [Needed(_l("Give the first day."))])
    until_on = PlanDayField(_l("Until"), [Needed(_l("Give the last day."))])


class AppointForm(FlaskForm):
    administration = ListField(_l("Administration"), [Needed(_l("Choose an administration."))])
    place = RadioField(
        _l("As"),
        choices=[
            SelectChoice("coordinator", _l("Coordinator")),
            SelectChoice("head", _l("Head of administration")),
        ],
        default="coordinator",
    )
    person = ListField(_l("Person"), [Needed(_l("Choose a person."))])
    from_on = PlanDayField(_l("From"), [Needed(_l("Give the first day."))])


class BulkForm(FlaskForm):
    """One person for several initiatives; the ticks stand in the table."""

    initiatives = SelectMultipleField(_l("Initiatives"), validate_choice=False)
    person = ListField(_l("Owner of the ticked initiatives"), [Needed(_l("Choose a person."))])
    from_on = PlanDayField(_l("From"), [Needed(_l("Give the first day."))])

    @property
    def ticked(self) -> frozenset[int]:
        """The ids of the ticked initiatives, whatever plan they are of."""
        typed = self.initiatives.data or ()
        return frozenset(int(one) for one in typed if one.isascii() and one.isdigit() and len(one) < 11)


class NewPersonForm(FlaskForm):
    name = StringField(_l("Name"), [Needed(_l("Write the person's name."))])
    email = EmailField(_l("E-mail address"), [Needed(_l("Write the person's e-mail address."))])
    language = RadioField(
        _l("Language of pages and letters"),
        choices=[SelectChoice("da", "Dansk"), SelectChoice("en", "English")],
        default="da",
        validators=[Needed(_l("Choose a language."))],
    )
