"""The pages of owners and deputies."""

from __future__ import annotations

from flask import Blueprint

from tracker.web import guards

blueprint = Blueprint("owner", __name__, url_prefix="/my")
blueprint.before_request(guards.any_person)
