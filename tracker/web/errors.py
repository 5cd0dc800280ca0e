"""Error pages: what happened, in the reader's language, and where to go from there."""

from __future__ import annotations

import logging
import secrets
import traceback

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, IntegrityError, PendingRollbackError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, NotFound, SecurityError

from tracker.domain.errors import DomainError, InvalidInput, NoRight, NotAllowed, StaleVersion
from tracker.extensions import db
from tracker.web import unavailable

log = logging.getLogger(__name__)


def sentence_of(error: DomainError) -> str:
    """The sentence of a rule in the language of the page."""
    return str(gettext(error.message, **error.params))


def register(app: Flask) -> None:
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(IntegrityError, _overtaken)
    app.register_error_handler(StaleDataError, _overtaken)
    app.register_error_handler(Exception, _unexpected)
    unavailable.register(app)


def _page(code: int, heading: str, text: str | list[str], reference: str = "") -> ResponseReturnValue:
    return _body(heading, text, reference), code


def _body(heading: str, text: str | list[str], reference: str = "") -> str:
    return render_template(
        "layouts/error.html", error_heading=heading, error_text=text, error_reference=reference
    )


def _refused(error: DomainError) -> ResponseReturnValue:
    if isinstance(error, NoRight):
        return _http(NotFound())  # the answer for what is not there
    db.session.rollback()
    code = 400 if isinstance(error, InvalidInput) else 403 if isinstance(error, NotAllowed) else 409
    said = [sentence_of(error), _look_again()] if code == 409 else sentence_of(error)
    return _page(code, gettext("This could not be done"), said)


def _look_again() -> str:
    return str(gettext("Go back and load the page again to see how it stands now."))


def _csrf(_error: CSRFError) -> ResponseReturnValue:
    db.session.rollback()
    return _page(
        400,
        gettext("The page was too old"),
        gettext("Nothing was changed. Go back, load the page again and send it once more."),
    )


def _http(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error, SecurityError):
        return error.get_response()  # asked under a name that is not ours: no page of ours can be addressed
    db.session.rollback()
    headings = {
        400: gettext("The request could not be understood"),
        403: gettext("You do not have access to this"),
        404: gettext("The page was not found"),
        405: gettext("This cannot be done here"),
        409: gettext("Something has changed in the meantime"),
        413: gettext("That is too much at once"),
    }
    texts = {
        403: gettext("Ask the plan's secretariat if you think that you should have access."),
        404: gettext("The address may be wrong, or the page may be for others than you."),
        409: _look_again(),
        413: gettext("A file can be at most 50 MB and a text at most 2 MB. Go back and choose less."),
    }
    code = error.code or 500
    if code < 400 or error.response is not None:
        return error.get_response()
    body = _body(
        headings.get(code, gettext("This could not be done")),
        texts.get(code, gettext("Go back and try again.")),
    )
    response = error.get_response()
    response.set_data(body)
    response.content_type = "text/html; charset=utf-8"
    return response


def _overtaken(error: IntegrityError | StaleDataError) -> ResponseReturnValue:
    """Another did the same at the same moment, which no rule could see coming: the database refused."""
    db.session.rollback()
    log.warning("overtaken by another: %s", _without_values(error))
    return _page(
        409, gettext("Something has changed in the meantime"), [sentence_of(StaleVersion()), _look_again()]
    )


def _without_values(error: BaseException) -> str:
    """Where an error came from. A database's own words quote the row, and so somebody's draft."""
    chain: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in chain:
        chain.append(at)
        at = at.__cause__ or at.__context__
    if not any(isinstance(one, DBAPIError | PendingRollbackError) for one in chain):
        return "".join(traceback.format_exception(error))
    origin = next((one.orig for one in chain if isinstance(one, DBAPIError)), None)
    diagnosis = getattr(origin, "diag", None)
    what = getattr(diagnosis, "constraint_name", None) or getattr(origin, "sqlite_errorname", None)
    names = " from ".join(type(one).__name__ for one in chain)
    return "".join([*traceback.format_tb(error.__traceback__), f"{names} {what or ''}".rstrip()])


def _unexpected(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    reference = secrets.token_hex(4)
    log.error("unexpected error, reference %s\n%s", reference, _without_values(error))
    return _page(
        500,
        gettext("Something went wrong on our side"),
        gettext("Nothing was changed. Tell the secretariat the reference number if it happens again."),
        reference,
    )
