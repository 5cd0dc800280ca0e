"""The front of a round's memo: case number, introduction and caption, computed or written."""

from __future__ import annotations

from dataclasses import replace

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.domain.errors import MoveRefused, StaleVersion
from tracker.extensions import db
from tracker.initiatives.lists import lists_of
from tracker.memos.front import Front, computed, edit_front, front_of
from tracker.rounds.models import Round, RoundState
from tracker.web.errors import sentence_of
from tracker.web.forms import RefusalsIn
from tracker.web.guards import current_plan
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.front_forms import FrontForm
from tracker.web.secretariat.loading import round_or_404
from tracker.web.viewer import person, rights


@blueprint.route("/<plan>/rounds/<int:year>/memo/front", methods=["GET", "POST"])
def memo_front(plan: str, year: int) -> ResponseReturnValue:
    """Read and write what stands before the tables."""
    round_ = round_or_404(year)
    form = FrontForm.of(front_of(round_), computed(db.session(), current_plan(), round_))
    refused = ""
    if form.validate_on_submit():
        with RefusalsIn(form):
            try:
                _edit(round_, form.front(), form.version.data or "")
            except (MoveRefused, StaleVersion) as error:
                db.session.rollback()
                refused = sentence_of(error)
            else:
                flash(_("The front of the memo is saved."), "success")
                return redirect(url_for("secretariat.memo_front", plan=plan, year=year), 303)
    return _shown(round_, form, refused)


@blueprint.post("/<plan>/rounds/<int:year>/memo/front/computed")
def computed_front(plan: str, year: int) -> ResponseReturnValue:
    """Take back the computed introduction or caption, which goes on following the rows."""
    round_, part = round_or_404(year), request.form.get("part", "")
    front = front_of(round_)
    if part == "intro":
        front = replace(front, intro="")
    elif part == "caption":
        front = replace(front, caption="")
    else:
        abort(400)
    _edit(round_, front, request.form.get("version", ""))
    flash(_("The computed text stands there again. It follows the rows."), "success")
    return redirect(url_for("secretariat.memo_front", plan=plan, year=year), 303)


def _edit(round_: Round, front: Front, version: str) -> None:
    edit_front(
        db.session(),
        current_plan(),
        round_,
        front,
        version=version,
        rights=rights(),
        by=person(),
        at=clock.now(),
    )
    db.session.commit()


def _shown(round_: Round, form: FrontForm, refused: str) -> ResponseReturnValue:
    code = 409 if refused else 400 if form.is_submitted() else 200
    page = render_template(
        "secretariat/memo_front.html",
        round=round_,
        form=form,
        front=front_of(round_),
        computed=computed(db.session(), current_plan(), round_),
        lists=lists_of(db.session(), rights(), round_),
        refused=refused,
        is_open=round_.state is RoundState.open,
    )
    return page, code
