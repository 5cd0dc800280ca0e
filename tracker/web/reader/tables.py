"""What the locked memos of a plan say, as a table to save."""

from __future__ import annotations

from flask import Response

from tracker.extensions import db
from tracker.memos.publishing.locked import published_round, published_years
from tracker.web.guards import current_plan
from tracker.web.reader.blueprint import blueprint
from tracker.web.tables import TABLE_KINDS, published_sheet, table_file


@blueprint.get(f"/<plan>/statuses.{TABLE_KINDS}")
def statuses(plan: str, table_kind: str) -> Response:
    """Every printed row of every locked round, newest first."""
    session, plan_id = db.session(), current_plan().id
    rounds = [published_round(session, plan_id, year) for year in published_years(session, plan_id)]
    sheet = published_sheet(one for one in rounds if one is not None)
    return table_file([sheet], name=f"{plan}-statuses", table_kind=table_kind)
