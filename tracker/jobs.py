"""The one job: a tick every 30 seconds, in a process of its own or beside the web server.

The scheduler knows nothing else: what is due is decided by the ledger and the outbox, never by a timetable,
so that no hour of summer time and no stop loses anything.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
from pathlib import Path

from apscheduler.events import EVENT_SCHEDULER_SHUTDOWN
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask
from sqlalchemy.exc import DBAPIError

import config
from tracker import clock
from tracker.clockwork import Clockwork
from tracker.extensions import db
from tracker.mail import durability
from tracker.mail.connection import MailServer, Security
from tracker.mail.delivery import Dispatcher, Turn
from tracker.mail.heartbeat import HeartbeatCall
from tracker.mail.installation import Premises
from tracker.mail.window import Service

ROOT = Path(__file__).resolve().parent.parent
EVERY_SECONDS = 30

log = logging.getLogger(__name__)


def clockwork(app: Flask) -> Clockwork:
    """The clockwork of this process, from the application's settings."""
    settings: config.Settings = app.extensions["settings"]
    with app.app_context():
        engine = db.engine
    process = f"{socket.gethostname()}:{os.getpid()}"
    server, service, premises = server_of(settings), service_of(settings), premises_of(settings)
    dispatcher = Dispatcher(engine, server, service, process=process, premises=premises)
    calling = HeartbeatCall(settings.heartbeat_url) if settings.heartbeat_url else None
    return Clockwork(engine, dispatcher, process, heartbeat=calling, checks_durability=True)


def server_of(settings: config.Settings) -> MailServer:
    """The mail server that the settings name."""
    return MailServer(
        host=settings.mail_server,
        port=settings.mail_port,
        security=Security(settings.mail_security.value),
        username=settings.mail_username,
        password=settings.mail_password.get_secret_value(),
        ca_file=settings.mail_ca_file,
        timeout=settings.mail_timeout,
        connect_timeout=min(10, settings.mail_timeout),
        # RFC 5321 asks for ten minutes here; a shorter patience makes letters uncertain without need.
        body_timeout=10 * settings.mail_timeout,
    )


def service_of(settings: config.Settings) -> Service:
    """From whom letters come, as the settings say."""
    return Service(
        base_url=settings.base_url,
        sender=settings.mail_sender,
        sender_name=settings.mail_sender_name,
        secret=settings.secret_key.get_secret_value().encode(),
    )


def premises_of(settings: config.Settings) -> Premises:
    """Where the installation keeps its machine file and the journal of what was sent."""
    return Premises(config.folder(settings, ROOT), demonstration=settings.demo)


def tick(app: Flask) -> Turn:
    """One tick, once: for a command or a test."""
    works = clockwork(app)
    try:
        return works.tick(clock.now())
    finally:
        works.close(clock.now())


def start_clock(works: Clockwork) -> BaseScheduler:
    """Tick in this process, in a thread beside the web server. Call after fork.

    `works.close` lets a tick that runs come to its end, and `shutdown` then stops the clock. Raises
    NotDurableError.
    """
    _ensure_durable(works)
    return _start(BackgroundScheduler, works)


def run_worker(app: Flask) -> None:
    """Tick in this process, and nothing else, until it is told to end."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    works = clockwork(app)
    try:
        _ensure_durable(works)
        _start(BlockingScheduler, works)
    except KeyboardInterrupt:
        log.info("the worker ends")
    except durability.NotDurableError as error:
        raise SystemExit(str(error)) from None
    finally:
        works.close(clock.now())


def _ensure_durable(works: Clockwork) -> None:
    """Refuse to start where mail must not be sent. A database that is down is asked before the first tick."""
    if works.checks_durability:
        try:
            works.ensure_durable()
        except DBAPIError:
            log.warning("the database cannot be reached; its settings are checked when it can")


def _start(kind: type[BaseScheduler], works: Clockwork) -> BaseScheduler:
    scheduler = kind(executors={"default": ThreadPoolExecutor(1)}, timezone="UTC")
    scheduler.add_job(
        lambda: works.tick(clock.now()),
        IntervalTrigger(seconds=EVERY_SECONDS, timezone="UTC"),
        next_run_time=clock.real_now(),
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
    scheduler.add_listener(lambda _event: works.close(clock.now()), EVENT_SCHEDULER_SHUTDOWN)
    scheduler.start()
    return scheduler
