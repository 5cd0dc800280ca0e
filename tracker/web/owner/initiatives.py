"""One initiative: its facts, who holds it, its dates and milestones, what was said of it over the years."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tracker import clock
from tracker.deadlines import queries as deadlines
from tracker.deadlines.actions import meet_deadline
from tracker.deadlines.models import DeadlineKind, DeadlineState
from tracker.domain.errors import InvalidInput
from tracker.domain.text import parse
from tracker.domain.workflow import Role
from tracker.extensions import db
from tracker.plans import queries as plans
from tracker.plans.models import Initiative
from tracker.rounds import queries as rounds
from tracker.rounds.models import RoundState
from tracker.succession.handing_over import hand_over_of
from tracker.web import reads
from tracker.web.forms import attach
from tracker.web.milestones import MilestoneForm, add_milestone
from tracker.web.owner.blueprint import blueprint
from tracker.web.owner.change_proposing import MAY_PROPOSE
from tracker.web.owner.loading import calendar_of, initiative_or_404
from tracker.web.periods import typed_period
from tracker.web.viewer import person, rights

MAY_SET_MILESTONES = frozenset({Role.owner, Role.deputy, Role.coordinator, Role.secretariat, Role.lead})
MAY_READ_JOURNAL = frozenset({Role.owner, Role.deputy, Role.secretariat, Role.lead})
MAY_NAME_DEPUTY = frozenset({Role.owner, Role.coordinator, Role.secretariat, Role.lead})


@blueprint.get("/initiatives/<int:initiative_id>")
def initiative(initiative_id: int) -> ResponseReturnValue:
    return _page(initiative_or_404(initiative_id), MilestoneForm(formdata=None))


@blueprint.post("/initiatives/<int:initiative_id>/milestones")
def milestone(initiative_id: int) -> ResponseReturnValue:
    """Add a milestone."""
    found = _with_milestones_or_404(initiative_id)
    form = MilestoneForm()
    if form.validate_on_submit():
        try:
            period = typed_period(form.date.data or "", today=clock.today())
            add_milestone(
                db.session(),
                found,
                title=form.title.data,
                period=period,
                rights=rights(),
                by=person(),
                at=clock.now(),
            )
        except InvalidInput as error:
            attach(form, error)
        else:
            db.session.commit()
            flash(gettext("The milestone has been added. You are reminded when it comes near."), "success")
            return redirect(url_for("owner.initiative", initiative_id=found.id), 303)
    return _page(found, form), 400


@blueprint.post("/initiatives/<int:initiative_id>/milestones/<int:deadline_id>/reached")
def reached(initiative_id: int, deadline_id: int) -> ResponseReturnValue:
    """Tick a milestone off."""
    found = _with_milestones_or_404(initiative_id)
    deadline = deadlines.deadline_for(db.session(), rights(), deadline_id)
    if deadline is None or deadline.initiative_id != found.id or deadline.kind is not DeadlineKind.milestone:
        abort(404)
    meet_deadline(db.session(), deadline, by=person().id, at=clock.now())
    db.session.commit()
    flash(gettext("The milestone is marked as reached."), "success")
    return redirect(url_for("owner.initiative", initiative_id=found.id), 303)


@blueprint.get("/initiatives/<int:initiative_id>/hand-over")
def hand_over(initiative_id: int) -> ResponseReturnValue:
    """For whoever takes over: what waits, what was said last, who held it, which letters went."""
    found, today = initiative_or_404(initiative_id), clock.today()
    page = hand_over_of(db.session(), found, on=today)
    calendar = calendar_of(found.plan_id)
    return render_template(
        "owner/hand_over.html",
        initiative=found,
        page=page,
        published=parse(page.published.text) if page.published else None,
        days={one.id: calendar.working_days_between(today, one.last_on) for one in page.deadlines},
    )


def _with_milestones_or_404(initiative_id: int) -> Initiative:
    found = initiative_or_404(initiative_id)
    if not rights().roles_on(found) & MAY_SET_MILESTONES:
        abort(404)
    return found


def _page(found: Initiative, form: MilestoneForm) -> str:
    session, today = db.session(), clock.today()
    calendar = calendar_of(found.plan_id)
    dates = deadlines.deadlines_of_initiative(session, found.id)
    history = rounds.history_of(session, found.id)
    for one in history:
        if one.text:
            reads.note_words_read(one.id, one.state, initiative_id=found.id, plan_id=found.plan_id)
    return render_template(
        "owner/initiative.html",
        initiative=found,
        form=form,
        holders=plans.holders_of_initiative(session, found.id, on=today),
        dates=dates,
        days={
            one.id: calendar.working_days_between(today, one.last_on)
            for one in dates
            if one.state is DeadlineState.open
        },
        history=[(one, parse(one.text)) for one in history],
        current=next((one for one in history if one.round_state is RoundState.open), None),
        may_set_milestones=bool(rights().roles_on(found) & MAY_SET_MILESTONES),
        may_read_journal=bool(rights().roles_on(found) & MAY_READ_JOURNAL),
        may_name_deputy=bool(rights().roles_on(found) & MAY_NAME_DEPUTY),
        may_propose=bool(rights().roles_on(found) & MAY_PROPOSE),
    )
