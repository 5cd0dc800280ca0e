"""The statuses that wait to be read, one after the other: approve, return or skip, and the next one comes."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from tracker import clock
from tracker.domain.comparison import word_diff
from tracker.domain.errors import DomainError, InvalidInput, MoveRefused, StaleVersion
from tracker.domain.proofreading import Row, proofread
from tracker.domain.text import parse
from tracker.domain.workflow import AWAITING_APPROVAL, Move
from tracker.extensions import db
from tracker.rounds import queries
from tracker.rounds.models import Round, RoundState, StatusUpdate
from tracker.statuses import reading, review
from tracker.web.errors import sentence_of
from tracker.web.forms import attach
from tracker.web.guards import current_plan
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.loading import asked_id
from tracker.web.secretariat.round_forms import ReturnForm
from tracker.web.secretariat.updates import form_for, update_of
from tracker.web.viewer import person, rights


@blueprint.get("/<plan>/rounds/<int:year>/queue")
def review_queue(plan: str, year: int) -> ResponseReturnValue:
    """The first that waits, or the one that `at` names while it still waits."""
    session, round_ = db.session(), _round_or_404(year)
    queue = reading.queue_of(session, round_.id, reader_id=person().id)
    if not queue.waiting or round_.state is RoundState.locked:
        return render_template("secretariat/review_queue_empty.html", round=round_, queue=queue)
    wanted = asked_id("at")
    chosen = wanted if wanted is not None and queue.place_of(wanted) else queue.waiting[0].id
    return _shown(update_of(chosen), queue)


@blueprint.post("/<plan>/queue/<int:update_id>/approve")
def approve_and_next(plan: str, update_id: int) -> ResponseReturnValue:
    """Approve the version that stood on the page, and go on."""

    def act(update: StatusUpdate, form: FlaskForm) -> None:
        version = form.read_version()
        review.approve(db.session(), update, version=version, rights=rights(), by=person(), at=clock.now())

    return _made(update_id, Move.approve, act, _("Approved: %(title)s"))


@blueprint.post("/<plan>/queue/<int:update_id>/return")
def return_and_next(plan: str, update_id: int) -> ResponseReturnValue:
    """Return the status with a comment and a new date, and go on."""

    def act(update: StatusUpdate, form: FlaskForm) -> None:
        review.return_(
            db.session(),
            update,
            remark=form.comment.data,
            due_on=form.new_date.data,
            version=form.read_version(),
            rights=rights(),
            by=person(),
            at=clock.now(),
        )

    return _made(update_id, Move.return_, act, _("Returned, and its owner gets a letter: %(title)s"))


def _round_or_404(year: int) -> Round:
    return queries.round_of(db.session(), current_plan().id, year) or abort(404)


def _made(update_id: int, move: Move, act: object, done: str) -> ResponseReturnValue:
    """Make a move and go to what waits next; else the same page with what was typed and why not."""
    session, update = db.session(), update_of(update_id)
    queue = reading.queue_of(session, update.round_id, reader_id=person().id)
    form = form_for(move, update)
    if not form.validate_on_submit():
        return _again(update, queue, (move, form), 400)
    try:
        act(update, form)  # type: ignore[operator]
        db.session.commit()
    except InvalidInput as error:
        session.rollback()
        attach(form, error)
        return _again(update_of(update_id), queue, (move, form), 400)
    except (MoveRefused, StaleVersion) as error:
        session.rollback()
        update = update_of(update_id)
        if isinstance(form, ReturnForm):
            form.version.data = str(update.version)  # the page shows the newest text beside the comment
        return _again(update, queue, (move, form), 409, refused=error)
    flash(done % {"title": update.initiative.title}, "success")
    place = queue.place_of(update_id)
    following = queue.around(place).next if place else None
    return redirect(_address(update.round, following.id if following else None), 303)


def _address(round_: Round, at: int | None) -> str:
    return url_for("secretariat.review_queue", plan=current_plan().slug, year=round_.year, at=at)


def _again(
    update: StatusUpdate,
    queue: reading.Queue,
    typed: tuple[Move, FlaskForm],
    code: int,
    *,
    refused: DomainError | None = None,
) -> ResponseReturnValue:
    return _shown(update, queue, typed=typed, refused=refused), code


def _shown(
    update: StatusUpdate,
    queue: reading.Queue,
    *,
    typed: tuple[Move, FlaskForm] | None = None,
    refused: DomainError | None = None,
) -> str:
    session = db.session()
    previous = queries.previous_update(session, update)
    last_text = previous.text if previous else ""
    place = queue.place_of(update.id)
    forms = {move: form_for(move, update) for move in (Move.approve, Move.return_)}
    if typed is not None:
        forms[typed[0]] = typed[1]
    return render_template(
        "secretariat/review_queue.html",
        update=update,
        previous=previous,
        this_text=parse(update.text),
        last_text=parse(last_text) if previous else None,
        difference=word_diff(last_text, update.text) if last_text.strip() and update.text.strip() else (),
        same=bool(last_text.strip()) and last_text.split() == update.text.split(),
        findings=proofread(Row(update.number or 0, update.text, last_text), year=update.round.year),
        names=reading.names_of(session, update.submitted_by_id, update.reviewer_id),
        queue=queue,
        place=place,
        around=queue.around(place) if place else reading.Neighbours(None, None),
        waits=update.state in AWAITING_APPROVAL and update.round.state is RoundState.open,
        forms=forms,
        typed=typed[1] if typed else None,
        refused=sentence_of(refused) if refused else "",
        address=lambda one: _address(update.round, one.id),
    )
