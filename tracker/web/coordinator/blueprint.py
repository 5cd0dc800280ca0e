"""The pages of an administration's coordinator."""

from __future__ import annotations

from flask import Blueprint

from tracker.web import guards

blueprint = Blueprint("coordinator", __name__, url_prefix="/administrations")
blueprint.before_request(guards.coordinator)
