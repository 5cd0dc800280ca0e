"""Nothing that somebody typed is lost: what cannot be received is shown again, to be sent once more."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from tracker.domain.text import clean

FIELDS = ("version", "outcome", "progress", "reason", "comment", "milestone", "milestone_on")


def give_back(code: int) -> ResponseReturnValue:
    """The page with the text of this request.

    401: signed out meanwhile; the page's button sends the text on after signing in, to be looked at and
    saved. It saves nothing by itself, so it needs no token. 404: no longer theirs to write; 409: not to be
    written as it stands now; the text can be copied.
    """
    others = {name: clean(request.form[name]) for name in FIELDS if name in request.form}
    page = render_template(
        "owner/typed_text.html",
        text=clean(request.form.get("text", "")),
        others=others,
        may_go_on=code == 401,
    )
    return page, code
