"""What the secretariat does with a status: take, release, approve, return, reopen, waive."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from tracker import clock
from tracker.domain.workflow import Move
from tracker.extensions import db
from tracker.rounds.models import StatusUpdate
from tracker.statuses import review, waiving
from tracker.web.guards import lead_only
from tracker.web.secretariat import review_moves
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.review_moves import Act, for_a_reason, make, plainly
from tracker.web.secretariat.updates import form_for, shown, update_of
from tracker.web.viewer import person, rights


@blueprint.post("/<plan>/updates/<int:update_id>/take")
def take(plan: str, update_id: int) -> ResponseReturnValue:
    done = _("You are reading this status. Its owner cannot withdraw it.")
    return _made(plan, update_id, Move.take, plainly(review.take), done)


@blueprint.post("/<plan>/updates/<int:update_id>/release")
def release(plan: str, update_id: int) -> ResponseReturnValue:
    done = _("The status waits for somebody to read it.")
    return _made(plan, update_id, Move.release, plainly(review.release), done)


@blueprint.post("/<plan>/updates/<int:update_id>/approve")
def approve(plan: str, update_id: int) -> ResponseReturnValue:
    """Approve the version that stood on the page."""
    return _made(plan, update_id, Move.approve, plainly(review.approve), _("The status is approved."))


@blueprint.post("/<plan>/updates/<int:update_id>/return")
def return_(plan: str, update_id: int) -> ResponseReturnValue:
    """Return the status to its owner with a comment and a new date; the owner gets a letter."""
    done = _("The status is returned. Its owner gets a letter.")
    return _made(plan, update_id, Move.return_, review_moves.return_, done)


@blueprint.post("/<plan>/updates/<int:update_id>/reopen")
def reopen(plan: str, update_id: int) -> ResponseReturnValue:
    lead_only()
    done = _("The status is reopened. Its owner gets a letter.")
    return _made(plan, update_id, Move.reopen, for_a_reason(review.reopen), done)


@blueprint.post("/<plan>/updates/<int:update_id>/waive")
def waive(plan: str, update_id: int) -> ResponseReturnValue:
    lead_only()

    def act(update: StatusUpdate, form: FlaskForm) -> None:
        waiving.waive(
            db.session(),
            update,
            outcome=form.chosen(),
            reason=form.reason.data,
            merged_into_id=form.merged_into.chosen_id,
            version=form.read_version(),
            rights=rights(),
            by=person(),
            at=clock.now(),
        )

    return _made(plan, update_id, Move.waive, act, _("No status is expected from this initiative this year."))


@blueprint.post("/<plan>/updates/<int:update_id>/unwaive")
def unwaive(plan: str, update_id: int) -> ResponseReturnValue:
    lead_only()
    done = _("A status is expected from this initiative again.")
    return _made(plan, update_id, Move.unwaive, for_a_reason(waiving.unwaive), done)


def _made(plan: str, update_id: int, move: Move, act: Act, done: str) -> ResponseReturnValue:
    """Make a move: back to the update when it is made, else its page with what was typed and why not."""
    update = update_of(update_id)
    form = form_for(move, update)
    failed = make(update, form, act)
    if failed is not None:
        return shown(failed.update, typed=(move, form), refused=failed.refused, code=failed.code)
    flash(done, "success")
    return redirect(url_for("secretariat.update", plan=plan, update_id=update_id), 303)
