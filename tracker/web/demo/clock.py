from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker.web.demo.blueprint import blueprint


@blueprint.get("/clock")
def clock() -> ResponseReturnValue:
    return render_template("demo/clock.html")
