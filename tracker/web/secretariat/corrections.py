"""Correcting a status after the lock: a lead proposes, another person of the secretariat confirms."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from tracker import clock
from tracker.domain.workflow import Move
from tracker.extensions import db
from tracker.rounds.models import StatusUpdate
from tracker.statuses import corrections
from tracker.statuses.moves import moves_of
from tracker.web.guards import lead_only
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.reading_forms import CorrectForm
from tracker.web.secretariat.review_moves import Act, make
from tracker.web.secretariat.round_forms import MoveForm
from tracker.web.secretariat.updates import update_of
from tracker.web.viewer import person, rights


@blueprint.route("/<plan>/updates/<int:update_id>/correct", methods=["GET", "POST"])
def correct(plan: str, update_id: int) -> ResponseReturnValue:
    """Propose other words for a status that is printed."""
    update = update_of(update_id)
    lead_only()
    form = CorrectForm.of(update)
    if not form.is_submitted():
        if corrections.waiting_correction(db.session(), update.id) is not None:
            return _to_correction(plan, update)
        return _form_page(update, form) if _may(update) else _to_update(plan, update)
    failed = make(update, form, _propose)
    if failed is not None:
        return _form_page(failed.update, form, refused=failed.refused), failed.code
    flash(_("The correction is proposed. Another person of the secretariat confirms it."), "success")
    return _to_correction(plan, update)


@blueprint.get("/<plan>/updates/<int:update_id>/correction")
def correction(plan: str, update_id: int) -> ResponseReturnValue:
    """The correction that waits, word by word beside what is printed."""
    return _page(update_of(update_id))


@blueprint.post("/<plan>/updates/<int:update_id>/correction/confirm")
def confirm_correction(plan: str, update_id: int) -> ResponseReturnValue:
    def act(update: StatusUpdate, form: FlaskForm) -> None:
        corrections.confirm(
            db.session(),
            update,
            _correction_id(),
            version=form.read_version(),
            rights=rights(),
            by=person(),
            at=clock.now(),
        )

    done = _("The status is corrected. It is printed when a lead locks the next edition.")
    return _answered(plan, update_id, act, done)


@blueprint.post("/<plan>/updates/<int:update_id>/correction/decline")
def decline_correction(plan: str, update_id: int) -> ResponseReturnValue:
    def act(update: StatusUpdate, form: FlaskForm) -> None:
        correction_id = _correction_id()
        corrections.decline(db.session(), update, correction_id, rights=rights(), by=person(), at=clock.now())

    return _answered(plan, update_id, act, _("The status stays as it is printed."))


def _answered(plan: str, update_id: int, act: Act, done: str) -> ResponseReturnValue:
    update = update_of(update_id)
    failed = make(update, MoveForm(), act)
    if failed is not None:
        return _page(failed.update, refused=failed.refused), failed.code
    flash(done, "success")
    return _to_update(plan, update)


def _propose(update: StatusUpdate, form: CorrectForm) -> None:
    corrections.propose(
        db.session(),
        update,
        form.wording(),
        version=form.read_version(),
        rights=rights(),
        by=person(),
        at=clock.now(),
    )


def _correction_id() -> int:
    """The correction that was read; 0, which none is, when it makes no sense."""
    typed = request.form.get("correction", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _may(update: StatusUpdate) -> bool:
    return Move.correct in moves_of(db.session(), update, rights=rights(), by=person())


def _to_update(plan: str, update: StatusUpdate) -> ResponseReturnValue:
    return redirect(url_for("secretariat.update", plan=plan, update_id=update.id), 303)


def _to_correction(plan: str, update: StatusUpdate) -> ResponseReturnValue:
    return redirect(url_for("secretariat.correction", plan=plan, update_id=update.id), 303)


def _form_page(update: StatusUpdate, form: CorrectForm, *, refused: str = "") -> str:
    return render_template(
        "secretariat/correct.html", update=update, form=form, refused=refused, may=_may(update)
    )


def _page(update: StatusUpdate, *, refused: str = "") -> str:
    proposed = corrections.proposed(db.session(), update)
    return render_template(
        "secretariat/correction.html",
        update=update,
        proposed=proposed,
        own=proposed is not None and proposed.correction.proposed_by_id == person().id,
        refused=refused,
    )
