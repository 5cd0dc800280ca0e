"""Who asks for more time, and the answer: a later deadline, or why not."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from tracker import clock
from tracker.domain.workflow import WRITABLE
from tracker.extensions import db
from tracker.rounds.models import RoundState, StatusUpdate
from tracker.statuses import more_time as asking
from tracker.web.guards import current_plan
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.reading_forms import DeclineForm, GrantForm
from tracker.web.secretariat.review_moves import Act, make
from tracker.web.secretariat.updates import update_of
from tracker.web.viewer import person, rights


@blueprint.get("/<plan>/more-time")
def more_time(plan: str) -> ResponseReturnValue:
    """Every request of the open round that waits for an answer."""
    waiting = asking.waiting_in(db.session(), current_plan().id)
    return render_template("secretariat/more_time.html", waiting=waiting)


@blueprint.get("/<plan>/updates/<int:update_id>/more-time")
def more_time_request(plan: str, update_id: int) -> ResponseReturnValue:
    """What was asked for on one status, and the two answers."""
    return _shown(update_of(update_id))


@blueprint.post("/<plan>/updates/<int:update_id>/more-time/grant")
def grant_more_time(plan: str, update_id: int) -> ResponseReturnValue:
    def act(update: StatusUpdate, form: FlaskForm) -> None:
        asking.grant(
            db.session(),
            update,
            form.request_id(),
            due_on=form.granted_on.data,
            answer=form.answer.data or "",
            rights=rights(),
            by=person(),
            at=clock.now(),
        )

    done = _("The deadline is moved. Whoever asked gets a letter.")
    return _answered(plan, update_id, GrantForm(prefix="grant-"), act, done)


@blueprint.post("/<plan>/updates/<int:update_id>/more-time/decline")
def decline_more_time(plan: str, update_id: int) -> ResponseReturnValue:
    def act(update: StatusUpdate, form: FlaskForm) -> None:
        asking.decline(
            db.session(),
            update,
            form.request_id(),
            answer=form.answer.data or "",
            rights=rights(),
            by=person(),
            at=clock.now(),
        )

    done = _("The deadline stays. Whoever asked gets a letter.")
    return _answered(plan, update_id, DeclineForm(prefix="decline-"), act, done)


def _answered(
    plan: str, update_id: int, form: GrantForm | DeclineForm, act: Act, done: str
) -> ResponseReturnValue:
    failed = make(update_of(update_id), form, act)
    if failed is not None:
        return _shown(failed.update, typed=form, refused=failed.refused), failed.code
    flash(done, "success")
    return redirect(url_for("secretariat.update", plan=plan, update_id=update_id), 303)


def _shown(update: StatusUpdate, *, typed: GrantForm | DeclineForm | None = None, refused: str = "") -> str:
    requests = asking.requests_of(db.session(), update.id)
    waits = update.state in WRITABLE and update.round.state is RoundState.open
    waiting = next((one for one in requests if waits and one.request.answered_at is None), None)
    wished_on = waiting.request.wished_on if waiting is not None else None
    grant = GrantForm(formdata=None, prefix="grant-", granted_on=wished_on)
    decline = DeclineForm(formdata=None, prefix="decline-")
    if isinstance(typed, GrantForm):
        grant = typed
    elif typed is not None:
        decline = typed
    return render_template(
        "secretariat/more_time_request.html",
        update=update,
        waiting=waiting,
        answered=[one for one in requests if one is not waiting],
        grant=grant,
        decline=decline,
        typed=typed,
        refused=refused,
    )
