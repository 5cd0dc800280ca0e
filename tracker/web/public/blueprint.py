"""Pages that anybody may read."""

from __future__ import annotations

from flask import Blueprint

from tracker.web import guards

blueprint = Blueprint("public", __name__)
blueprint.before_request(guards.open_to_all)
