from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker.web.secretariat.blueprint import blueprint


@blueprint.get("/<plan>/letters")
def letters(plan: str) -> ResponseReturnValue:
    return render_template("secretariat/letters.html")
