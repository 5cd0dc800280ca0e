"""One owner for many initiatives: tick them, look at what changes, confirm."""

from __future__ import annotations

from collections.abc import Iterable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker import clock
from tracker.accounts.models import Person
from tracker.accounts.queries import active_people
from tracker.domain.danish_order import sort_key
from tracker.domain.errors import InvalidInput
from tracker.extensions import db
from tracker.plans import queries, reassigning
from tracker.plans.reassigning import Filter, Preview
from tracker.plans.roster import InitiativeLine
from tracker.succession.placing import assign_many
from tracker.web.forms import RefusalsIn
from tracker.web.guards import current_plan
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.initiative_forms import BulkForm
from tracker.web.secretariat.loading import asked_id, chosen_person
from tracker.web.secretariat.planning_fields import nothing, people_choices
from tracker.web.viewer import person, rights

SEEN = "seen"


@blueprint.get("/<plan>/people/owners")
def assigning(plan: str) -> ResponseReturnValue:
    new = str(asked_id("person") or "")
    return _page(BulkForm(formdata=None, person=new, from_on=clock.today()))


@blueprint.post("/<plan>/people/owners")
def assign_owners(plan: str) -> ResponseReturnValue:
    """First show what would change; what was shown, and nothing else, is done when it is confirmed."""
    form = BulkForm()
    form.person.choices = people_choices(active_people(db.session()))
    if form.validate():
        with RefusalsIn(form):
            chosen = chosen_person(form.person.chosen_id)
            found = _preview(form, chosen)
            if request.form.get(SEEN) != found.seen:
                outdated = SEEN in request.form
                page = render_template(
                    "secretariat/assign_owners.html",
                    form=form,
                    preview=found,
                    person=chosen,
                    outdated=outdated,
                )
                return page, 409 if outdated else 200
            _assign(form, chosen, found)
            flash(_said(chosen, len(found.changing)), "success")
            return redirect(url_for("secretariat.assigning", plan=plan), 303)
    return _page(form, code=400)


def _preview(form: BulkForm, chosen: Person) -> Preview:
    """Raises InvalidInput on `initiatives` when none of the plan's is ticked."""
    found = reassigning.preview(
        db.session(),
        rights(),
        current_plan().id,
        initiative_ids=form.ticked,
        person=chosen,
        from_on=form.from_on.day,
    )
    if not found.changes:
        raise InvalidInput("initiatives", "Tick the initiatives in the list.")
    return found


def _assign(form: BulkForm, chosen: Person, found: Preview) -> None:
    session = db.session()
    mine = queries.initiatives(session, rights(), plan_id=current_plan().id)
    changing = [one for one in mine if one.id in found.changing]
    assign_many(session, changing, chosen, from_on=form.from_on.day, by=person().id, at=clock.now())
    db.session.commit()


def _said(chosen: Person, count: int) -> str:
    said: str = ngettext(
        "%(name)s owns %(num)d initiative more.",
        "%(name)s owns the %(num)d ticked initiatives.",
        count,
        name=chosen.name,
    )
    return said


def _owners(lines: Iterable[InitiativeLine]) -> list[tuple[str, str]]:
    """Who owns something, by name."""
    names = {str(holder.person_id): holder.name for one in lines for holder in one.owners}
    return sorted(names.items(), key=lambda item: sort_key(item[1]))


def _page(form: BulkForm, *, code: int = 200) -> ResponseReturnValue:
    session = db.session()
    every = reassigning.choosable(session, rights(), current_plan().id, on=clock.today())
    asked = Filter(*(request.args.get(name, "") for name in ("administration", "owner", "q")))
    lines = [one for one in every if asked.fits(one)]
    form.person.choices = [nothing(_("Choose a person")), *people_choices(active_people(session))]
    all_ticked = "all" in request.args and not form.is_submitted()
    page = render_template(
        "secretariat/assigning.html",
        form=form,
        lines=lines,
        total=len(every),
        asked=asked,
        administrations={one.administration_code: one.administration_name for one in every},
        owners=_owners(every),
        ticked={one.id for one in lines} if all_ticked else form.ticked,
    )
    return page, code
