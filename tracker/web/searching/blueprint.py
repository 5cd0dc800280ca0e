"""The page that looks for words, for everybody with a part in a plan."""

from __future__ import annotations

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from tracker.web import guards
from tracker.web.viewer import rights

blueprint = Blueprint("searching", __name__)


@blueprint.before_request
def _with_a_part() -> ResponseReturnValue | None:
    """Whoever has no part in any plan finds nothing, and has no page for it."""
    refused = guards.any_person()
    if refused is None and not rights().plans:
        abort(404)
    return refused
