"""Looking an earlier memo through, row by row, beside the words of its file."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.memos.importing.choices import Choices, RowChoice, fingerprint
from tracker.memos.importing.confirming import Confirming, Line
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.memo_confirming_words import DoubtView, RowView, row_view, whole_doubts
from tracker.web.secretariat.memo_rows import RowForm, pages_of, titles_to_choose
from tracker.web.secretariat.memo_waiting import Waiting, kept, outdated

_MOST_DOUBTS = 100
_OF_A_ROW = re.compile(r"^(?:accept|open)-row-(\d{1,5})$", re.ASCII)


@dataclass(frozen=True)
class Shown:
    """Which rows a page shows: those with a doubt or all, and which page of them."""

    show: str
    page: int
    pages: list[list[Line]]

    @classmethod
    def asked(cls, found: Confirming) -> Shown:
        """As the address or the form says; the doubtful ones first where there are any."""
        show = "doubtful" if found.doubtful and request.values.get("show") != "all" else "all"
        pages = pages_of(found.doubtful if show == "doubtful" else found.lines)
        asked = request.values.get("page", "")
        page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
        return cls(show, min(max(page, 1), len(pages)), pages)

    @property
    def lines(self) -> list[Line]:
        return self.pages[self.page - 1]


@blueprint.get("/<plan>/memo-import/<int:upload_id>")
def memo_preview(plan: str, upload_id: int) -> ResponseReturnValue:
    """The rows beside their source, those with a doubt first. Nothing is saved here."""
    waiting = Waiting.load(upload_id)
    shown = Shown.asked(waiting.found)
    return waiting.imported or _page(waiting, shown, [RowForm.of(line) for line in shown.lines])


@blueprint.post("/<plan>/memo-import/<int:upload_id>")
def choose_memo_rows(plan: str, upload_id: int) -> ResponseReturnValue:
    """Keep what was typed in the rows of a page, and accept some or all of the memo's."""
    waiting = Waiting.load(upload_id)
    if waiting.imported:
        return waiting.imported
    found, press = waiting.found, request.form.get("press", "save")
    forms = _sent(found)
    refused, choices = outdated(waiting), _chosen(found, forms, press)
    if not refused and any(form.errors for form in forms):
        return _page(waiting, Shown.asked(found), forms), 400
    refused = refused or kept(waiting, choices)
    if refused:
        now = Waiting.load(upload_id)
        return _page(now, Shown.asked(now.found), _sent(now.found), refused=refused), 409
    return redirect(_after(Waiting.load(upload_id), press), 303)


def _sent(found: Confirming) -> list[RowForm]:
    """The rows whose fields the page has sent, with what was typed in them."""
    sent = [one for one in request.form.getlist("row") if one.isascii() and one.isdigit() and len(one) < 6]
    indexes = dict.fromkeys(int(one) for one in sent)
    return [RowForm.sent(found.lines[index], request.form) for index in indexes if index < len(found.lines)]


def _chosen(found: Confirming, forms: list[RowForm], press: str) -> Choices:
    """The choices with what the forms say, and with the rows accepted that the pressed button names."""
    accepted = _accepted(found, {form.line.index for form in forms}, press)
    rows: dict[int, RowChoice] = {
        line.index: replace(line.choice, accepted=line.index in accepted, of=fingerprint(line.read))
        for line in found.lines
        if line.choice.accepted != (line.index in accepted)
    }
    rows |= {form.line.index: form.choice(found, accepted=form.line.index in accepted) for form in forms}
    return found.choices.with_rows(rows)


def _accepted(found: Confirming, shown: Collection[int], press: str) -> set[int]:
    """The rows that are accepted once a button is pressed."""
    before = {line.index for line in found.lines if line.choice.accepted}
    index = _row_of(press)
    if index is not None:
        return before | {index} if press.startswith("accept") else before - {index}
    bulk = {
        "accept-shown": set(shown),
        "accept-sure": {line.index for line in found.lines if not line.doubtful},
        "accept-all": {line.index for line in found.lines},
    }
    return before | bulk.get(press, set())


def _row_of(press: str) -> int | None:
    """The row that a button belongs to."""
    found = _OF_A_ROW.match(press)
    return int(found[1]) if found else None


def _after(waiting: Waiting, press: str) -> str:
    """Where a pressed button leads: to the next row that waits, the next page, or the import."""
    shown, left = Shown.asked(waiting.found), len(waiting.found.open)
    page = shown.page + (press == "next" and shown.page < len(shown.pages))
    here = waiting.address("memo_preview", show=shown.show, page=page)
    if press.startswith("accept") and not left:
        flash(_("Every row is accepted. Look at what will happen, and confirm it."), "success")
        return waiting.address("memo_confirming")
    index = _row_of(press)
    if index is not None:
        following = [line.index for line in shown.lines if not line.settled and line.index > index]
        return f"{here}#row-{following[0] if press.startswith('accept') and following else index}"
    words = ngettext(
        "Saved. %(num)d row waits to be accepted.", "Saved. %(num)d rows wait to be accepted.", left
    )
    flash(words if left else _("Saved."), "success")
    return here


def _page(waiting: Waiting, shown: Shown, forms: list[RowForm], *, refused: str = "") -> str:
    found = waiting.found
    rows: list[RowView] = [row_view(found, form, refused=bool(refused)) for form in forms]
    doubts: list[DoubtView] = whole_doubts(found) if shown.show == "doubtful" or not found.doubtful else []
    page: str = render_template(
        "secretariat/memo_preview.html",
        waiting=waiting,
        upload=waiting.upload,
        found=found,
        shown=shown,
        rows=rows,
        doubts=doubts[:_MOST_DOUBTS],
        more_doubts=max(len(doubts) - _MOST_DOUBTS, 0),
        sure=sum(not line.doubtful for line in found.lines),
        titles=titles_to_choose(found),
        refused=refused,
        errors=[(text, f"#{form.id(name)}") for form in forms for name, text in form.errors.items()],
        page_url=lambda page: waiting.address("memo_preview", show=shown.show, page=page),
    )
    return page
