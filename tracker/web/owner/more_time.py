"""Asking the secretariat for more time."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.domain.errors import InvalidInput, MoveRefused
from tracker.domain.workflow import WRITABLE, Move, Role
from tracker.extensions import db
from tracker.rounds.models import RoundState, StatusUpdate
from tracker.statuses import more_time as asking
from tracker.statuses.moves import moves_of
from tracker.web.errors import sentence_of
from tracker.web.forms import attach
from tracker.web.owner.blueprint import blueprint
from tracker.web.owner.loading import update_or_404
from tracker.web.status_form import MoreTimeForm
from tracker.web.viewer import person, rights


@blueprint.route("/updates/<int:update_id>/more-time", methods=["GET", "POST"])
def more_time(update_id: int) -> ResponseReturnValue:
    """Ask for a later deadline, and see what was asked and answered before. For owner and deputy alone."""
    found = update_or_404(update_id)
    if not rights().roles_on(found.initiative) & {Role.owner, Role.deputy}:
        abort(404)
    form = MoreTimeForm()
    if not form.is_submitted():
        return _page(found, form)
    if not form.validate():
        return _page(found, form), 400
    try:
        asking.ask(
            db.session(),
            found,
            wished_on=form.new_date.data,
            reason=form.reason.data,
            rights=rights(),
            by=person(),
            at=clock.now(),
        )
        db.session.commit()
    except InvalidInput as error:
        db.session.rollback()
        attach(form, error)
        return _page(update_or_404(update_id), form), 400
    except MoveRefused as error:
        db.session.rollback()
        return _page(update_or_404(update_id), form, refused=sentence_of(error)), 409
    flash(_("The secretariat has got your request. You get a letter with the answer."), "success")
    return redirect(url_for("owner.more_time", update_id=found.id), 303)


def _page(found: StatusUpdate, form: MoreTimeForm, *, refused: str = "") -> str:
    requests = asking.requests_of(db.session(), found.id)
    waits = found.state in WRITABLE and found.round.state is RoundState.open
    waiting = next((one for one in requests if waits and one.request.answered_at is None), None)
    moves = moves_of(db.session(), found, rights=rights(), by=person())
    return render_template(
        "owner/more_time.html",
        update=found,
        form=form,
        refused=refused,
        waiting=waiting,
        answered=[one for one in requests if one.request.answered_at is not None],
        may_ask=Move.ask_more_time in moves and waiting is None,
    )
