"""What is done with one deadline: looking ahead, moving, ticking off, cancelling."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.deadlines import actions
from tracker.deadlines.models import Deadline, DeadlineKind, DeadlineState, Precision
from tracker.domain.errors import DomainError, InvalidInput, MoveRefused
from tracker.extensions import db
from tracker.rounds.due_dates import move_status_deadline
from tracker.rounds.models import StatusUpdate
from tracker.rounds.previews import reminders_changed
from tracker.rounds.queries import update_of_deadline
from tracker.web.errors import sentence_of
from tracker.web.forms import attach
from tracker.web.periods import Period, typed_period
from tracker.web.secretariat import deadlines
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.deadline_forms import CancelForm, MoveForm, MoveStatusForm
from tracker.web.secretariat.planning_fields import version_sent
from tracker.web.viewer import person

PREVIEW = "preview"


@blueprint.post("/<plan>/deadlines/<int:deadline_id>/move")
def move_deadline(plan: str, deadline_id: int) -> ResponseReturnValue:
    """Move it, or first show which reminders change."""
    found = deadlines.deadline_or_404(deadline_id)
    form = deadlines.move_form(found, sent=True)
    asks_only = request.form.get("press") == PREVIEW
    if not (form.validate() or (asks_only and set(form.errors) <= {"reason"})):
        return deadlines.shown(found, move=form, code=400)
    try:
        period = _period(found, form)
        if asks_only:
            return _preview(found, form, period)
        _move(found, form, period)
    except InvalidInput as error:
        db.session.rollback()
        attach(
            form, InvalidInput("date", error.message, **error.params) if error.field not in form else error
        )
        return deadlines.shown(found, move=form, code=400)
    except DomainError as error:
        return _refused(found, form, error)
    flash(_("The deadline is moved, and its reminders are planned anew."), "success")
    return _back(plan, deadline_id)


def _period(found: Deadline, form: MoveForm | MoveStatusForm) -> Period:
    if isinstance(form, MoveStatusForm):
        day = form.date.day
        if day < clock.today():
            raise InvalidInput("date", "The day has passed. Give today or a later day.")
        return Period(day, day, Precision.day, "")
    period = typed_period(form.date.data, until=form.last_on.data, today=clock.today())
    deadlines.check_meeting(found.kind, period)
    return period


def _preview(found: Deadline, form: MoveForm | MoveStatusForm, period: Period) -> ResponseReturnValue:
    form.reason.errors = []
    changes = reminders_changed(
        db.session(), found, first_on=period.first_on, last_on=period.last_on, now=clock.now()
    )
    return deadlines.shown(found, move=form, changes=changes)


def _move(found: Deadline, form: MoveForm | MoveStatusForm, period: Period) -> None:
    session, version = db.session(), version_sent(form.version)
    reason, by, at = form.reason.data, person().id, clock.now()
    if found.kind is DeadlineKind.status_due:
        update = _update_of(found)
        move_status_deadline(
            session, update, due_on=period.last_on, reason=reason, version=version, by=by, at=at
        )
    else:
        actions.move_deadline(
            session,
            found,
            first_on=period.first_on,
            last_on=period.last_on,
            precision=period.precision,
            words=period.words,
            reason=reason,
            version=version,
            by=by,
            at=at,
        )
    db.session.commit()


def _update_of(found: Deadline) -> StatusUpdate:
    update = update_of_deadline(db.session(), found.id)
    if update is None:
        raise MoveRefused("No status belongs to this deadline.")
    return update


def _refused(found: Deadline, form: MoveForm | MoveStatusForm, error: DomainError) -> ResponseReturnValue:
    """Somebody was faster: the page as it is now, with what was typed."""
    db.session.rollback()
    form.version.data = str(found.version)
    return deadlines.shown(found, move=form, refused=sentence_of(error), code=409)


@blueprint.post("/<plan>/deadlines/<int:deadline_id>/met")
def meet_deadline(plan: str, deadline_id: int) -> ResponseReturnValue:
    found = deadlines.deadline_or_404(deadline_id)
    _by_hand(found)
    actions.meet_deadline(db.session(), found, by=person().id, at=clock.now())
    db.session.commit()
    flash(_("The deadline is marked as met. Nobody is reminded of it any more."), "success")
    return _back(plan, deadline_id)


@blueprint.post("/<plan>/deadlines/<int:deadline_id>/cancel")
def cancel_deadline(plan: str, deadline_id: int) -> ResponseReturnValue:
    found, form = deadlines.deadline_or_404(deadline_id), CancelForm(prefix="cancel-")
    if found.state is DeadlineState.open and not form.validate():
        return deadlines.shown(found, cancel=form, code=400)
    _by_hand(found)
    actions.cancel_deadline(
        db.session(), found, reason=form.reason.data or "", by=person().id, at=clock.now()
    )
    db.session.commit()
    flash(_("The deadline is cancelled. Nobody is reminded of it any more."), "success")
    return _back(plan, deadline_id)


def _by_hand(found: Deadline) -> None:
    if found.kind is DeadlineKind.status_due:
        raise MoveRefused("A status deadline is met when the status is approved. Waive the status instead.")


def _back(plan: str, deadline_id: int) -> ResponseReturnValue:
    return redirect(url_for("secretariat.deadline", plan=plan, deadline_id=deadline_id), 303)
