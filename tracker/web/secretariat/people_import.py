"""Bringing people and owners in from a table: hand it over, look through every row, confirm."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField

from tracker import clock
from tracker.accounts.adding import invite_people
from tracker.accounts.models import Person
from tracker.domain.errors import InvalidInput
from tracker.domain.text import clean
from tracker.extensions import db
from tracker.plans.import_rows import HEADERS
from tracker.plans.importing import Effect, Line, Prepared, prepare
from tracker.plans.sheets import Table, read_table
from tracker.plans.sheets.reading import MAX_FILE
from tracker.plans.waiting_files import WaitingFile, WaitingFiles
from tracker.succession.bringing_in import bring_in
from tracker.web import viewer
from tracker.web.forms import Needed, attach
from tracker.web.guards import current_plan
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.viewer import person

SHOWN = 500
_WANTED = HEADERS["email"]


class PeopleUploadForm(FlaskForm):
    file = FileField(
        _l("The table"),
        [Needed(_l("Choose the file with the table."))],
        description=_l("An Excel workbook (.xlsx) or a table as text (.csv), at most 10 MB."),
    )


class ConfirmForm(FlaskForm):
    invite = BooleanField(_l("Send the new people a letter with an invitation"), default=True)


@blueprint.route("/<plan>/people/import", methods=["GET", "POST"])
def people_upload(plan: str) -> ResponseReturnValue:
    """Hand a table over. It is kept beside the plan until it is confirmed."""
    form, where = PeopleUploadForm(), current_plan()
    if form.validate_on_submit():
        file = WaitingFile(_tidy(form.file.data.filename), form.file.data.read(MAX_FILE + 1))
        try:
            prepare(db.session(), where.id, _table(file), today=clock.today())
        except InvalidInput as error:
            attach(form, error)
        else:
            _files().keep(where.id, person().id, file, real_at=clock.real_now())
            return redirect(url_for("secretariat.people_preview", plan=plan), 303)
    page = render_template(
        "secretariat/people_upload.html",
        form=form,
        waiting=_files().waiting(where.id, person().id),
    )
    return page, 400 if form.is_submitted() else 200


@blueprint.get("/<plan>/people/import/preview")
def people_preview(plan: str) -> ResponseReturnValue:
    """What each row would do. Nothing is saved here."""
    file = _files().waiting(current_plan().id, person().id)
    if file is None:
        flash(_("There is no table that waits. Hand it over again."), "info")
        return redirect(url_for("secretariat.people_upload", plan=plan), 303)
    return _page(file, _prepared(file))


@blueprint.post("/<plan>/people/import/preview")
def import_people(plan: str) -> ResponseReturnValue:
    """Import exactly what the preview has shown, or nothing."""
    where, form = current_plan(), ConfirmForm()
    file = _files().waiting(where.id, person().id)
    if file is None:
        flash(_("There is no table that waits. Hand it over again."), "info")
        return redirect(url_for("secretariat.people_upload", plan=plan), 303)
    prepared = _prepared(file)
    if prepared.bad or request.form.get("digest") != prepared.digest:
        return _page(file, prepared, outdated=not prepared.bad), 409
    invite = _invite if form.invite.data else _tell_nobody
    people, places = bring_in(db.session(), where.id, prepared, invite=invite, by=person().id, at=clock.now())
    db.session.commit()
    _files().drop(where.id, person().id)
    flash(
        _("Imported: %(people)s new people and %(places)s places.", people=people, places=places), "success"
    )
    return redirect(url_for("secretariat.places", plan=plan), 303)


def _invite(new: Sequence[Person]) -> None:
    by, at = person().id, clock.now()
    invite_people(db.session(), new, secret=viewer.secret(), by=by, at=at, real_at=clock.real_now())


def _tell_nobody(_new: Sequence[Person]) -> None:
    """They are invited later, one by one."""


def _page(file: WaitingFile, prepared: Prepared, *, outdated: bool = False) -> str:
    """Bad rows first and all of them; of the others what fits on a page."""
    others = [one for one in prepared.lines if one.effect not in {Effect.bad, Effect.nothing}]
    page: str = render_template(
        "secretariat/people_preview.html",
        file_name=file.name,
        prepared=prepared,
        bad=[(one, _why(one)) for one in prepared.bad[:SHOWN]],
        lines=others[:SHOWN],
        left_out=max(len(others) - SHOWN, 0),
        untouched=sum(one.effect is Effect.nothing for one in prepared.lines),
        new=prepared.new_people,
        form=ConfirmForm(formdata=None),
        outdated=outdated,
    )
    return page


def _why(line: Line) -> str:
    return str(_(line.reason.message, **line.reason.params)) if line.reason else ""


def _prepared(file: WaitingFile) -> Prepared:
    return prepare(db.session(), current_plan().id, _table(file), today=clock.today())


def _table(file: WaitingFile) -> Table:
    return read_table(file.content, name=file.name, wanted=_WANTED)


def _files() -> WaitingFiles:
    settings: Any = current_app.extensions["settings"]
    return WaitingFiles(Path(current_app.root_path).parent / settings.data_folder / "waiting")


def _tidy(file_name: str | None) -> str:
    name = " ".join(clean((file_name or "").replace("\\", "/").rsplit("/", 1)[-1]).split())
    return name[-200:] or "table"
