"""The pages of owners and deputies."""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tracker.web import guards
from tracker.web.owner import typed_text

blueprint = Blueprint("owner", __name__, url_prefix="/my")


@blueprint.before_request
def _signed_in() -> ResponseReturnValue | None:
    """Anybody who is signed in. A status that is sent after the sign-in has run out is given back.

    A script that only keeps it is told in a sentence; what was typed is still on its page.
    """
    refused = guards.any_person()
    # What another site sends was not typed here, and is not shown as if it were.
    ours = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    if refused is not None and ours and request.method == "POST" and request.endpoint == "owner.update":
        return typed_text.give_back(401)
    if refused is not None and request.endpoint == "owner.autosave":
        told = gettext("You are signed out. Your text stays on this page: press Save, and sign in again.")
        return jsonify(message=told), 401
    return refused
