"""What changed between two editions of a plan: as a page, and as a table to save."""

from __future__ import annotations

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.domain.comparison import Difference, RowChange
from tracker.domain.text import parse, plain
from tracker.extensions import db
from tracker.memos.edition_changes import EditionChanges, FrontPart, changes_between
from tracker.memos.editions import edition_of, editions_of
from tracker.memos.models import Edition, EditionKind
from tracker.plans.queries import administrations
from tracker.plans.sheets.writing import Cell, Sheet
from tracker.rounds.queries import rounds_of
from tracker.web.guards import current_plan
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.loading import asked_id
from tracker.web.tables import TABLE_KINDS, table_file


@blueprint.get("/<plan>/editions/changes")
def edition_changes(plan: str) -> ResponseReturnValue:
    """The changes from one chosen edition to another; without a choice, the choice."""
    old, new = _asked("old"), _asked("new")
    titles = _titles()
    return render_template(
        "secretariat/edition_changes.html",
        choices=[("", _("Choose an edition")), *((str(id_), title) for id_, title in titles.items())],
        titles=titles,
        old=old,
        new=new,
        found=changes_between(db.session(), old, new) if old and new else None,
        difference_words=difference_words(),
        front_words=front_words(),
    )


@blueprint.get(f"/<plan>/editions/changes.{TABLE_KINDS}")
def edition_changes_table(plan: str, table_kind: str) -> ResponseReturnValue:
    """The same as a table; without a choice, to the choice."""
    old, new = _asked("old"), _asked("new")
    if old is None or new is None:
        return redirect(url_for("secretariat.edition_changes", plan=plan), 303)
    sheet = _sheet(changes_between(db.session(), old, new))
    return table_file([sheet], name=f"{plan}-changes-{old.id}-{new.id}", table_kind=table_kind)


def _asked(name: str) -> Edition | None:
    """The edition in the address. Nothing is chosen without one; another plan's is not found."""
    asked = asked_id(name)
    if asked is None:
        return None
    found = edition_of(db.session(), current_plan().id, asked)
    return found[0] if found else abort(404)


def _titles() -> dict[int, str]:
    """Every edition of the plan by id, newest first, in words."""
    session, plan_id = db.session(), current_plan().id
    years = {one.id: one.year for one in rounds_of(session, plan_id)}
    codes = {one.id: one.code for one in administrations(session, plan_id)}
    return {one.id: _title(one, years[one.round_id], codes) for one in editions_of(session, years)}


def _title(edition: Edition, year: int, codes: dict[int, str]) -> str:
    said = {"year": year, "version": edition.version}
    if edition.kind is EditionKind.final:
        return str(_("%(year)s, edition %(version)s", **said))
    if edition.kind is EditionKind.consolidated:
        return str(_("%(year)s, edition %(version)s of all initiatives, for a meeting", **said))
    code = codes.get(edition.administration_id or 0, "")
    return str(_("%(year)s, edition %(version)s for the committee of %(code)s", code=code, **said))


def difference_words() -> dict[str, str]:
    return {
        Difference.added: _("New in the memo"),
        Difference.gone: _("Gone"),
        Difference.moved: _("In another administration"),
        Difference.renumbered: _("Another number"),
        Difference.renamed: _("Another title"),
        Difference.reworded: _("Another text"),
    }


def front_words() -> dict[str, str]:
    return {
        FrontPart.heading: _("Title"),
        FrontPart.recipients: _("Recipients"),
        FrontPart.date: _("Date"),
        FrontPart.case_number: _("Case number"),
        FrontPart.intro: _("Introduction"),
        FrontPart.caption: _("Caption of the table"),
    }


def _sheet(found: EditionChanges) -> Sheet:
    headers = [
        _("What changed"),
        _("No. before"),
        _("No. after"),
        _("Administration before"),
        _("Administration after"),
        _("Title before"),
        _("Title after"),
        _("Text before"),
        _("Text after"),
    ]
    words, parts = difference_words(), front_words()
    rows: list[list[Cell]] = []
    for front in found.front:
        before = "".join(one.text for one in front.operations if one.kind != "insert")
        after = "".join(one.text for one in front.operations if one.kind != "delete")
        rows.append([parts[front.part], None, None, "", "", "", "", before, after])
    rows += [_row(change, words) for change in found.rows]
    return Sheet(_("Changes"), headers, rows, _("goes on in the next column"))


def _row(change: RowChange, words: dict[str, str]) -> list[Cell]:
    old, new = change.old, change.new
    return [
        ", ".join(words[difference] for difference in change.differences),
        old.number if old else None,
        new.number if new else None,
        old.section if old else "",
        new.section if new else "",
        old.title if old else "",
        new.title if new else "",
        plain(parse(old.text).blocks) if old else "",
        plain(parse(new.text).blocks) if new else "",
    ]
