"""The page for when the database does not answer: it asks for nothing, and nothing that was typed is lost."""

from __future__ import annotations

import logging
import re
import secrets
from contextlib import suppress

from flask import Flask, g, make_response, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin
from sqlalchemy import exc
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from tracker.domain.text import clean
from tracker.extensions import db
from tracker.plans.rights import Rights

TRY_AGAIN_AFTER = 30  # seconds
LONG = 60  # letters: from here on a text is shown, and not only kept
_SECRET = re.compile("password", re.IGNORECASE)
_ASKED = ("plan", "mail_read", "mail_unread", "mail_watched", "seen")

log = logging.getLogger(__name__)


def register(app: Flask) -> None:
    for kind in (exc.OperationalError, exc.InterfaceError, exc.TimeoutError):
        app.register_error_handler(kind, unavailable)


def unavailable(error: SQLAlchemyError) -> ResponseReturnValue:
    """503 with what was typed, in a form that sends it once more. Passwords and files are not kept."""
    with suppress(SQLAlchemyError):
        db.session.rollback()
    reference = secrets.token_hex(4)
    origin = error.orig if isinstance(error, DBAPIError) else error
    log.error("the database does not answer, reference %s: %s", reference, type(origin).__name__)
    _ask_nothing_more()
    kept = [
        (name, clean(value))
        for name, values in request.form.lists()
        for value in values
        if not _SECRET.search(name)
    ]
    page = render_template(
        "layouts/unavailable.html",
        sent=request.method == "POST",
        where=request.full_path.rstrip("?"),
        texts=[(name, value) for name, value in kept if _is_text(value) and name != "csrf_token"],
        others=[(name, value) for name, value in kept if not _is_text(value) or name == "csrf_token"],
        left_out=bool(request.files) or any(_SECRET.search(name) for name in request.form),
        reference=reference,
    )
    answer = make_response(page, 503)
    answer.headers["Retry-After"] = str(TRY_AGAIN_AFTER)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _is_text(value: str) -> bool:
    return len(value) >= LONG or "\n" in value


def _ask_nothing_more() -> None:
    """From here on the page is a visitor's, so that nothing on it asks the database who is there."""
    for name in _ASKED:
        g.pop(name, None)
    g.mail_watched = None
    g.rights = Rights()
    g._login_user = AnonymousUserMixin()
    if "language" not in g:
        g.language = session.get("language") or request.accept_languages.best_match(("da", "en")) or "da"
