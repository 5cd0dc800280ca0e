from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker.web.owner.blueprint import blueprint


@blueprint.get("/")
def tasks() -> ResponseReturnValue:
    return render_template("owner/tasks.html")
