"""Public addresses in full, as they are told to programs and to search engines."""

from __future__ import annotations

from typing import Any

from flask import current_app

from tracker.web.addresses import url_for


def absolute(endpoint: str, **values: Any) -> str:
    """The address of a page with the service's own name in it, whatever name it was asked under."""
    return base_url() + url_for(endpoint, **values)


def base_url() -> str:
    """Without a slash at its end."""
    found: str = current_app.extensions["settings"].base_url
    return found.rstrip("/")
