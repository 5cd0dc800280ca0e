"""Locked editions, for everybody with a part in the plan."""

from __future__ import annotations

from flask import Blueprint

from tracker.web import guards

blueprint = Blueprint("reader", __name__, url_prefix="/memos")
blueprint.before_request(guards.reader)
