"""The demonstration's clock and inbox; registered only there."""

from __future__ import annotations

from ipaddress import ip_address

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

blueprint = Blueprint("demo", __name__, url_prefix="/demo")


@blueprint.before_request
def _on_this_machine() -> ResponseReturnValue | None:
    """Everybody's letters, and nobody signs in: for a browser on this machine, and through no proxy."""
    sent_on = {"Forwarded", "X-Forwarded-For", "X-Real-Ip"} & set(request.headers.keys())
    if sent_on or not ip_address(request.remote_addr or "0.0.0.0").is_loopback:  # noqa: S104 - nowhere
        abort(404)
    return None
