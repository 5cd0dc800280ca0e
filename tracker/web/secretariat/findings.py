"""The findings of the proofreading: on a whole round, letting one stand, and taking it up again."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.domain.errors import InvalidInput
from tracker.domain.proofreading import Check
from tracker.extensions import db
from tracker.memos.proofreading import findings_of_round
from tracker.rounds import queries
from tracker.rounds.models import RoundState, StatusUpdate
from tracker.statuses import proofreading
from tracker.statuses.proofreading import Looked
from tracker.web import reads
from tracker.web.forms import attach
from tracker.web.guards import current_plan
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.finding_forms import OverruleForm
from tracker.web.secretariat.updates import update_of
from tracker.web.viewer import person, rights


@blueprint.get("/<plan>/rounds/<int:year>/findings")
def findings(plan: str, year: int) -> ResponseReturnValue:
    """What is found on the texts of a round, counted by administration, and each finding by its row."""
    session, where = db.session(), current_plan()
    round_ = queries.round_of(session, where.id, year)
    if round_ is None:
        abort(404)
    asked = request.args.get("administration", "")
    open_ = round_.state is RoundState.open
    found = findings_of_round(session, where, round_, on=clock.today()) if open_ else None
    if open_:
        reads.note_draft_read(round_.id, where.id)
    return render_template(
        "secretariat/findings.html",
        round=round_,
        found=found,
        asked=asked if found and asked in {one.code for one in found.shares} else "",
    )


@blueprint.route("/<plan>/updates/<int:update_id>/overrule", methods=["GET", "POST"])
def overrule_finding(plan: str, update_id: int) -> ResponseReturnValue:
    """Let a finding stand: the sentence once more, and why it is right as it is."""
    update, form = update_of(update_id), OverruleForm()
    if not form.is_submitted():
        form.take(request.args)
    looked = _found(update, form)
    if looked is None or update.round.state is not RoundState.open:
        flash(_("The text has changed since, or the round is closed: this is not asked about any more."))
        return _back(plan, update, form)
    if form.is_submitted() and form.validate():
        try:
            _overrule(update, looked, form)
        except InvalidInput as error:
            db.session.rollback()
            attach(form, error)
        else:
            db.session.commit()
            flash(_("It stands as it is. Who decided so, when and why is kept with the status."), "success")
            return _back(plan, update, form)
    page = render_template("secretariat/overrule_finding.html", update=update, form=form, looked=looked)
    return page, 400 if form.is_submitted() else 200


@blueprint.post("/<plan>/updates/<int:update_id>/take-up")
def take_up_finding(plan: str, update_id: int) -> ResponseReturnValue:
    """Ask about a finding again that was let stand."""
    update = update_of(update_id)
    decision_id = request.form.get("decision", type=int) or 0
    proofreading.take_up(db.session(), update, decision_id, rights=rights(), by=person(), at=clock.now())
    db.session.commit()
    flash(_("It is asked about again."), "success")
    return _back(plan, update, OverruleForm())


def _overrule(update: StatusUpdate, looked: Looked, form: OverruleForm) -> None:
    proofreading.overrule(
        db.session(),
        update,
        check=looked.finding.check,
        words=looked.finding.words,
        reason=form.reason.data or "",
        rights=rights(),
        by=person(),
        at=clock.now(),
    )


def _found(update: StatusUpdate, form: OverruleForm) -> Looked | None:
    """The finding that is meant, on the text or in the whole memo; None when it is there no more."""
    if form.check.data not in set(Check):
        return None
    session, today = db.session(), clock.today()
    previous = queries.previous_update(session, update)
    looked = proofreading.findings_of(session, update, previous, on=today)
    if (found := _among(looked, form)) is not None:
        return found
    every = findings_of_round(session, current_plan(), update.round, on=today)
    own = [one for row in every.rows if row.update_id == update.id for one in (*row.open, *row.overruled)]
    return _among(own, form)


def _among(looked: list[Looked], form: OverruleForm) -> Looked | None:
    words = proofreading.digest(form.words.data or "")
    return next(
        (
            one
            for one in looked
            if one.finding.check == form.check.data and proofreading.digest(one.finding.words) == words
        ),
        None,
    )


def _back(plan: str, update: StatusUpdate, form: OverruleForm) -> ResponseReturnValue:
    """To where it was pressed: the round's list, else the status."""
    if form.back.data == "round":
        address = url_for("secretariat.findings", plan=plan, year=update.round.year)
        return redirect(f"{address}#row-{update.id}", 303)
    return redirect(url_for("secretariat.update", plan=plan, update_id=update.id) + "#findings", 303)
