from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker.web.secretariat.blueprint import blueprint


@blueprint.get("/<plan>/editions")
def editions(plan: str) -> ResponseReturnValue:
    return render_template("secretariat/editions.html")
