from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker.web.coordinator.blueprint import blueprint


@blueprint.get("/")
def administrations() -> ResponseReturnValue:
    return render_template("coordinator/administrations.html")
