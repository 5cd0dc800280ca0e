"""How gunicorn runs the service: `gunicorn wsgi:app`. Flags on its command line win over this file."""

from __future__ import annotations

import gc
import re
from typing import Any

from gunicorn.arbiter import Arbiter  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]

workers = 2
worker_class = "sync"
# The service is loaded once, before the workers are forked, and what it loaded is then theirs together.
preload_app = True
control_socket_disable = True
accesslog = "-"
# The page's address without its query, which may hold what somebody searched for.
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s %(M)sms"


# With more slashes than one an address is sent on to the right one, and so it stands in the log as well.
_TOKEN = re.compile(
    r"^(/*(?:invitation|new-password|calendar|sign-in/+letter)/+).+|^(/*f/+)[^/]+", flags=re.DOTALL
)


class CarefulLogger(Logger):  # type: ignore[misc] # gunicorn has no types
    """An access log on one line a request, in which no link of a letter can be read."""

    def atoms(self, *arguments: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().atoms(*arguments)
        path = _TOKEN.sub(lambda secret: (secret[1] or secret[2]) + "-", str(found["U"] or ""))
        found["U"] = "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in path)
        return found


logger_class = CarefulLogger

_clockworks: list[Any] = []  # of this worker: one where the embedded clock is on, else none


def when_ready(server: Any) -> None:
    """In the process that forks the workers: load what each would load by itself, and leave it untouched."""
    from sqlalchemy.orm import configure_mappers

    from tracker import jobs  # noqa: F401 - with the scheduler

    configure_mappers()
    app = server.app.wsgi()
    # The page that needs no sign-in and no database has the layout and the catalogue made ready.
    app.test_client().get("/sign-in", base_url=app.extensions["settings"].base_url)
    gc.collect()
    gc.freeze()


def post_worker_init(worker: Any) -> None:
    """In each worker, after it was forked: tick where the embedded clock is on; collect garbage seldom."""
    from tracker import jobs
    from tracker.extensions import db
    from tracker.mail.durability import NotDurableError

    app = worker.app.wsgi()
    with app.app_context():
        db.engine.dispose(close=False)  # a connection must never be two processes'
    if app.extensions["settings"].embedded_clock:
        works = jobs.clockwork(app)
        try:
            jobs.start_clock(works)
        except NotDurableError as error:
            worker.log.critical("%s", error)
            raise SystemExit(Arbiter.APP_LOAD_ERROR) from None  # ends the whole server, not this worker alone
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
