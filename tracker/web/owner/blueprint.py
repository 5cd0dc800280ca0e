"""The pages of owners and deputies."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from tracker.web import guards
from tracker.web.owner import typed_text

blueprint = Blueprint("owner", __name__, url_prefix="/my")


@blueprint.before_request
def _signed_in() -> ResponseReturnValue | None:
    """Anybody who is signed in. A status that is sent after the sign-in has run out is given back."""
    refused = guards.any_person()
    # What another site sends was not typed here, and is not shown as if it were.
    ours = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    if refused is not None and ours and request.method == "POST" and request.endpoint == "owner.update":
        return typed_text.give_back(401)
    return refused
