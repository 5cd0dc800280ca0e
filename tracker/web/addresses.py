"""The addresses of our own pages, each built once: a page names twenty-five, most of them every time."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import flask
from flask import request

_PLAIN = (int, str)


def url_for(endpoint: str, **values: Any) -> str:
    """What `flask.url_for` gives; a path that was asked for before comes from memory.

    Only paths are kept that follow from the endpoint and its numbers and names alone.
    """
    plain = all(type(value) in _PLAIN for value in values.values())
    if not plain or endpoint[0] == "." or not request or any(name[0] == "_" for name in values):
        return flask.url_for(endpoint, **values)
    return _path(request.root_path, endpoint, tuple(values.items()))


@lru_cache(maxsize=4096)
def _path(_root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return flask.url_for(endpoint, **dict(values))
