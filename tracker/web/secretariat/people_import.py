"""Bringing people and owners in from a table: hand it over, look through every row, confirm."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
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
from tracker.plans import people_uploads as uploads
from tracker.plans.import_rows import HEADERS
from tracker.plans.importing import Effect, Line, Prepared, hold_people_and_places, prepare
from tracker.plans.people_uploads import WaitingTable
from tracker.plans.sheets import Table, read_table
from tracker.plans.sheets.reading import MAX_FILE
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
    form, where, session = PeopleUploadForm(), current_plan(), db.session()
    if form.validate_on_submit():
        name, content = _tidy(form.file.data.filename), form.file.data.read(MAX_FILE + 1)
        try:
            prepare(session, where.id, _table(name, content), by=person().id, today=clock.today())
        except InvalidInput as error:
            attach(form, error)
        else:
            uploads.keep(session, where.id, person().id, name=name, content=content, at=clock.now())
            db.session.commit()
            return redirect(url_for("secretariat.people_preview", plan=plan), 303)
    page = render_template(
        "secretariat/people_upload.html",
        form=form,
        waiting=uploads.waiting_name(session, where.id, person().id, now=clock.now()),
    )
    return page, 400 if form.is_submitted() else 200


@blueprint.get("/<plan>/people/import/preview")
def people_preview(plan: str) -> ResponseReturnValue:
    """What each row would do. Nothing is saved here."""
    table = uploads.waiting(db.session(), current_plan().id, person().id, now=clock.now())
    return _nothing_waits(plan) if table is None else _page(table, _prepared(table))


@blueprint.post("/<plan>/people/import/preview")
def import_people(plan: str) -> ResponseReturnValue:
    """Import exactly what the preview has shown, or nothing."""
    session, where, form, by = db.session(), current_plan(), ConfirmForm(), person().id
    table = uploads.take(session, where.id, by, now=clock.now())
    if table is None:
        return _nothing_waits(plan)
    hold_people_and_places(session)
    prepared = _prepared(table)
    if request.form.get("table") != table.sha256:
        return _page(table, prepared, outdated=_("Another table has been handed over since.")), 409
    if request.form.get("digest") != prepared.digest:
        return _page(table, prepared, outdated=_("The plan has changed since you looked.")), 409
    if prepared.bad:
        return _page(table, prepared), 409
    invite = _invite if form.invite.data else _tell_nobody
    people, places = bring_in(session, where.id, prepared, invite=invite, by=by, at=clock.now())
    uploads.end(session, where.id, by)
    db.session.commit()
    flash(
        _("Imported: %(people)s new people and %(places)s places.", people=people, places=places), "success"
    )
    return redirect(url_for("secretariat.places", plan=plan), 303)


def _nothing_waits(plan: str) -> ResponseReturnValue:
    flash(_("There is no table that waits. Hand it over again."), "info")
    return redirect(url_for("secretariat.people_upload", plan=plan), 303)


def _invite(new: Sequence[Person]) -> None:
    by, at = person().id, clock.now()
    invite_people(db.session(), new, secret=viewer.secret(), by=by, at=at, real_at=clock.real_now())


def _tell_nobody(_new: Sequence[Person]) -> None:
    """They are invited later, one by one."""


def _page(table: WaitingTable, prepared: Prepared, *, outdated: str = "") -> str:
    """Bad rows first and all of them; of the others what fits on a page."""
    others = [one for one in prepared.lines if one.effect not in {Effect.bad, Effect.nothing}]
    page: str = render_template(
        "secretariat/people_preview.html",
        table=table,
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


def _prepared(table: WaitingTable) -> Prepared:
    read = _table(table.name, table.content)
    return prepare(db.session(), current_plan().id, read, by=person().id, today=clock.today())


def _table(name: str, content: bytes) -> Table:
    return read_table(content, name=name, wanted=_WANTED)


def _tidy(file_name: str | None) -> str:
    name = " ".join(clean((file_name or "").replace("\\", "/").rsplit("/", 1)[-1]).split())
    return name[-200:] or "table"
