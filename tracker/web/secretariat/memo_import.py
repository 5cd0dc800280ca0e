"""Bringing last year's memo into the plan: hand it over, look through what was read, confirm."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.domain.errors import InvalidInput, MoveRefused, StaleVersion
from tracker.extensions import db
from tracker.memos.importing import uploads
from tracker.memos.importing.actions import Summary
from tracker.memos.importing.carrying_out import import_decided
from tracker.memos.importing.confirming import Effect
from tracker.memos.reading import Reading, Unreadable
from tracker.memos.writing import memo_view
from tracker.web.errors import sentence_of
from tracker.web.forms import attach
from tracker.web.guards import current_plan
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.memo_forms import MemoUploadForm
from tracker.web.secretariat.memo_front_fields import corrected
from tracker.web.secretariat.memo_waiting import Waiting
from tracker.web.viewer import person

_MOST_NAMED = 50


@blueprint.route("/<plan>/memo-import", methods=["GET", "POST"])
def memo_upload(plan: str) -> ResponseReturnValue:
    """Hand a memo over. It is kept beside the plan until somebody confirms what was read."""
    session, where = db.session(), current_plan()
    form = MemoUploadForm(year=clock.today().year - 1)
    if form.validate_on_submit():
        try:
            upload = uploads.keep_upload(
                session,
                plan_id=where.id,
                year=form.year.data,
                file_name=form.memo.data.filename or "",
                content=form.memo.data.read(),
                by=person().id,
                at=clock.now(),
            )
            db.session.commit()
        except (Unreadable, InvalidInput) as error:
            db.session.rollback()
            attach(form, _at_field(error))
        else:
            return redirect(url_for("secretariat.memo_preview", plan=plan, upload_id=upload.id), 303)
    waiting = uploads.waiting_upload(session, where.id, person().id)
    page = render_template("secretariat/memo_upload.html", form=form, waiting=waiting)
    return page, 400 if form.is_submitted() else 200


def _at_field(error: Unreadable | InvalidInput) -> InvalidInput:
    return error if isinstance(error, InvalidInput) else InvalidInput("memo", error.message, **error.params)


@blueprint.get("/<plan>/memo-import/<int:upload_id>/import")
def memo_confirming(plan: str, upload_id: int) -> ResponseReturnValue:
    """What an import would do, for the last time. Nothing is saved here."""
    waiting = Waiting.load(upload_id)
    return waiting.imported or _confirming_page(waiting)


@blueprint.post("/<plan>/memo-import/<int:upload_id>/import")
def confirm_memo(plan: str, upload_id: int) -> ResponseReturnValue:
    """Import exactly what the page has shown, or nothing."""
    session, where, by = db.session(), current_plan(), person().id
    upload = uploads.upload_of(session, where.id, upload_id)
    if upload is None:
        abort(404)
    reading, shown = uploads.reading_of(upload), request.form.get("digest", "")
    try:
        summary = import_decided(session, upload, where, reading, shown=shown, by=by, at=clock.now())
        db.session.commit()
    except (StaleVersion, MoveRefused) as error:
        db.session.rollback()
        return _confirming_page(Waiting.load(upload_id), refused=sentence_of(error)), 409
    flash(_said(summary, upload.year), "info" if summary.already_there else "success")
    return redirect(url_for("secretariat.round", plan=plan, year=upload.year), 303)


def _said(summary: Summary, year: int) -> str:
    if summary.already_there:
        return str(_("The plan has the round of %(year)s already. Nothing was changed.", year=year))
    said = _(
        "The memo of %(year)s is imported: %(rows)s statuses, %(new)s new initiatives and %(known)s that the "
        "plan had.",
        year=year,
        rows=summary.rows,
        new=summary.new_initiatives,
        known=summary.matched_initiatives,
    )
    return str(said)


def _confirming_page(waiting: Waiting, *, refused: str = "") -> str:
    found = waiting.found
    reading = found.reading
    page: str = render_template(
        "secretariat/memo_confirming.html",
        waiting=waiting,
        upload=waiting.upload,
        found=found,
        refused=refused,
        view=memo_view(found.memo),
        corrected=corrected(found),
        new=found.count(Effect.new),
        known=found.count(Effect.same) + found.count(Effect.renamed),
        of={effect.value: [line for line in found.lines if line.effect is effect] for effect in Effect},
        merged=[
            (one.initiative.title, found.lines[one.into].row)
            for one in found.unmentioned
            if one.into is not None
        ],
        kept_aside=_kept_aside(reading),
        most=_MOST_NAMED,
    )
    return page


def _kept_aside(reading: Reading) -> int:
    """How many rows stand in tables that make no initiatives."""
    others = (table for table in reading.memo.tables if table.kind != "status")
    return sum(len(section.rows) for table in others for section in table.sections)
