"""What machines ask of the service: does it live, does it do its work, and its figures."""

from __future__ import annotations

import hmac
import logging
from datetime import datetime

from flask import Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from tracker.extensions import db
from tracker.mail.health import Problem
from tracker.web.public.blueprint import blueprint
from tracker.web.viewer import signed_in
from tracker.web.watching import Watched, look

# A queue that a person holds is no fault of the service; what is due and does not go is, whatever the cause.
FAILING = {Problem.clock_silent: "clock", Problem.overdue: "letters"}
FRESH = {"Cache-Control": "no-store"}

log = logging.getLogger(__name__)


@blueprint.get("/livez")
def livez() -> ResponseReturnValue:
    """That the process answers."""
    return {"alive": True}, FRESH


@blueprint.get("/readyz")
def readyz() -> ResponseReturnValue:
    """That the service does its work: 200 or 503, for whoever asks.

    Administrators, and whoever has the token, are told besides which checks fail, and whether letters are
    held or may not leave at all.
    """
    try:
        seen = look(db.session())
    except SQLAlchemyError:
        log.warning("the database does not answer")
        db.session.rollback()
        told = {"failing": {"database": "does not answer"}} if _has_token() else {}
        return {"ready": False, **told}, 503, FRESH
    failing = {name: _said(problem, seen) for problem, name in FAILING.items() if problem in seen.problems}
    answer: dict[str, object] = {"ready": not failing}
    if not (_has_token() or _is_administrator()):
        return answer, 503 if failing else 200, FRESH
    if failing:
        answer["failing"] = failing
    if seen.off is not None:
        answer["mail"] = f"off: {seen.off}"
    elif seen.health.hold is not None:
        answer["mail"] = f"held: {seen.health.hold.cause.value}"
    return answer, 503 if failing else 200, FRESH


def _said(problem: Problem, seen: Watched) -> str:
    if problem is Problem.overdue:
        return f"due since {_time(seen.health.due_since)} and not gone"
    ticked = seen.health.last_tick
    return f"silent since {_time(ticked)}" if ticked else "never ticked"


def _time(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else "?"


@blueprint.get("/metrics")
def metrics() -> ResponseReturnValue:
    """The figures for Prometheus, for administrators and whoever has the token.

    Where no token is set there is no such page for anybody else.
    """
    if not (_has_token() or _is_administrator()):
        if not _token():
            abort(404)
        return Response("unauthorised\n", 401, {"WWW-Authenticate": "Bearer"}, mimetype="text/plain")
    from tracker.web.public import figures

    return Response(figures.page(), headers=FRESH, content_type=figures.MEDIA_TYPE)


def _token() -> str:
    token: str = current_app.extensions["settings"].metrics_token.get_secret_value()
    return token


def _has_token() -> bool:
    given, token = request.headers.get("Authorization", ""), _token()
    return bool(token) and hmac.compare_digest(given.encode(), f"Bearer {token}".encode())


def _is_administrator() -> bool:
    viewer = signed_in()
    return viewer is not None and viewer.person.is_administrator
