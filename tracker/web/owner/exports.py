"""The initiatives that one owns, stands in for or coordinates, as a table to save."""

from __future__ import annotations

from flask import Response, abort

from tracker import clock
from tracker.extensions import db
from tracker.initiatives.exporting import initiative_rows
from tracker.web.owner.blueprint import blueprint
from tracker.web.tables import TABLE_KINDS, initiatives_sheet, table_file
from tracker.web.viewer import rights


@blueprint.get(f"/initiatives.{TABLE_KINDS}")
def export(table_kind: str) -> Response:
    rows = initiative_rows(db.session(), rights(), on=clock.today())
    if not rows:
        abort(404)
    return table_file([initiatives_sheet(rows, with_plan=True)], name="initiatives", table_kind=table_kind)
