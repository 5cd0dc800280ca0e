"""Mending a submitted text: a form, and when somebody was quicker, both texts and what differs."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.domain.comparison import word_diff
from tracker.domain.text import clean
from tracker.domain.workflow import Move
from tracker.extensions import db
from tracker.rounds.models import StatusUpdate
from tracker.statuses import mending
from tracker.statuses.moves import has_mended, moves_of
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.reading_forms import MendForm
from tracker.web.secretariat.review_moves import NotMade, make
from tracker.web.secretariat.updates import update_of
from tracker.web.viewer import person, rights


@blueprint.route("/<plan>/updates/<int:update_id>/mend", methods=["GET", "POST"])
def mend(plan: str, update_id: int) -> ResponseReturnValue:
    """Correct small things in a text that waits for approval; its owner sees what was changed."""
    update = update_of(update_id)
    form = MendForm(version=update.version, text=update.text, reason=update.reason)
    if not form.is_submitted():
        return _page(update, form) if _may(update) else _back(plan, update)
    failed = make(update, form, _mend)
    if failed is not None:
        return _not_mended(plan, failed, form)
    flash(_("The text is mended. Its owner gets a letter, and another person approves it."), "success")
    return _back(plan, update)


def _mend(update: StatusUpdate, form: MendForm) -> None:
    mending.mend(
        db.session(),
        update,
        text=form.text.data or "",
        reason=form.reason.data or "",
        version=form.read_version(),
        rights=rights(),
        by=person(),
        at=clock.now(),
    )


def _not_mended(plan: str, failed: NotMade, form: MendForm) -> ResponseReturnValue:
    """Pressed twice is done once; anything else is shown beside what stands there now."""
    update = failed.update
    typed = (clean(form.text.data or "").strip(), clean(form.reason.data or "").strip())
    is_there = typed == (update.text, update.reason)
    if failed.refused and is_there and has_mended(db.session(), update.id, person().id):
        return _back(plan, update)
    return _page(update, form, refused=failed.refused), failed.code


def _may(update: StatusUpdate) -> bool:
    return Move.mend in moves_of(db.session(), update, rights=rights(), by=person())


def _back(plan: str, update: StatusUpdate) -> ResponseReturnValue:
    return redirect(url_for("secretariat.update", plan=plan, update_id=update.id), 303)


def _page(update: StatusUpdate, form: MendForm, *, refused: str = "") -> str:
    typed = clean(form.text.data or "").strip()
    return render_template(
        "secretariat/mend.html",
        update=update,
        form=form,
        refused=refused,
        may=_may(update),
        own=update.submitted_by_id == person().id,
        difference=word_diff(update.text, typed) if refused and typed != update.text else (),
    )
