"""Answers that follow from what is published alone: told from memory, or not sent again at all.

An answer has a key: everything that it is made from. Its ETag is a digest of the key, of the software and of
the installation's address, and is known before anything is rendered. Whoever names it in If-None-Match gets
304; otherwise the body is taken from this process's memory, if it was made before.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from threading import Lock

from flask import Response, current_app, make_response, request, session
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.web.viewer import language, signed_in

MOST_BYTES = 12 * 1024 * 1024
LARGEST = MOST_BYTES // 4
PAGE = "text/html; charset=utf-8"
_ROOT = Path(__file__).resolve().parents[3]


class Memory:
    """Bodies by ETag, so many bytes at most: what was asked for longest ago goes first."""

    def __init__(self, most: int = MOST_BYTES, largest: int = LARGEST) -> None:
        self.most, self.largest, self.held = most, largest, 0
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, etag: str) -> bytes | None:
        with self._lock:
            body = self._bodies.get(etag)
            if body is not None:
                self._bodies.move_to_end(etag)
            return body

    def keep(self, etag: str, body: bytes) -> None:
        """One that is larger than a quarter of the whole is not kept: it would push all others out."""
        if len(body) > self.largest:
            return
        with self._lock:
            self.held += len(body) - len(self._bodies.pop(etag, b""))
            self._bodies[etag] = body
            while self.held > self.most:
                _, oldest = self._bodies.popitem(last=False)
                self.held -= len(oldest)

    def forget(self) -> None:
        with self._lock:
            self._bodies.clear()
            self.held = 0


memory = Memory()


def page(key: object, make: Callable[[], str]) -> ResponseReturnValue:
    """A page whose content follows from `key`, from the address and from the language.

    Somebody who is signed in, or is to be told something on top of the page, gets it made for them.
    """
    if signed_in() is not None or "_flashes" in session:
        return make()
    shown = clock.today() if clock.can_move() else None  # the demonstration says on top what day it is
    whole = (request.endpoint, request.full_path, language(), shown, key)
    response = _answer(_etag(whole), lambda: make().encode(), PAGE)
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.add("Cookie")
    return response


def data(content_type: str, key: object, make: Callable[[], bytes], *, name: str = "") -> Response:
    """A file for programs, the same for everybody and in every language, which any site may read.

    `name` is what a browser saves it as.
    """
    response = _answer(_etag((request.endpoint, content_type, key)), make, content_type)
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Link, Content-Disposition"
    if name:
        response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def unchanged(key: object) -> Response | None:
    """304 for somebody who has the answer of this address and key; what is made anew is to be `named`."""
    etag = _etag((request.endpoint, key))
    if not request.if_none_match.contains_weak(etag):
        return None
    response = _not_modified(etag)
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def named(response: Response, key: object) -> Response:
    """The same answer under the ETag that `unchanged` looks for."""
    response.set_etag(_etag((request.endpoint, key)))
    return response


def _not_modified(etag: str) -> Response:
    response = make_response(b"", 304)
    response.headers.pop("Content-Type", None)
    response.set_etag(etag)
    return response


def _answer(etag: str, make: Callable[[], bytes], content_type: str) -> Response:
    if request.if_none_match.contains_weak(etag):
        return _not_modified(etag)
    body = memory.get(etag)
    if body is None:
        body = make()
        if not current_app.debug:
            memory.keep(etag, body)
    response = make_response(body)
    response.content_type = content_type
    response.set_etag(etag)
    return response


def _etag(key: object) -> str:
    settings = current_app.extensions["settings"]
    made_by = (software(), settings.base_url, request.root_path)
    return hashlib.sha256(repr((made_by, key)).encode()).hexdigest()[:32]


@lru_cache(maxsize=1)
def software() -> str:
    """A digest of what makes the pages: code, templates, catalogues and static files, read once a process."""
    files = [
        path
        for folder, pattern in (
            ("tracker", "**/*.py"),
            ("templates", "**/*.html"),
            ("translations", "**/*.mo"),
            ("tracker/web/static", "**/*.css"),
            ("tracker/web/static", "**/*.js"),
        )
        for path in sorted((_ROOT / folder).glob(pattern))
    ]
    whole = hashlib.sha256()
    for path in files:
        whole.update(f"{path.relative_to(_ROOT)}\0".encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()
