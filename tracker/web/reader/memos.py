from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker.web.reader.blueprint import blueprint


@blueprint.get("/")
def memos() -> ResponseReturnValue:
    return render_template("reader/memos.html")
