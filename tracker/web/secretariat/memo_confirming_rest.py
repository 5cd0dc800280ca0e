"""What else is looked through of an earlier memo: administrations, what it does not say, what was left."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.memos.importing.confirming import Unmentioned
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.memo_confirming_words import translated
from tracker.web.secretariat.memo_rows import PartForm, UnmentionedForm, with_parts, with_unmentioned
from tracker.web.secretariat.memo_waiting import Waiting, kept, outdated

_A_PAGE = 50
_MOST_LEFT_OUT = 500


@blueprint.get("/<plan>/memo-import/<int:upload_id>/administrations")
def memo_administrations(plan: str, upload_id: int) -> ResponseReturnValue:
    """Which administration each section of the memo stands for."""
    waiting = Waiting.load(upload_id)
    return waiting.imported or _parts_page(waiting, [PartForm.of(part) for part in waiting.found.parts])


@blueprint.post("/<plan>/memo-import/<int:upload_id>/administrations")
def choose_memo_administrations(plan: str, upload_id: int) -> ResponseReturnValue:
    waiting = Waiting.load(upload_id)
    if waiting.imported:
        return waiting.imported
    forms = [PartForm.sent(part, request.form) for part in waiting.found.parts]
    refused, choices = outdated(waiting), with_parts(waiting.found.choices, forms, waiting.found)
    if not refused and any(form.errors for form in forms):
        return _parts_page(waiting, forms), 400
    refused = refused or kept(waiting, choices)
    if refused:
        now = Waiting.load(upload_id)
        forms = [PartForm.sent(part, request.form) for part in now.found.parts]
        return _parts_page(now, forms, refused=refused), 409
    flash(_("Saved."), "success")
    return redirect(waiting.address("memo_administrations"), 303)


def _parts_page(waiting: Waiting, forms: Sequence[PartForm], *, refused: str = "") -> str:
    page: str = render_template(
        "secretariat/memo_administrations.html",
        waiting=waiting,
        upload=waiting.upload,
        forms=forms,
        choices=[
            ("", _("As the name says")),
            *((str(one.id), one.name) for one in waiting.found.administrations),
        ],
        refused=refused,
        errors=[(text, f"#{form.id(name)}") for form in forms for name, text in form.errors.items()],
    )
    return page


@blueprint.get("/<plan>/memo-import/<int:upload_id>/unmentioned")
def memo_unmentioned(plan: str, upload_id: int) -> ResponseReturnValue:
    """The plan's initiatives that the memo does not mention. Nothing happens to them by themselves."""
    waiting = Waiting.load(upload_id)
    return waiting.imported or _unmentioned_page(waiting, _page_asked(waiting))


@blueprint.post("/<plan>/memo-import/<int:upload_id>/unmentioned")
def choose_memo_unmentioned(plan: str, upload_id: int) -> ResponseReturnValue:
    waiting = Waiting.load(upload_id)
    if waiting.imported:
        return waiting.imported
    page, found = _page_asked(waiting), waiting.found
    every = [UnmentionedForm.sent(one, found, request.form) for one in found.unmentioned]
    forms = [form for form in every if form.id in request.form]
    refused, choices = outdated(waiting), with_unmentioned(found.choices, forms, found)
    if not refused and any(form.error for form in forms):
        return _unmentioned_page(waiting, page, sent=True), 400
    refused = refused or kept(waiting, choices)
    if refused:
        return _unmentioned_page(Waiting.load(upload_id), page, sent=True, refused=refused), 409
    flash(_("Saved."), "success")
    return redirect(waiting.address("memo_unmentioned", page=page), 303)


def _page_asked(waiting: Waiting) -> int:
    asked = request.values.get("page", "")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    return min(max(page, 1), _pages(waiting.found.unmentioned))


def _pages(every: Sequence[Unmentioned]) -> int:
    return max(1, -(-len(every) // _A_PAGE))


def _unmentioned_page(waiting: Waiting, page: int, *, sent: bool = False, refused: str = "") -> str:
    found = waiting.found
    forms = [
        UnmentionedForm.sent(one, found, request.form) if sent else UnmentionedForm.of(one, found)
        for one in found.unmentioned[(page - 1) * _A_PAGE : page * _A_PAGE]
    ]
    if sent:
        for form in forms:
            form.into(found)  # so that what is wrong is said at its field
    shown: str = render_template(
        "secretariat/memo_unmentioned.html",
        waiting=waiting,
        upload=waiting.upload,
        forms=forms,
        names={one.id: one.name for one in found.administrations},
        page=page,
        pages=_pages(found.unmentioned),
        refused=refused,
        errors=[(form.error, f"#{form.id}") for form in forms if form.error],
        page_url=lambda page: waiting.address("memo_unmentioned", page=page),
    )
    return shown


@blueprint.get("/<plan>/memo-import/<int:upload_id>/left-out")
def memo_left_out(plan: str, upload_id: int) -> ResponseReturnValue:
    """The pieces of the file that have no room in a memo, each with its place."""
    waiting = Waiting.load(upload_id)
    pieces = waiting.found.reading.left_out
    return waiting.imported or render_template(
        "secretariat/memo_left_out.html",
        waiting=waiting,
        upload=waiting.upload,
        pieces=[(translated(piece.place), piece.text) for piece in pieces[:_MOST_LEFT_OUT]],
        more=max(len(pieces) - _MOST_LEFT_OUT, 0),
    )
