"""The demonstration's clock and inbox; registered only there."""

from __future__ import annotations

from flask import Blueprint

from tracker.web import guards

blueprint = Blueprint("demo", __name__, url_prefix="/demo")
blueprint.before_request(guards.open_to_all)
