"""What an address may hold, and how a request begins and ends its transaction."""

from __future__ import annotations

from typing import Any

from babel.support import NullTranslations
from flask import Flask, Request, Response, abort, request
from flask_babel import get_translations
from werkzeug.routing import IntegerConverter, Map

from tracker.database import begin_reading

LARGEST_ID = 2**31 - 1
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
FILES = frozenset({"file", "memo"})  # the fields that take a file; every other takes texts


class RowId(IntegerConverter):
    """`<int:…>` in an address: a number that no row can have is no page, before a database refuses it."""

    def __init__(self, url_map: Map, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max", LARGEST_ID)
        super().__init__(url_map, *args, **kwargs)


class TranslatedRequest(Request):
    """A request that says where Flask-WTF finds the words of WTForms' own messages: in our catalogue."""

    @property
    def wtforms_translations(self) -> NullTranslations:
        words: NullTranslations = get_translations()
        return words


def register(app: Flask) -> None:
    app.request_class = TranslatedRequest
    app.url_map.converters["int"] = RowId

    @app.before_request
    def _tell_the_methods() -> Response | None:
        # The same for everybody, and whether or not there is anything at the address: it says nothing of it.
        asked = request.method == "OPTIONS" and request.url_rule is not None
        return app.make_default_options_response() if asked else None

    @app.before_request
    def _begin() -> None:
        begin_reading(only=request.method in {"GET", "HEAD", "OPTIONS"})

    @app.before_request
    def _refuse_nul() -> None:
        # PostgreSQL holds no NUL in a text, so nothing of ours has it in its address.
        if "\0" in request.path:
            abort(404)
        if any("\0" in value for values in request.args.lists() for value in (values[0], *values[1])):
            abort(400)

    @app.before_request
    def _take_forms_alone() -> None:
        # A form's fields are texts. JSON would bring numbers and lists to where each field is read as one,
        # and what nobody reads would count as a form that was left empty.
        has_body = bool(request.content_length) or "Transfer-Encoding" in request.headers
        if request.method != "POST" or not has_body:
            return
        if request.mimetype not in FORMS or not FILES.issuperset(request.files):
            abort(400)

    @app.teardown_request
    def _end(_error: BaseException | None) -> None:
        begin_reading(only=False)
