"""What machines ask of the service: does it live, does it do its work, and its figures."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Iterator
from datetime import datetime

from flask import Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from tracker import clock
from tracker.extensions import db
from tracker.mail.health import Problem, totals
from tracker.mail.models import HoldCause, MailState
from tracker.web.public.blueprint import blueprint
from tracker.web.watching import Watched, look

# A queue that a person holds is no fault of the service; what is due and does not go is, whatever the cause.
FAILING = {Problem.clock_silent: "clock", Problem.overdue: "letters"}
WAITING = (MailState.queued, MailState.sending, MailState.uncertain, MailState.needs_human)
ENDED = (MailState.sent, MailState.failed, MailState.undeliverable, MailState.cancelled)
FRESH = {"Cache-Control": "no-store"}

log = logging.getLogger(__name__)


@blueprint.get("/livez")
def livez() -> ResponseReturnValue:
    """That the process answers."""
    return {"alive": True}, FRESH


@blueprint.get("/readyz")
def readyz() -> ResponseReturnValue:
    """That the service does its work: 200, or 503 naming each check that fails.

    Whether letters are held, or may not leave at all, is told beside.
    """
    try:
        seen = look(db.session())
    except SQLAlchemyError:
        log.warning("the database does not answer")
        db.session.rollback()
        return {"ready": False, "failing": {"database": "does not answer"}}, 503, FRESH
    failing = {name: _said(problem, seen) for problem, name in FAILING.items() if problem in seen.problems}
    answer: dict[str, object] = {"ready": not failing}
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
    """The figures for Prometheus, for whoever has the token; without one there is no such page."""
    token = current_app.extensions["settings"].metrics_token.get_secret_value()
    given = request.headers.get("Authorization", "")
    if not token:
        abort(404)
    if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return Response("unauthorised\n", 401, {"WWW-Authenticate": "Bearer"}, mimetype="text/plain")
    registry = CollectorRegistry()
    registry.register(_Figures())
    return Response(generate_latest(registry), headers=FRESH, content_type=CONTENT_TYPE_PLAIN_0_0_4)


class _Figures(Collector):
    """Read from the database when they are asked for, so that every process gives the same."""

    def describe(self) -> Iterator[Metric]:
        """Nothing: registering must not ask the database."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        now, session = clock.now(), db.session()
        seen = look(session)
        health = seen.health
        counts = totals(session, health)
        waiting = GaugeMetricFamily(
            "tracker_mail_waiting", "Letters that have not come to rest, by state", labels=["state"]
        )
        for state in WAITING:
            waiting.add_metric([state.value], counts[state])
        yield waiting
        ended = CounterMetricFamily("tracker_mail_ended", "Letters that came to rest so", labels=["state"])
        for state in ENDED:
            ended.add_metric([state.value], counts[state])
        yield ended
        due = max(0.0, (now - health.due_since).total_seconds()) if health.due_since else 0
        yield GaugeMetricFamily(
            "tracker_mail_oldest_due_seconds", "How long the oldest due letter or reminder has waited", due
        )
        age = (now - health.last_tick).total_seconds() if health.last_tick else float("nan")
        yield GaugeMetricFamily("tracker_last_tick_age_seconds", "Seconds since the clock last ticked", age)
        held = GaugeMetricFamily("tracker_mail_held", "1 while the queue is held, by cause", labels=["cause"])
        for cause in HoldCause:
            held.add_metric([cause.value], int(health.hold is not None and health.hold.cause is cause))
        yield held
        yield GaugeMetricFamily(
            "tracker_mail_off", "1 where this installation may not send", int(seen.off is not None)
        )
