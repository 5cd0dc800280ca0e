"""The locked memos of the plans that a person has a part in: as a page, in Word and in PDF."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from tracker.extensions import db
from tracker.memos.editions import memo_of_edition
from tracker.memos.files import FileKind, edition_file
from tracker.memos.letterhead import letterhead_of
from tracker.memos.models import Edition
from tracker.memos.publishing.locked import final_editions, published_edition
from tracker.memos.writing import memo_view
from tracker.plans import queries as plans
from tracker.web.guards import current_plan
from tracker.web.memo_files import KINDS, download
from tracker.web.reader.blueprint import blueprint
from tracker.web.viewer import rights


@blueprint.get("/")
def memos() -> ResponseReturnValue:
    """Every final edition, by plan, newest first; for an administrator those of every plan that has one."""
    session, mine = db.session(), rights().plans
    every = plans.plans(session, None if rights().administrator else rights())
    editions: dict[int, list[tuple[Edition, int]]] = {}
    for edition, plan_id, year in final_editions(session, [plan.id for plan in every]):
        editions.setdefault(plan_id, []).append((edition, year))
    by_plan = [(plan, editions.get(plan.id, [])) for plan in every if plan.id in editions.keys() | mine]
    return render_template("reader/memos.html", plans=by_plan, mine=mine)


@blueprint.get("/<plan>/<int:year>/<int:version>")
def memo(plan: str, year: int, version: int) -> ResponseReturnValue:
    """One edition as a page."""
    edition = _edition(year, version)
    return render_template(
        "reader/memo.html",
        edition=edition,
        year=year,
        view=memo_view(memo_of_edition(edition), letterhead=letterhead_of(current_plan())),
    )


@blueprint.get(f"/<plan>/<int:year>/<int:version>/{KINDS}")
def memo_download(plan: str, year: int, version: int, kind: str) -> ResponseReturnValue:
    """One edition as a file."""
    return download(edition_file(_edition(year, version), current_plan(), year=year, kind=FileKind(kind)))


def _edition(year: int, version: int) -> Edition:
    found = published_edition(db.session(), current_plan().id, year, version)
    if found is None:
        abort(404)
    return found
