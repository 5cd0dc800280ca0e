"""The service's figures as Prometheus reads them."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as MEDIA_TYPE
from prometheus_client.registry import Collector

from tracker import clock
from tracker.extensions import db
from tracker.mail.health import totals
from tracker.mail.models import HoldCause, MailState
from tracker.web.watching import look

__all__ = ["MEDIA_TYPE", "page"]

WAITING = (MailState.queued, MailState.sending, MailState.uncertain, MailState.needs_human)
ENDED = (MailState.sent, MailState.failed, MailState.undeliverable, MailState.cancelled)


def page() -> bytes:
    """Every figure, as of now."""
    registry = CollectorRegistry()
    registry.register(_Figures())
    return generate_latest(registry)


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
