"""The dates of an initiative by link: what is to come, what has been reached, and the next milestone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tracker import clock
from tracker.deadlines import queries as deadlines
from tracker.deadlines.actions import meet_deadline
from tracker.deadlines.models import Deadline, DeadlineKind, DeadlineState
from tracker.deadlines.queries import InitiativeDeadline
from tracker.domain.errors import InvalidInput, MoveRefused, StaleVersion
from tracker.extensions import csrf, db
from tracker.reminders.calendars import Calendars
from tracker.rounds.models import StatusUpdate
from tracker.rounds.queries import Task
from tracker.web.errors import sentence_of
from tracker.web.form_links.blueprint import bearer, blueprint, is_ours, too_old, update_or_404
from tracker.web.forms import attach
from tracker.web.milestones import MilestoneForm
from tracker.web.milestones import add_milestone as add
from tracker.web.periods import typed_period


@blueprint.get("/<token>/updates/<int:update_id>/milestones")
def milestones(token: str, update_id: int) -> ResponseReturnValue:
    return _page(token, update_or_404(update_id), MilestoneForm(formdata=None))


@blueprint.post("/<token>/updates/<int:update_id>/milestones")
@csrf.exempt
def add_milestone(token: str, update_id: int) -> ResponseReturnValue:
    """Add a milestone. Both fields are empty beforehand, so no program that presses buttons adds one."""
    found, form, who, at = update_or_404(update_id), MilestoneForm(), bearer(), clock.now()
    if not is_ours():
        form.form_errors = [too_old()]
        return _page(token, found, form), 400
    if not form.validate():
        return _page(token, found, form), 400
    title, words = form.title.data, form.date.data or ""
    try:
        period = typed_period(words, today=clock.today())
        add(
            db.session(),
            found.initiative,
            title=title,
            period=period,
            rights=who.rights,
            by=who.person,
            at=at,
        )
    except InvalidInput as error:
        db.session.rollback()
        attach(form, error)
        return _page(token, update_or_404(update_id), form), 400
    who.link.last_used_at = at
    db.session.commit()
    flash(gettext("The milestone has been added. You are reminded when it comes near."), "success")
    return _back(token, found.id)


@blueprint.post("/<token>/updates/<int:update_id>/milestones/reached")
@csrf.exempt
def reached(token: str, update_id: int) -> ResponseReturnValue:
    """Tick milestones off. None is ticked beforehand, so no program that presses buttons does it."""
    found, who, at = update_or_404(update_id), bearer(), clock.now()
    ticked = set(request.form.getlist("reached"))
    chosen = [one for one in _dates(found) if one.kind is DeadlineKind.milestone and str(one.id) in ticked]
    if len(chosen) < len(ticked):
        abort(404)
    if not is_ours() or not chosen:
        flash(too_old() if chosen else gettext("Nothing was ticked, so nothing was changed."), "warning")
        return _back(token, update_id)
    try:
        for milestone in chosen:
            deadline = db.session().get_one(Deadline, milestone.id)
            meet_deadline(db.session(), deadline, via=who.rights.via, by=who.person.id, at=at)
    except (MoveRefused, StaleVersion) as error:
        db.session.rollback()
        flash(sentence_of(error), "warning")
        return _page(token, update_or_404(update_id), MilestoneForm(formdata=None)), 409
    who.link.last_used_at = at
    db.session.commit()
    one, several = (
        gettext("The milestone is marked as reached."),
        gettext("The milestones are marked as reached."),
    )
    flash(one if len(chosen) == 1 else several, "success")
    return _back(token, update_id)


def _back(token: str, update_id: int) -> ResponseReturnValue:
    return redirect(url_for("form_links.milestones", token=token, update_id=update_id), 303)


@dataclass(frozen=True, slots=True)
class Coming:
    """A date of one of the person's initiatives. `days` are working days from today."""

    title: str
    last_on: date
    words: str
    days: int
    initiative_title: str
    update_id: int


def coming(tasks: Sequence[Task]) -> list[Coming]:
    """What is open of the initiatives of these forms, but the statuses themselves, by date."""
    session, today, who = db.session(), clock.today(), bearer()
    forms = {one.initiative_id: one.update_id for one in tasks}
    calendar = Calendars(session, today).of(who.plan.id)
    lines = deadlines.deadlines_of_plan(session, who.rights, plan_id=who.plan.id)
    return [
        Coming(
            title=one.deadline.title,
            last_on=one.deadline.last_on,
            words=one.deadline.words,
            days=calendar.working_days_between(today, one.deadline.last_on),
            initiative_title=one.initiative_title or "",
            update_id=forms[one.deadline.initiative_id],
        )
        for one in lines
        if one.deadline.initiative_id in forms and one.deadline.state is DeadlineState.open
    ]


def _dates(found: StatusUpdate) -> list[InitiativeDeadline]:
    return deadlines.deadlines_of_initiative(db.session(), found.initiative_id)


def open_milestones(found: StatusUpdate) -> list[InitiativeDeadline]:
    """What is to be reached on the initiative of a form."""
    return _open_milestones(_dates(found))


def _open_milestones(dates: list[InitiativeDeadline]) -> list[InitiativeDeadline]:
    return [one for one in dates if one.kind is DeadlineKind.milestone and one.state is DeadlineState.open]


def _page(token: str, found: StatusUpdate, form: MilestoneForm) -> str:
    today, dates = clock.today(), _dates(found)
    calendar = Calendars(db.session(), today).of(bearer().plan.id)
    return render_template(
        "form_links/milestones.html",
        token=token,
        update=found,
        form=form,
        dates=dates,
        days={
            one.id: calendar.working_days_between(today, one.last_on)
            for one in dates
            if one.state is DeadlineState.open
        },
        open_milestones=_open_milestones(dates),
    )
