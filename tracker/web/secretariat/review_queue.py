"""The statuses that wait to be read, one after the other: approve, return or skip, and the next one comes."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from tracker.domain.workflow import AWAITING_APPROVAL, Move
from tracker.extensions import db
from tracker.rounds.models import Round, RoundState, StatusUpdate
from tracker.statuses import reading, review
from tracker.web.guards import current_plan
from tracker.web.secretariat import review_moves
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.loading import asked_id, round_or_404
from tracker.web.secretariat.review_moves import Act, make, plainly
from tracker.web.secretariat.updates import form_for, to_read, update_of
from tracker.web.viewer import person


@blueprint.get("/<plan>/rounds/<int:year>/queue")
def review_queue(plan: str, year: int) -> ResponseReturnValue:
    """The first that waits, or the one that `at` names while it still waits."""
    session, round_ = db.session(), round_or_404(year)
    queue = reading.queue_of(session, round_.id, reader_id=person().id)
    if not queue.waiting or round_.state is RoundState.locked:
        return render_template("secretariat/review_queue_empty.html", round=round_, queue=queue)
    wanted = asked_id("at")
    chosen = wanted if wanted is not None and queue.place_of(wanted) else queue.waiting[0].id
    return _shown(update_of(chosen), queue)


@blueprint.post("/<plan>/queue/<int:update_id>/approve")
def approve_and_next(plan: str, update_id: int) -> ResponseReturnValue:
    """Approve the version that stood on the page, and go on."""
    return _made(update_id, Move.approve, plainly(review.approve), _("Approved: %(title)s"))


@blueprint.post("/<plan>/queue/<int:update_id>/return")
def return_and_next(plan: str, update_id: int) -> ResponseReturnValue:
    """Return the status with a comment and a new date, and go on."""
    done = _("Returned, and its owner gets a letter: %(title)s")
    return _made(update_id, Move.return_, review_moves.return_, done)


def _made(update_id: int, move: Move, act: Act, done: str) -> ResponseReturnValue:
    """Make a move and go to what waits next; else the same page with what was typed and why not."""
    update = update_of(update_id)
    queue = reading.queue_of(db.session(), update.round_id, reader_id=person().id)
    form = form_for(move, update)
    failed = make(update, form, act)
    if failed is not None:
        return _shown(failed.update, queue, typed=(move, form), refused=failed.refused), failed.code
    flash(done % {"title": update.initiative.title}, "success")
    place = queue.place_of(update_id)
    following = queue.around(place).next if place else None
    return redirect(_address(update.round, following.id if following else None), 303)


def _address(round_: Round, at: int | None) -> str:
    return url_for("secretariat.review_queue", plan=current_plan().slug, year=round_.year, at=at)


def _shown(
    update: StatusUpdate,
    queue: reading.Queue,
    *,
    typed: tuple[Move, FlaskForm] | None = None,
    refused: str = "",
) -> str:
    place = queue.place_of(update.id)
    forms = {move: form_for(move, update) for move in (Move.approve, Move.return_)}
    if typed is not None:
        forms[typed[0]] = typed[1]
    read = to_read(update)
    return render_template(
        "secretariat/review_queue.html",
        **read,
        same=_is_as_last_year(update, read["previous"]),
        queue=queue,
        place=place,
        around=queue.around(place) if place else reading.Neighbours(None, None),
        waits=update.state in AWAITING_APPROVAL and update.round.state is RoundState.open,
        forms=forms,
        typed=typed[1] if typed else None,
        refused=refused,
        address=lambda one: _address(update.round, one.id),
    )


def _is_as_last_year(update: StatusUpdate, previous: StatusUpdate | None) -> bool:
    """Whether a text was written, and was written word for word last year."""
    return previous is not None and [] != previous.text.split() == update.text.split()
