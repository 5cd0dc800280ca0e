"""The administrator's pages."""

from __future__ import annotations

from flask import Blueprint

from tracker.web import guards

blueprint = Blueprint("admin", __name__, url_prefix="/admin")
blueprint.before_request(guards.administrator)
