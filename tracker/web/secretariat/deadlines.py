from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker.web.secretariat.blueprint import blueprint


@blueprint.get("/<plan>/deadlines")
def deadlines(plan: str) -> ResponseReturnValue:
    return render_template("secretariat/deadlines.html")
