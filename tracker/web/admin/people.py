from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker.web.admin.blueprint import blueprint


@blueprint.get("/people")
def people() -> ResponseReturnValue:
    return render_template("admin/people.html")
