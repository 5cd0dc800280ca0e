"""Signing in and out, invitations, the own account."""

from __future__ import annotations

from flask import Blueprint

from tracker.web import guards

blueprint = Blueprint("account", __name__)
blueprint.before_request(guards.open_to_all)
