"""How gunicorn runs the service: `gunicorn wsgi:app`. Flags on its command line win over this file."""

from __future__ import annotations

import gc
from typing import Any

workers = 2
worker_class = "sync"
control_socket_disable = True
accesslog = "-"
# The page's address without its query, which may hold what somebody searched for.
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s %(M)sms"


_clockworks: list[Any] = []  # of this worker: one where the embedded clock is on, else none


def post_worker_init(worker: Any) -> None:
    """In each worker, after it was forked: tick where the embedded clock is on; collect garbage seldom."""
    from tracker import jobs

    app = worker.app.wsgi()
    if app.extensions["settings"].embedded_clock:
        works = jobs.clockwork(app)
        jobs.start_clock(works)
        _clockworks.append(works)
    # What start-up made stays; collecting it again and again costs a third of a long page.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def worker_exit(_server: Any, _worker: Any) -> None:
    """In each worker, as it ends: the letter in hand goes out, and the rest is left to others at once."""
    from tracker import clock

    for works in _clockworks:
        works.close(clock.now())
