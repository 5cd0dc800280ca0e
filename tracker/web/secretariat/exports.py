"""Tables of the plan to take out: its initiatives with how they stand, its people with their places."""

from __future__ import annotations

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.extensions import db
from tracker.initiatives.exporting import initiative_rows
from tracker.plans.exporting import place_rows
from tracker.web.guards import current_plan
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.tables import TABLE_KINDS, initiatives_sheet, places_sheet, table_file
from tracker.web.viewer import rights


@blueprint.get("/<plan>/export")
def exports(plan: str) -> ResponseReturnValue:
    return render_template("secretariat/exports.html")


@blueprint.get(f"/<plan>/export/initiatives.{TABLE_KINDS}")
def export_initiatives(plan: str, table_kind: str) -> Response:
    """Every initiative with who carries it and how its newest status stands."""
    rows = initiative_rows(db.session(), rights(), on=clock.today(), plan_id=current_plan().id)
    return table_file([initiatives_sheet(rows)], name=f"{plan}-initiatives", table_kind=table_kind)


@blueprint.get(f"/<plan>/export/people.{TABLE_KINDS}")
def export_people(plan: str, table_kind: str) -> Response:
    """Every place with who holds it, as an import reads it back."""
    rows = place_rows(db.session(), rights(), current_plan().id, on=clock.today())
    return table_file([places_sheet(rows)], name=f"{plan}-people", table_kind=table_kind)
