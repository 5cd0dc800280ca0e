"""Asking for more time by link. Nothing is filled in beforehand, so no program that presses buttons asks."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tracker import clock
from tracker.domain.errors import InvalidInput, MoveRefused, NotAllowed
from tracker.domain.workflow import WRITABLE, Move
from tracker.extensions import csrf, db
from tracker.rounds.models import RoundState, StatusUpdate
from tracker.statuses import more_time as asking
from tracker.statuses.moves import moves_of
from tracker.web.errors import sentence_of
from tracker.web.form_links.blueprint import bearer, blueprint, is_ours, too_old, update_or_404
from tracker.web.forms import attach
from tracker.web.status_form import MoreTimeForm


@blueprint.get("/<token>/updates/<int:update_id>/more-time")
def more_time(token: str, update_id: int) -> ResponseReturnValue:
    """What was asked and answered, and the form to ask."""
    return _page(token, update_or_404(update_id), MoreTimeForm(formdata=None))


@blueprint.post("/<token>/updates/<int:update_id>/more-time")
@csrf.exempt
def ask_more_time(token: str, update_id: int) -> ResponseReturnValue:
    found, form, who, at = update_or_404(update_id), MoreTimeForm(), bearer(), clock.now()
    if not is_ours():
        form.form_errors = [too_old()]
        return _page(token, found, form), 400
    if not form.validate():
        return _page(token, found, form), 400
    wished, reason = form.new_date.data, form.reason.data
    try:
        asking.ask(
            db.session(), found, wished_on=wished, reason=reason, rights=who.rights, by=who.person, at=at
        )
    except InvalidInput as error:
        db.session.rollback()
        attach(form, error)
        return _page(token, update_or_404(update_id), form), 400
    except (MoveRefused, NotAllowed) as error:
        db.session.rollback()
        return _page(token, update_or_404(update_id), form, refused=sentence_of(error)), 409
    who.link.last_used_at = at
    db.session.commit()
    flash(gettext("The secretariat has got your request. You get a letter with the answer."), "success")
    return redirect(url_for("form_links.more_time", token=token, update_id=found.id), 303)


def _page(token: str, found: StatusUpdate, form: MoreTimeForm, *, refused: str = "") -> str:
    """Of a request that somebody else made the dates are told, and not the words."""
    who, requests = bearer(), asking.requests_of(db.session(), found.id)
    waits = found.state in WRITABLE and found.round.state is RoundState.open
    waiting = next((one for one in requests if waits and one.request.answered_at is None), None)
    moves = moves_of(db.session(), found, rights=who.rights, by=who.person)
    return render_template(
        "form_links/more_time.html",
        token=token,
        update=found,
        form=form,
        refused=refused,
        own_id=who.person.id,
        waiting=waiting,
        answered=[one for one in requests if one.request.answered_at is not None],
        may_ask=Move.ask_more_time in moves and waiting is None,
    )
