"""Bringing last year's memo into the plan: hand it over, look through what was read, confirm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.domain.errors import InvalidInput
from tracker.extensions import db
from tracker.memos import uploads
from tracker.memos.importing import Summary, import_reading
from tracker.memos.matching import Match, RowMatch, match
from tracker.memos.models import MemoUpload
from tracker.memos.reading import Reading, Sentence, Unreadable, read_bytes
from tracker.memos.writing import MemoView, memo_view
from tracker.memos.writing.html import Line, RowView, TableView
from tracker.rounds.queries import round_of
from tracker.web.forms import attach
from tracker.web.guards import current_plan
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.memo_forms import MemoUploadForm
from tracker.web.viewer import person


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


@blueprint.get("/<plan>/memo-import/<int:upload_id>")
def memo_preview(plan: str, upload_id: int) -> ResponseReturnValue:
    """What was read, row by row, and what an import would do. Nothing is saved here."""
    session, where = db.session(), current_plan()
    upload = _upload(upload_id)
    reading = read_bytes(upload.content, name=upload.file_name)
    return render_template(
        "secretariat/memo_preview.html",
        upload=upload,
        memo=reading.memo,
        preview=_preview(reading, match(session, where, reading.memo)),
        already_there=round_of(session, where.id, upload.year) is not None,
    )


@blueprint.post("/<plan>/memo-import/<int:upload_id>")
def confirm_memo(plan: str, upload_id: int) -> ResponseReturnValue:
    """Import what the preview has shown."""
    upload = _upload(upload_id)
    reading = read_bytes(upload.content, name=upload.file_name)
    at = clock.now()
    summary = import_reading(db.session(), reading, slug=plan, year=upload.year, by=person().id, at=at)
    upload.confirmed_at = upload.confirmed_at or at
    db.session.commit()
    flash(_said(summary, upload.year), "info" if summary.already_there else "success")
    return redirect(url_for("secretariat.round", plan=plan, year=upload.year), 303)


def _upload(upload_id: int) -> MemoUpload:
    found = uploads.upload_of(db.session(), current_plan().id, upload_id)
    if found is None:
        abort(404)
    return found


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


@dataclass(frozen=True)
class DoubtView:
    """Something to look at. `row` is the printed number, None for the whole memo."""

    row: int | None
    words: str
    reason: str


@dataclass(frozen=True)
class SectionPreview:
    """A printed block. `heading` names the plan's administration when `known`; `printed` differs at times."""

    printed: str
    heading: str
    known: bool
    rows: tuple[tuple[RowView, RowMatch, bool], ...]


@dataclass(frozen=True)
class Preview:
    view: MemoView
    match: Match
    caption: Line
    sections: tuple[SectionPreview, ...]
    doubts: tuple[DoubtView, ...]
    left_out: tuple[tuple[str, str], ...]
    kept_aside: int


def _preview(reading: Reading, found: Match) -> Preview:
    view = memo_view(reading.memo)
    kinds = [table.kind for table in reading.memo.tables]
    shown = view.tables[kinds.index("status")] if "status" in kinds else None
    doubtful = {doubt.row for doubt in reading.doubts}
    return Preview(
        view=view,
        match=found,
        caption=shown.caption if shown else (),
        sections=tuple(_sections(shown, found, doubtful)) if shown else (),
        doubts=tuple(DoubtView(one.row, one.words, _translated(one.reason)) for one in reading.doubts),
        left_out=tuple((_translated(piece.place), piece.text) for piece in reading.left_out),
        kept_aside=sum(
            len(section.rows)
            for table in reading.memo.tables
            if table.kind != "status"
            for section in table.sections
        ),
    )


def _sections(table: TableView, found: Match, doubtful: set[int | None]) -> Iterator[SectionPreview]:
    """The sections of the status table, each row beside what it was matched with."""
    for section, rows in zip(found.sections, (one.rows for one in table.sections), strict=True):
        yield SectionPreview(
            printed=section.name,
            heading=section.heading,
            known=section.administration is not None,
            rows=tuple(
                (row, matched, row.number in doubtful)
                for row, matched in zip(rows, section.rows, strict=True)
            ),
        )


def _translated(sentence: Sentence) -> str:
    return str(_(sentence.message, **dict(sentence.params)))
