"""Looking an earlier memo's front and footnotes through, beside the words of its file."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.memos.importing.front import doubts_of_front
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.memo_confirming_words import DoubtView, translated
from tracker.web.secretariat.memo_front_fields import FrontField, FrontForm
from tracker.web.secretariat.memo_waiting import Waiting, kept, outdated

_MOST_LEFT_OUT = 50


@dataclass(frozen=True)
class FieldDoubt:
    """Something to look at, and the field where it stands."""

    field: FrontField
    doubt: DoubtView


@blueprint.get("/<plan>/memo-import/<int:upload_id>/front")
def memo_import_front(plan: str, upload_id: int) -> ResponseReturnValue:
    """Title, head, introduction, caption and footnotes, what is doubtful first. Nothing is saved here."""
    waiting = Waiting.load(upload_id)
    return waiting.imported or _page(waiting, FrontForm.of(waiting.found))


@blueprint.post("/<plan>/memo-import/<int:upload_id>/front")
def choose_memo_front(plan: str, upload_id: int) -> ResponseReturnValue:
    """Keep what was written in the place of parts of the front and of footnotes."""
    waiting = Waiting.load(upload_id)
    if waiting.imported:
        return waiting.imported
    form = FrontForm.of(waiting.found, request.form)
    refused, choices = outdated(waiting), form.choices()
    if not refused and form.errors:
        return _page(waiting, form), 400
    refused = refused or kept(waiting, choices)
    if refused:
        now = Waiting.load(upload_id)
        return _page(now, FrontForm.of(now.found, request.form), refused=refused), 409
    flash(_("Saved."), "success")
    return redirect(waiting.address("memo_import_front", page=_asked(form)), 303)


def _asked(form: FrontForm) -> int:
    """The page of notes that is asked for."""
    asked = request.values.get("page", "")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    return min(max(page, 1), len(form.pages()))


def _doubts(waiting: Waiting, form: FrontForm) -> list[FieldDoubt]:
    fields = {one.about: one for one in (*form.parts, *form.notes)}
    doubts = doubts_of_front(waiting.found.reading, waiting.found.choices)
    return [FieldDoubt(fields[one.about], DoubtView(one.words, translated(one.reason))) for one in doubts]


def _page(waiting: Waiting, form: FrontForm, *, refused: str = "") -> str:
    page, pages, reading = _asked(form), form.pages(), waiting.found.reading
    has_table = any(table.kind == "status" for table in reading.memo.tables)
    shown: str = render_template(
        "secretariat/memo_import_front.html",
        waiting=waiting,
        upload=waiting.upload,
        form=form,
        head=[one for one in form.parts if one.about not in {"intro", "caption"}],
        texts=[one for one in form.parts if one.about == "intro" or (one.about == "caption" and has_table)],
        notes=pages[page - 1],
        doubts=_doubts(waiting, form),
        left_out=reading.left_out[:_MOST_LEFT_OUT],
        page=page,
        pages=len(pages),
        page_url=lambda page: waiting.address("memo_import_front", page=page),
        refused=refused,
        errors=form.errors,
    )
    return shown
