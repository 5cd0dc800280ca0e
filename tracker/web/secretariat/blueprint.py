"""The pages of a plan's secretariat."""

from __future__ import annotations

from flask import Blueprint

from tracker.web import guards

blueprint = Blueprint("secretariat", __name__, url_prefix="/secretariat")
blueprint.before_request(guards.secretariat)
