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
    from flask_babel import format_datetime
    from sqlalchemy.orm import configure_mappers

    app = server.app.wsgi()
    _load_what_is_set(app.extensions["settings"])
    configure_mappers()
    # The page that needs no sign-in and no database has the layout and the catalogue made ready.
    app.test_client().get("/sign-in", base_url=app.extensions["settings"].base_url)
    with app.test_request_context(base_url=app.extensions["settings"].base_url):
        format_datetime()  # with what Babel knows of Danish and of time zones
    gc.collect()
    gc.freeze()


def _load_what_is_set(settings: Any) -> None:
    """The large libraries that this installation's settings call for; nobody else loads them."""
    if settings.oidc_issuer:
        from tracker.accounts import openid  # noqa: F401
    if settings.embedded_clock:
        import css_inline  # noqa: F401 - for letters

        from tracker import jobs  # noqa: F401 - with the scheduler
    if settings.metrics_token.get_secret_value():
        from tracker.web.public import figures  # noqa: F401


def post_worker_init(worker: Any) -> None:
    """In each worker, after it was forked: tick where the embedded clock is on; collect garbage seldom."""
    from tracker.extensions import db

    app = worker.app.wsgi()
    with app.app_context():
        db.engine.dispose(close=False)  # a connection must never be two processes'
    if app.extensions["settings"].embedded_clock:
        _start_clock(worker, app)
    # What start-up made stays; collecting it again and again costs a third of a long page.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _start_clock(worker: Any, app: Any) -> None:
    from tracker import jobs
    from tracker.mail.durability import NotDurableError

    works = jobs.clockwork(app)
    try:
        jobs.start_clock(works)
    except NotDurableError as error:
        worker.log.critical("%s", error)
        raise SystemExit(Arbiter.APP_LOAD_ERROR) from None  # ends the whole server, not this worker alone
    _clockworks.append(works)


def worker_exit(_server: Any, _worker: Any) -> None:
    """In each worker, as it ends: the letter in hand goes out, and the rest is left to others at once."""
    from tracker import clock

    for works in _clockworks:
        works.close(clock.now())
