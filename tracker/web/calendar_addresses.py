"""The addresses of a calendar feed, as a page shows them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, url_for


@dataclass(frozen=True, slots=True)
class Addresses:
    """`to_copy` is pasted into a calendar program; `to_open` makes the computer's own one subscribe."""

    to_copy: str
    to_open: str


def addresses_of(token: str | None) -> Addresses | None:
    """The addresses under the configured name of the service; None without a token."""
    if token is None:
        return None
    base_url: str = current_app.extensions["settings"].base_url.rstrip("/")
    to_copy = base_url + url_for("public.calendar", token=token)
    return Addresses(to_copy, "webcal:" + to_copy.partition(":")[2])
